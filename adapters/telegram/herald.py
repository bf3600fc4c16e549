"""Tells somebody alone what was decided about them."""

from contextlib import suppress

from telegram.error import TelegramError

from adapters.chat.standing import notice
from adapters.telegram.budget import Priority
from adapters.telegram.outlet import Outlet
from adapters.telegram.page import MARKUP, Page
from adapters.telegram.place import Place
from bot.domain.sanctions import Sanction
from bot.i18n import Translator


class TelegramHerald:
    """Messages in the private chat, for those who ever spoke to the bot."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet

    async def tell(self, user_id: str, sanction: Sanction, words: Translator) -> None:
        """Say what was decided."""
        place = await self._name(sanction.community.partition(":")[2])
        page = Page(tuple(notice(sanction, place, words, MARKUP)))
        await self._outlet.send(Place(int(user_id)), page, Priority.ANSWER)

    async def _name(self, community_id: str) -> str:
        """What a group is called; empty where Telegram does not say."""
        with suppress(TelegramError):
            return (await self._outlet.bot.get_chat(int(community_id))).title or ""
        return ""
