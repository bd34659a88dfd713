"""Sweeps: many jobs, each a process of its own, on one machine."""
