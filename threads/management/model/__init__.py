"""The sentence model, its index and its process: all that needs the libraries of the extra `semantic`."""
