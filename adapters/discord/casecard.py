"""A case as a Discord message, and the moderators' channel as a board for such cards."""

from typing import Any

import discord

from adapters.chat import casecard
from adapters.chat.casecard import Look
from adapters.chat.payload import pack
from adapters.discord.outlet import Outlet
from adapters.discord.page import MARKUP, Page
from bot.i18n import Translator
from bot.usecases.review import CaseView

_LOOKS = {
    Look.PLAIN: discord.ButtonStyle.secondary,
    Look.FORWARD: discord.ButtonStyle.primary,
    Look.GOOD: discord.ButtonStyle.success,
    Look.DANGER: discord.ButtonStyle.danger,
}


def card(view: CaseView, words: Translator, *, passing: bool = False) -> Page:
    """A case in words, without its pictures; with buttons while it is open, and with `passing` one for the next."""
    items: list[discord.ui.Item[Any]] = [
        discord.ui.Button(
            label=words.text(button.label),
            style=_LOOKS[button.look],
            custom_id=pack(button.kind, button.target, button.extra),
        )
        for button in casecard.buttons(view, passing=passing)
    ]
    return Page("\n".join(casecard.said(view, words, MARKUP)), items=tuple(items))


class DiscordBoard:
    """Channels as places for cards."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet

    async def put_up(self, channel_id: str, view: CaseView, words: Translator) -> str:
        """A new card; Discord drops a second one with the same nonce."""
        return await self._outlet.send_to(channel_id, card(view, words), view.case.id)

    async def change(self, channel_id: str, message_id: str, view: CaseView, words: Translator) -> None:
        """The card says what has become of its case."""
        await self._outlet.change(channel_id, message_id, card(view, words))
