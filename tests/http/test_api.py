import threading
import time
from typing import Any

import pytest
from fastapi.testclient import TestClient

from conftest import MakeBot
from storybot.assembly import House
from storybot.conversing import Conversations
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.engines.sqlite import SqliteEngine
from storybot.http.app import create_app
from storybot.intake import Intake
from storybot.settings import Settings
from streams import events

FOX = {"name": "fox.txt", "text": "The fox lived under the old bridge. Every evening it looked at the moon."}


def added(client: TestClient, body: dict[str, str]) -> dict[str, Any]:
    (job,) = client.post("/api/documents", json=body).raise_for_status().json()["jobs"]
    return ended(client, job)


def ended(client: TestClient, job: dict[str, Any]) -> dict[str, Any]:
    limit = time.monotonic() + 60
    while job["state"] not in {"done", "failed", "cancelled"}:
        assert time.monotonic() < limit
        threading.Event().wait(0.01)
        job = client.get(f"/api/jobs/{job['id']}").json()
    return job


def ask(client: TestClient, question: str, **more: object) -> dict[str, Any]:
    reply = client.post("/api/ask", json={"question": question, **more}).raise_for_status().json()
    assert isinstance(reply, dict)
    return reply


def test_an_answer_comes_with_its_citation(client: TestClient) -> None:
    reply = ask(client, "What did Bakhyt's grandmother play?")
    assert (reply["found"], reply["answer"]) == (True, "the balalaika")
    assert 0 < reply["confidence"] <= 1
    citation = reply["citations"][0]
    text = client.get(f"/api/documents/{citation['document']['id']}/text").json()["text"]
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert "grandmother play the balalaika" in citation["quote"]
    assert citation["document"]["title"] == "Bakhyt Camara"
    assert reply["evidence"][0]["why"]["dense"]["rank"] >= 1


def test_the_story_that_does_not_say_has_no_answer_but_evidence(client: TestClient) -> None:
    reply = ask(client, "How many children does Bakhyt Camara have?")
    assert (reply["found"], reply["answer"], reply["citations"]) == (False, None, [])
    assert reply["evidence"]


def test_an_answer_streams_as_events(client: TestClient) -> None:
    question = "What did Bakhyt's grandmother play?"
    response = client.post("/api/ask", json={"question": question}, headers={"Accept": "text/event-stream"})
    assert response.headers["content-type"].startswith("text/event-stream")
    told = events(response.text)
    assert [name for name, _ in told] == ["found", "piece", "done"]
    assert told[0][1]["found"] is True
    assert told[1][1] == {"text": "the balalaika", "numbers": [1]}
    assert told[2][1] == ask(client, question)


def test_a_search_gives_passages_with_their_places(client: TestClient) -> None:
    reply = client.post("/api/search", json={"query": "grandmother", "k": 2}).json()
    assert reply["query"] == "grandmother"
    assert len(reply["hits"]) == 2
    hit = reply["hits"][0]
    assert set(hit) == {"document", "heading", "start", "end", "text", "score"}
    text = client.get(f"/api/documents/{hit['document']['id']}/text").json()["text"]
    assert text[hit["start"] : hit["end"]] == hit["text"]
    assert "grandmother" in hit["text"]


def test_a_search_is_ranked_by_the_reader_unless_told_otherwise(client: TestClient) -> None:
    asked = {"query": "What did Bakhyt's grandmother play?", "explain": True}
    best = client.post("/api/search", json=asked).json()["hits"][0]
    assert best["why"]["reader"]["rank"] == 1
    reading = best["reading"]
    assert reading["answer"] == best["text"][reading["start"] - best["start"] : reading["end"] - best["start"]]
    assert "balalaika" in reading["answer"]
    assert reading["sentence_start"] <= reading["start"] < reading["sentence_end"]
    assert 0.5 < reading["confidence"] <= 1
    for plain in ({"rerank": False}, {"mode": "dense"}):
        hit = client.post("/api/search", json=asked | plain).json()["hits"][0]
        assert "reader" not in hit["why"]
        assert "reading" not in hit
    forced = client.post("/api/search", json=asked | {"mode": "dense", "rerank": True}).json()["hits"][0]
    assert set(forced["why"]) == {"dense", "fused", "reader"}


def test_a_search_explains_itself_when_asked(client: TestClient) -> None:
    (hit, *_) = client.post("/api/search", json={"query": "grandmother", "explain": True, "mode": "words"}).json()[
        "hits"
    ]
    assert hit["why"]["words"]["rank"] == 1


def test_a_document_is_added_asked_about_and_deleted(client: TestClient) -> None:
    job = added(client, FOX)
    assert (job["state"], job["done"], job["total"]) == ("done", 1, 1)
    assert ask(client, "Where did the fox live?")["found"]
    assert client.get(f"/api/documents/{job['document']}").json()["title"] == "Fox"
    passages = client.get(f"/api/documents/{job['document']}/passages").json()
    assert passages["passages"][0]["text"].startswith("The fox")
    assert client.delete(f"/api/documents/{job['document']}").status_code == 204
    assert not ask(client, "Where did the fox live?")["found"]
    assert [d["name"] for d in client.get("/api/documents").json()["documents"]] == ["bakhyt-camara.txt"]


def test_many_files_are_added_at_once_and_a_bad_one_fails_alone(client: TestClient) -> None:
    files = [("files", ("../fox.txt", FOX["text"].encode())), ("files", ("empty.txt", b" "))]
    response = client.post("/api/documents", files=files, data={"collection": "mine"})
    assert response.status_code == 202
    good, bad = (ended(client, job) for job in response.json()["jobs"])
    assert (good["name"], good["state"]) == ("fox.txt", "done")
    assert bad["state"] == "failed"
    assert "empty.txt" in bad["error"]
    assert client.get("/api/collections").json()["collections"] == [
        {"name": "mine", "documents": 1},
        {"name": "stories", "documents": 1},
    ]
    assert ask(client, "Where did the fox live?", collection="mine")["found"]
    assert {job["name"] for job in client.get("/api/jobs").json()["jobs"]} == {"empty.txt", "fox.txt"}


def test_a_file_past_the_limit_fails_with_the_limit(client: TestClient) -> None:
    (job,) = client.post("/api/documents", files=[("files", ("big.txt", b"a " * 600_000))]).json()["jobs"]
    assert "1.0 MB" in ended(client, job)["error"]


def test_an_ended_job_is_not_cancelled(client: TestClient) -> None:
    job = added(client, FOX)
    assert client.delete(f"/api/jobs/{job['id']}").json() == job


def test_the_server_lives_and_is_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/api/ask", {"question": " "}, 422, "question is empty"),
        ("/api/ask", {"question": "a" * 10_000}, 422, "the limit is 2000"),
        ("/api/ask", {"question": "Who?", "documents": ["nosuch"]}, 404, "'nosuch'"),
        ("/api/ask", {}, 422, "question: Field required"),
        ("/api/ask", {"question": "Who?", "document": ["x"]}, 422, "document"),
        ("/api/search", {"query": "fox", "k": 0}, 422, "k: "),
        ("/api/search", {"query": "fox", "mode": "magic"}, 422, "hybrid"),
        ("/api/documents", {"name": "a.txt"}, 422, "text"),
    ],
)
def test_a_bad_request_is_a_problem_with_a_remedy(
    client: TestClient, path: str, body: dict[str, object], status: int, words: str
) -> None:
    for headers in ({}, {"Accept": "text/event-stream"}):
        response = client.post(path, json=body, headers=headers)
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"
        problem = response.json()
        assert set(problem) == {"type", "title", "status", "detail"}
        assert problem["status"] == status
        assert words in problem["detail"]


@pytest.mark.parametrize(
    "path",
    ["/api/documents/nosuch", "/api/documents/nosuch/text", "/api/documents/nosuch/passages", "/api/jobs/nosuch"],
)
def test_what_is_not_there_is_a_problem(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "nosuch" in response.json()["detail"]


def test_an_unknown_path_and_a_bad_body_are_problems_too(client: TestClient) -> None:
    assert client.get("/api/nosuch").headers["content-type"] == "application/problem+json"
    response = client.post("/api/documents", content=b"{", headers={"content-type": "application/json"})
    assert (response.status_code, response.json()["status"]) == (422, 422)
    assert client.post("/api/documents", data={"collection": "x"}, files=[("other", b"")]).status_code == 422


def test_another_sites_page_can_neither_send_nor_read(client: TestClient) -> None:
    assert (
        client.post("/api/ask", json={"question": "Who?"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    )
    for origin in ("http://evil.example", "null", "http://["):
        assert client.post("/ask", data={"q": "Who?"}, headers={"Origin": origin}).status_code == 403
    assert client.post("/ask", data={"q": "Who?"}, headers={"Origin": "http://127.0.0.1"}).status_code == 200
    assert client.get("/api/documents", headers={"Host": "evil.example"}).status_code == 400


def test_every_response_tells_the_browser_what_it_may_load(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_openapi_page_describes_each_route_with_examples(client: TestClient) -> None:
    spec = client.get("/openapi.json").json()
    assert {
        "/api/search",
        "/api/ask",
        "/api/documents",
        "/api/documents/{document_id}",
        "/api/documents/{document_id}/text",
        "/api/documents/{document_id}/passages",
        "/api/documents/{document_id}/outline",
        "/api/documents/{document_id}/overview",
        "/api/documents/{document_id}/original",
        "/api/documents/{document_id}/restore",
        "/api/documents/move",
        "/api/documents/delete",
        "/api/jobs",
        "/api/jobs/cancel",
        "/api/jobs/events",
        "/api/jobs/{job_id}",
        "/api/collections",
        "/api/collections/{name}",
        "/api/conversations",
        "/api/conversations/{conversation_id}",
        "/api/conversations/{conversation_id}/export",
        "/api/conversations/{conversation_id}/turns",
        "/api/turns/{turn_id}/feedback",
        "/api/turns/{turn_id}/trail",
        "/api/feedback",
        "/api/settings",
        "/api/settings/test",
        "/healthz",
        "/readyz",
    } == set(spec["paths"])
    assert spec["components"]["schemas"]["AskRequest"]["properties"]["question"]["examples"]
    for operations in spec["paths"].values():
        assert all(operation.get("description") for operation in operations.values())


def test_questions_are_answered_while_others_ask(client: TestClient) -> None:
    questions = ["What did Bakhyt's grandmother play?", "How many children does Bakhyt Camara have?"] * 4
    replies: dict[int, Any] = {}

    def go(number: int) -> None:
        replies[number] = ask(client, questions[number])["answer"]

    threads = [threading.Thread(target=go, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [replies[number] for number in range(8)] == ["the balalaika", None] * 4


def test_a_model_that_is_not_there_is_told_and_the_documents_are_still_shown(
    make_bot: MakeBot, settings: Settings
) -> None:
    engine = SqliteEngine(settings.data)
    bot = make_bot(engine, embedder=SentenceTransformerEmbedder("no-such-model"))
    house = House(bot=bot, conversations=Conversations(bot, engine.archive), queue=engine.queue)
    with TestClient(create_app(house, Intake(bot, engine.queue), settings), base_url="http://127.0.0.1") as client:
        response = client.post("/api/ask", json={"question": "Who?"})
        assert response.status_code == 503
        assert "hf download no-such-model" in response.json()["detail"]
        assert client.get("/readyz").json() == {"status": "failed", "detail": response.json()["detail"]}
        assert client.get("/api/documents").json() == {"documents": []}


def test_a_json_text_past_the_limit_is_refused_before_it_is_read(client: TestClient) -> None:
    response = client.post("/api/documents", json={"name": "a.txt", "text": "a " * 1_100_000})
    assert response.status_code == 413
    assert "1.0 MB" in response.json()["detail"]
