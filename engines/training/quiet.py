"""Keeps the libraries' bars and hints out of what a command prints."""

from __future__ import annotations

from typing import Any


def quiet() -> None:
    """No bars for loads of a second, and no word on what is no error."""
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    logging: Any
    for logging in (diffusers_logging, transformers_logging):
        logging.set_verbosity_error()
        logging.disable_progress_bar()
