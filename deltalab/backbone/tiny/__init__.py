"""The embedded default backbone: weights, tokenizer, card, and the script that made them."""
