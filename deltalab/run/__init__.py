"""From a config to objects, fit, test and record: the only room that knows Hydra."""
