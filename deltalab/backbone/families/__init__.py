"""One table of roles a model family; the name of a module is that of the function in it."""
