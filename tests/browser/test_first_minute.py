"""The first minute with an empty corpus, and the keyboard, in a real browser."""

from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from browser.steps import QUESTION, ask, overflow, story, visit

NewPage = Callable[..., Page]

TOLD = "This is the sentence it stands in."


def test_the_keys_lead_along_the_citations_and_never_while_one_types(page: Page) -> None:
    turn = ask(page, QUESTION)
    box = page.get_by_label("Your question")
    page.keyboard.type("jo/?")
    expect(box).to_have_value("jo/?")
    box.fill("")
    page.keyboard.press("Escape")
    expect(box).not_to_be_focused()

    page.keyboard.press("Control+j")
    expect(page.locator("body")).to_be_focused()
    links = turn.locator("a.quote[href], a.mark[href]")
    page.keyboard.press("j")
    expect(links.first).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.first).to_be_focused()

    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    page.keyboard.press("/")
    expect(box).not_to_be_focused()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.get_by_role("button", name="Keys").click()
    expect(keys).to_be_visible()
    keys.get_by_role("button", name="Close").click()

    page.keyboard.press("/")
    expect(box).to_be_focused()
    expect(box).to_have_value("")


def test_single_keys_can_be_turned_off(page: Page) -> None:
    choice = page.get_by_label("Single letters and signs are keys")
    page.keyboard.press("?")
    expect(choice).to_be_checked()
    choice.uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.locator("html.scripted").wait_for()
    page.keyboard.press("/")
    expect(page.locator("body")).to_be_focused()
    page.keyboard.press("?")
    expect(choice).to_be_hidden()
    page.get_by_role("button", name="Keys").click()
    choice.check()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_label("Your question")).to_be_focused()


def test_the_first_citation_is_pointed_out_once(page: Page) -> None:
    turn = ask(page, QUESTION)
    note = page.get_by_role("note")
    expect(note).to_contain_text(TOLD)
    note.get_by_role("button", name="Got it").click()
    expect(note).to_have_count(0)
    expect(turn.locator(":is(a.quote, a.mark):focus")).to_have_count(1)
    page.reload()
    page.locator("html.scripted").wait_for()
    expect(page.locator(".turn .answer")).to_contain_text("the balalaika")
    expect(page.get_by_text(TOLD)).to_have_count(0)


RENEWED = """async () => {
    const { refresh } = await import(document.querySelector("script[src]").src.replace("main.js", "catalogue.js"));
    await refresh();
}"""


def test_an_empty_collection_leads_to_a_first_question(page: Page, tmp_path: Path) -> None:
    visit(page, "/?collection=begun")
    page.evaluate(RENEWED)  # as when the models have come
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(story(tmp_path, "crow.txt", "The crow sat on a branch of the old oak tree.\n"))
    expect(page.get_by_role("heading", name="Bring a book.")).to_have_count(0)
    expect(page.get_by_label("Your question")).to_be_focused()
    page.request.post("/library/collections/delete", form={"name": "begun"})


def test_the_settings_are_for_everybody(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 320, "height": 720}, color_scheme="light")
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Address").fill("nowhere")
    page.get_by_role("button", name="Test").click()
    expect(page.locator("#trial")).to_contain_text("it takes an address like")
    assert overflow(page) == []
    assert Axe().run(page).response["violations"] == []
    page.emulate_media(color_scheme="dark")
    page.get_by_role("button", name="Keys").click()
    assert Axe().run(page).response["violations"] == []
