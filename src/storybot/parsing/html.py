"""HTML: the article of a page, not what is around it."""

import re
from collections.abc import Sequence

from lxml import etree

from storybot.errors import EmptySource
from storybot.parsing import gutenberg
from storybot.parsing.contents import Block, Contents, compose
from storybot.parsing.decoding import characters
from storybot.parsing.markup import HEADINGS, UNSEEN, Walk, find_all, read_html, tag_of, words_of

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_CHARSET_BYTES = 4096

_AROUND = frozenset("nav aside form dialog".split())
_EDGES = frozenset("header footer".split())
_ROLES = frozenset("navigation banner contentinfo search complementary menu menubar dialog alert".split())
_ASIDE = re.compile(
    r"(?<![a-z])(?:nav|navbar|navigation|menu|breadcrumbs?|sidebar|cookies?|consent|advert\w*|ads?|promo|share|sharing|social|"
    r"related|newsletter|subscribe|comments?|disqus|pagination|pager|skip-link|toc|pg-boilerplate|pg-header|pg-footer)(?![a-z])",
    re.IGNORECASE,
)
"""Names that pages give to what is around their article."""

_KEPT = frozenset("html body main article".split()) | HEADINGS.keys()
_LISTS = frozenset("ul ol table div section".split())
_LINK_SHARE = 0.7
"""A list of which more than that is links leads elsewhere."""

_LEAST_LINKS = 3
_LONGEST_LISTED = 2_000
_LEAST_SHARE = 0.3
"""Of a page's words an article holds at least that much; what holds less is a teaser."""


def read_html_page(name: str, data: bytes) -> Contents:
    """The article of the page, its headings, and its title. Raises: InputError."""
    root = read_html(name, _decoded(name, data))
    body = _article(next(find_all(root, "body"), root))
    for left_out in (_aside, _unread):
        blocks = gutenberg.book_of(list(Walk(left_out=left_out).over(body)))
        if any(char.isalnum() for block in blocks for char in block.text):
            return compose(blocks, _title(root, blocks))
    raise EmptySource(name)


def _decoded(name: str, data: bytes) -> str:
    """The page in the encoding that it names, if it is in that. Raises: BinarySource."""
    named = _CHARSET.search(data, 0, _CHARSET_BYTES)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        if named:
            return data.decode(named[1].decode("ascii"))
    except (LookupError, ValueError):
        pass  # another encoding than it says, or one that nobody knows
    return characters(name, data)


def _article(body: etree._Element) -> etree._Element:
    """The one element that holds most of what there is to read, where the page marks it."""
    length = len(words_of(body))
    marked = [element for element in body.iter() if tag_of(element) == "main" or element.get("role") == "main"]
    articles = list(find_all(body, "article"))
    for group in (marked, articles):
        if group:
            largest = max(group, key=lambda element: len(words_of(element)))
            if len(words_of(largest)) >= _LEAST_SHARE * length:
                return largest
    return body


def _unread(element: etree._Element) -> bool:
    return tag_of(element) in UNSEEN


def _aside(element: etree._Element) -> bool:
    """Whether an element is around the article: navigation, a form, a notice, a list of links."""
    tag = tag_of(element)
    if tag in UNSEEN or tag in _AROUND or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if element.get("role") in _ROLES:
        return True
    if tag in _EDGES and not any(tag_of(above) in {"article", "main", "section"} for above in element.iterancestors()):
        return True
    if tag not in _KEPT and _ASIDE.search(f"{element.get('class', '')} {element.get('id', '')}"):
        return True
    return tag in _LISTS and _leads_elsewhere(element)


def _leads_elsewhere(element: etree._Element) -> bool:
    words = 0
    for piece in element.itertext():
        words += len(piece.strip())
        if words > _LONGEST_LISTED:
            return False
    links = [len("".join(link.itertext()).strip()) for link in element.iter("a") if link.get("href")]
    return len(links) >= _LEAST_LINKS and sum(links) > _LINK_SHARE * words


def _title(root: etree._Element, blocks: Sequence[Block]) -> str | None:
    """The only first heading, else the page's title, whose tail mostly names the site."""
    first = [block.heading for block in blocks if block.heading and block.level == 1]
    titles = (element for element in find_all(root, "title") if tag_of(element.getparent()) == "head")
    named = next((words_of(element) for element in titles), "")
    return first[0] if len(first) == 1 else named or (first[0] if first else None)
