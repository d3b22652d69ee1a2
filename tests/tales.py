"""Three tales that the tests of the library's pages and routes add."""

from collections.abc import Callable
from typing import TypeAlias

AddTales: TypeAlias = Callable[[str], dict[str, str]]
"""Puts the tales into a collection; their ids by name."""

TALES = {
    "fox.txt": "The fox lived under the old bridge. Every evening it looked at the moon.",
    "Owl.md": (
        "# The owl\n\nThe owl slept by day.\n\n## At night\n\n"
        "It hunted mice by the mill, and by the river, and by the sea.\n"
    ),
    "crow.txt": "The crow had a piece of cheese.",
}
