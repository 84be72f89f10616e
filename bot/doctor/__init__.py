"""`./truccam doctor`: looks at all that the service leans on, and says what to do about each problem."""
