"""The chat platforms, each behind the same small protocol."""
