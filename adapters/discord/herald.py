"""Tells somebody alone what was decided about them."""

from adapters.chat.standing import notice
from adapters.discord.outlet import Outlet
from adapters.discord.page import MARKUP, Page
from bot.domain.sanctions import Sanction
from bot.i18n import Translator


class DiscordHerald:
    """Direct messages, once for each sanction."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet

    async def tell(self, user_id: str, sanction: Sanction, words: Translator) -> None:
        """Say what was decided; Discord drops a second message with the same nonce."""
        place = self._outlet.name_of(sanction.community.partition(":")[2])
        await self._outlet.tell(user_id, Page("\n".join(notice(sanction, place, words, MARKUP))), sanction.id)
