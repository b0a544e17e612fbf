"""Complete data dumps of Stack Exchange sites."""
