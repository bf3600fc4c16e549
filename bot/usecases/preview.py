"""What of an unfinished work may be shown in public: nothing that the screens did not let through."""

import asyncio

from bot.domain.community_policy import CommunityPolicy
from bot.domain.errors import HuashenError
from bot.domain.identity import Origin
from bot.domain.moderation import ModerationPolicy, Stage, Verdict
from bot.ports import Moderator
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
