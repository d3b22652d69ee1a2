"""Markdown: its words without its marks, sections by its headings."""

import re
from collections.abc import Iterator

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from storybot.parsing.contents import Block, Contents, compose, titled
from storybot.parsing.decoding import decode

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.{0,20000}?\n)??(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_MATTER_LETTERS = 4_000
"""Longest front matter that is understood: the time that YAML takes may grow with the square of its length."""

_READ = MarkdownIt("commonmark", {"html": False}).enable("table")


def read_markdown(name: str, data: bytes) -> Contents:
    """The title is the front matter's, else the first heading. HTML in it stays text.

    Raises: BinarySource, EmptySource.
    """
    source = decode(name, data)
    matter = _FRONT_MATTER.match(source)
    blocks = list(_blocks(_READ.parse(source[matter.end() :] if matter else source)))
    first = next((block.heading for block in blocks if block.heading), None)
    return compose(blocks, _front_title((matter[1] if matter else "") or "") or first)


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "inline":
            words = _inline(token).strip()
        elif token.type in {"fence", "code_block"}:
            words = token.content.strip("\n")
        else:
            continue
        if words and before is not None and before.type == "heading_open":
            yield titled(words, int(before.tag[1:]))
        elif words:
            yield Block(text=words)


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
    if len(matter) > _MATTER_LETTERS:
        return None
    try:
        fields = yaml.safe_load(matter)
    except (yaml.YAMLError, ValueError, RecursionError):  # ValueError: a date that there isn't
        return None
    title = fields.get("title") if isinstance(fields, dict) else None
    # A list or mapping may hold itself many times over, and would fill the memory as words.
    return str(title).strip() or None if isinstance(title, str | int | float) else None
