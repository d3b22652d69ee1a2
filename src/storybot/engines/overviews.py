"""Rows of overviews: what each document is about, as places in its text."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from storybot.engines import letters
from storybot.model import Chapter, Entity, Overview, Prompt, Span


def write(connection: sqlite3.Connection, overview: Overview) -> bool:
    """Store an overview in the place of the document's other one; whether the document stands."""
    written = connection.execute(
        f"""
        INSERT OR REPLACE INTO overviews (document, recipe, padding, told)
        SELECT key, ?, {letters.PADDING}, ? FROM documents WHERE id = ?
        """,  # noqa: S608 - no value of a user
        (overview.recipe, packed(overview), overview.document_id),
    )
    return written.rowcount > 0


def read(connection: sqlite3.Connection, document_id: str, key: int) -> Overview | None:
    """The overview of the document of this id and key, if there is one."""
    row = connection.execute("SELECT recipe, told FROM overviews WHERE document = ?", (key,)).fetchone()
    return None if row is None else unpacked(document_id, *row)


def lacking(connection: sqlite3.Connection, recipe: str) -> list[str]:
    """Ids of the documents without an overview of the recipe, the last added first."""
    found = connection.execute(
        """
        SELECT id FROM documents d WHERE NOT EXISTS
            (SELECT 1 FROM overviews o WHERE o.document = d.key AND o.recipe = ?)
        ORDER BY added DESC, key DESC
        """,
        (recipe,),
    )
    return [document_id for (document_id,) in found]


def packed(overview: Overview) -> str:
    """What an overview tells, without its document and its recipe; spans are two numbers each, in one row."""
    told = {
        "entities": [[one.kind, one.name, one.aliases, _flat(one.mentions)] for one in overview.entities],
        "summary": _flat(overview.summary),
        "chapters": [[one.heading, *_flat([one.span]), _flat(one.sentences)] for one in overview.chapters],
        "prompts": [[one.question, *_flat([one.sentence]), one.confidence] for one in overview.prompts],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def unpacked(document_id: str, recipe: str, told: str) -> Overview:
    """The overview that was `packed`."""
    parts: dict[str, list[Any]] = json.loads(told)
    return Overview(
        document_id=document_id,
        recipe=recipe,
        entities=tuple(
            Entity(kind=kind, name=name, aliases=tuple(aliases), mentions=_spans(mentions))
            for kind, name, aliases, mentions in parts["entities"]
        ),
        summary=_spans(parts["summary"]),
        chapters=tuple(
            Chapter(heading=heading, span=Span(start, end), sentences=_spans(sentences))
            for heading, start, end, sentences in parts["chapters"]
        ),
        prompts=tuple(
            Prompt(question=question, sentence=Span(start, end), confidence=confidence)
            for question, start, end, confidence in parts["prompts"]
        ),
    )


def _flat(spans: Iterable[Span]) -> list[int]:
    return [*chain.from_iterable((span.start, span.end) for span in spans)]


def _spans(numbers: Sequence[int]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in zip(numbers[::2], numbers[1::2], strict=True))
