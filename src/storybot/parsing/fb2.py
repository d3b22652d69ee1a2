"""FB2: the sections of a FictionBook and their titles."""

from lxml import etree

from storybot.errors import EmptySource
from storybot.parsing.contents import Block, Contents, compose, titled
from storybot.parsing.markup import Walk, find_all, read_xml, tag_of, words_of

_BLOCKS = frozenset(
    "body section title subtitle p v stanza poem cite epigraph annotation text-author date table tr".split()
)
_UNSEEN = frozenset({"binary", "description", "stylesheet", "image"})
_DEEPEST = 6


def read_fb2(name: str, data: bytes) -> Contents:
    """The book, its notes last. Raises: SourceDamaged, SourceTooHard, EmptySource."""
    root = read_xml(name, data, "FB2")
    book = next((words_of(element) for element in find_all(root, "book-title")), None)
    blocks = [block for body in root if tag_of(body) == "body" for block in _body(body)]
    contents = compose(blocks, book)
    if not contents.text.strip():
        raise EmptySource(name)
    return contents


def _body(body: etree._Element) -> list[Block]:
    """The blocks of a body; the paragraphs of a title are one heading, as deep as its section."""
    for title in [*find_all(body, "title")]:
        depth = sum(tag_of(above) == "section" for above in title.iterancestors())
        words = ". ".join(filter(None, (words_of(part).rstrip(".") for part in title))) or words_of(title)
        tail = title.tail
        title.clear()
        title.text, title.tail = words, tail
        title.tag = f"title{min(max(depth, 1), _DEEPEST)}"
    levels = {f"title{level}": level for level in range(1, _DEEPEST + 1)}
    walk = Walk(left_out=lambda element: tag_of(element) in _UNSEEN, headings=levels, blocks=_BLOCKS | levels.keys())
    notes = body.get("name") or ""
    first = [titled(notes.capitalize(), 1)] if notes and next(find_all(body, "title1"), None) is None else []
    return [*first, *walk.over(body)]
