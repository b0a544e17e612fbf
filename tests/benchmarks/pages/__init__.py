"""How many pages the real server makes, beside a bare view on the same server: `python -m tests.benchmarks.pages`."""
