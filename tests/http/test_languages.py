"""Pages in the language of the browser, in which nothing is left in English but what is the visitor's own."""

import re
from gettext import NullTranslations

import pytest
from fastapi.testclient import TestClient
from lxml import html

from storybot.http import speaking
from storybot.languages import ENGLISH, Language
from tales import AddTales

OPEN, SHUT = "\N{LEFT WHITE SQUARE BRACKET}", "\N{RIGHT WHITE SQUARE BRACKET}"
SAID = re.compile(f"{OPEN}[^{OPEN}{SHUT}]*{SHUT}")
NAMES = re.compile(r"storybot|ONNX Runtime|OpenVINO|PyTorch|Markdown|JSON|EPUB|HTML|DOCX|PDF")
"""Proper names: the same in every language."""

SPOKEN = ("aria-label", "aria-description", "placeholder", "title", "alt")
OWN = "//*[@dir='auto'] | //bdi | //option[@lang]"
"""Where a visitor's own words stand, or a language's own name, whatever language they are in."""

OTHER = "//time | //kbd | //code | //script | //head | //*[@aria-hidden='true']"
"""Days, as Babel tells them, keys, names for programs, and what nobody hears."""

HEADERS = {"Accept-Language": "de"}


class Bracketed(NullTranslations):
    """Says every marked message in brackets."""

    def gettext(self, message: str) -> str:
        return f"{OPEN}{message}{SHUT}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def client(shared_client: TestClient) -> TestClient:
    return shared_client


def unmarked(page: str) -> list[str]:
    """What a person reads, or hears read, on a page and nobody marked."""
    tree = html.fromstring(page)
    said = [value for element in tree.iter() for name, value in element.attrib.items() if name in SPOKEN]
    for own in tree.xpath(f"{OWN} | {OTHER}"):
        own.drop_tree()
    told = [NAMES.sub("", _left(text)) for text in [tree.text_content(), *said]]
    return [" ".join(text.split()) for text in told if re.search("[a-zA-Z]{2}", text)]


def _left(text: str) -> str:
    """The text without what stands in brackets."""
    while text != (shorter := SAID.sub("", text)):
        text = shorter
    return text


@pytest.mark.parametrize(("header", "tag", "direction"), [("de-AT, en;q=0.3", "de", "ltr"), ("ar", "ar", "rtl")])
def test_a_page_says_which_language_it_is_in(client: TestClient, header: str, tag: str, direction: str) -> None:
    response = client.get("/library", headers={"Accept-Language": header})
    assert response.headers["content-language"] == tag
    assert "accept-language" in response.headers["vary"].lower()
    assert f'<html lang="{tag}" dir="{direction}"' in response.text


def test_what_goes_wrong_is_told_in_the_language_of_the_page(client: TestClient) -> None:
    page = client.get("/documents/nowhere", headers=HEADERS)
    assert (page.status_code, "Kein Dokument hat die ID „nowhere“." in page.text) == (404, True)
    problem = client.get("/api/documents/nowhere", headers=HEADERS)
    assert problem.headers["content-language"] == "de"
    assert problem.json()["detail"].startswith("Kein Dokument hat die ID „nowhere“.")
    assert client.get("/api/documents/nowhere").json()["detail"].startswith("No document has the id 'nowhere'.")


def test_every_word_of_every_page_is_marked(
    client: TestClient, add_tales: AddTales, monkeypatch: pytest.MonkeyPatch
) -> None:
    owl = add_tales("marked")["Owl.md"]
    found = client.post("/ask", data={"q": "Where does the owl sleep?", "collection": "marked"}).url.path
    conversation = found.rpartition("/")[2]
    client.post("/ask", data={"q": "Who won the war?", "conversation": conversation})
    turns = client.get(f"/api/conversations/{conversation}").json()["turns"]
    spoken = {tag: Language(tag, words()) for tag, words in ((ENGLISH, NullTranslations), ("de", Bracketed))}
    monkeypatch.setattr(speaking, "languages", lambda: spoken)
    pages = [
        "/?collection=marked",
        "/conversations",
        "/conversations?search=nothing",
        found,
        f"{found}/delete",
        "/library",
        "/library?collection=marked&search=owl&moved=2&to=marked",
        "/library?collection=marked&search=nothing",
        "/library?collection=empty&restored=1",
        f"/library?deleted={owl}",
        "/library/collections/delete?name=marked",
        f"/documents/{owl}",
        f"/documents/{owl}/about?q=Where+does+the+owl+sleep",
        f"/documents/{owl}/about?q=zebra",
        f"/documents/{owl}/delete",
        "/documents/nowhere",
        "/?collection=empty",
        "/settings",
        *(f"/turns/{turn['id']}/trail" for turn in turns),
    ]
    read = {address: unmarked(client.get(address, headers=HEADERS).text) for address in pages}
    assert sorted(f"{address}: {words}" for address, words in read.items() if words) == []
