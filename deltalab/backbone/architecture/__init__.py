"""How models of each architecture read a batch, rank labels and write an answer."""
