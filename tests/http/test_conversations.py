"""Conversations over HTTP."""

from typing import Any

from fastapi.testclient import TestClient

from streams import events

GRANDMOTHER = "What did Bakhyt's grandmother play?"
CHILDREN = "How many children does Bakhyt Camara have?"
STREAM = {"Accept": "text/event-stream"}


def begun(client: TestClient, **more: str) -> str:
    response = client.post("/api/conversations", json=more)
    assert response.status_code == 201
    return str(response.json()["id"])


def ask(client: TestClient, conversation: str, question: str, **more: object) -> dict[str, Any]:
    response = client.post(f"/api/conversations/{conversation}/turns", json={"question": question, **more})
    turn: dict[str, Any] = response.raise_for_status().json()
    return turn


def page(client: TestClient, conversation: str, query: str = "") -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/conversations/{conversation}{query}").raise_for_status().json()
    return found


def listed(client: TestClient, search: str = "") -> list[str]:
    reply = client.get("/api/conversations", params={"search": search}).raise_for_status().json()
    return [conversation["title"] for conversation in reply["conversations"]]


def test_a_question_becomes_a_turn_with_its_proof(client: TestClient) -> None:
    conversation = begun(client)
    turn = ask(client, conversation, GRANDMOTHER)
    assert (turn["number"], turn["question"], turn["standalone"]) == (1, GRANDMOTHER, GRANDMOTHER)
    assert (turn["state"], turn["found"], turn["answer"]) == ("told", True, "the balalaika")
    assert turn["pieces"] == [{"text": "the balalaika", "numbers": [1]}]
    assert (turn["conversation"], turn["feedback"], turn["nearest"]) == (conversation, None, [])
    (citation, *_) = turn["citations"]
    text = client.get(f"/api/documents/{citation['document']['id']}/text").json()["text"]
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert page(client, conversation)["turns"] == [turn]
    assert page(client, conversation)["conversation"]["title"] == GRANDMOTHER


def test_where_the_story_does_not_say_the_nearest_passages_are_shown(client: TestClient) -> None:
    turn = ask(client, begun(client), CHILDREN)
    assert (turn["found"], turn["answer"], turn["citations"]) == (False, None, [])
    nearest = turn["nearest"][0]
    text = client.get(f"/api/documents/{nearest['document']['id']}/text").json()["text"]
    assert text[nearest["start"] : nearest["end"]] == nearest["text"]
    assert nearest["document"]["title"] == "Bakhyt Camara"


def test_a_turn_streams_and_ends_with_what_was_kept(client: TestClient) -> None:
    conversation = begun(client)
    url = f"/api/conversations/{conversation}/turns"
    response = client.post(url, json={"question": GRANDMOTHER}, headers=STREAM)
    told = events(response.text)
    assert [name for name, _ in told] == ["found", "piece", "done"]
    assert [told[-1][1]] == page(client, conversation)["turns"]


def test_the_turns_are_leafed_through_from_the_end(client: TestClient) -> None:
    conversation = begun(client)
    for question in (GRANDMOTHER, CHILDREN, GRANDMOTHER):
        ask(client, conversation, question, literal=True)
    assert [turn["number"] for turn in page(client, conversation, "?limit=2")["turns"]] == [2, 3]
    assert [turn["number"] for turn in page(client, conversation, "?limit=2&before=2")["turns"]] == [1]
    assert page(client, conversation)["conversation"]["turns"] == 3


def test_conversations_are_searched_renamed_and_removed(client: TestClient) -> None:
    one, two = begun(client), begun(client, title="  About \n children ")
    ask(client, one, GRANDMOTHER)
    assert listed(client) == [GRANDMOTHER, "About children"]
    assert listed(client, "Balalaika") == [GRANDMOTHER]
    ask(client, two, CHILDREN)
    assert listed(client) == ["About children", GRANDMOTHER]
    renamed = client.patch(f"/api/conversations/{one}", json={"title": "The singer"}).json()
    assert (renamed["id"], renamed["title"], renamed["turns"]) == (one, "The singer", 1)
    assert client.delete(f"/api/conversations/{two}").status_code == 204
    assert listed(client) == ["The singer"]


def test_a_conversation_keeps_to_its_collection_and_a_turn_to_its_documents(client: TestClient) -> None:
    client.post("/api/collections", json={"name": "other"}).raise_for_status()
    assert ask(client, begun(client, collection="other"), GRANDMOTHER)["nearest"] == []
    (document,) = client.get("/api/documents").json()["documents"]
    assert ask(client, begun(client), GRANDMOTHER, documents=[document["id"]])["found"]


def test_thumbs_are_kept_with_the_turn_and_listed(client: TestClient) -> None:
    conversation = begun(client)
    turn, other = ask(client, conversation, GRANDMOTHER), ask(client, conversation, CHILDREN)
    for feedback in ("up", "down"):
        reply = client.put(f"/api/turns/{turn['id']}/feedback", json={"feedback": feedback})
        assert reply.json() == turn | {"feedback": feedback}
    client.put(f"/api/turns/{other['id']}/feedback", json={"feedback": "up"})
    assert [judged["id"] for judged in client.get("/api/feedback").json()["turns"]] == [other["id"], turn["id"]]
    client.put(f"/api/turns/{other['id']}/feedback", json={"feedback": None})
    assert client.get("/api/feedback").json()["turns"] == [turn | {"feedback": "down"}]


def test_a_conversation_is_taken_away_as_a_file(client: TestClient) -> None:
    conversation = begun(client, title='../../etc/"passwd"\u202e für Élise')
    turns = [ask(client, conversation, question) for question in (GRANDMOTHER, CHILDREN)]
    as_markdown = client.get(f"/api/conversations/{conversation}/export")
    assert as_markdown.headers["content-type"] == "text/markdown; charset=utf-8"
    assert as_markdown.headers["content-disposition"] == 'attachment; filename="etc-passwd-fur-elise.md"'
    assert turns[0]["citations"][0]["quote"] in as_markdown.text
    as_json = client.get(f"/api/conversations/{conversation}/export?form=json")
    assert as_json.headers["content-disposition"] == 'attachment; filename="etc-passwd-fur-elise.json"'
    assert as_json.json() == page(client, conversation)["conversation"] | {"turns": turns}
    assert client.get(f"/api/conversations/{conversation}/export?form=pdf").status_code == 422


def test_a_deleted_document_is_quoted_no_more(client: TestClient) -> None:
    conversation = begun(client)
    turn = ask(client, conversation, GRANDMOTHER)
    client.delete(f"/api/documents/{turn['citations'][0]['document']['id']}").raise_for_status()
    (gone,) = page(client, conversation)["turns"]
    assert (gone["state"], gone["question"], gone["answer"]) == ("gone", GRANDMOTHER, None)
    assert (gone["pieces"], gone["citations"], gone["nearest"]) == ([], [], [])
    assert "balalaika" not in client.get(f"/api/conversations/{conversation}/export").text


BAD_REQUESTS: tuple[tuple[str, str, dict[str, object] | None, int, str], ...] = (
    ("GET", "/api/conversations/nosuch", None, 404, "'nosuch'"),
    ("PATCH", "/api/conversations/nosuch", {"title": "x"}, 404, "'nosuch'"),
    ("DELETE", "/api/conversations/nosuch", None, 404, "'nosuch'"),
    ("GET", "/api/conversations/nosuch/export", None, 404, "'nosuch'"),
    ("POST", "/api/conversations/nosuch/turns", {"question": "Who?"}, 404, "'nosuch'"),
    ("PUT", "/api/turns/nosuch/feedback", {"feedback": "up"}, 404, "'nosuch'"),
    ("PUT", "/api/turns/nosuch/feedback", {"feedback": "great"}, 422, "feedback: "),
    ("PUT", "/api/turns/nosuch/feedback", {}, 422, "feedback: "),
    ("PATCH", "/api/conversations/{id}", {"title": " \n"}, 422, "title is empty"),
    ("POST", "/api/conversations/{id}/turns", {"question": " "}, 422, "question is empty"),
    ("POST", "/api/conversations/{id}/turns", {"question": "Who?", "documents": ["none"]}, 404, "'none'"),
    ("POST", "/api/conversations/{id}/turns", {"question": "Who?", "collection": "x"}, 422, "collection: "),
    ("GET", "/api/conversations/{id}?limit=0", None, 422, "limit: "),
    ("GET", "/api/conversations/{id}?before=99999999999999999999", None, 422, "before: "),
)


def test_a_bad_request_is_a_problem_with_a_remedy(client: TestClient) -> None:
    conversation = begun(client)
    for method, path, body, status, words in BAD_REQUESTS:
        for headers in ({}, STREAM):
            response = client.request(method, path.format(id=conversation), json=body, headers=headers)
            assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
            assert words in response.json()["detail"]
    assert page(client, conversation)["turns"] == []
