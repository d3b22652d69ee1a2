"""Markdown: its words without its marks, sections by its headings."""

import re
from collections.abc import Iterator

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from storybot.model import Section
from storybot.parsing.plain import sections_at

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_READ = MarkdownIt("commonmark", {"html": False}).enable("table")


def read_markdown(source: str) -> tuple[str, str | None, tuple[Section, ...]]:
    """Text, title (front matter, else the first heading, else None) and sections. HTML in it stays text."""
    matter = _FRONT_MATTER.match(source)
    blocks = list(_blocks(_READ.parse(source[matter.end() :] if matter else source)))
    offset, headings = 0, []
    for words, is_heading in blocks:
        if is_heading:
            headings.append((offset, words))
        offset += len(words) + 2
    text = "\n\n".join(words for words, _ in blocks)
    title = _front_title(matter[1] if matter else "") or (headings[0][1] if headings else None)
    return text, title, sections_at(text, headings)


def _blocks(tokens: list[Token]) -> Iterator[tuple[str, bool]]:
    """The words of each block, and whether it is a heading."""
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "inline":
            words = _inline(token).strip()
        elif token.type in {"fence", "code_block"}:
            words = token.content.strip("\n")
        else:
            continue
        if words:
            yield words, before is not None and before.type == "heading_open"


def _inline(token: Token) -> str:
    pieces = []
    for child in token.children or []:
        if child.type in {"text", "code_inline"}:
            pieces.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            pieces.append("\n")
        elif child.type == "image":
            pieces.append(child.content)
    return "".join(pieces)


def _front_title(matter: str) -> str | None:
    try:
        fields = yaml.safe_load(matter)
    except yaml.YAMLError:
        return None
    title = fields.get("title") if isinstance(fields, dict) else None
    return str(title).strip() or None if title is not None else None
