"""Template tags: the words and marks that every page draws alike."""
