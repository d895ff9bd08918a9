"""Many people at once against the served system: ``python -m tests.load``."""
