"""Speed and memory beside the naive way of doing the same work: `python -m benchmarks`."""
