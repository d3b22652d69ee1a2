"""Answerers: they word an answer and point at its proof."""
