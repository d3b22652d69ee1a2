"""Gold questions through the real bot, and the figures that come of it."""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storybot.bot import Storybot
from storybot.evaluation import metrics
from storybot.evaluation.fairytaleqa import Question, Story, load
from storybot.model import Answer, Hit, Scope, Source, Span

_KS = (1, 3, 5, 10)
_MRR_DEPTH = 10
_WORD_BUDGET = 200
_REPORTED_STORIES = 25
_SPLITS = ("train", "val")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the bot said to one question; `seconds` from question to answer."""

    story: Story
    question: Question
    hits: Sequence[Hit]
    answer: Answer
    seconds: float


def run_evaluation(  # noqa: PLR0913 - one argument a flag of the command
    bot: Storybot, data: Path, *, split: str, scope: str, out: Path | None, limit: int, report: Callable[[str], None]
) -> dict[str, float]:
    """Ask an empty bot the split's questions, each of its story or over all stories; write the run; return `figures`.

    `out` gets one JSON line a question: qid, passages with offsets, answer or null. Raises: FileNotReadable.
    """
    folder = data / "fairytaleqa"
    stories = load(folder, split)
    others = [story for name in _SPLITS if name != split for story in load(folder, name)] if scope == "corpus" else []
    ids = {}
    for number, story in enumerate([*stories, *others], start=1):
        ids[story.name] = bot.library.add(Source(name=f"{story.name}.txt", data=story.text.encode())).id
        if number % _REPORTED_STORIES == 0:
            report(f"{number} of {len(stories) + len(others)} stories added")
    replies = _ask_all(bot, stories, ids, whole=scope == "corpus", limit=limit)
    names = {document_id: name for name, document_id in ids.items()}
    moved = {story.name for story in stories if bot.library.document(ids[story.name]).text != story.text}
    if moved:
        report(f"{len(moved)} stories were mended when they were read; the run places their passages by their words")
    if out:
        out.write_text("".join(_line(reply, names, moved) for reply in replies), encoding="utf-8")
    return figures(replies, names)


def _ask_all(bot: Storybot, stories: Sequence[Story], ids: dict[str, str], *, whole: bool, limit: int) -> list[Reply]:
    asked = [(story, question) for story in stories for question in story.questions][: limit or None]
    replies = []
    for story, question in asked:
        scope = Scope() if whole else Scope(document_ids=(ids[story.name],))
        began = time.perf_counter()
        answer = bot.ask(question.text, scope)
        seconds = time.perf_counter() - began
        replies.append(Reply(story=story, question=question, hits=answer.evidence, answer=answer, seconds=seconds))
    return replies


def figures(replies: Sequence[Reply], names: dict[str, str]) -> dict[str, float]:
    """Section hit@k, MRR@10, sentence@200w, EM, F1, ROUGE-L, the share refused, and latency in milliseconds."""
    hits = [_section_hits(reply, names) for reply in replies]
    result = {"questions": float(len(replies))}
    result |= {f"hit@{k}": statistics.fmean(any(row[:k]) for row in hits) for k in _KS}
    result["MRR@10"] = statistics.fmean(
        next((1 / rank for rank, hit in enumerate(row[:_MRR_DEPTH], start=1) if hit), 0.0) for row in hits
    )
    sentences = [found for reply in replies if (found := _sentence_found(reply, names)) is not None]
    result["sentence@200w"] = statistics.fmean(sentences) if sentences else 0.0
    scores = {"EM": metrics.exact_match, "F1": metrics.token_f1, "ROUGE-L": metrics.rouge_l}
    for name, score in scores.items():
        result[name] = statistics.fmean(score(r.answer.text or "", r.question.references) for r in replies)
    explicit = [reply for reply in replies if reply.question.explicit]
    if explicit:
        result["F1 explicit"] = statistics.fmean(
            metrics.token_f1(r.answer.text or "", r.question.references) for r in explicit
        )
    result["refused"] = statistics.fmean(not reply.answer.found for reply in replies)
    times = sorted(reply.seconds * 1000 for reply in replies)
    result |= {f"p{percent} ms": times[min(len(times) - 1, len(times) * percent // 100)] for percent in (50, 95, 99)}
    return {name: round(value, 4) for name, value in result.items()}


def _spans(reply: Reply, names: dict[str, str]) -> list[Span | None]:
    """Where each hit stands in the question's story; None for one of another."""
    return [hit.passage.span if names[hit.passage.document_id] == reply.story.name else None for hit in reply.hits]


def _section_hits(reply: Reply, names: dict[str, str]) -> list[bool]:
    return [span is not None and metrics.is_section_hit(span, reply.question.gold) for span in _spans(reply, names)]


def _sentence_found(reply: Reply, names: dict[str, str]) -> bool | None:
    sentence = metrics.answer_sentence(reply.story, reply.question)
    if sentence is None:
        return None
    texts = [hit.passage.text for hit in reply.hits]
    return metrics.sentence_in_words(_spans(reply, names), texts, sentence, _WORD_BUDGET)


def _line(reply: Reply, names: dict[str, str], moved: set[str]) -> str:
    passages = [_passage(hit, names[hit.passage.document_id], moved) for hit in reply.hits]
    return json.dumps({"qid": reply.question.id, "passages": passages, "answer": reply.answer.text}) + "\n"


def _passage(hit: Hit, story: str, moved: set[str]) -> dict[str, Any]:
    row: dict[str, Any] = {"story": story, "text": hit.passage.text}
    return row if story in moved else {**row, "start": hit.passage.span.start, "end": hit.passage.span.end}
