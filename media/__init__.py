"""Pictures and video: checked, stamped, laid out, cut. It knows nothing of schools or people."""
