"""What a person does again and again."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

QUESTION = "What did Bakhyt's grandmother play?"


def visit(page: Page, address: str) -> None:
    """Open a page, and wait for its scripts: what is done before is done without them."""
    page.goto(address)
    page.locator("html.scripted").wait_for()


def ask(page: Page, question: str) -> Locator:
    """The last turn, answered, after the question was asked."""
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    return answered(page, question)


def answered(page: Page, question: str) -> Locator:
    """The last turn of this question, once nothing more comes."""
    turn = page.get_by_role("article").filter(has=page.get_by_role("heading", name=question)).last
    expect(turn).to_be_visible()
    expect(page.locator("#ask")).not_to_have_attribute("aria-busy", "true")
    expect(turn.locator(".reading")).to_have_count(0)
    return turn


def add(page: Page, path: Path) -> None:
    page.get_by_label("Add documents").set_input_files(path)


def delete(page: Page, title: str) -> None:
    page.locator("html.scripted").wait_for()
    page.get_by_role("link", name=f"Delete {title}", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(document(page, title)).to_have_count(0)


def document(page: Page, title: str) -> Locator:
    return page.get_by_role("complementary").get_by_role("link", name=title, exact=True)


def story(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf8")
    return path


def overflow(page: Page) -> list[str]:
    """What sticks out of the window, where the page can be scrolled sideways: elements, and where they end."""
    page.wait_for_load_state()  # a page that isn't styled yet is wide
    found: list[str] = page.evaluate("""() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        if (scrollWidth <= clientWidth) return [];
        const ends = [...document.querySelectorAll("body *")].map((one) => [one, one.getBoundingClientRect().right]);
        const wide = ends.filter(([, end]) => end > clientWidth);
        return [`the page ${scrollWidth}`, ...wide.map(([one, end]) => `${one.tagName}.${one.className} ${end}`)];
    }""")
    return found
