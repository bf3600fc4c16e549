"""Telegram: commands, one message for each answer, a sender that keeps to the limits. `connection` puts it together."""

import os

# Without it python-telegram-bot warns each time that Telegram asks for silence; with it durations are timedeltas.
os.environ["PTB_TIMEDELTA"] = "true"
