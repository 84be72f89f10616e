"""What the cameras of the pretend school see.

`render` makes pictures, `stream` makes H.264, `code` reads from both which camera and second they show.
"""
