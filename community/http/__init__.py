"""How requests come in and answers go out: nothing here knows what the site is about."""
