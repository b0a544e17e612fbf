"""Topics of Discourse forums, as `/t/<id>.json` gives them."""
