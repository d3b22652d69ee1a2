"""What holds for each page: anyone can use it, on any screen, and it is light."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from places import PLACES, places
from playwright.sync_api import Page, expect

from browser.steps import QUESTION, answered, overflow, visit

NewPage = Callable[..., Page]

MOST_BYTES = 60_000
"""Of a page with its styles and scripts, compressed, without its faces."""
MOST_SHIFT = 0.01
"""Of all that moves from an empty page to the second answer; a tenth of what Core Web Vitals call good."""

WEIGHT = """() => performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource"))
    .filter(({ name }) => !name.includes("/fonts/")).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)"""
SHIFTS = """
    window.shifts = [];
    new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) {
            const moved = shift.sources.map(({ node }) => node?.nodeName + "." + node?.className);
            window.shifts.push([shift.value, moved.join(" ")]);
        }
    }).observe({ type: "layout-shift", buffered: true });
"""
"""Keeps how much moved on the page, and what."""


@pytest.fixture(scope="session")
def addresses(server: str) -> Mapping[str, str]:
    return places(server)


@pytest.fixture(scope="session")
def axe() -> Axe:
    return Axe()


@pytest.mark.parametrize("name", PLACES)
def test_a_page_suits_everyone_and_every_screen(
    new_page: NewPage, addresses: Mapping[str, str], axe: Axe, name: str
) -> None:
    page = new_page(viewport={"width": 1280, "height": 800}, color_scheme="light", reduced_motion="reduce")
    visit(page, addresses[name])
    assert page.evaluate(WEIGHT) <= MOST_BYTES
    assert list(_violations(axe, page)) == []
    page.emulate_media(color_scheme="dark")
    assert list(_violations(axe, page, runOnly=["color-contrast", "link-in-text-block"])) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert overflow(page) == []


@pytest.mark.parametrize("name", ["sentence", "library"])
def test_a_page_suits_those_who_read_from_right_to_left(
    new_page: NewPage, addresses: Mapping[str, str], axe: Axe, name: str
) -> None:
    page = new_page(viewport={"width": 1280, "height": 800}, locale="ar", reduced_motion="reduce")
    visit(page, addresses[name])
    assert list(_violations(axe, page)) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert overflow(page) == []


def test_nothing_shifts_while_an_answer_comes(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 1280, "height": 800})
    page.add_init_script(SHIFTS)
    visit(page, "/")
    for question in (QUESTION, "What did she wear?"):
        page.get_by_label("Your question").fill(question)
        # No key is pressed: the browser forgives what moves within half a second of one.
        page.evaluate("document.getElementById('ask').requestSubmit()")
        expect(answered(page, question).locator(".answer")).not_to_be_empty()
    expect(page.locator("#title")).to_have_text(QUESTION)
    shifts = page.evaluate("window.shifts")
    assert sum(value for value, _ in shifts) < MOST_SHIFT, shifts


def _violations(axe: Axe, page: Page, **options: object) -> Iterator[str]:
    """What axe finds, a line each."""
    found: dict[str, Any] = axe.run(page, options={"resultTypes": ["violations"], **options}).response
    for violation in found["violations"]:
        for node in violation["nodes"]:
            yield f"{violation['id']}: {node['html']} {node['failureSummary']}"
