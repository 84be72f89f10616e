"""Use cases, the same for every chat platform: one module a feature."""
