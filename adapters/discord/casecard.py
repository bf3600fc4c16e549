"""A case as a Discord message, and the moderators' channel as a board for such cards."""

from collections.abc import Sequence
from typing import Any

import discord

from adapters.chat.buttons import CaseButton, Look
from adapters.chat.casecard import Sheet
from adapters.chat.payload import pack
from adapters.discord.outlet import Outlet
from adapters.discord.page import MARKUP, Page
from bot.i18n import Translator

_LOOKS = {
    Look.PLAIN: discord.ButtonStyle.secondary,
    Look.FORWARD: discord.ButtonStyle.primary,
    Look.GOOD: discord.ButtonStyle.success,
    Look.DANGER: discord.ButtonStyle.danger,
}


def card(sheet: Sheet, *, passing: bool = False) -> Page:
    """A case in words, without its pictures, with what can be done about it; with `passing` also the next."""
    items: list[discord.ui.Item[Any]] = [
        drawn(button, sheet.words.text(button.label), row)
        for row, buttons in enumerate(sheet.buttons(passing=passing))
        for button in buttons
    ]
    if more := sheet.more():
        items.append(menu(more, sheet.docket.view.case.id, sheet.words))
    return Page("\n".join(sheet.said(MARKUP, aged=passing)), items=tuple(items))


def drawn(button: CaseButton, label: str, row: int | None = None) -> discord.ui.Button[Any]:
    """A moderators' button."""
    custom_id = pack(button.kind, button.target, button.extra)
    return discord.ui.Button(label=label, style=_LOOKS[button.look], custom_id=custom_id, row=row)


def menu(buttons: Sequence[CaseButton], about: str, words: Translator) -> discord.ui.Select[Any]:
    """What is seldom needed: what is chosen is a press of its own."""
    options = [
        discord.SelectOption(label=words.text(button.label), value=pack(button.kind, button.target))
        for button in buttons
    ]
    return discord.ui.Select(custom_id=pack("more", about), placeholder=words.text("review-more"), options=options)


class DiscordBoard:
    """Channels as places for cards."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet

    async def put_up(self, channel_id: str, sheet: Sheet) -> str:
        """A new card; Discord drops a second one with the same nonce."""
        return await self._outlet.send_to(channel_id, card(sheet), sheet.docket.view.case.id)

    async def change(self, channel_id: str, message_id: str, sheet: Sheet) -> None:
        """The card says what has become of its case."""
        await self._outlet.change(channel_id, message_id, card(sheet))
