"""The web shell: the API and the pages."""
