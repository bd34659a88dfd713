"""Texts in, answers of a solution out."""
