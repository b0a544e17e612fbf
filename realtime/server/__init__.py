"""The web process of `manage.py serve`: Daphne, tuned for many idle connections, that ends without losing anything."""
