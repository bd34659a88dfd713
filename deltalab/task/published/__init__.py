"""Tasks of published studies, as a table of where their rows are and how they read."""
