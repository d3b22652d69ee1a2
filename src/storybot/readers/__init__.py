"""Readers: what finds the answer in a passage, and tells how surely."""
