"""The terminal: a chat, a demo, and one line of progress."""
