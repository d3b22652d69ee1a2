"""What a person sees and does in the library, in a real browser on a real server."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.steps import overflow, story, visit

NewPage = Callable[..., Page]

FOLDER_DROP = """() => {
    const file = (path, text) => ({
        isDirectory: false,
        fullPath: path,
        file: (resolve) => resolve(new File([text], path.split("/").pop())),
    });
    const folder = (...entries) => ({
        isDirectory: true,
        createReader: () => {
            const portions = [entries, []];
            return { readEntries: (resolve) => resolve(portions.shift()) };
        },
    });
    const cow = file("/tales/more/cow.txt", "The cow sang.");
    const tales = folder(file("/tales/cat.txt", "The cat slept."), folder(cow));
    const event = new Event("drop", { bubbles: true, cancelable: true });
    event.dataTransfer = { types: ["Files"], items: [{ kind: "file", webkitGetAsEntry: () => tales }] };
    document.body.dispatchEvent(event);
}"""
"""What a browser does when a folder falls on the page: scripts alone can't make it do that."""


REFRESH = """() => {
    document.addEventListener("swapped", () => { document.body.dataset.swapped = ""; }, { once: true });
    document.dispatchEvent(new Event("documents"));
}"""
"""What an upload does to the page when its document is there, and when that is seen."""


def tales(folder: Path, name: str) -> Path:
    """A folder with two tales, one of them in a folder of its own, and with what isn't read."""
    top = folder / name
    (top / "more").mkdir(parents=True)
    story(top, "fox.txt", f"The fox of {name} lived under the bridge.\n")
    story(top / "more", "owl.md", f"# The owl of {name}\n\nThe owl slept by day in a hollow oak.\n")
    story(top, ".hidden.txt", "Nobody reads this.\n")
    story(top, "picture.svg", "<svg/>\n")
    return top


def shelve(page: Page, folder: Path, name: str) -> None:
    """Add the folder to a collection of the same name, and look at that."""
    visit(page, "/library")
    page.get_by_text("New collection").click()
    page.get_by_label("Its name").fill(name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.get_by_label("Add a folder").set_input_files(tales(folder, name))
    expect(rows(page)).to_have_count(2)


def rows(page: Page) -> Locator:
    return page.locator("tbody tr")


def test_a_folder_is_added_with_its_paths_and_without_what_is_not_read(page: Page, tmp_path: Path) -> None:
    shelve(page, tmp_path, "added")
    expect(rows(page).locator(".title .meta")).to_have_text(["added/fox.txt", "added/more/owl.md"])
    expect(page.locator("#news")).to_contain_text("Files of other kinds, left out: 2")
    expect(page.locator("#shelves [aria-current]")).to_contain_text("2")
    broken = story(tmp_path, "broken.zip", "no archive")
    page.get_by_label("Add documents").set_input_files([broken, story(tmp_path, "hen.txt", "The hen sang.")])
    expect(page.locator("#problems")).to_contain_text("'broken.zip' is a damaged ZIP file")
    expect(rows(page)).to_have_count(3)


def test_a_dropped_folder_is_added_with_all_that_is_in_it(page: Page) -> None:
    visit(page, "/library?collection=dropped")
    page.locator("html.scripted").wait_for()
    page.evaluate(FOLDER_DROP)
    expect(rows(page).locator(".title .meta")).to_have_text(["tales/cat.txt", "tales/more/cow.txt"])


def test_a_deleted_document_is_put_back_by_the_keyboard_alone(page: Page, tmp_path: Path) -> None:
    shelve(page, tmp_path, "undone")
    page.get_by_role("button", name="Delete Fox").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("“Fox” was deleted.")
    expect(rows(page)).to_have_count(1)
    expect(rows(page).first.get_by_role("link", name="The owl of undone", exact=True)).to_be_focused()
    page.get_by_role("button", name="Undo", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("1 document was put back.")
    expect(rows(page)).to_have_count(2)
    expect(page.get_by_role("heading", name="undone")).to_be_focused()


def test_the_undo_goes_when_its_time_is_over(page: Page, tmp_path: Path) -> None:
    shelve(page, tmp_path, "late")
    page.clock.install()
    page.get_by_role("button", name="Delete Fox").dblclick()
    page.get_by_role("button", name="Undo", exact=True).focus()
    expect(page.locator("#wrong")).to_be_empty()
    page.clock.fast_forward(11_000)
    expect(page.get_by_role("button", name="Undo", exact=True)).to_have_count(0)
    expect(page.get_by_role("heading", name="late")).to_be_focused()
    expect(page.locator("#told")).to_contain_text("was deleted")


def test_ticked_documents_are_asked_about_moved_and_deleted(page: Page, tmp_path: Path) -> None:
    shelve(page, tmp_path, "bulk")
    bar = page.get_by_role("group", name="With the ticked documents")
    expect(bar).to_be_hidden()
    page.get_by_label("Tick all on this page").check()
    expect(bar).to_contain_text("Ticked: 2")
    bar.get_by_role("button", name="Ask about these").click()
    expect(page.get_by_label("Look in").locator("option:checked")).to_have_text("“Fox” and “The owl of bulk”")
    page.get_by_label("Your question").fill("Where did the owl sleep?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn .answer")).to_contain_text("hollow oak")
    page.reload()
    expect(page.get_by_label("Look in").locator("option:checked")).to_have_text("“Fox” and “The owl of bulk”")

    visit(page, "/library?collection=bulk")
    rows(page).first.get_by_role("checkbox").check()
    bar.get_by_label("Move to").fill("elsewhere")
    page.evaluate(REFRESH)
    expect(page.locator("body[data-swapped]")).to_be_attached()
    expect(bar.get_by_label("Move to")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("1 document was moved to “elsewhere”.")
    expect(rows(page)).to_have_count(1)
    page.get_by_label("Tick all on this page").check()
    bar.get_by_role("button", name="Delete").click()
    expect(page.locator("#bulk")).to_contain_text("Nothing here yet")
    expect(page.get_by_role("heading", name="bulk")).to_be_focused()


def test_sorting_and_searching_spare_the_reload_and_go_back(page: Page, tmp_path: Path) -> None:
    shelve(page, tmp_path, "order")
    page.evaluate("document.body.dataset.same = 'yes'")
    page.get_by_role("link", name="Title").click()
    expect(rows(page).first).to_contain_text("The owl")
    expect(page.get_by_role("link", name="Title")).to_be_focused()
    expect(page.locator("th.title[aria-sort]")).to_have_attribute("aria-sort", "descending")
    page.get_by_label("Search titles and names").fill("fox")
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(1)
    expect(page.get_by_role("status").filter(has_text="1 document with “fox”")).to_have_count(1)
    page.go_back()
    expect(rows(page)).to_have_count(2)
    assert page.evaluate("document.body.dataset.same") == "yes"


def test_without_a_script_the_library_does_the_same(new_page: NewPage, page: Page, tmp_path: Path) -> None:
    shelve(page, tmp_path, "plain")
    plain = new_page(java_script_enabled=False)
    plain.goto("/library?collection=plain")
    plain.get_by_role("button", name="Delete Fox").click()
    expect(plain.get_by_text("“Fox” was deleted.")).to_be_visible()
    plain.get_by_role("button", name="Undo", exact=True).click()
    expect(rows(plain)).to_have_count(2)
    rows(plain).first.get_by_role("checkbox").check()
    plain.get_by_label("Move to").fill("plainer")
    plain.keyboard.press("Enter")
    expect(plain.get_by_text("1 document was moved")).to_be_visible()
    plain.get_by_role("link", name="The owl of plain", exact=True).click()
    plain.get_by_label("Question or words").fill("Where did the owl sleep?")
    plain.keyboard.press("Enter")
    expect(plain.locator(".hit mark")).to_contain_text("oak")
    expect(plain.get_by_text("The reader put it at no. 1.")).to_be_visible()
    plain.get_by_role("link", name="Library").click()
    plain.get_by_role("link", name="Delete the collection").click()
    plain.get_by_role("button", name="Delete 1 document").click()
    expect(plain.get_by_text("and its documents were deleted")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_of_the_library_is_wider_than_a_phone(new_page: NewPage, tmp_path: Path, scheme: str) -> None:
    phone = new_page(viewport={"width": 320, "height": 700}, color_scheme=scheme)
    shelve(phone, tmp_path, f"narrow{scheme}" + "Donaudampfschifffahrtsgesellschaft")
    rows(phone).first.get_by_role("checkbox").check()
    assert overflow(phone) == []
    phone.locator("tbody .title a").first.click()
    phone.get_by_label("Question or words").fill("Where did the fox live?")
    phone.keyboard.press("Enter")
    expect(phone.locator(".hit")).to_have_count(1)
    assert overflow(phone) == []
