"""A pretend school: recorders, chat platforms, the phones page; for the demo and the tests only."""
