"""Experiments with delta tuning: small trainable changes to a frozen language model."""

__version__ = "0.1.0"
