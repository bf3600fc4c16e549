"""Classifiers that tell what a text or a picture may contain; what to do about it is not theirs to say."""
