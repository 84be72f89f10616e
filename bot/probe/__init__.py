"""`./truccam recorder probe`: what one recorder is, what works on it, how fast, how long it keeps footage."""
