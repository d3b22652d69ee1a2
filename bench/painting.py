"""How soon each page is painted on loopback, what it weighs, and how much moves while it loads.

    python bench/painting.py [--rounds 9]

Chromium's own figures (the performance API), each round with an empty cache; medians, and the worst first paint. Bytes
are those that crossed the wire, with their heads; faces are counted apart.
"""

import argparse
import shutil
import statistics
import tempfile
from collections.abc import Mapping
from pathlib import Path

from house import serving
from places import places
from playwright.sync_api import Browser, sync_playwright

FIGURES = """async () => {
    await new Promise((painted) => new PerformanceObserver(painted).observe({ type: "paint", buffered: true }));
    const paint = (name) => performance.getEntriesByName(name)[0].startTime;
    const [navigation] = performance.getEntriesByType("navigation");
    const files = performance.getEntriesByType("resource");
    const faces = files.filter(({ name }) => name.includes("/fonts/"));
    const sent = (entries) => entries.reduce((sum, { transferSize }) => sum + transferSize, 0);
    return {
        first: paint("first-paint"),
        contentful: paint("first-contentful-paint"),
        loaded: navigation.domContentLoadedEventEnd,
        bytes: sent([navigation, ...files]) - sent(faces),
        faces: sent(faces),
        shifted: window.shifted,
    };
}"""
SHIFTED = """
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) window.shifted += shift.value;
    }).observe({ type: "layout-shift", buffered: true });
"""


def main() -> None:
    """Print a line for each page."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=9)
    rounds = options.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as (home, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        print("page                 first paint  worst  contentful  loaded   bytes  faces  shift")
        for name, address in places(home).items():
            visits = [visit(browser, home + address) for _ in range(rounds)]
            worst = max(each["first"] for each in visits)
            middle = {key: statistics.median(each[key] for each in visits) for key in visits[0]}
            print(
                f"{name:20} {middle['first']:8.0f} ms {worst:3.0f} ms {middle['contentful']:8.0f} ms"
                f" {middle['loaded']:4.0f} ms {middle['bytes']:7,.0f} {middle['faces']:6,.0f} {middle['shifted']:6.4f}"
            )
        browser.close()


def visit(browser: Browser, address: str) -> Mapping[str, float]:
    """The figures of a first visit."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(SHIFTED)
    page = context.new_page()
    page.goto(address)
    page.locator("html.scripted").wait_for()
    figures: Mapping[str, float] = page.evaluate(FIGURES)
    context.close()
    return figures


if __name__ == "__main__":
    main()
