"""What the embedded picture models share: the codec, the reading of prompts, and the folder that joins them."""
