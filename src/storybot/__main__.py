"""`python -m storybot` is `storybot`."""

from storybot.cli import main

main()
