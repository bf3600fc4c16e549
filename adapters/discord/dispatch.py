"""Every press of a button, choice in a menu and form that comes back, from its custom_id to its handler.

discord.py's own bookkeeping of views is not used: it ends with the process, buttons in a channel do not.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import discord

from adapters.chat.payload import Press, unpack
from adapters.discord import (
    actions,
    appealing,
    breeding,
    captioning,
    casework,
    consent,
    linking,
    measuring,
    panels,
    reporting,
    restyling,
    reviewing,
    rules,
    safety,
    shelves,
)
from adapters.discord.errors import explain
from adapters.discord.turn import Turn

Handler = Callable[[Turn, Press], Awaitable[None]]

DOUBLE_CLICK = 1.5
"""Seconds in which a second press of the same button by the same person is taken for a slip."""

HANDLERS: dict[str, Handler] = {
    **actions.HANDLERS,
    **appealing.HANDLERS,
    **breeding.HANDLERS,
    **captioning.HANDLERS,
    **casework.HANDLERS,
    **consent.HANDLERS,
    **linking.HANDLERS,
    **measuring.HANDLERS,
    **panels.HANDLERS,
    **reporting.HANDLERS,
    **restyling.HANDLERS,
    **reviewing.HANDLERS,
    **rules.HANDLERS,
    **safety.HANDLERS,
    **shelves.HANDLERS,
}


class Dispatch:
    """Answers components and forms, each press once."""

    def __init__(self) -> None:
        self._pressed: set[tuple[object, ...]] = set()

    async def __call__(self, interaction: discord.Interaction[Any]) -> None:
        """Answer, whatever goes wrong."""
        turn = Turn.of(interaction)
        custom_id = str(interaction.data["custom_id"]) if interaction.data else ""  # type: ignore[typeddict-item]
        press = unpack(custom_id)
        handler = HANDLERS.get(press.kind) if press else None
        try:
            if press is None or handler is None:
                await turn.say("old-button")
            elif (key := (interaction.user.id, custom_id, *turn.values, *turn.fields.items())) in self._pressed:
                await turn.say("already-on-it")
            else:
                self._pressed.add(key)
                try:
                    await handler(turn, press)
                finally:
                    asyncio.get_running_loop().call_later(DOUBLE_CLICK, self._pressed.discard, key)
        except Exception as error:
            await explain(turn, error)
