"""How pages ask, on the people side."""
