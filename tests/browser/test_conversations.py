"""Conversations as a person sees them, in a real browser on a real server."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from browser.conftest import serving
from browser.steps import QUESTION, add, answered, ask, delete, overflow, story, visit

NewPage = Callable[..., Page]

LEADER = "Who leads The Steppe Serenaders?"
FOLLOW_UPS = ("What did she wear?", "And who was it for?", "Where did she grow up?")
ADDRESS = re.compile(r"/conversations/[\w-]+$")


def test_questions_stack_in_one_conversation_that_its_first_names(page: Page) -> None:
    for question in (LEADER, *FOLLOW_UPS):
        ask(page, question)
        expect(page).to_have_url(ADDRESS)
    expect(page.get_by_role("article")).to_have_count(4)
    expect(page).to_have_title(f"{LEADER} · storybot")
    expect(page.get_by_role("heading", level=1)).to_have_text(LEADER)
    expect(page.locator("#recent [aria-current]")).to_have_text(LEADER)
    page.reload()
    expect(page.get_by_role("article")).to_have_count(4)
    expect(page.get_by_role("article").first.locator(".answer")).to_contain_text("Bakhyt Camara")


def test_three_follow_ups_are_understood_and_the_conversation_survives_a_restart(
    new_page: NewPage, data_folder: Path
) -> None:
    with serving(data_folder) as home:
        page = new_page(base_url=home)
        expect(ask(page, LEADER).locator(".answer")).to_contain_text("Bakhyt Camara")
        wore, whom, grew = (ask(page, question) for question in FOLLOW_UPS)
        expect(wore.locator(".answer")).to_contain_text("dress")
        expect(wore).to_contain_text("Understood as: What did Bakhyt Camara wear?")
        expect(whom).to_contain_text("Understood as: Who was the performance for?")
        expect(whom.locator(".answer")).to_contain_text("president")
        expect(grew.locator(".answer")).to_contain_text("steppes of Kazakhstan")
        page.get_by_role("button", name="Got it").click()
        shown = page.get_by_role("log").inner_text()
    with serving(data_folder, int(home.rpartition(":")[2])):
        page.reload()
        expect(page.get_by_role("article")).to_have_count(4)
        assert page.get_by_role("log").inner_text() == shown
        expect(ask(page, "What did her grandmother play?").locator(".answer")).to_contain_text("the balalaika")
        expect(page.get_by_role("article")).to_have_count(5)


@pytest.mark.parametrize("scripts", [True, False])
def test_conversations_are_found_renamed_exported_and_deleted(new_page: NewPage, *, scripts: bool) -> None:
    page = new_page(java_script_enabled=scripts, accept_downloads=True)
    ask(page, QUESTION)
    page.get_by_role("link", name="All conversations").click()
    page.get_by_label("Search").fill("BALALAIKA grandmother")
    page.get_by_role("button", name="Search").click()
    line = page.locator(".conversation").first
    line.get_by_text("Rename").first.click()
    line.get_by_label("New title").fill("The instrument")
    line.get_by_role("button", name="Rename").click()
    line = page.locator(".conversation", has=page.get_by_role("link", name="The instrument", exact=True))

    with page.expect_download() as markdown:
        line.get_by_role("link", name="Markdown").click()
    assert "balalaika" in Path(markdown.value.path()).read_text("utf8")
    with page.expect_download() as exported:
        line.get_by_role("link", name="JSON").click()
    assert json.loads(Path(exported.value.path()).read_text("utf8"))["turns"][0]["citations"]

    line.get_by_role("link", name="Delete").click()
    expect(page.get_by_text("The documents stay.")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(line).to_have_count(0)


def test_two_tabs_in_one_conversation_come_to_show_the_same(page: Page) -> None:
    ask(page, LEADER)
    other = page.context.new_page()
    visit(other, page.url)
    ask(page, QUESTION)
    ask(other, "What did Bakhyt Camara wear?")
    expect(other.get_by_role("article")).to_have_count(3)
    ask(page, "How old is the captain of the submarine?")
    expect(page.get_by_role("article")).to_have_count(4)
    numbers = [article.get_attribute("data-number") for article in page.get_by_role("article").all()]
    assert numbers == ["1", "2", "3", "4"]


def test_a_deleted_document_is_quoted_no_more_in_another_tab(page: Page, tmp_path: Path) -> None:
    add(page, story(tmp_path, "otter.txt", "The otter Fennimore hid a sapphire under the willow.\n"))
    expect(page.locator("#jobs")).to_contain_text("Added")
    title = page.locator(".document", has_text="otter.txt").locator(".title").inner_text()
    expect(ask(page, "What did the otter Fennimore hide?")).to_contain_text("sapphire")
    other = page.context.new_page()
    visit(other, page.url)
    expect(other.get_by_role("article")).to_contain_text("sapphire")
    delete(page, title)
    expect(page.get_by_role("article")).to_contain_text("has been deleted")
    other.reload()
    expect(other.get_by_role("article")).to_contain_text("has been deleted")
    expect(other.get_by_role("article")).not_to_contain_text("sapphire")


@pytest.mark.parametrize("scripts", [True, False])
def test_feedback_is_there_after_a_reload_and_can_be_taken_back(new_page: NewPage, *, scripts: bool) -> None:
    page = new_page(java_script_enabled=scripts)
    ask(page, QUESTION)
    good, bad = (page.get_by_role("button", name=f"A {word} answer") for word in ("good", "bad"))
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    bad.click()
    expect(bad).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(bad).to_have_attribute("aria-pressed", "true")
    expect(good).to_have_attribute("aria-pressed", "false")
    bad.click()
    expect(bad).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("scripts", [True, False])
def test_an_answer_is_asked_for_again(new_page: NewPage, *, scripts: bool) -> None:
    page = new_page(java_script_enabled=scripts)
    ask(page, QUESTION).get_by_role("button", name="Ask again").click()
    expect(page.get_by_role("article")).to_have_count(2)
    expect(answered(page, QUESTION).locator(".answer")).to_contain_text("the balalaika")


def test_a_copied_answer_takes_its_quotes_and_their_places_along(new_page: NewPage) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    turn = ask(page, QUESTION)
    turn.get_by_role("button", name="Copy").click()
    expect(turn.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{QUESTION}\n\nthe balalaika [1]\n\n[1] “Bakhyt Camara's love")
    assert "Bakhyt Camara\nhttp://127.0.0.1:" in copied
    assert copied.endswith("#cited")
    page.get_by_label("Your question").focus()
    expect(turn.get_by_role("button", name="Copy", exact=True)).to_be_visible()


def test_an_answer_that_may_not_be_copied_says_so(page: Page) -> None:
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    turn = ask(page, QUESTION)
    turn.get_by_role("button", name="Copy").click()
    expect(turn).to_contain_text("Copying isn't allowed")


def test_a_number_in_the_answer_leads_to_its_sentence(page: Page) -> None:
    turn = ask(page, QUESTION)
    number = turn.get_by_role("link", name="Sentence 1")
    number.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("balalaika")
    number.click()
    expect(page.locator("#cited")).to_be_focused()
    expect(page.locator("#cited")).to_contain_text("balalaika")
    expect(page.get_by_role("tooltip")).to_have_count(0)
    page.go_back()
    expect(page.locator("#cited")).to_have_count(0)
    expect(turn.locator(".answer")).to_contain_text("the balalaika")


def test_the_book_follows_the_answers_and_a_shared_sentence_opens(page: Page) -> None:
    ask(page, QUESTION).locator(".quote").click()
    expect(page.locator("#cited")).to_contain_text("balalaika")
    ask(page, LEADER)
    expect(page.locator("#cited")).to_contain_text("leader of")
    expect(page.get_by_label("Your question")).to_be_focused()
    shared = page.locator("#book .share").get_attribute("value")
    page.goto("about:blank")
    visit(page, str(shared))
    expect(page.locator("#cited")).to_be_focused()


def test_a_refused_first_question_begins_no_conversation(page: Page) -> None:
    page.get_by_label("Your question").fill("?!")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Ask something in words")).to_be_visible()
    expect(page.get_by_label("Your question")).to_have_value("?!")
    expect(page).to_have_url(re.compile("/$"))
    expect(page.locator("#ask")).not_to_have_attribute("aria-busy", "true")
    expect(ask(page, QUESTION).locator(".answer")).to_contain_text("the balalaika")
    page.reload()
    expect(page.get_by_role("article")).to_have_count(1)


def test_a_first_answer_whose_stream_breaks_is_shown_as_it_was_kept(page: Page) -> None:
    def cut(route: Route) -> None:
        route.fetch()
        route.fulfill(content_type="text/event-stream", body='event: found\ndata: {"found": true, "confidence": 1}\n\n')

    page.route("**/turns", cut)
    turn = ask(page, QUESTION)
    expect(turn.locator(".answer")).to_contain_text("the balalaika")
    expect(turn.get_by_role("alert")).to_have_count(0)
    expect(page).to_have_url(ADDRESS)
    page.reload()
    expect(page.get_by_role("article")).to_have_count(1)


def test_a_first_question_that_gets_lost_is_told_and_back_in_its_box(page: Page) -> None:
    page.route("**/turns", lambda route: route.abort())
    page.route("**/conversations/*", lambda route: route.abort())
    turn = ask(page, QUESTION)
    expect(turn.get_by_role("alert")).to_contain_text("The server does not answer.")
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)
    page.unroute_all()
    expect(ask(page, QUESTION).locator(".answer")).to_contain_text("the balalaika")


def test_without_a_script_a_conversation_goes_on(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    ask(page, LEADER)
    turn = ask(page, QUESTION)
    expect(page.get_by_role("article")).to_have_count(2)
    expect(page).to_have_url(re.compile("#turn-2$"))
    turn.locator(".quote").first.click()
    page.get_by_role("link", name="Back to the conversation").click()
    expect(page.get_by_role("article")).to_have_count(2)


def test_the_list_of_conversations_fits_a_phone(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 320, "height": 700})
    ask(page, "Who repaired the " + "Donaudampfschifffahrtsgesellschaft" * 3 + "?")
    assert overflow(page) == []
    visit(page, "/conversations")
    page.get_by_text("Rename").first.click()
    assert overflow(page) == []
