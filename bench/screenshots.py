"""Pictures of every page, wide and as on a phone, light and dark.

    python bench/screenshots.py [--out build/screenshots] [--readme docs/screenshots]

They are taken of the shipped story, in a data folder that goes afterwards. Three of them are put where the README shows
them.
"""

import argparse
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from house import serving
from places import places
from playwright.sync_api import ViewportSize, sync_playwright

WINDOWS: Mapping[str, ViewportSize] = {"wide": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
CHOSEN = ("answer-wide-light", "sentence-wide-dark", "no-answer-phone-light")


def main() -> None:
    """Take all of them; say where they are."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--out", type=Path, default=Path("build/screenshots"))
    options.add_argument("--readme", type=Path, default=Path("docs/screenshots"))
    chosen = options.parse_args()
    for folder in chosen.out, chosen.readme:
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, serving(Path(data)) as (home, _):
        taken = take(home, chosen.out)
    for name in CHOSEN:
        shutil.copy(chosen.out / f"{name}.png", chosen.readme)
    print(f"{taken} pictures in {chosen.out}, {len(CHOSEN)} of them in {chosen.readme}")


def take(home: str, folder: Path) -> int:
    """A picture of each page in each window and theme; how many."""
    taken = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        addresses = places(home)
        for size, window in WINDOWS.items():
            page = browser.new_page(viewport=window, base_url=home, reduced_motion="reduce")
            page.goto("/")  # the faces are fetched; a first page may do without them
            page.evaluate("async () => { await document.fonts.ready; }")
            for name, address in addresses.items():
                page.goto(address)
                page.locator("html.scripted").wait_for()
                for theme in THEMES:
                    page.emulate_media(color_scheme=theme)
                    page.screenshot(path=folder / f"{name}-{size}-{theme}.png")
                    taken += 1
        browser.close()
    return taken


if __name__ == "__main__":
    main()
