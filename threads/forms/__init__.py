"""How pages ask, about threads and practices."""
