"""What the cameras of the pretend school see, as pictures and as H.264."""
