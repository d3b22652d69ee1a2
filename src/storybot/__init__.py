"""storybot answers questions about stories from the text, and shows the sentence."""

__version__ = "0.1.0"
