"""How well `similar` finds (see __main__)."""
