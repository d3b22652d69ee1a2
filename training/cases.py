"""Questions with what the reader and the search say of them, and what is right: for calibration and for measuring."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from questions import Lesson
from tqdm import tqdm

from storybot.bot import Storybot
from storybot.evaluation.fairytaleqa import Story, load
from storybot.evaluation.metrics import answer_sentence, is_section_hit, token_f1
from storybot.model import Hit, Passage, Scope, Source, Span
from storybot.readers.decoding import Candidate
from storybot.readers.neural import NeuralReader

_FOREIGN_PER_STORY = 12
_RIGHT_F1 = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question as it was read.

    `references` are empty where the text doesn't answer; `bearing` is the sentence that bears the answer, if one does.
    """

    kind: str
    question: str
    references: tuple[str, ...]
    explicit: bool
    gold: tuple[Span, ...]
    bearing: Span | None
    hits: tuple[Hit, ...]
    relevance: dict[Passage, float]
    found: list[Candidate]

    def right(self, candidate: Candidate) -> bool:
        """Whether the candidate's words are half a reference's, or its sentence is the one that bears the answer."""
        if not self.references:
            return False
        if token_f1(candidate.passage.quote(candidate.answer), self.references) >= _RIGHT_F1:
            return True
        if self.bearing is None:
            return False
        shared = min(candidate.sentence.end, self.bearing.end) - max(candidate.sentence.start, self.bearing.start)
        return shared * 2 > min(
            candidate.sentence.end - candidate.sentence.start, self.bearing.end - self.bearing.start
        )

    def in_section(self, passage: Passage) -> bool:
        """Whether the passage counts as found in FairytaleQA's sense."""
        return is_section_hit(passage.span, self.gold)


def story_cases(bot: Storybot, reader: NeuralReader, stories: Sequence[Story]) -> Iterator[Case]:
    """The stories' questions, each asked of its own story, and of the next story (`foreign`)."""
    ids = {
        story.name: bot.library.add(Source(name=f"{story.name}.txt", data=story.text.encode())).id for story in stories
    }
    chance = random.Random(0)  # noqa: S311 - not for secrets
    for number, story in enumerate(tqdm(stories)):
        scope = Scope(document_ids=(ids[story.name],))
        for question in story.questions:
            hits = bot.search(question.text, scope, k=100, rerank=False)
            relevance, found = reader.examine(question.text, bot.windows(hits))
            yield Case(
                kind="own",
                question=question.text,
                references=question.references,
                explicit=question.explicit,
                gold=question.gold,
                bearing=answer_sentence(story, question),
                hits=hits,
                relevance=relevance,
                found=found,
            )
        other = stories[(number + 1) % len(stories)]
        for question in chance.sample(other.questions, min(_FOREIGN_PER_STORY, len(other.questions))):
            yield unanswerable(bot, reader, "foreign", question.text, scope)


def unanswerable(bot: Storybot, reader: NeuralReader, kind: str, question: str, scope: Scope) -> Case:
    """A question that the documents in scope don't answer."""
    hits = bot.search(question, scope, k=100, rerank=False)
    relevance, found = reader.examine(question, bot.windows(hits))
    return Case(
        kind=kind,
        question=question,
        references=(),
        explicit=True,
        gold=(),
        bearing=None,
        hits=hits,
        relevance=relevance,
        found=found,
    )


def abstain_cases(bot: Storybot, reader: NeuralReader, data: Path) -> Iterator[Case]:
    """FairytaleQA val: a story's own questions ("own") and those of other stories ("foreign")."""
    ids = {}
    for story in load(data / "fairytaleqa", "val"):
        ids[story.name] = bot.library.add(Source(name=f"{story.name}.txt", data=story.text.encode())).id
    for row in tqdm(json.loads((data / "fairytaleqa_abstain_val.json").read_text("utf8"))):
        kind = "own" if row["answerable"] else "foreign"
        yield unanswerable(bot, reader, kind, row["question"], Scope(document_ids=(ids[row["document"]],)))


def article_cases(reader: NeuralReader, lessons: Sequence[Lesson]) -> Iterator[Case]:
    """SQuAD 2.0: each question with its own paragraph alone."""
    for lesson in tqdm(lessons):
        relevance, found = reader.examine(lesson.text, [lesson.candidates[0].window])
        yield Case(
            kind="article",
            question=lesson.text,
            references=lesson.references,
            explicit=True,
            gold=(),
            bearing=None,
            hits=(),
            relevance=relevance,
            found=found,
        )
