"""The recipes of the README, run as they stand there with the real frameworks; only the model is not real."""
