"""How an answer was found, as the page and the API tell it; and answers of several documents."""

import re

import pytest
from fastapi.testclient import TestClient

from storybot.library import Library
from storybot.model import Source

QUESTION = "Where did the fox live?"
FOXES = {
    "bridge.txt": b"The fox lived under the old stone bridge. Every evening it looked at the moon.",
    "oak.txt": b"This is another story. The fox lived in a hollow oak at the edge of the wood.",
}


@pytest.fixture
def foxes(library: Library) -> dict[str, str]:
    """Two tales of a fox, in a collection of their own; their ids by name."""
    return {name: library.add(Source(name=name, data=data, collection="foxes")).id for name, data in FOXES.items()}


def asked(client: TestClient, *questions: str) -> list[str]:
    """The ids of the turns that the questions make in one conversation."""
    conversation = client.post("/api/conversations", json={"collection": "foxes"}).json()["id"]
    path = f"/api/conversations/{conversation}/turns"
    return [client.post(path, json={"question": question}).raise_for_status().json()["id"] for question in questions]


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page.partition("<main")[2]).split())


def test_the_trail_is_told_in_words_with_links_to_the_passages(
    shared_client: TestClient, foxes: dict[str, str]
) -> None:
    first, then = asked(shared_client, QUESTION, "What did it look at?")
    page = shared_client.get(f"/turns/{first}/trail").text
    words = plain(page)
    assert "It was taken as it was asked." in words
    assert "all documents of the collection “foxes”" in words
    assert "Asked for the words fox , live ; left out as too common: where , did , the ." in words
    assert "So it is the answer." in words
    assert f"/documents/{foxes['bridge.txt']}?start=0&amp;end=41#cited" in page
    conversation = shared_client.get("/api/conversations").json()["conversations"][0]["id"]
    assert f'href="/conversations/{conversation}#turn-1"' in page
    words = plain(shared_client.get(f"/turns/{then}/trail").text)
    assert "it was understood as: What did the fox look at?" in words
    assert "asked in several ways" in words


def test_the_trail_of_what_is_not_said_says_so(shared_client: TestClient, foxes: dict[str, str]) -> None:
    (turn,) = asked(shared_client, "How many children does the queen have?")
    page = shared_client.get(f"/turns/{turn}/trail", params={"document": foxes["oak.txt"]}).text
    assert "1 document of the collection “foxes”" in page
    assert "None is sure enough" in page
    assert foxes["bridge.txt"] not in page


def test_the_api_tells_each_step_of_the_trail(shared_client: TestClient, foxes: dict[str, str]) -> None:
    (turn,) = asked(shared_client, QUESTION)
    told = shared_client.get(f"/api/turns/{turn}/trail", params={"document": foxes["oak.txt"]}).json()
    assert (told["found"], told["collection"], told["documents"]) == (True, "foxes", [foxes["oak.txt"]])
    (lookup,) = told["lookups"]
    assert lookup["words"] == ["fox", "live"]
    assert {hit["document"]["name"] for hit in lookup["by_words"] + lookup["by_meaning"]} == {"oak.txt"}
    assert told["hits"][0]["why"]["reader"]["rank"] == told["fused"][0]["why"]["fused"]["rank"] == 1
    assert told["candidates"][0]["document"]["name"] == "oak.txt"
    assert told["candidates"][0]["confidence"] == told["confidence"] > told["threshold"]
    assert told["seconds"]["reading"] > 0


@pytest.mark.parametrize("path", ["/turns/nowhere/trail", "/api/turns/nowhere/trail"])
def test_the_trail_of_no_turn_is_not_there(shared_client: TestClient, path: str) -> None:
    response = shared_client.get(path)
    assert response.status_code == 404
    assert "nowhere" in response.text


def test_documents_that_differ_are_shown_side_by_side(shared_client: TestClient, foxes: dict[str, str]) -> None:
    (turn,) = asked(shared_client, QUESTION)
    page = shared_client.get(f"/turns/{turn}", params={"document": "abc def"}).text
    assert "More than one of your documents answers this." in page
    assert f'href="/turns/{turn}/trail?document=abc+def"' in page
    _, *sides = page.partition('<ul class="sides">')[2].partition("</ul>")[0].split("<li>")
    assert len(sides) == 2
    told = {
        name: next(plain(f"<main>{side}") for side in sides if document in side) for name, document in foxes.items()
    }
    assert "Bridge under the old stone bridge" in told["bridge.txt"]
    assert "Oak in a hollow oak" in told["oak.txt"]
    reply = shared_client.post("/api/ask", json={"question": QUESTION, "collection": "foxes"}).json()
    assert {side["document"]["name"]: side["answer"] for side in reply["sides"]} == {
        "bridge.txt": "under the old stone bridge",
        "oak.txt": "in a hollow oak",
    }
    assert sorted(number for side in reply["sides"] for number in side["numbers"]) == [1, 2]
    export = shared_client.get(
        f"/api/conversations/{shared_client.get('/api/conversations').json()['conversations'][0]['id']}/export"
    ).text
    assert r"*Oak:* in a hollow oak \[" in export
