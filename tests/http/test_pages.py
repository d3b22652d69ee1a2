"""The pages as a browser without scripts gets them."""

import re

import pytest
from fastapi.testclient import TestClient

from storybot.assembly import House
from storybot.bot import Storybot
from storybot.http.rendering import web_folder
from storybot.model import Source

QUESTION = "What did Bakhyt's grandmother play?"


@pytest.fixture
def document_id(stored_bot: Storybot) -> str:
    return stored_bot.library.entries()[0].id


def test_the_answer_links_to_its_sentence(client: TestClient, document_id: str) -> None:
    page = client.post("/ask", data={"q": QUESTION}).text
    assert "the balalaika" in page
    assert f"/documents/{document_id}?start=597&amp;end=780&amp;conversation=" in page


def test_a_look_at_a_page_asks_nothing(client: TestClient) -> None:
    page = client.get("/", params={"q": QUESTION}).text
    assert 'value="What did Bakhyt&#39;s grandmother play?"' in page
    assert "<article" not in page.partition("<template")[0]
    assert client.get("/api/conversations").json() == {"conversations": []}


def test_the_cited_sentence_is_marked(client: TestClient, document_id: str) -> None:
    page = client.get(f"/documents/{document_id}?start=597&end=780").text
    sentence = page.partition('<mark id="cited" tabindex="-1">')[2].partition("</mark>")[0]
    assert sentence.startswith("Bakhyt Camara&#39;s love")
    assert sentence.endswith("play the balalaika.")


def test_a_sentence_is_read_with_its_conversation_beside_it(client: TestClient, document_id: str) -> None:
    asked = client.post("/ask", data={"q": QUESTION, "book": document_id})
    assert asked.url.path == f"/documents/{document_id}"
    assert asked.url.params["start"] == "597"
    room = client.get(f"/documents/{document_id}", params=asked.url.params).text
    assert '<mark id="cited"' in room
    assert "the balalaika" in room.partition('id="book"')[0]
    assert '<rect class="cited"' in room
    assert f'value="/documents/{document_id}#s=597-780"' in room
    assert "q=+%28%E2%80%9CBakhyt" in room  # a question about the sentence goes before it
    assert client.get(f"/documents/{document_id}?conversation=nowhere").status_code == 200


def test_a_stretch_is_asked_about_only_while_there_is_room_for_a_question(
    client: TestClient, stored_bot: Storybot
) -> None:
    book = stored_bot.library.add(Source(name="mill.txt", data=b"The mill stood still. " * 2000)).id
    short = client.get(f"/documents/{book}?start=0&end=1790").text
    assert "Ask about this sentence" in short
    assert 'data-quotable="1800"' in short
    long = client.get(f"/documents/{book}?start=0&end=40000").text
    assert '<mark id="cited"' in long
    assert "Ask about this sentence" not in long


def test_who_asks_what_it_is_about_is_led_to_its_page(client: TestClient, document_id: str) -> None:
    page = client.post("/ask", data={"q": "What is this story about?"}).text
    assert "The story does not say." in page
    assert f'<a href="/documents/{document_id}/about#overview">' in page
    assert "/about#overview" not in client.post("/ask", data={"q": "How many children does she have?"}).text


def test_one_chapter_is_the_one_that_is_open(client: TestClient, stored_bot: Storybot) -> None:
    text = "# One\n\nA fox ran.\n\n# Two\n\nAn owl slept.\n"
    book = stored_bot.library.add(Source(name="pair.md", data=text.encode())).id
    for start, heading in ((0, "One"), (text.index("owl"), "Two")):
        (current,) = re.findall(r'aria-current="true">(\w+)<', client.get(f"/documents/{book}?start={start}").text)
        assert current == heading


def test_words_are_found_in_the_whole_book(client: TestClient, stored_bot: Storybot) -> None:
    chapter = "The mill stood still. " * 2000
    text = f"# One\n\n{chapter}\n\n# Two\n\n{chapter}\n\n# Three\n\nA Caf\u00e9 was there.\n"
    book = stored_bot.library.add(Source(name="mill.md", data=text.encode())).id
    first = client.get(f"/documents/{book}").text
    assert "Next: <bdi>Two</bdi>" in first
    assert len(first) < 100_000
    found = client.get(f"/documents/{book}", params={"find": "cafe"}).text
    assert "Found in 1 place." in found
    assert "<strong>Caf\u00e9</strong>" in found
    many = client.get(f"/documents/{book}", params={"find": "mill", "start": len(text) - 5}).text
    assert "Found in 4,000 places. The first 100 are listed." in many
    in_german = client.get(f"/documents/{book}", params={"find": "mill"}, headers={"Accept-Language": "de"}).text
    assert "4.000" in in_german
    assert "Caf\u00e9 was there" in many
    assert "Next:" not in many


@pytest.mark.parametrize(
    ("referrer", "back"),
    [
        ("http://127.0.0.1/conversations/abc?before=7#turn-3", "/conversations/abc?before=7"),
        ("http://127.0.0.1/?collection=stories", "/?collection=stories"),
        ("http://127.0.0.1/documents/abc", "/"),
        ("http://elsewhere.example/conversations/abc", "/conversations/abc"),
        ("http://127.0.0.1/conversations", "/"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
def test_a_document_leads_back_to_where_it_was_opened(
    client: TestClient, document_id: str, referrer: str, back: str
) -> None:
    page = client.get(f"/documents/{document_id}", headers={"Referer": referrer}).text
    words = "Ask the story" if back == "/" else "Back to the conversation"
    assert f'<a href="{back}">{words}</a>' in page
    assert "elsewhere.example" not in page


def test_a_document_that_was_deleted_is_no_longer_looked_in(client: TestClient, document_id: str) -> None:
    page = client.get("/", params={"document": "nowhere"})
    assert page.status_code == 200
    assert "Questions to begin with" in page.text
    chosen = client.get("/", params={"document": document_id}).text
    assert f'<option value="{document_id}" dir="auto" selected>' in chosen


def test_a_question_without_words_is_refused_and_kept(client: TestClient) -> None:
    response = client.post("/ask", data={"q": "<?>"})
    assert response.status_code == 422
    assert "Ask something in words" in response.text
    assert 'value="&lt;?&gt;"' in response.text
    assert client.get("/api/conversations").json() == {"conversations": []}


def test_a_form_without_a_file_is_refused_in_words(client: TestClient) -> None:
    response = client.post("/documents", files={"collection": (None, "stories")})
    assert response.status_code == 422
    assert "No file was chosen" in response.text


def test_an_added_file_is_listed_with_its_progress(client: TestClient) -> None:
    response = client.post("/documents", files={"files": ("owl.txt", b"The owl slept.")}, follow_redirects=False)
    assert response.status_code == 303
    assert "owl.txt" in client.get(response.headers["location"]).text


def test_adding_leads_back_to_the_conversation(client: TestClient, house: House) -> None:
    home = f"/conversations/{house.conversations.begin().id}"
    page = client.get(home).text
    form = {"conversation": home.removeprefix("/conversations/")}
    assert f'<input type="hidden" name="conversation" value="{form["conversation"]}">' in page
    response = client.post("/documents", data=form, files={"files": ("owl.txt", b"The owl slept.")})
    assert response.url.path == home
    assert "owl.txt" in response.text
    refused = client.post("/documents", files={"conversation": (None, form["conversation"])})
    assert (refused.status_code, refused.text.count("No file was chosen")) == (422, 1)
    assert f'name="conversation" value="{form["conversation"]}"' in refused.text


def test_deleting_leads_back_to_the_conversation_and_to_no_other_site(client: TestClient, document_id: str) -> None:
    path = f"/documents/{document_id}/delete"
    page = client.get(path, headers={"Referer": "http://127.0.0.1/conversations/abc?before=7"}).text
    assert '<input type="hidden" name="back" value="/conversations/abc?before=7">' in page
    assert '<a class="button quiet" href="/conversations/abc?before=7">Keep it</a>' in page
    form = {"back": "https://elsewhere.example/conversations/abc"}
    response = client.post(path, data=form, follow_redirects=False)
    assert response.headers["location"] == "/conversations/abc"


def test_a_document_is_deleted_after_a_question(client: TestClient, stored_bot: Storybot, document_id: str) -> None:
    assert "Delete this document?" in client.get(f"/documents/{document_id}/delete").text
    assert stored_bot.library.entries()
    assert client.post(f"/documents/{document_id}/delete", follow_redirects=False).status_code == 303
    assert not stored_bot.library.entries()


@pytest.mark.parametrize(
    ("method", "path", "form"),
    [
        ("GET", "/documents/nowhere", {}),
        ("GET", "/documents/nowhere/delete", {}),
        ("POST", "/documents/nowhere/delete", {}),
        ("POST", "/jobs/nowhere/cancel", {}),
        ("POST", "/ask", {"q": "Who?", "document": "nowhere"}),
        ("POST", "/ask", {"q": "Who?", "conversation": "nowhere"}),
        ("GET", "/conversations/nowhere", {}),
        ("POST", "/conversations/nowhere/rename", {"title": "A title"}),
        ("GET", "/conversations/nowhere/delete", {}),
        ("POST", "/conversations/nowhere/delete", {}),
        ("GET", "/turns/nowhere", {}),
        ("POST", "/turns/nowhere/feedback", {"feedback": "up"}),
    ],
)
def test_what_is_not_there_is_said_on_a_page(client: TestClient, method: str, path: str, form: dict[str, str]) -> None:
    response = client.request(method, path, data=form)
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert "nowhere" in response.text


def test_collections_are_chosen_from(client: TestClient, stored_bot: Storybot) -> None:
    stored_bot.library.add(Source(name="letter.txt", data=b"Dear Ada, the owl slept.", collection="letters & notes"))
    page = client.get("/", params={"collection": "letters & notes"}).text
    assert "letter.txt" in page
    assert "bakhyt-camara.txt" not in page
    assert 'href="/?collection=letters%20%26%20notes"' in page


@pytest.mark.parametrize("path", ["/", "/documents/nowhere", "/conversations"])
def test_a_browser_keeps_no_copy(client: TestClient, path: str) -> None:
    assert client.get(path).headers["cache-control"] == "no-store"


def test_no_template_needs_what_the_policy_forbids() -> None:
    pages = "".join(path.read_text("utf8") for path in (web_folder() / "templates").glob("*.html"))
    assert [
        word for word in (" style=", "<style", " onclick=", "https://", "http://", "|safe", "| safe") if word in pages
    ] == []
