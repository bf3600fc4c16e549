"""What of an unfinished work may be shown in public: nothing that the screens did not let through."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

from bot.domain.community_policy import CommunityPolicy
from bot.domain.errors import HuashenError
from bot.domain.identity import Origin
from bot.domain.moderation import ModerationPolicy, Stage, Verdict
from bot.ports import Events, JobEvent, Moderator, Transactions
from bot.usecases.policy import current
from bot.usecases.screen import judged
from engines.contract import ImageProgress, Progress, TextProgress


async def showable(
    progress: Progress, moderator: Moderator, policy: CommunityPolicy, origin: Origin
) -> Progress | None:
    """The progress with what passed; None when there is nothing to show. A text that did not pass is left empty."""
    if not policy.unjudged_previews:
        return None
    if isinstance(progress, ImageProgress):
        preview = progress.preview
        return progress if preview and await _picture_passes(preview, moderator, policy.of(origin)) else None
    texts = await asyncio.gather(*(_passing(text, moderator, policy, origin) for text in progress.texts))
    return TextProgress(tuple(texts), progress.tokens) if any(texts) else None


class ScreenedEvents:
    """Events of a member's own jobs, for a face that shows what is unfinished as it comes."""

    def __init__(self, origin: Origin, events: Events, moderator: Moderator, transactions: Transactions) -> None:
        self._origin = origin
        self._events = events
        self._moderator = moderator
        self._transactions = transactions

    def publish(self, event: JobEvent) -> None:
        """Tell whoever watches."""
        self._events.publish(event)

    async def watch(self, member_id: str | None = None) -> AsyncIterator[JobEvent]:
        """The events with as much of the progress as may be shown."""
        policy = await current(self._origin, self._transactions)
        async for event in self._events.watch(member_id):
            if event.progress is None:
                yield event
            else:
                progress = await screened(event.progress, self._moderator, policy, self._origin)
                yield replace(event, progress=progress)


async def screened(progress: Progress, moderator: Moderator, policy: CommunityPolicy, origin: Origin) -> Progress:
    """How far it is, with as much of it as may be shown."""
    if isinstance(progress, ImageProgress):
        bare: Progress = ImageProgress(progress.step, progress.total)
    else:
        bare = TextProgress((), progress.tokens)
    return await showable(progress, moderator, policy, origin) or bare


async def _picture_passes(picture: bytes, moderator: Moderator, policy: ModerationPolicy) -> bool:
    try:
        decision = await judged([moderator.screen_image(picture)], policy, Stage.PICTURE)
    except HuashenError:
        # Not even a picture: what cannot be looked at is not shown.
        return False
    # What would be covered is not shown yet either.
    return decision.verdict is Verdict.ALLOW


async def _passing(text: str, moderator: Moderator, policy: CommunityPolicy, origin: Origin) -> str:
    if not text.strip():
        return ""
    try:
        words = moderator.screen_text(text, policy.own_terms)
        decision = await judged([words], policy.of(origin), Stage.CAPTION)
    except HuashenError:
        return ""
    return text if decision.verdict.passes else ""
