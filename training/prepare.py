"""Make the lessons.

    python training/prepare.py --data DIR --out FOLDER

DIR holds FairytaleQA, the open SQuAD 2.0 articles and QAMR. FairytaleQA *val* is not read.
"""

import argparse
import json
import pickle
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from invented import invented, swapped
from questions import Excerpt, Lesson
from tqdm import tqdm

from storybot.assembly import build
from storybot.chunking import sentences as split
from storybot.evaluation.fairytaleqa import Question, Story, load
from storybot.evaluation.metrics import answer_sentence, token_f1
from storybot.model import Passage, Scope, Source, Span, Window
from storybot.readers.encoding import sentence_spans
from storybot.settings import read_settings
from storybot.windows import widen

KEPT_STORIES = 10
"""Every tenth story of train is kept for calibration."""
KEPT_ARTICLES = ("Warsaw", "Rhine", "Oxygen", "Black_Death", "Huguenot", "Sky_(United_Kingdom)", "Construction")
_FOREIGN = 2
_LEAST_F1 = 0.6
_ANSWER_GAIN = 3.0
_SECTION_GAIN = 0.05
"""The answer's sentence outweighs all the others of its section together; without one, all are alike."""

_LONGEST_SPAN_WORDS = 40
_WORD = re.compile(r"\w+(?:['\u2019-]\w+)*")


def main() -> None:
    """Write `train.pkl` and `kept.pkl`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    chance = random.Random(0)  # noqa: S311 - not for secrets
    lessons: dict[str, list[Lesson]] = {"train": [], "kept": []}
    for lesson in stories(arguments.data / "fairytaleqa", arguments.out, chance):
        lessons["kept" if lesson.source in kept_stories(arguments.data / "fairytaleqa") else "train"].append(lesson)
    for lesson in articles(arguments.data / "squad_dev_v2.0_open.json"):
        lessons["kept" if lesson.source in KEPT_ARTICLES else "train"].append(lesson)
    for name in ("qamr_dev.json", "qamr_test.json"):
        lessons["train"] += single_sentences(arguments.data / name, chance)
    for name, made in lessons.items():
        (arguments.out / f"{name}.pkl").write_bytes(pickle.dumps(made))
        print(name, dict(Counter(lesson.kind for lesson in made)))


@cache
def kept_stories(folder: Path) -> frozenset[str]:
    """Names of the stories that calibrate."""
    files = (folder / "data-by-train-split/section-stories/train").glob("*-story.csv")
    return frozenset(sorted(file.name.removesuffix("-story.csv") for file in files)[::KEPT_STORIES])


# Stories


def stories(folder: Path, work: Path, chance: random.Random) -> Iterator[Lesson]:
    """FairytaleQA train through our own search, with invented and swapped questions beside its own."""
    told = load(folder, "train")
    bot = build(read_settings(data=work / "corpus"), empty=True)
    ids = {
        story.name: bot.library.add(Source(name=f"{story.name}.txt", data=story.text.encode())).id
        for story in tqdm(told)
    }
    names = {document_id: name for name, document_id in ids.items()}
    documents = {name: bot.library.passages(document_id) for name, document_id in ids.items()}
    texts = {name: bot.library.document(document_id).text for name, document_id in ids.items()}
    whole = {story.name: story for story in told if texts[story.name] == story.text}
    print(f"{len(told) - len(whole)} stories were mended when they were read, and are left out")
    for story in tqdm(list(whole.values())):
        own = documents[story.name]
        kept = story.name in kept_stories(folder)
        for question in story.questions:
            found = bot.search(question.text, Scope(document_ids=(ids[story.name],)), k=30, rerank=False)
            windows = bot.windows(found)
            lesson = _lesson(story, question, windows, own)
            foreign = []
            for hit in bot.search(question.text, k=12, rerank=False):
                other = names[hit.passage.document_id]
                if other in whole and other != story.name and (other in kept_stories(folder)) == kept:
                    foreign.append(widen(documents[other], documents[other].index(hit.passage)))
            others = (_silent(window, foreign=True) for window in foreign[:_FOREIGN])
            yield replace(lesson, candidates=(*lesson.candidates, *others))
        for text, place in [*invented(story.text, own, chance), *swapped(story, own, chance)]:
            yield Lesson(
                id=f"{story.name}:{text}",
                kind="invented",
                text=text,
                source=story.name,
                candidates=(_silent(widen(own, place)),),
            )
    bot.close()


def _lesson(story: Story, question: Question, windows: list[Window], own: Sequence[Passage]) -> Lesson:
    spans, bearing = _answers(story, question)
    wanted = spans[0] if spans else bearing
    if wanted and not any(_inside(wanted, window) for window in windows):
        place = max(range(len(own)), key=lambda at: _overlap(own[at].span, wanted))
        windows = [*windows, widen(own, place)]
    answers = {_plain(answer) for answer in question.answers}
    made = []
    for window in windows:
        gains = gains_of(window, bearing, question.gold)
        sentences = tuple(sentence_spans(window))
        there = tuple(placed for span in spans if (placed := _shift(span, window)))
        text = f" {_plain(window.text)} "
        said = any(f" {answer} " in text for answer in answers)
        touches = any(_overlap(passage.span, gold) for passage in window.passages for gold in question.gold)
        silent = not there and not said and not (touches and not question.explicit)
        made.append(Excerpt(window=window, sentences=sentences, gains=gains, answers=there, silent=silent))
    return Lesson(
        id=question.id,
        kind="story",
        text=question.text,
        source=story.name,
        candidates=tuple(made),
        references=question.references,
        explicit=question.explicit,
    )


def _answers(story: Story, question: Question) -> tuple[list[Span], Span | None]:
    """Where the gold sections say the answer, and the sentence that bears it."""
    bearing = answer_sentence(story, question)
    exact = [
        Span(*match.span())
        for answer in question.answers
        for match in re.finditer(_loose(answer), story.text)
        if any(Span(*match.span()).within(gold) for gold in question.gold)
    ]
    if exact:
        inside = [span for span in exact if bearing and bearing.start <= span.start < bearing.end]
        return inside or exact[:1], bearing or exact[0]
    best = _best_span(story.text, question)
    return ([best] if best else []), bearing or best


def _loose(answer: str) -> str:
    """A pattern for the answer's words, whatever stands between them."""
    words = _WORD.findall(answer)
    return r"(?i)\b" + r"[\W_]+".join(re.escape(word) for word in words) + r"\b" if words else r"(?!)"


def _best_span(text: str, question: Question) -> Span | None:
    """The stretch within a gold section's sentences that shares most words with an answer."""
    best: tuple[float, Span] | None = None
    for gold in question.gold:
        for sentence in split(gold.cut(text)):
            span = sentence.shifted(gold.start)
            words = [(m.start() + span.start, m.end() + span.start) for m in _WORD.finditer(span.cut(text))]
            lower = [text[a:b].lower() for a, b in words]
            for answer in question.references:
                target = {word.lower() for word in _WORD.findall(answer)}
                marks = [i for i, word in enumerate(lower) if word in target]
                for at, i in enumerate(marks):
                    for j in marks[at:]:
                        if j - i >= _LONGEST_SPAN_WORDS:
                            break
                        stretch = Span(words[i][0], words[j][1])
                        score = token_f1(stretch.cut(text), (answer,))
                        if score >= _LEAST_F1 and (best is None or score > best[0]):
                            best = (score, stretch)
    return best[1] if best else None


def gains_of(window: Window, bearing: Span | None, gold: Sequence[Span]) -> tuple[float, ...]:
    """What each of the window's sentences is worth: the answer's most, those of its sections a little."""
    little = _SECTION_GAIN if bearing else 1.0
    gains = []
    for passage in window.passages:
        for sentence in passage.sentences:
            near = any(_overlap(sentence, section) * 2 > sentence.end - sentence.start for section in gold)
            bears = bearing is not None and _overlap(sentence, bearing) * 2 > min(
                sentence.end - sentence.start, bearing.end - bearing.start
            )
            gains.append(_ANSWER_GAIN if bears else little if near else 0.0)
    return tuple(gains)


def _silent(window: Window, *, foreign: bool = False) -> Excerpt:
    sentences = tuple(sentence_spans(window))
    gains = (0.0,) * len(sentences)
    return Excerpt(window=window, sentences=sentences, gains=gains, answers=(), silent=True, foreign=foreign)


def _shift(span: Span, window: Window) -> Span | None:
    offset = 0
    for passage in window.passages:
        if span.within(passage.span):
            return span.shifted(offset - passage.span.start)
        offset += len(passage.text) + 1
    return None


def _inside(span: Span, window: Window) -> bool:
    return any(_overlap(span, passage.span) * 2 > span.end - span.start for passage in window.passages)


def _overlap(a: Span, b: Span) -> int:
    return max(0, min(a.end, b.end) - max(a.start, b.start))


def _plain(text: str) -> str:
    words = [word.lower() for word in _WORD.findall(text)]
    return " ".join(word for word in words if word not in {"a", "an", "the"})


# Other texts


def articles(file: Path) -> Iterator[Lesson]:
    """SQuAD 2.0, article by article."""
    for article in json.loads(file.read_text("utf8"))["data"]:
        yield from article_lessons(article)


def article_lessons(article: dict[str, Any]) -> Iterator[Lesson]:
    """Each question with its paragraph, and with the other of its article that shares most words with it."""
    contexts = [paragraph["context"] for paragraph in article["paragraphs"]]
    words = [set(_plain(context).split()) for context in contexts]
    rarity = Counter(word for each in words for word in each)
    for number, paragraph in enumerate(article["paragraphs"]):
        for asked in paragraph["qas"]:
            yield _asked(asked, article["title"], number, contexts, words, rarity)


def _asked(  # noqa: PLR0913, PLR0917 - the article, as it was counted
    asked: dict[str, Any], title: str, number: int, contexts: list[str], words: list[set[str]], rarity: Counter[str]
) -> Lesson:
    spans = {(a["answer_start"], a["answer_start"] + len(a["text"])) for a in asked["answers"]}
    own = _plain_candidate(contexts[number], [Span(*span) for span in sorted(spans)], silent=asked["is_impossible"])
    wanted = set(_plain(asked["question"]).split())
    scores = [sum(1 / rarity[word] for word in wanted & each) for each in words]
    scores[number] = -1
    other = contexts[max(range(len(scores)), key=scores.__getitem__)]
    said = any(f" {_plain(a['text'])} " in f" {_plain(other)} " for a in asked["answers"])
    rival = _plain_candidate(other, [], silent=not said and not asked["is_impossible"])
    return Lesson(
        id=asked["id"],
        kind="article",
        text=asked["question"],
        source=title,
        candidates=(own, rival),
        references=tuple(dict.fromkeys(a["text"] for a in asked["answers"])),
    )


def single_sentences(file: Path, chance: random.Random) -> Iterator[Lesson]:
    """QAMR: a sentence, alone or among others of its article, sometimes without the one that answers."""
    by_article: dict[str, list[str]] = defaultdict(list)
    rows = []
    for entry in json.loads(file.read_text("utf8"))["data"]:
        article = ":".join(entry["title"].split(":")[:3])
        for paragraph in entry["paragraphs"]:
            by_article[article].append(paragraph["context"])
            rows += [(article, paragraph["context"], asked) for asked in paragraph["qas"]]
    for article, context, asked in rows:
        answers = [(a["answer_start"], a["text"]) for a in asked["answers"]]
        others = [each for each in by_article[article] if each != context]
        extra = chance.sample(others, min(len(others), chance.choice((0, 0, 1, 2))))
        said = any(_plain(text) in _plain(other) for other in extra for _, text in answers)
        hidden = bool(extra) and not said and chance.random() < 0.3  # noqa: PLR2004
        pieces = extra if hidden else chance.sample([context, *extra], 1 + len(extra))
        start = 0 if hidden else sum(len(piece) + 1 for piece in pieces[: pieces.index(context)])
        spans = [] if hidden else [Span(start + at, start + at + len(text)) for at, text in answers]
        yield Lesson(
            id=asked["id"],
            kind="sentence",
            text=asked["question"],
            source=article,
            candidates=(_plain_candidate(" ".join(pieces), sorted(spans), silent=hidden),),
            references=tuple(dict.fromkeys(text for _, text in answers)),
        )


def _plain_candidate(text: str, answers: Sequence[Span], *, silent: bool) -> Excerpt:
    sentences = tuple(split(text)) or (Span(0, len(text)),)
    gains = tuple(float(any(sentence.start <= span.start < sentence.end for span in answers)) for sentence in sentences)
    passage = Passage(document_id="", span=Span(0, len(text)), heading="", text=text, sentences=sentences)
    return Excerpt(
        window=Window(passages=(passage,)), sentences=sentences, gains=gains, answers=tuple(answers), silent=silent
    )


if __name__ == "__main__":
    main()
