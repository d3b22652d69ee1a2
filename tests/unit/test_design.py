"""The colours of base.css are told apart by whoever reads, and stand nowhere else."""

import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "web" / "static"
BASE = (STATIC / "base.css").read_text("utf8")
OTHERS = sorted(path for path in STATIC.glob("*.css") if path.name != "base.css")

THEMES = {
    theme: {name: found[at] for name, *found in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", BASE)}
    for at, theme in enumerate(("light", "dark"))
}
"""The opaque roles of each theme, as `#rrggbb`."""

TEXT = [
    *((ink, ground) for ink in ("ink", "ink-soft", "accent", "accent-strong") for ground in
      ("ground", "surface", "sunken", "tint")),
    *(("danger", ground) for ground in ("ground", "surface", "sunken")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-danger", "danger"),
    ("on-danger", "danger-strong"),
    ("on-mark", "mark"),
]  # fmt: skip
CONTROLS = [(edge, ground) for edge in ("line-strong", "mark-edge") for ground in ("ground", "surface", "sunken")]
LEAST_FOR_TEXT = 4.5
LEAST_FOR_CONTROLS = 3.0
"""WCAG 2.2, 1.4.3 and 1.4.11, level AA."""


def luminance(colour: str) -> float:
    """Source: WCAG 2.2, relative luminance."""
    red, green, blue = (int(colour[start:end], 16) / 255 for start, end in pairwise((1, 3, 5, 7)))
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(roles: Mapping[str, str], one: str, other: str) -> float:
    """Source: WCAG 2.2, contrast ratio."""
    darker, lighter = sorted((luminance(roles[one]), luminance(roles[other])))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_words_and_controls_stand_out_from_their_grounds(theme: str) -> None:
    roles = THEMES[theme]
    faint = {
        (one, other): round(contrast(roles, one, other), 2)
        for least, pairs in ((LEAST_FOR_TEXT, TEXT), (LEAST_FOR_CONTROLS, CONTROLS))
        for one, other in pairs
        if contrast(roles, one, other) < least
    }
    assert faint == {}


def test_the_page_about_the_design_tells_the_contrast_that_there_is() -> None:
    page = (ROOT / "docs" / "design.md").read_text("utf8")
    for one, other in [*TEXT, *CONTROLS]:
        light, dark = (f"{contrast(roles, one, other):.1f}" for roles in THEMES.values())
        assert f"| `{one}` on `{other}` | {light} | {dark} |" in page


def test_the_page_about_the_design_tells_what_each_role_is_for() -> None:
    page = (ROOT / "docs" / "design.md").read_text("utf8")
    untold = {name for name in re.findall(r"^  --([\w-]+):", BASE, re.MULTILINE) if f"`--{name}`" not in page}
    assert untold == set()


@pytest.mark.parametrize("sheet", OTHERS, ids=lambda path: path.stem)
def test_other_sheets_take_colours_and_roles_from_the_base(sheet: Path) -> None:
    text = sheet.read_text("utf8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}(?=[\s,;)])(?![^{]*\{)|\brgba?\(|\bhsl|light-dark\(", text) == []
    assert re.findall(r"font-size: [\d.]+(?:rem|px)", text) == []
    known = set(re.findall(r"^  --([\w-]+):", BASE, re.MULTILINE)) | set(re.findall(r"(?<![(\w])--([\w-]+):", text))
    assert set(re.findall(r"var\(--([\w-]+)", text)) <= known
