"""A library about network video recorders. It knows nothing of schools, people or chats.

The public face: `connect` and the types of `protocol` and `errors`.
"""
