"""To and from the forms of other projects: PEFT adapters, plain checkpoints, published structures."""
