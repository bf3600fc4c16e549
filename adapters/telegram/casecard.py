"""A case as a Telegram message, and the moderators' chat as a board for such cards."""

from telegram import InlineKeyboardButton as Button

from adapters.chat import casecard
from adapters.chat.casecard import Look
from adapters.chat.payload import pack
from adapters.telegram.budget import Priority
from adapters.telegram.outlet import MessageGone, Outlet
from adapters.telegram.page import MARKUP, Page
from adapters.telegram.place import Place
from bot.i18n import Translator
from bot.ports import AddresseeGone
from bot.usecases.review import CaseView

_SIGNS = {Look.PLAIN: "👁️", Look.FORWARD: "▶️", Look.GOOD: "✅", Look.DANGER: "⛔"}


def card(view: CaseView, words: Translator, *, passing: bool = False) -> Page:
    """A case in words, without its pictures; with buttons while it is open, and with `passing` one for the next."""
    buttons = [
        Button(
            f"{_SIGNS[button.look]} {words.text(button.label)}",
            callback_data=pack(button.kind, button.target, button.extra),
        )
        for button in casecard.buttons(view, passing=passing)
    ]
    rows = (tuple(buttons[:2]), tuple(buttons[2:])) if len(buttons) > 2 else (tuple(buttons),) if buttons else ()
    return Page(tuple(casecard.said(view, words, MARKUP)), keyboard=rows)


class TelegramBoard:
    """Chats as places for cards."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet

    async def put_up(self, channel_id: str, view: CaseView, words: Translator) -> str:
        """A new card."""
        sent = await self._outlet.send(Place.of(channel_id), card(view, words), Priority.ANSWER)
        return str(sent.message_id)

    async def change(self, channel_id: str, message_id: str, view: CaseView, words: Translator) -> None:
        """The card says what has become of its case."""
        try:
            await self._outlet.edit(Place.of(channel_id), int(message_id), card(view, words), Priority.ANSWER)
        except MessageGone as gone:
            raise AddresseeGone(str(gone)) from gone
