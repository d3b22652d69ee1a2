"""Pictures of every page, wide and as on a phone, light and dark.

    python bench/screenshots.py [--out build/screenshots] [--readme docs/screenshots]

They are taken of the shipped story, in a data folder that goes afterwards. Three of them, with fewer colours so that they are
small, are put where the README shows them.
"""

import argparse
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from house import serving
from PIL import Image
from places import places
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

WINDOWS: Mapping[str, ViewportSize] = {"wide": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
CHOSEN = ("answer-wide-light", "sentence-wide-light", "no-answer-phone-dark")
COLOURS = 128


def main() -> None:
    """Take all of them; say where they are."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--out", type=Path, default=Path("build/screenshots"))
    options.add_argument("--readme", type=Path, default=Path("docs/screenshots"))
    chosen = options.parse_args()
    for folder in chosen.out, chosen.readme:
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, serving(Path(data)) as (home, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        addresses = places(home)
        for name, window in WINDOWS.items():
            take(browser, home, addresses, window, name, chosen.out)
        browser.close()
    for name in CHOSEN:
        with Image.open(chosen.out / f"{name}.png") as picture:
            small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(chosen.readme / f"{name}.png", optimize=True)
    print(f"{len(addresses) * 4} pictures in {chosen.out}, {len(CHOSEN)} of them in {chosen.readme}")


def take(
    browser: Browser, home: str, addresses: Mapping[str, str], window: ViewportSize, size: str, folder: Path
) -> None:
    """A picture of each page in this window, in both themes."""
    page = browser.new_page(viewport=window, base_url=home, reduced_motion="reduce", device_scale_factor=2)
    for name, address in addresses.items():
        page.goto(address)
        page.locator("html.scripted").wait_for()
        for theme in ("light", "dark"):
            _shoot(page, theme, folder / f"{name}-{size}-{theme}.png")
    page.close()


def _shoot(page: Page, theme: str, path: Path) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.screenshot(path=path)


if __name__ == "__main__":
    main()
