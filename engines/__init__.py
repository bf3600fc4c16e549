"""The models: they know nothing of chat, users or storage."""
