"""Pictures into words and vectors: the dual encoder, the captioner, and the manner of a picture."""
