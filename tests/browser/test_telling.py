"""An answer on its way: what a slow language model says, stopped, marked, asked again, in a real browser."""

import threading
from collections.abc import Callable, Iterator, Sequence

import pytest
import uvicorn
from playwright.sync_api import Page, expect

from browser.steps import QUESTION, answered, ask, overflow, visit
from storybot.answerers.reading import ReadingAnswerer
from storybot.assembly import House, build_library, shipped_sources
from storybot.bot import Storybot
from storybot.cli.serving import listening
from storybot.conversing import MOST_TURNS, Conversations
from storybot.embedders.sentence_transformer import SentenceTransformerEmbedder
from storybot.engines.sqlite import SqliteEngine
from storybot.http.app import create_app
from storybot.intake import Intake
from storybot.model import Answer, Claim, Hit, Pointer, Reading
from storybot.ports import Pulse, Reader
from storybot.settings import Settings

NewPage = Callable[..., Page]

INVENTED = "The drum was made of silver."
PATIENCE_S = 30


class SlowModel:
    """Says a sentence of the story, then an invented one, then waits until it is let go on or stopped."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.go_on.set()  # the page tries out its suggestions before anyone asks

    def answer(
        self,
        question: str,  # noqa: ARG002 - it says the same to everything
        hits: Sequence[Hit],  # noqa: ARG002
        readings: Sequence[Reading],
        pulse: Pulse,
    ) -> Iterator[Claim]:
        """Two sentences and a long pause."""
        passage, sentence = readings[0].passage, readings[0].sentence
        yield Claim(text=passage.quote(sentence), pointers=(Pointer(passage=passage, sentence=sentence),))
        yield Claim(text=f" {INVENTED}", pointers=())
        while not self.go_on.wait(0.02):
            pulse()


@pytest.fixture
def model() -> SlowModel:
    return SlowModel()


@pytest.fixture
def house(
    settings: Settings, embedder: SentenceTransformerEmbedder, reader: Reader, model: SlowModel
) -> Iterator[House]:
    settings = settings.model_copy(update={"unsupported": "mark"})
    engine = SqliteEngine(settings.data)
    bot = Storybot(
        settings,
        engine,
        embedder,
        reader,
        ReadingAnswerer(),
        library=build_library(settings, engine, embedder),
        wording=model,
        seeds=shipped_sources(),
    )
    bot.prepare()
    yield House(bot=bot, conversations=Conversations(bot, engine.archive), queue=engine.queue)
    bot.close()


@pytest.fixture
def home(house: House, settings: Settings) -> Iterator[str]:
    """The address of a real server with the slow model."""
    with listening("127.0.0.1", 0) as listener:
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(house, Intake(house.bot, house.queue), settings),
                log_level="warning",
                timeout_graceful_shutdown=2,
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


@pytest.fixture
def slow_page(new_page: NewPage, home: str) -> Page:
    return new_page(base_url=home, viewport={"width": 320, "height": 700})


def begin(page: Page, model: SlowModel) -> None:
    model.go_on.clear()
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.get_by_role("article", name=QUESTION)).to_contain_text(INVENTED)


@pytest.mark.parametrize("by", ["button", "key"])
def test_a_stopped_answer_keeps_what_came(slow_page: Page, model: SlowModel, by: str) -> None:
    begin(slow_page, model)
    if by == "button":
        slow_page.get_by_role("button", name="Stop").click()
    else:
        slow_page.keyboard.press("Escape")
    turn = answered(slow_page, QUESTION)
    expect(turn).to_contain_text("Stopped here.")
    expect(turn).to_contain_text("play the balalaika.")
    expect(turn.locator(".quote")).to_have_count(1)
    expect(slow_page.get_by_role("button", name="Stop")).to_have_count(0)
    expect(slow_page.get_by_label("Your question")).to_be_focused()
    slow_page.reload()
    expect(slow_page.get_by_role("article")).to_contain_text("Stopped here.")
    expect(slow_page.get_by_role("article")).to_contain_text("play the balalaika.")


def test_words_that_are_not_in_the_story_are_marked_as_they_come(slow_page: Page, model: SlowModel) -> None:
    begin(slow_page, model)
    marked = slow_page.locator(".unsupported")
    expect(marked).to_have_text(f"{INVENTED} not in the story")
    expect(slow_page.locator(".answer .mark")).to_have_text(["1"])
    assert overflow(slow_page) == []
    model.go_on.set()
    turn = answered(slow_page, QUESTION)
    expect(marked).to_have_text(f"{INVENTED} not in the story")
    expect(turn.get_by_role("link", name="Sentence 1")).to_have_attribute("href", "#turn-1-1")
    assert overflow(slow_page) == []


def test_a_question_is_put_right_and_asked_anew(slow_page: Page, house: House) -> None:
    conversation = house.conversations.begin()
    keep(house, conversation.id, "What did she play?", "What did the singer play?")
    visit(slow_page, f"/conversations/{conversation.id}")
    turn = slow_page.get_by_role("article")
    turn.get_by_text("Understood as: What did the singer play?").click()
    turn.get_by_label("What did you mean?").fill(QUESTION)
    turn.get_by_role("button", name="Ask this").click()
    expect(answered(slow_page, QUESTION)).to_contain_text("balalaika")
    assert [turn.question for turn in house.conversations.turns(conversation.id)] == ["What did she play?", QUESTION]


def test_five_hundred_turns_open_with_the_last_and_lead_to_the_others(slow_page: Page, house: House) -> None:
    conversation = house.conversations.begin()
    for number in range(1, 501):
        keep(house, conversation.id, f"Question {number}?")
    visit(slow_page, f"/conversations/{conversation.id}")
    expect(slow_page.get_by_role("article")).to_have_count(MOST_TURNS)
    expect(slow_page.get_by_role("heading", name="Question 500?")).to_be_in_viewport()
    slow_page.get_by_role("link", name="Earlier questions").click()
    expect(slow_page.get_by_role("heading", name="Question 450?")).to_be_visible()
    expect(slow_page.get_by_role("heading", name="Question 451?")).to_have_count(0)
    ask(slow_page, QUESTION)
    expect(slow_page.locator("#turn-501")).to_be_in_viewport()
    expect(slow_page.locator("#turn-452")).to_have_count(1)
    expect(slow_page.locator("#turn-451")).to_have_count(0)


def keep(house: House, conversation_id: str, question: str, standalone: str = "") -> None:
    """Put a turn into the archive that nobody had to read for."""
    house.conversations._archive.keep(
        conversation_id,
        Answer(
            question=question,
            standalone=standalone or question,
            pieces=(),
            citations=(),
            evidence=(),
            confidence=0.1,
        ),
    )
