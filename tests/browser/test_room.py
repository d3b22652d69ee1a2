"""What a person does with the open book, in a real browser on a real server."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.steps import QUESTION, ask, visit

NewPage = Callable[..., Page]

SELECT = """(words) => {
    const walker = document.createTreeWalker(document.querySelector("#book .story"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const at = walker.currentNode.data.indexOf(words);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, at + words.length);
        document.getSelection().removeAllRanges();
        document.getSelection().addRange(range);
        document.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
        return;
    }
}"""
"""What a hand with a mouse does: a selection of just these words, and the button let go."""


SCROLLED = """() => document.addEventListener("scrollend", () => { document.body.dataset.scrolled = ""; }, true)"""
"""The page says when it has come to rest, after its own scripts have seen that."""


COVERED = """() => {
    const box = document.getElementById("ask");
    const held = document.activeElement;
    const top = box.getBoundingClientRect().top;
    return held !== box && !box.contains(held) && held.getBoundingClientRect().bottom > top + 1;
}"""
"""Whether the question box covers some of what has the focus."""


@pytest.fixture
def book(new_page: NewPage) -> Page:
    """The shipped story, opened from an answer."""
    permissions = ["clipboard-read", "clipboard-write"]
    page = new_page(viewport={"width": 1280, "height": 500}, permissions=permissions)
    ask(page, QUESTION).locator(".quote").click()
    expect(page.locator("#cited")).to_be_focused()
    return page


def test_a_selected_sentence_is_asked_about(book: Page) -> None:
    words = book.locator(".story p").first.inner_text()[:40]
    book.evaluate(SELECT, words)
    selection = book.get_by_role("group", name="The sentence that is selected")
    selection.get_by_role("button", name="Ask about this").click()
    expect(selection).to_have_count(0)
    box = book.get_by_label("Your question")
    expect(box).to_be_focused()
    expect(box).to_have_value(f" (“{words.strip()}”)")
    book.keyboard.type("Who was it?")
    expect(box).to_have_value(f"Who was it? (“{words.strip()}”)")


def test_a_selection_without_room_for_a_question_is_only_linked_to(book: Page) -> None:
    book.locator("#book").evaluate("book => book.dataset.quotable = 20")
    book.evaluate(SELECT, book.locator(".story p").first.inner_text()[:40])
    selection = book.get_by_role("group", name="The sentence that is selected")
    expect(selection.get_by_role("button")).to_have_text(["Copy a link to it"])


def test_a_link_to_a_selection_opens_just_that(book: Page) -> None:
    words = book.locator(".story p").last.inner_text()[5:45]
    book.evaluate(SELECT, words)
    book.get_by_role("group", name="The sentence that is selected").get_by_role("button", name="Copy").click()
    expect(book.locator("#said")).to_have_text("The link was copied.")
    link = book.evaluate("navigator.clipboard.readText()")
    book.goto("about:blank")
    visit(book, link)
    expect(book.locator("#cited")).to_have_text(words)


def test_words_are_found_in_the_open_book_and_going_back_leads_back(book: Page) -> None:
    cited = book.locator("#cited").inner_text()
    book.get_by_text("Find in the book", exact=True).click()
    book.get_by_label("Words to find in the book").fill("president")
    book.keyboard.press("Enter")
    hit = book.locator(".finds a").first
    expect(hit).to_contain_text("president")
    expect(book.get_by_role("status").filter(has_text="Found in")).to_have_count(1)
    hit.click()
    expect(book.locator("#cited")).to_contain_text("president")
    book.go_back()
    book.go_back()
    expect(book.locator("#cited")).to_have_text(cited)


def test_the_sentence_behind_a_number_can_be_pointed_at(page: Page) -> None:
    number = ask(page, QUESTION).locator(".answer .mark")
    number.hover()
    sentence = page.get_by_role("tooltip")
    expect(sentence).to_contain_text("balalaika")
    sentence.hover()
    number.hover()
    expect(sentence).to_be_visible()
    page.get_by_label("Your question").hover()
    expect(sentence).to_have_count(0)
    number.hover()
    page.evaluate("document.dispatchEvent(new Event('scroll'))")
    expect(sentence).to_have_count(0)


def test_what_the_tab_key_reaches_is_not_beneath_the_question_box(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 1280, "height": 400})
    ask(page, "How many children does Bakhyt Camara have?")
    page.evaluate("scrollTo(0, 0)")
    page.locator("#conversation").focus()
    for _step in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate(COVERED) is False


def test_reading_goes_on_where_it_was(book: Page) -> None:
    last = book.locator(".story p").last
    book.evaluate(SCROLLED)
    book.locator("#cited").hover()
    book.mouse.wheel(0, 5000)
    expect(book.locator("body[data-scrolled]")).to_be_attached()
    visit(book, book.url.split("?")[0])
    expect(last).not_to_be_in_viewport()
    book.get_by_role("link", name="Continue where you were").click()
    expect(last).to_be_in_viewport()


def test_an_answer_stays_in_view_on_a_phone(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 390, "height": 700})
    ask(page, QUESTION).locator(".quote").click()
    expect(page.locator("#cited")).to_be_in_viewport()
    turn = ask(page, "What did Bakhyt Camara wear?")
    expect(page.locator("#cited")).to_contain_text("dress")
    expect(turn.locator(".answer")).to_be_in_viewport()
