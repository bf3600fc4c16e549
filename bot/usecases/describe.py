"""Pictures in words: for captions about them, for prompts that begin from them, and for who cannot see them."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot import prompting
from bot.domain.errors import NoAnswer, Reason
from bot.domain.identity import Origin
from bot.domain.moderation import Decision, ModerationPolicy, Stage
from bot.domain.requests import CaptionRequest, MemberRequest, MorphRequest, prompt_of
from bot.ports import EngineClient, Moderator
from bot.usecases.made import Made
from bot.usecases.screen import judged
from bot.usecases.sentences import engine_reason
from bot.usecases.submit import Desk
from bot.usecases.upload import check_upload
from engines.contract import Description, EngineError, ImageToText

SURE = 0.5
"""Confidence below which a description is told with a hedge, and is no alt text."""
WAIT = 20.0
"""Seconds that a finished picture waits for its alt text, and a person for a description."""
PLAIN = "avatar"
"""The words for a picture in which nothing was read."""


async def description(image: bytes, engine: EngineClient, deadline: float = WAIT) -> Description:
    """What a picture shows; EngineError when that cannot be said."""
    answer = await engine.run(ImageToText(image), deadline=deadline)
    if not isinstance(answer, Description):
        raise EngineError("the engine answered a picture's description with something else")
    return answer


def words_for(seen: Description) -> str:
    """A prompt that would draw such a picture."""
    return seen.prompt.strip() or seen.text.strip() or PLAIN


def words_to_restyle(seen: Description) -> str:
    """The same without the picture's own style, which another takes the place of."""
    return prompting.without_style(words_for(seen)) or PLAIN


async def describe(image: bytes, origin: Origin, desk: Desk) -> Description:
    """What a picture that somebody sent shows, if the screens let it pass; InvalidRequest or NoAnswer otherwise."""
    await check_upload(image, origin, desk)
    try:
        return await description(image, desk.engine)
    except EngineError as error:
        reason = engine_reason(error)
        raise NoAnswer(reason.message, **reason.values()) from error


async def about(
    request: CaptionRequest,
    image: bytes,
    engine: EngineClient,
    moderator: Moderator,
    policy: ModerationPolicy,
    terms: Sequence[str],
    deadline: float,
) -> tuple[CaptionRequest, Reason, Decision]:
    """A request for captions about what the picture shows, the sentence that says so, and the screens' verdict."""
    seen = await description(image, engine, deadline)
    words = seen.text.strip()
    decision = await judged([moderator.screen_text(words, terms)], policy, Stage.CAPTION)
    topic = ": ".join(part for part in (request.topic, words.rstrip(".")) if part)
    sentence = "caption-seen" if seen.confidence >= SURE else "caption-seen-unsure"
    return replace(request, topic=topic or PLAIN), Reason.of(sentence, seen=words), decision


async def with_alt(made: Made, request: MemberRequest, images: Sequence[bytes], engine: EngineClient) -> Made:
    """The same with alt text: what is seen, else the words that asked for it; a comfort, so nothing fails for it."""
    if isinstance(request, MorphRequest):
        seen = await asyncio.gather(*(_seen(image, engine) for image in images))
        moving = "; ".join(filter(None, (text.rstrip(".") for text in seen)))
        alts = [f"Animation: {moving}." if moving else "" for _ in made.pictures]
    else:
        alts = await asyncio.gather(*(_seen(picture.data, engine) for picture in made.pictures))
    words = prompt_of(request)
    pictures = zip(made.pictures, alts, strict=True)
    return replace(made, pictures=tuple(replace(picture, alt=alt or words) for picture, alt in pictures))


async def _seen(image: bytes, engine: EngineClient) -> str:
    try:
        seen = await description(image, engine)
    except EngineError:
        return ""
    return seen.text.strip() if seen.confidence >= SURE else ""
