"""Vietnamese as the school's staff type it: cameras, times and wishes read from words, and said back.

`places` finds cameras, `spans` reads a stretch of past time, `wishes` reads a whole sentence or the words after
a command, `echo` says an interval back. Everything here is pure: the present is a parameter.
"""
