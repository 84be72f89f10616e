"""The places, painted without people."""
