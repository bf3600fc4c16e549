"""What of an unfinished work may be shown in public: nothing that the screens did not let through."""

import asyncio

from bot.domain.errors import HuashenError
from bot.domain.moderation import ModerationPolicy, Verdict
from bot.ports import Moderator
from bot.usecases.screen import judged
from engines.contract import ImageProgress, Progress, TextProgress


async def showable(progress: Progress, moderator: Moderator, policy: ModerationPolicy) -> Progress | None:
    """The progress with what passed; None when there is nothing to show. A text that did not pass is left empty."""
    if isinstance(progress, ImageProgress):
        return progress if progress.preview and await _picture_passes(progress.preview, moderator, policy) else None
    texts = await asyncio.gather(*(_passing(text, moderator, policy) for text in progress.texts))
    return TextProgress(tuple(texts), progress.tokens) if any(texts) else None


async def _picture_passes(picture: bytes, moderator: Moderator, policy: ModerationPolicy) -> bool:
    try:
        decision = await judged([moderator.screen_image(picture)], policy)
    except HuashenError:
        # Not even a picture: what cannot be looked at is not shown.
        return False
    return decision.verdict is Verdict.ALLOW


async def _passing(text: str, moderator: Moderator, policy: ModerationPolicy) -> str:
    if not text.strip():
        return ""
    try:
        decision = await judged([moderator.screen_text(text)], policy)
    except HuashenError:
        return ""
    return text if decision.verdict is Verdict.ALLOW else ""
