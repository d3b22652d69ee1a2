"""The answerer that asks a language model's server, against a scripted one over a real socket."""

import logging
import socket
import threading
from collections.abc import Iterator, Sequence
from itertools import count, repeat

import pytest

from scripted_server import PATIENCE_S, Reply, ScriptedServer, answer, chunk, refusal, serving
from storybot.answerers.openai import OpenAIAnswerer
from storybot.errors import (
    AnswerBroken,
    AnswererFailed,
    AnswererUnreachable,
    KeyRefused,
    ModelRefused,
    Stopped,
    StorybotError,
)
from storybot.model import Claim, Hit, Passage, Reading, Span

TEXT = "The fox lived under the old bridge. Every evening it looked at the moon."
FIRST, SECOND = Span(0, 35), Span(36, len(TEXT))
PASSAGE = Passage(document_id="d", span=Span(0, len(TEXT)), heading="", text=TEXT, sentences=(FIRST, SECOND))
READING = Reading(passage=PASSAGE, sentence=FIRST, answer=Span(14, 34), confidence=0.9)
QUESTION = "Where did the fox live?"
KEY = "sk-very-secret"
NOW = {"Retry-After-Ms": "1"}


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with serving() as server:
        yield server


def nothing() -> None:
    """A pulse that stops nothing."""


def sizes(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def answerer(url: str, *, model: str = "m", key: str = KEY, timeout_s: float = PATIENCE_S) -> OpenAIAnswerer:
    return OpenAIAnswerer(url, model, key, timeout_s=timeout_s, context_tokens=2048, count_tokens=sizes)


def told(made: OpenAIAnswerer) -> list[Claim]:
    return list(made.answer(QUESTION, (Hit(passage=PASSAGE, score=1.0),), (READING,), nothing))


def failure(made: OpenAIAnswerer) -> AnswererFailed:
    with pytest.raises(AnswererFailed) as caught:
        told(made)
    return caught.value


def test_sentences_come_with_what_their_marks_point_at(server: ScriptedServer) -> None:
    server.replies = [answer("The fox lived under", " the old bridge [1]. It look", "ed at the moon [2][7].")]
    first, second = told(answerer(server.url))
    assert (first.text, [each.sentence for each in first.pointers]) == ("The fox lived under the old bridge.", [FIRST])
    assert (second.text, [each.sentence for each in second.pointers]) == (" It looked at the moon.", [SECOND])


def test_the_server_gets_the_evidence_before_the_question_and_streams(server: ScriptedServer) -> None:
    server.replies = [answer("x")]
    told(answerer(server.url))
    (asked,) = server.asked
    last = asked["messages"][-1]["content"]
    assert last.index("[1] The fox lived") < last.index(f"Question: {QUESTION}")
    assert (asked["stream"], asked["model"], asked["temperature"]) == (True, "m", 0)
    assert asked["max_tokens"] <= 2048


def test_a_question_that_leaves_no_room_for_the_story_is_not_asked(server: ScriptedServer) -> None:
    server.replies = [answer("The fox.")]
    claims = answerer(server.url).answer("Where? " * 700, (), (READING,), nothing)
    assert list(claims) == []
    assert server.asked == []


def test_letters_that_no_text_can_hold_are_taken_out_of_what_comes(server: ScriptedServer) -> None:
    server.replies = [
        answer("The f\0ox \ud83d", "\ude00 lived [1]."),
        refusal(404, "no\0 m\udc00"),
        answer("x", finish="\ud83d\0"),
    ]
    assert [claim.text for claim in told(answerer(server.url))] == ["The fox ?? lived."]
    assert "no m?" in str(failure(answerer(server.url)))
    assert ": ?." in str(failure(answerer(server.url)))


def test_nothing_of_the_environment_or_the_machine_is_told(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-other")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-other")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Extra: other\nAuthorization: other")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/other")
    server.replies = [answer("The fox.")]
    told(answerer(server.url))
    told(answerer(server.url, key=""))
    with_key, without = server.seen_headers
    assert with_key["Authorization"] == f"Bearer {KEY}"
    assert without["Authorization"] == "Bearer none"
    for headers in server.seen_headers:
        assert "other" not in str(headers)
        assert "stainless-os" not in str(headers).lower()


def test_a_model_that_is_not_named_is_the_first_that_the_server_lists(server: ScriptedServer) -> None:
    server.replies = [answer("The fox.")]
    told(answerer(server.url, model=""))
    assert server.asked[0]["model"] == "first"


@pytest.mark.parametrize("models", [{"data": []}, {"object": "list"}, [], "x", {"data": [7]}])
def test_a_server_that_lists_no_model_is_told_so(server: ScriptedServer, models: object) -> None:
    server.models = models
    error = failure(answerer(server.url, model=""))
    assert isinstance(error, ModelRefused)
    assert "refuses to answer: it lists no model." in str(error)


def test_a_server_that_is_busy_for_a_moment_is_asked_again(server: ScriptedServer) -> None:
    server.replies = [refusal(429, "slow down", **NOW), refusal(500, "oh", **NOW), answer("The fox [1].")]
    assert [claim.text for claim in told(answerer(server.url))] == ["The fox."]
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("reply", "kind", "says"),
    [
        (refusal(429, "slow down", **NOW), AnswerBroken, "too much to do"),
        (refusal(500, "oh dear", **NOW), AnswerBroken, "oh dear"),
        (refusal(401, f"{KEY} is expired"), KeyRefused, "STORYBOT_LLM_KEY"),
        (refusal(403, f"not with {KEY}"), KeyRefused, "STORYBOT_LLM_KEY"),
        (refusal(404, f"no model m for {KEY}"), ModelRefused, "no model m for"),
        (refusal(400, "too long " * 1000), ModelRefused, "too long"),
        (Reply(chunks=("<html>Hello</html>",), kind="text/html"), AnswerBroken, "before their end"),
        (Reply(chunks=("data: {nonsense\n\n",)), AnswerBroken, "no answer"),
        (Reply(chunks=(f'data: {{"error": {{"message": "bad {KEY}"}}}}\n\n',)), AnswerBroken, "bad"),
        (Reply(chunks=('data: {"choices": 7}\n\n',)), AnswerBroken, "no answer"),
        (Reply(chunks=('data: {"choices": [{"delta": {"content": [1]}}]}\n\n',)), AnswerBroken, "no answer"),
        (Reply(chunks=('data: {"choices": [{"text": "x"}]}\n\n',)), AnswerBroken, "no answer"),
        (Reply(chunks=('data: {"choices": []}\n\n', "data: [DONE]\n\n")), AnswerBroken, "before their end"),
        (answer("The fo", finish="length"), AnswerBroken, "tokens"),
        (answer("The fo", finish="content_filter"), AnswerBroken, "content_filter"),
    ],
)
def test_a_fault_is_told_with_its_remedy_and_never_with_the_key(
    server: ScriptedServer, reply: Reply, kind: type[StorybotError], says: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.replies = [reply]
    error = failure(answerer(server.url))
    assert type(error) is kind
    assert says in str(error)
    assert server.url in str(error)
    assert len(str(error)) < 500
    assert KEY not in f"{error} {error.__cause__} {caplog.text}"


def test_half_a_stream_gives_its_whole_sentences_and_then_says_that_it_broke_off(server: ScriptedServer) -> None:
    server.replies = [answer("The fox lived under the bridge [1]. It looked at", finish=None)]
    claims = answerer(server.url).answer(QUESTION, (), (READING,), nothing)
    assert next(claims).text == "The fox lived under the bridge."
    with pytest.raises(AnswerBroken):
        next(claims)


def test_a_key_that_a_server_says_is_not_shown(server: ScriptedServer) -> None:
    server.replies = [answer(f"The key is {KEY} [1].")]
    assert [claim.text for claim in told(answerer(server.url))] == ["The key is ***."]


@pytest.mark.parametrize("key", ["clé", "sk\nX: y", "a\x00b"])
def test_a_key_that_no_header_can_hold_is_refused_unsent(server: ScriptedServer, key: str) -> None:
    error = failure(answerer(server.url, key=key))
    assert isinstance(error, KeyRefused)
    assert key not in str(error)
    assert server.asked == []


def test_the_end_of_a_line_is_no_part_of_a_key(server: ScriptedServer) -> None:
    server.replies = [answer("The fox.")]
    told(answerer(server.url, key=f"{KEY}\n"))
    assert server.seen_headers[0]["Authorization"] == f"Bearer {KEY}"


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    error = failure(answerer(f"http://127.0.0.1:{port}/v1"))
    assert isinstance(error, AnswererUnreachable)
    assert str(port) in str(error)


def test_a_server_that_stays_silent_is_given_up(server: ScriptedServer) -> None:
    server.replies = [Reply(chunks=(chunk("The fox"),), silent=True)]
    error = failure(answerer(server.url, timeout_s=0.3))
    assert isinstance(error, AnswererUnreachable)
    assert "nothing came for 0.3 seconds" in str(error)
    assert server.closed.wait(PATIENCE_S)


def test_a_server_that_sends_but_empty_words_is_given_up(server: ScriptedServer) -> None:
    server.replies = [Reply(chunks=repeat(chunk("")))]
    pulses = count()

    def pulse() -> None:
        if next(pulses) > 1_000:
            raise Stopped

    with pytest.raises(AnswererUnreachable, match=r"nothing came for 0\.3 seconds"):
        list(answerer(server.url, timeout_s=0.3).answer(QUESTION, (), (READING,), pulse))
    assert server.closed.wait(PATIENCE_S)


def test_who_stops_a_silent_server_closes_its_connection(server: ScriptedServer) -> None:
    server.replies = [Reply(chunks=(chunk("The fox lived [1]. It"),), silent=True)]

    def pulse() -> None:
        if server.waiting.is_set():
            raise Stopped

    claims = answerer(server.url).answer(QUESTION, (), (READING,), pulse)
    with pytest.raises(Stopped):
        list(claims)
    assert server.closed.wait(PATIENCE_S)
    assert not [thread for thread in threading.enumerate() if thread.name == "language-model"]


def test_who_listens_no_longer_closes_the_connection(server: ScriptedServer) -> None:
    server.replies = [Reply(chunks=(chunk("The fox lived [1]. It"),), silent=True)]
    claims = answerer(server.url).answer(QUESTION, (), (READING,), nothing)
    assert next(claims).text == "The fox lived."
    claims.close()  # type: ignore[attr-defined]
    assert server.closed.wait(PATIENCE_S)


def test_a_model_without_end_is_listened_to_no_longer(server: ScriptedServer) -> None:
    server.replies = [Reply(chunks=[chunk(f"The fox saw {n} hens [1]. ") for n in range(200)], silent=True)]
    assert len(told(answerer(server.url))) == 8
    assert server.closed.wait(PATIENCE_S)
