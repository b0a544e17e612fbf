"""How long finding takes on large sites (see __main__)."""
