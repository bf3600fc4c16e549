"""Loads the image-to-text engine of the options: the embedded networks, or a model of the owner's choice."""

from __future__ import annotations

from engines.contract import Engine, EngineOptions
from engines.vision.assets import ASSETS
from engines.vision.describe import Describer, load_networks


def load(options: EngineOptions) -> Engine:
    """The engine that describes pictures; ModelUnavailable where its files are missing or damaged."""
    if options.caption_model == "embedded":
        return Describer(load_networks(ASSETS))
    from engines.vision.configured import load as load_configured

    return load_configured(options)
