from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from asking import GENERATOR
from storybot.assembly import shipped_sources
from storybot.chunking import chunk
from storybot.finders.names import entities_in
from storybot.finders.reading import words_in
from storybot.model import Document, Entity, Overview, Passage, Reading, Section, Source, Span, Vectors
from storybot.overviewing import Answered, describe, timeline
from storybot.overviewing.summarising import central, stands_alone
from storybot.parsing import parse
from storybot.ports import Embedder, Pulse

FABLES = """# The fox

The fox lived under the old bridge by the river. The fox stole the big cheese from the miller one evening. The crow saw
how the fox ate the cheese under the bridge. "The fox is a thief," said the crow to the miller in the mill.

# The owl

The owl slept by day in the tower because it was too bright. The owl hunted mice by the mill in every night of the
summer. The miller thanked the owl for the mice with a little bread.
"""


@pytest.fixture(scope="module")
def tell(embedder: Embedder) -> "Tell":
    return Tell(embedder)


def named(text: str, pulse: Pulse) -> list[Entity]:
    """Who the rules find by themselves."""
    return entities_in(text, list(words_in(text, pulse)), [], pulse)


class Tell:
    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self._embedder.dim), dtype=np.float32)
        for places, batch in self._embedder.embed_passages(texts):
            vectors[list(places)] = batch
        return vectors

    def __call__(self, document: Document, answered: Answered = lambda _: None) -> Overview:
        passages = chunk(document, self._embedder.count_tokens, 40)
        vectors = self.embed([passage.text for passage in passages])
        return describe(
            document,
            passages,
            vectors,
            find=named,
            embed=self.embed,
            generate=GENERATOR.generate,
            answered=answered,
            pulse=lambda: None,
        )


def read(text: str, name: str = "fables.md") -> Document:
    return parse(Source(name=name, data=text.encode()), max_bytes=10**6)


def reading(document: Document, sentence: str, answer: str, confidence: float = 0.9) -> Reading:
    """What a reader finds who takes the answer out of the sentence."""
    at = document.text.index(sentence)
    span = Span(at, at + len(sentence))
    inside = at + sentence.index(answer)
    passage = Passage(document_id=document.id, span=span, heading="", text=sentence, sentences=(span,))
    return Reading(passage=passage, sentence=span, answer=Span(inside, inside + len(answer)), confidence=confidence)


def test_the_summary_is_made_of_whole_sentences_of_the_text(tell: Tell) -> None:
    document = read(shipped_sources()[0].data.decode(), "story.txt")
    overview = tell(document)
    told = [span.cut(document.text) for span in overview.summary]
    assert 1 < len(told) <= 5
    assert all(stands_alone(document.text, span) for span in overview.summary)
    assert any("Bakhyt Camara" in sentence for sentence in told)
    assert list(overview.summary) == sorted(set(overview.summary))
    assert overview.chapters == ()
    assert overview.document_id == document.id


def test_each_chapter_is_told_by_its_own_sentences(tell: Tell) -> None:
    document = read(FABLES)
    overview = tell(document)
    assert [chapter.heading for chapter in overview.chapters] == ["The fox", "The owl"]
    for chapter in overview.chapters:
        assert chapter.sentences
        assert all(span.within(chapter.span) for span in chapter.sentences)


def test_what_somebody_says_is_no_summary() -> None:
    text = (
        '"I live here. The fox has a den under the bridge by the river," said the fox. It was a very old bridge then.'
    )
    assert not stands_alone(text, Span(14, text.index('," said') + 1))
    assert not stands_alone("The fox ran.", Span(0, 12))
    calm = "The fox ran over the old bridge to the mill."
    assert stands_alone(calm, Span(0, len(calm)))


def test_questions_are_kept_that_lead_back_to_the_words_they_are_made_of(tell: Tell) -> None:
    document = read(FABLES)
    asked: list[str] = []

    def answered(question: str) -> Reading | None:
        asked.append(question)
        return reading(document, "The fox lived under the old bridge by the river.", "under the old bridge")

    overview = tell(document, answered)
    assert [(prompt.question, prompt.confidence) for prompt in overview.prompts] == [("Where did the fox live?", 0.9)]
    assert overview.prompts[0].sentence.cut(document.text) == "The fox lived under the old bridge by the river."
    assert "Who lived under the old bridge by the river?" in asked
    assert "Why did the owl sleep by day in the tower?" in asked
    assert len(asked) == len(set(asked)) <= 32


def test_questions_are_dropped_whose_answer_is_unsure_or_stands_elsewhere(tell: Tell) -> None:
    document = read(FABLES)
    sentence = "The fox lived under the old bridge by the river."
    unsure = reading(document, sentence, "under the old bridge", confidence=0.59)
    assert tell(document, lambda _: unsure).prompts == ()
    assert tell(document).prompts == ()


def test_not_all_questions_are_of_a_kind_or_about_the_same(tell: Tell) -> None:
    deeds = (
        "{} stole the golden cheese of the {} on the {}th day of the winter.",
        "{} lived in the {}'s house near the river for {} days because the winter was cold.",
        "{} gave a letter to the {} by the light of {} candles.",
    )
    names, others = ("Reynard", "Pertelote", "Chanticleer"), ("crow", "sheep", "miller", "owl")
    told = [deed.format(name, other, n) for n, other in enumerate(others, 4) for name in names for deed in deeds]
    document = read("\n\n".join(told), "deeds.txt")
    overview = tell(document, lambda _: reading(document, document.text, document.text))
    assert len(overview.prompts) == 8
    assert max(Counter(prompt.question.split()[0] for prompt in overview.prompts).values()) <= 4
    assert all(sum(name in prompt.question for prompt in overview.prompts) <= 4 for name in names)


def test_a_pronoun_is_asked_about_by_name_where_it_can_mean_but_one(tell: Tell) -> None:
    egg = "She laid a golden egg in the straw behind the door."
    alone = f"One day Pertelote smiled and said that all was well. {egg} Then all was still."
    asked: list[str] = []
    document = read(alone, "egg.txt")

    def answered(question: str) -> Reading | None:
        asked.append(question)
        return reading(document, egg, "a golden egg") if question.startswith("What") else reading(document, egg, "She")

    prompts = tell(document, answered).prompts
    assert "Who laid a golden egg in the straw behind the door?" in asked
    assert prompts[0].question == "What did Pertelote lay in the straw behind the door?"
    asked.clear()
    document = read(f"The miller loved Pertelote. {alone}", "egg.txt")
    tell(document, answered)
    assert not any("golden egg" in question for question in asked)


def test_a_name_in_quotation_marks_is_no_speech(tell: Tell) -> None:
    asked: list[str] = []
    text = 'Once Reynard was the landlord of the inn called "The Golden Goose" in the village of the crows.'
    tell(read(f"{text} Reynard smiled.", "inn.txt"), asked.append)
    assert "Who is Reynard?" in asked


def test_central_passages_are_unlike_each_other() -> None:
    fox, owl = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    rows = np.array([fox, fox, fox, owl, owl], dtype=np.float32)
    chosen = central(rows, 2)
    assert {chosen[0] < 3, chosen[1] < 3} == {True, False}
    assert central(rows[:0], 2) == []


def test_a_long_text_is_compared_with_its_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.array([[1.0, 0.0], [0.8, 0.6], [0.0, 1.0]], dtype=np.float32)
    monkeypatch.setattr("storybot.overviewing.summarising._MOST_COMPARED", 2)
    assert central(rows, 1) == [1]


def test_a_timeline_counts_every_mention_once() -> None:
    entity = Entity(kind="person", name="fox", aliases=(), mentions=(Span(0, 3), Span(5, 8), Span(9, 10)))
    assert timeline(entity, 10, 2) == (1, 2)
    assert sum(timeline(entity, 10, 7)) == 3
    assert timeline(entity, 0, 1) == (3,)


def test_an_empty_text_is_about_nothing(tell: Tell) -> None:
    document = Document(id="d", name="d.txt", title="d", text="…", sections=(Section(heading="", span=Span(0, 1)),))
    overview = tell(document)
    assert (overview.entities, overview.summary, overview.chapters, overview.prompts) == ((), (), (), ())
