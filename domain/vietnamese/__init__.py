"""Vietnamese as the school's staff type it: cameras, times and wishes read from words, and said back.

`places` finds cameras, `spans` reads a stretch of past time, `wishes` reads a whole sentence or the words
after a command, `echo` says an interval back. Everything here is pure: the present is a parameter.

A text is folded (`folding`), cut into pieces (`time_words`, `atoms`), the pieces are put together (`phrases`)
into an hour (`clocks`, `hours`, `bells`) and a day (`days`), and these are set against the present (`spans`).
"""
