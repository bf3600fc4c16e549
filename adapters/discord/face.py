"""How unfinished work looks on Discord: an edit of the message that answers, at most every two seconds."""

import asyncio
from collections.abc import Sequence

from adapters.chat.wording import Style
from adapters.discord.outlet import Outlet
from adapters.discord.page import Page
from adapters.discord.render import unfinished
from adapters.presentation import Reply
from bot.domain.identity import Origin
from bot.domain.jobs import Job

FIRST = 1.0
"""Seconds of Discord's own 'thinking' before the first edit: what is done by then needs none."""
PAUSE = 2.0
"""Seconds between two edits of a message."""


class DiscordFace:
    """Draws and edits; what lives is in adapters/chat/living.py."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet

    @property
    def first(self) -> float:
        """Seconds before the first edit."""
        return FIRST

    @property
    def pause(self) -> float:
        """Seconds between two edits of a message."""
        return PAUSE

    async def draw(self, reply: Reply, style: Style, job: Job, preview: bytes | None, texts: Sequence[str]) -> Page:
        """The message; a preview is made to fit in a thread."""
        if preview is None:
            return unfinished(reply, style, job, texts=texts)
        return await asyncio.to_thread(unfinished, reply, style, job, preview)

    async def show(self, job_id: str, origin: Origin, page: Page) -> Origin | None:
        """Edit it, as soon as Discord can be reached; None when the message is gone."""
        return origin if await self._outlet.edit(origin, page) else None
