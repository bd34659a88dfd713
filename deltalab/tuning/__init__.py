"""Deltas tuned on a task in the original space."""
