"""Adafactor on flat vectors and on factors of gradients, and clipping."""
