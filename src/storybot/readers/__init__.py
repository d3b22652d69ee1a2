"""Readers: they say where passages answer a question, and how surely."""
