"""Adapters of the port `QuestionGenerator`."""
