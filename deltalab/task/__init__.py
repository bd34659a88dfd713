"""Text in, text out, a score: tasks, their metrics and their batches."""
