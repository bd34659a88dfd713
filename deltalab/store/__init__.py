"""Finished work, found again by the content that determines it."""
