"""CrossFit's collection of 160 few-shot tasks (arXiv 2104.08835)."""
