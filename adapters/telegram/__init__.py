"""Telegram: commands, one message for each answer, a sender that keeps to the limits. `connection` puts it together."""
