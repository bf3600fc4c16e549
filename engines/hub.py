"""Models by folder or hub name: what lies on this machine is used, and a hub that cannot be reached is said at once."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from engines.contract import ModelUnavailable

log = logging.getLogger(__name__)

Model = TypeVar("Model")

PATIENCE = 5.0
"""Seconds in which the hub has to answer at all."""


def locate(model: str) -> Path | str:
    """Return the folder that `model` names, else `model` itself, which is then a hub name."""
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder
    if folder.is_absolute():
        raise ModelUnavailable(f"The model's folder '{folder}' does not exist.")
    return model


def read_model(where: Path | str, read: Callable[[bool], Model]) -> Model:
    """Return `read(local_files_only)` of a folder or hub name, from this machine's files where they are whole.

    The hub's client tries each file again for half a minute, so it is asked once, briefly, before anything is fetched.
    Raises ModelUnavailable when it does not answer, and whatever `read` raises.
    """
    if isinstance(where, Path):
        return read(True)
    try:
        return read(True)
    except (OSError, ValueError) as error:
        log.info("%s is not wholly on this machine", where)
        _reach_hub_for(where, error)
    return read(False)


def _reach_hub_for(name: str, missing: Exception) -> None:
    from huggingface_hub import constants, get_session

    try:
        get_session().head(constants.ENDPOINT, timeout=PATIENCE)
    except Exception as error:  # its HTTP client's own kinds, and another where HF_HUB_OFFLINE is set
        log.warning("the hub cannot be reached: %s", error)
        raise ModelUnavailable(
            f"The model '{name}' is not on this machine, and the hub {constants.ENDPOINT} cannot be reached: "
            "download it where there is a network, and set its folder here instead of its name."
        ) from missing
