"""How unfinished work looks on Telegram: a message of its own that is edited where there is room to spare.

In a group, where twenty messages a minute are all there is, it says that it works and no more; alone with a member
it shows previews and the words as they come.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from telegram.constants import ChatAction
from telegram.error import TelegramError

from adapters.chat.wording import Style
from adapters.presentation import Reply, of_view
from adapters.telegram.answer import Answers
from adapters.telegram.budget import Priority
from adapters.telegram.outlet import Outlet
from adapters.telegram.page import Page
from adapters.telegram.place import Place, message_ids
from adapters.telegram.render import unfinished
from bot.domain.identity import Origin
from bot.domain.jobs import Job, JobStatus, JobView
from bot.ports import AddresseeGone, PlatformBusy

FIRST = 0.0
"""Seconds before the message is sent: nobody should wonder whether they were heard."""
PAUSE = 2.0
"""Seconds between two edits of a message."""
_ACTIONS = {"caption": ChatAction.TYPING, "morph": ChatAction.UPLOAD_VIDEO}
"""What the bot seems to do meanwhile; else it sends a photo."""


class TelegramFace:
    """Draws and edits; what lives is in adapters/chat/living.py."""

    def __init__(self, outlet: Outlet, answers: Answers) -> None:
        self._outlet = outlet
        self._answers = answers

    @property
    def first(self) -> float:
        """Seconds before the message is sent."""
        return FIRST

    @property
    def pause(self) -> float:
        """Seconds between two edits of a message."""
        return PAUSE

    async def draw(self, reply: Reply, style: Style, job: Job, preview: bytes | None, texts: Sequence[str]) -> Page:
        """The message; in a group without what changes all the time."""
        if Place.of(job.origin.channel_id).is_group and job.status is JobStatus.RUNNING:
            return unfinished(of_view(JobView(job)), style, job)
        if preview is None:
            return unfinished(reply, style, job, texts=texts)
        return await asyncio.to_thread(unfinished, reply, style, job, preview)

    async def show(self, job_id: str, origin: Origin, page: Page) -> Origin | None:
        """Send it the first time, edit it then."""
        job = await self._answers.job(job_id)
        try:
            if not message_ids(job.origin):
                placed, _ = await self._answers.place(job_id, job.origin, page, Priority.STATUS)
                return placed
            with suppress(PlatformBusy, TelegramError):
                await self._act(job)
            return await self._answers.show(job_id, job.origin, page, Priority.PROGRESS)
        except AddresseeGone:
            # Muted or thrown out: the result finds its own way.
            return None

    async def _act(self, job: Job) -> None:
        """'is sending a photo ...', where the chat has room for that."""
        place = Place.of(job.origin.channel_id)
        if job.status is JobStatus.RUNNING:
            action = _ACTIONS.get(job.kind, ChatAction.UPLOAD_PHOTO)
            await self._outlet.bot.send_chat_action(
                place.chat_id, action, place.thread_id, rate_limit_args=Priority.PROGRESS
            )
