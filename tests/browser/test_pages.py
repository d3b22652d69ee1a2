"""What a person sees and does, in a real browser on a real server."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.steps import QUESTION, add, ask, delete, overflow, story, visit

NewPage = Callable[..., Page]

SENTENCE = (
    "Bakhyt Camara's love for traditional Kazakhstani music had grown up in the vast steppes of Kazakhstan, where she "
    "spent countless hours listening to her grandmother play the balalaika."
)
LIGHTHOUSE = "Old Torvald kept the lighthouse of Skerrow.\n\nHis parrot Magellan slept in a copper kettle.\n"
LIGHTHOUSE_QUESTION = "Where did the parrot Magellan sleep?"
DROP = """([name, text]) => {
    const files = new DataTransfer();
    files.items.add(new File([text], name, { type: "text/plain" }));
    for (const type of ["dragover", "drop"]) {
        const event = new DragEvent(type, { dataTransfer: files, bubbles: true, cancelable: true });
        document.body.dispatchEvent(event);
    }
}"""


def test_an_answer_leads_to_the_sentence_and_back(page: Page) -> None:
    turn = ask(page, QUESTION)
    expect(turn.locator(".answer")).to_contain_text("the balalaika")
    expect(turn.locator("q mark")).to_have_text("the balalaika")
    expect(turn.locator("q")).to_have_text(SENTENCE)
    expect(page.get_by_label("Your question")).to_be_focused()

    turn.get_by_role("listitem").first.get_by_role("link").click()
    cited = page.locator("mark#cited")
    expect(cited).to_have_text(SENTENCE)
    expect(cited).to_be_in_viewport(ratio=0.9)
    expect(cited).to_be_focused()

    page.get_by_role("link", name="Back to the conversation").click()
    expect(page.locator(".turn .answer")).to_contain_text("the balalaika")


def test_a_dropped_story_is_added_asked_and_deleted(page: Page) -> None:
    page.evaluate(DROP, ["lighthouse.txt", LIGHTHOUSE])
    expect(page.locator("#jobs")).to_contain_text("Added")
    title = page.locator(".document", has_text="lighthouse.txt").locator(".title").inner_text()

    answered = ask(page, LIGHTHOUSE_QUESTION)
    expect(answered.locator(".answer")).to_contain_text("copper kettle")

    delete(page, title)
    expect(answered).to_contain_text("has been deleted")
    expect(page.locator("body")).not_to_contain_text("copper kettle")
    assert "copper" not in page.evaluate("JSON.stringify([{ ...sessionStorage }, { ...localStorage }])")
    page.reload()
    expect(page.get_by_role("article")).to_contain_text("has been deleted")
    expect(page.locator("body")).not_to_contain_text("copper kettle")

    again = ask(page, LIGHTHOUSE_QUESTION)
    expect(again).to_contain_text("The story does not say.")
    expect(again).not_to_contain_text("copper kettle")


def test_dragged_files_see_where_they_may_fall(page: Page) -> None:
    shade = page.get_by_text("Drop the files or folders to add them")
    expect(shade).to_be_hidden()
    page.evaluate(
        """() => {
            const files = new DataTransfer();
            files.items.add(new File(["x"], "x.txt"));
            document.body.dispatchEvent(new DragEvent("dragover", { dataTransfer: files, bubbles: true }));
        }"""
    )
    expect(shade).to_be_visible()
    page.evaluate("document.body.dispatchEvent(new DragEvent('dragleave', { bubbles: true }))")
    expect(shade).to_be_hidden()


def test_what_the_story_does_not_say_is_said_so_with_the_nearest_passages(page: Page) -> None:
    turn = ask(page, "How old is the captain of the submarine?")
    expect(turn).to_contain_text("The story does not say.")
    expect(turn.locator(".answer")).to_have_count(0)
    expect(turn.get_by_text("The nearest passages")).to_be_visible()
    turn.get_by_role("listitem").first.get_by_role("link").click()
    expect(page.locator("mark#cited")).to_be_in_viewport()


def test_a_question_may_look_in_one_document_alone(page: Page, tmp_path: Path) -> None:
    add(page, story(tmp_path, "lighthouse.txt", LIGHTHOUSE))
    expect(page.locator("#jobs")).to_contain_text("Added")
    title = page.locator(".document", has_text="lighthouse.txt").locator(".title").inner_text()
    page.get_by_label("Look in").select_option(title)
    expect(ask(page, QUESTION)).to_contain_text("The story does not say.")
    page.get_by_label("Look in").select_option("all documents")
    expect(ask(page, QUESTION).locator(".answer")).to_contain_text("the balalaika")
    delete(page, title)


def test_a_suggested_question_is_answered(page: Page) -> None:
    page.get_by_role("list", name="Questions to begin with").get_by_role("button").first.click()
    expect(page.locator(".turn .answer")).not_to_be_empty()


def test_a_new_conversation_is_empty(page: Page) -> None:
    ask(page, QUESTION)
    page.get_by_role("link", name="New conversation").click()
    expect(page.get_by_role("heading", name="Ask the story.")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(0)


def test_a_file_that_is_no_text_is_refused_in_words(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "noise.txt"
    path.write_bytes(bytes(range(256)) * 20)
    add(page, path)
    job = page.locator("#jobs .job", has_text="noise.txt")
    expect(job).to_contain_text("Not added")
    expect(job).to_contain_text("not a text file")


def test_a_question_that_is_refused_stays_in_the_box(page: Page) -> None:
    question = "why " * 600
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    expect(page.get_by_role("article").get_by_role("alert")).to_contain_text("the limit is")
    expect(page.get_by_label("Your question")).to_have_value(question)


def test_markup_in_a_document_stays_text(page: Page, tmp_path: Path) -> None:
    markup = (
        "<b id='bold'>Ysolde</b> hid the <img src='/x.png' onerror='document.title=1'> ruby under the <i>oak</i>.\n"
    )
    add(page, story(tmp_path, "markup.txt", markup))
    expect(page.locator("#jobs")).to_contain_text("Added")
    row = page.locator(".document", has_text="markup.txt")
    title = row.locator(".title").inner_text()
    turn = ask(page, "Where did Ysolde hide the ruby?")
    expect(turn).to_contain_text("<i>oak</i>")
    row.locator(".title").click()
    expect(page.locator(".story")).to_contain_text("<b id='bold'>Ysolde</b>")
    expect(page.locator("#bold, .story img, .story i")).to_have_count(0)
    visit(page, "/")
    delete(page, title)


def test_the_keyboard_alone_suffices(page: Page, tmp_path: Path) -> None:
    add(page, story(tmp_path, "keys.txt", "Ottoline locked the piano with a silver key.\n"))
    row = page.locator(".document", has_text="keys.txt")
    expect(row).to_be_visible()

    page.get_by_label("Your question").focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    quote = page.locator(".turn .quote").first
    expect(quote).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    for _ in ("How was this found?", "A bad answer", "A good answer", "Copy", "Ask again", "Got it", "quote"):
        page.keyboard.press("Shift+Tab")
    expect(quote).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("mark#cited")).to_be_focused()
    page.go_back()
    expect(page.locator("mark#cited")).to_have_count(0)

    row.locator(".delete").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Escape")
    expect(row.locator(".delete")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(row).to_have_count(0)
    assert page.evaluate("document.activeElement.closest('aside') !== null")


def test_the_skip_link_comes_first(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_is_wider_than_a_phone(new_page: NewPage, width: int) -> None:
    page = new_page(viewport={"width": width, "height": 700})
    ask(page, "Who repaired the unpronounceable " + "Donaudampfschifffahrtsgesellschaft" * 3 + "?")
    ask(page, QUESTION)
    assert overflow(page) == []
    page.locator(".turn.found .quote").first.click()
    expect(page.locator("mark#cited")).to_be_in_viewport()
    assert overflow(page) == []


def test_without_a_script_one_asks_adds_and_deletes(new_page: NewPage, tmp_path: Path) -> None:
    page = new_page(java_script_enabled=False)
    turn = ask(page, QUESTION)
    expect(turn.locator(".answer")).to_contain_text("the balalaika")
    turn.get_by_role("listitem").first.get_by_role("link").click()
    expect(page.locator("mark#cited")).to_be_in_viewport()
    page.get_by_role("link", name="Back to the conversation").click()

    add(page, story(tmp_path, "plain.txt", LIGHTHOUSE))
    page.get_by_role("button", name="Add", exact=True).click()
    row = page.locator(".document", has_text="plain.txt")
    expect(row).to_be_visible(timeout=20_000)
    expect(ask(page, LIGHTHOUSE_QUESTION).locator(".answer")).to_contain_text("copper kettle")

    row.locator(".delete").click()
    expect(page.get_by_role("heading", name="Delete this document?")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)
    expect(ask(page, LIGHTHOUSE_QUESTION)).to_contain_text("The story does not say.")


def test_without_a_script_a_refused_question_stays_in_the_box(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    expect(ask(page, "?!")).to_contain_text("Ask something in words")
    expect(page.get_by_label("Your question")).to_have_value("?!")


def test_an_unknown_document_is_a_friendly_page(page: Page) -> None:
    response = page.goto("/documents/nowhere")
    assert response is not None
    assert response.status == 404
    expect(page.get_by_role("link", name="To the conversation")).to_be_visible()


@pytest.mark.parametrize(
    "query", ["?start=5", "?start=a&end=b", "?start=9&end=3", "?start=0&end=99999999", "?start=-2&end=4"]
)
def test_a_bad_span_marks_nothing(page: Page, query: str) -> None:
    address = page.locator(".document .title").first.get_attribute("href")
    response = page.goto(f"{address}{query}")
    assert response is not None
    assert response.ok
    expect(page.locator("mark")).to_have_count(0)


def test_a_stream_cut_anywhere_gives_whole_events(page: Page) -> None:
    piece = 'event: piece\r\ndata: {"text": "Brontë 🎈"}\r\n\r\n'
    done = 'event: done\ndata: {"a":\ndata: 1}\n\n'
    read = page.evaluate(
        """async (text) => {
            const { events } = await import(document.querySelector("script[src]").src.replace("main.js", "events.js"));
            const bytes = new TextEncoder().encode(text);
            const body = new ReadableStream({
                start(controller) {
                    for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
                    controller.close();
                },
            });
            const read = [];
            for await (const event of events(new Response(body))) read.push(event);
            return read;
        }""",
        f"{piece}: a comment\n\n{done}event: pie",
    )
    assert read == [{"name": "piece", "data": {"text": "Brontë 🎈"}}, {"name": "done", "data": {"a": 1}}]
