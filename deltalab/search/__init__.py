"""Where in a backbone a fixed budget of parameters should go."""
