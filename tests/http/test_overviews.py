"""What a document is about, over the API and on its page."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from fastapi.testclient import TestClient

from storybot.assembly import House
from storybot.http.overview_views import PAGE_MENTIONS, SHOWN_ENTITIES
from storybot.library import Library
from storybot.model import Chapter, Entity, Overview, Prompt, Source, Span

PARTS = ("# Spring\n\n", "Reynard met Pertelote. " * 60, "\n\n# Autumn\n\n", "The barn of Reynard burned down. ")
TALE = "".join(PARTS)


@pytest.fixture
def client(shared_client: TestClient) -> TestClient:
    return shared_client


@pytest.fixture
def tale(shared_house: House) -> Iterator[str]:
    """The id of a tale that nothing is known about yet."""
    document_id = shared_house.bot.library.add(Source(name="tale.md", data=TALE.encode(), collection="told")).id
    yield document_id
    if document_id in {entry.id for entry in shared_house.bot.library.entries("told")}:
        shared_house.bot.library.drop(document_id)


@pytest.fixture
def told(shared_house: House, tale: str) -> str:
    """The id of a tale that is described."""
    library = shared_house.bot.library
    text = library.document(tale).text
    sentences = [span for passage in library.passages(tale) for span in passage.sentences]
    autumn = text.index("Autumn")

    def where(name: str) -> tuple[Span, ...]:
        return tuple(Span(found.start(), found.end()) for found in re.finditer(name, text))

    library._engine.describe(
        Overview(
            document_id=tale,
            recipe="by hand",
            entities=(
                Entity(kind="person", name="Reynard", aliases=("the <fox>",), mentions=where("Reynard")),
                Entity(kind="person", name="Pertelote", aliases=(), mentions=where("Pertelote")),
                *(
                    Entity(kind="thing", name=f"thing {number}", aliases=(), mentions=where("barn"))
                    for number in range(SHOWN_ENTITIES + 1)
                ),
            ),
            summary=(sentences[0], sentences[-1]),
            chapters=(
                Chapter(heading="Spring", span=Span(0, autumn), sentences=(sentences[0],)),
                Chapter(heading="Autumn", span=Span(autumn, len(text)), sentences=(sentences[-1],)),
            ),
            prompts=(Prompt(question="Whom did Reynard meet?", sentence=sentences[0], confidence=0.9),),
        )
    )
    return tale


def about(client: TestClient, document_id: str) -> str:
    page = client.get(f"/documents/{document_id}/about").raise_for_status().text
    return page.partition('id="overview"')[2].partition('<dl class="measures">')[0]


def test_the_api_tells_places_in_the_text(client: TestClient, library: Library, told: str) -> None:
    reply = client.get(f"/api/documents/{told}/overview").raise_for_status().json()
    text = library.document(told).text
    assert reply["state"] == "told"
    reynard = reply["entities"][0]
    assert (reynard["kind"], reynard["name"], reynard["aliases"]) == ("person", "Reynard", ["the <fox>"])
    assert reynard["mentions"] == len(reynard["spans"]) == 61
    assert {text[span["start"] : span["end"]] for span in reynard["spans"]} == {"Reynard"}
    quoted = [*reply["summary"], *reply["chapters"][1]["sentences"], reply["prompts"][0]["sentence"]]
    assert all(one["quote"] == text[one["start"] : one["end"]] for one in quoted)
    assert reply["prompts"][0]["question"] == "Whom did Reynard meet?"
    assert [chapter["heading"] for chapter in reply["chapters"]] == ["Spring", "Autumn"]


def test_until_it_is_known_both_say_so(client: TestClient, tale: str) -> None:
    reply = client.get(f"/api/documents/{tale}/overview").raise_for_status().json()
    assert (reply["state"], reply["entities"], reply["document"]["id"]) == ("waiting", [], tale)
    page = about(client, tale)
    assert "It is being read through" in page
    assert 'role="status"' in page
    assert 'data-module="overview"' in client.get(f"/documents/{tale}/about").text
    assert client.get("/api/documents/nobody/overview").status_code == 404


def test_the_page_leads_from_every_sentence_into_the_book(client: TestClient, library: Library, told: str) -> None:
    page = about(client, told)
    text = library.document(told).text
    links = re.findall(r'class="place" href="([^"]+)" dir="auto">(.*?)</a>', page)
    assert len(links) > 4
    for href, shown in links:
        start, end = (int(number) for number in re.findall(r"=(\d+)", unescape(href)))
        assert unescape(re.sub("<.*?>", "", shown)) == text[start:end]
    assert "the &lt;fox&gt;" in page
    assert "61 times" in page
    assert "1 more" in page
    assert '<button name="q" value="Whom did Reynard meet?"' in page


def test_the_strip_shows_and_says_where_people_appear(client: TestClient, told: str) -> None:
    page = about(client, told)
    assert 'aria-label="only in Spring"' in page
    strips = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(strips) == 2
    assert all('class="border"' in strip for strip in strips)
    assert "style=" not in page


def test_a_question_worth_asking_is_asked_of_that_document(client: TestClient, told: str) -> None:
    fields = {"q": "Whom did Reynard meet?", "document": told, "collection": "told"}
    answer = client.post("/ask", data=fields)
    assert "Reynard met" in answer.text


def test_all_sentences_about_somebody_are_leafed_through(client: TestClient, told: str) -> None:
    first = client.get(f"/documents/{told}/entities", params={"name": "Reynard"}).raise_for_status().text
    assert first.count('class="place"') == PAGE_MENTIONS
    assert f"1 to {PAGE_MENTIONS} of 61" in first
    last = client.get(f"/documents/{told}/entities", params={"name": "Reynard", "page": "99"}).text
    assert last.count('class="place"') == 61 - PAGE_MENTIONS
    assert 'rel="prev"' in last
    elsewhere = client.get(f"/documents/{told}/entities", params={"name": "Nobody"}, follow_redirects=False)
    assert elsewhere.headers["location"] == f"/documents/{told}/about"


def test_nothing_of_it_is_left_after_a_removal(client: TestClient, told: str) -> None:
    assert "Pertelote" in about(client, told)
    client.delete(f"/api/documents/{told}").raise_for_status()
    for address in (f"/api/documents/{told}/overview", f"/documents/{told}/about", f"/documents/{told}/entities"):
        reply = client.get(address, params={"name": "Pertelote"})
        assert reply.status_code == 404
        assert "Pertelote" not in reply.text
