"""How the embedded screens were trained, from sentences of our own."""
