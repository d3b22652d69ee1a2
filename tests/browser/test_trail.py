"""How an answer was found, in a real browser."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from browser.steps import QUESTION, ask, overflow


def test_a_person_sees_how_an_answer_was_found(new_page: Callable[..., Page]) -> None:
    page = new_page(viewport={"width": 320, "height": 700}, java_script_enabled=False)
    ask(page, QUESTION).get_by_role("link", name="How was this found?").click()
    expect(page.get_by_role("heading", name="How was this found?")).to_be_visible()
    expect(page.get_by_text("Asked for the words")).to_contain_text("grandmother, play")
    expect(page.get_by_text("So it is the answer.")).to_be_visible()
    page.get_by_text("Both rankings, with their scores").click()
    expect(page.get_by_role("table", name="By meaning").get_by_role("row")).to_have_count(6)
    assert overflow(page) == []
    page.get_by_role("link", name="the balalaika", exact=True).click()
    expect(page.locator("mark#cited")).to_contain_text("listening to her grandmother play the balalaika")
