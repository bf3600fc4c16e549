"""A case as a Telegram message, and the moderators' chat as a board for such cards."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton as Button

from adapters.chat.buttons import CaseButton, Look
from adapters.chat.casecard import Sheet
from adapters.chat.payload import pack
from adapters.telegram.budget import Priority
from adapters.telegram.outlet import MessageGone, Outlet
from adapters.telegram.page import MARKUP, Keyboard, Page
from adapters.telegram.place import Place
from bot.i18n import Translator
from bot.ports import AddresseeGone

_SIGNS = {Look.PLAIN: "", Look.FORWARD: "▶️ ", Look.GOOD: "✅ ", Look.DANGER: "⛔ "}
_OWN_SIGNS = {"look": "👁️ ", "claim": "✋ ", "unclaim": "↩️ "}


def card(sheet: Sheet, *, passing: bool = False) -> Page:
    """A case in words, without its pictures, with what can be done about it; with `passing` also the next."""
    words = sheet.words
    buttons = [drawn(button, words.text(button.label)) for row in sheet.buttons(passing=passing) for button in row]
    if sheet.more():
        buttons.append(Button(f"⋯ {words.text('review-more')}", callback_data=pack("more", sheet.docket.view.case.id)))
    # Yes and no come first, and stand alone: rows of two keep it so, and their names can be read on a phone.
    rows = tuple(tuple(buttons[index : index + 2]) for index in range(0, len(buttons), 2))
    return Page(tuple(sheet.said(MARKUP, aged=passing)), keyboard=rows)


def more(sheet: Sheet) -> Keyboard:
    """What is seldom needed, and the way back to the rest."""
    back = CaseButton("case", "back", Look.PLAIN, sheet.docket.view.case.id)
    return (*listed(sheet.more(), sheet.words), (Button(f"◀️ {sheet.words.text('back')}", callback_data=_data(back)),))


def listed(buttons: Sequence[CaseButton], words: Translator) -> Keyboard:
    """One below the other: their names are long."""
    return tuple((drawn(button, words.text(button.label)),) for button in buttons)


def drawn(button: CaseButton, label: str) -> Button:
    """A moderators' button."""
    return Button(f"{_OWN_SIGNS.get(button.kind, _SIGNS[button.look])}{label}", callback_data=_data(button))


def _data(button: CaseButton) -> str:
    return pack(button.kind, button.target, button.extra)


class TelegramBoard:
    """Chats as places for cards."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet

    async def put_up(self, channel_id: str, sheet: Sheet) -> str:
        """A new card."""
        sent = await self._outlet.send(Place.of(channel_id), card(sheet), Priority.ANSWER)
        return str(sent.message_id)

    async def change(self, channel_id: str, message_id: str, sheet: Sheet) -> None:
        """The card says what has become of its case."""
        try:
            await self._outlet.edit(Place.of(channel_id), int(message_id), card(sheet), Priority.ANSWER)
        except MessageGone as gone:
            raise AddresseeGone(str(gone)) from gone
