"""Mozilla Support: questions, answers and knowledge-base articles as tables."""
