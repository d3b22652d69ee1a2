"""Engines: corpora that keep documents, passages, vectors and words consistent by themselves."""
