"""Gathering: many files at once, from folders, patterns and ZIP archives, into the library."""

from storybot.gathering.dropping import TAKEN_FILE, DropFolder
from storybot.gathering.files import File, Opener, Report
from storybot.gathering.finding import find, sources_in, within
from storybot.gathering.planning import Plan, plan
from storybot.gathering.syncing import Sync
from storybot.gathering.taking import Taken, take
from storybot.gathering.watching import changes

__all__ = [
    "TAKEN_FILE",
    "DropFolder",
    "File",
    "Opener",
    "Plan",
    "Report",
    "Sync",
    "Taken",
    "changes",
    "find",
    "plan",
    "sources_in",
    "take",
    "within",
]
