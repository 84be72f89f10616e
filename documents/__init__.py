"""Papers and charts made from plain values."""
