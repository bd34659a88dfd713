"""Vocabularies of the generated tasks: what there is to talk about, and in which words."""
