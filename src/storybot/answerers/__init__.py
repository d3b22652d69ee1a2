"""Answerers: what words an answer and points at its proof."""
