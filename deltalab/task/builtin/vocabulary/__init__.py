"""Word lists that several groups of built-in tasks share, each file a field."""
