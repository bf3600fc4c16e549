"""Reading messages that are already in a channel: whose job they show, and which picture is in them."""

from collections.abc import Iterator
from typing import Any

import discord

from adapters.actions import ActionKind
from adapters.chat.payload import unpack
from bot.domain.errors import InvalidRequest

_OF_JOBS = {ActionKind.AGAIN.value, ActionKind.ANOTHER.value, "studio"}
"""Buttons and menus of which one stands on every finished answer and carries its job."""


def job_of(message: discord.Message, own_id: int) -> str | None:
    """The job that a message of ours shows; None when it shows none, or anybody else wrote it."""
    if message.author.id != own_id:
        return None
    for custom_id in _custom_ids(message.components):
        press = unpack(custom_id)
        if press and press.kind in _OF_JOBS:
            return press.target
    return None


def picture_of(message: discord.Message) -> discord.Attachment:
    """A message's first picture; InvalidRequest when there is none."""
    for attachment in message.attachments:
        if (attachment.content_type or "").startswith("image/"):
            return attachment
    raise InvalidRequest("no-picture")


def _custom_ids(components: list[Any]) -> Iterator[str]:
    for component in components:
        yield from _custom_ids(getattr(component, "children", []))
        if custom_id := getattr(component, "custom_id", None):
            yield custom_id
