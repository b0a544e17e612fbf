"""What is counted and measured for those who run the site; docs/production.md says what to make of it."""
