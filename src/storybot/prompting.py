"""What a language model is told, and what its marks point at."""
