"""The screens: rules at once, classifiers behind EngineClient, and UNSCREENED whenever one of them cannot answer."""

import asyncio
import logging
from collections.abc import Sequence

from bot.domain.errors import InvalidRequest
from bot.domain.moderation import Category, Signal
from bot.ports import EngineClient
from bot.screening import rules
from bot.screening.frames import sample as frames_of
from bot.screening.terms import own_terms
from engines.contract import ImageClassification, InvalidInput, Request, Scores, TextClassification

logger = logging.getLogger(__name__)

TEXT_SOURCE = "classifier:text"
GUARD_SOURCE = "classifier:guard"
PICTURE_SOURCE = "classifier:picture"
WAIT_SECONDS = 60.0
"""What a member waits for a classifier at most; then the request is held. At a first start models are prepared, and a
busy machine takes half a minute to load one: a member waits for that more gladly than for a moderator."""
BATCH_WAIT_SECONDS = 120.0
"""The same for many texts at once: no member waits, but the model may still be loading."""
NEGLIGIBLE = 0.001
"""Scores below say nothing and are left out."""
_TEXT_LABELS = {
    "sexual": Category.SEXUAL,
    "violence": Category.VIOLENCE,
    "hate": Category.HATE,
    "harassment": Category.HARASSMENT,
    "self-harm": Category.SELF_HARM,
    "illegal": Category.ILLEGAL,
}
_PICTURE_LABELS = {"sexual": Category.SEXUAL}


class Screens:
    """The Moderator of the house. It answers in any case; what it could not look at is UNSCREENED."""

    def __init__(
        self,
        engine: EngineClient,
        wait: float = WAIT_SECONDS,
        batch_wait: float = BATCH_WAIT_SECONDS,
        *,
        guard: bool = False,
    ) -> None:
        self._engine = engine
        self._guard = guard
        """Whether the owner's guard model is asked as well."""
        self._wait = wait
        self._batch_wait = batch_wait

    async def screen_text(self, text: str, terms: Sequence[str] = ()) -> Sequence[Signal]:
        """What rules and classifier see in a text; `terms` are words that a community's owner does not want to see."""
        return [*own_terms(text, terms), *(await self._screen_texts([text], self._wait))[0]]

    async def screen_texts(self, texts: Sequence[str]) -> list[Sequence[Signal]]:
        """What rules and classifier see in each of many texts, with one question to the classifier."""
        return await self._screen_texts(texts, self._batch_wait) if texts else []

    async def screen_image(self, image: bytes) -> Sequence[Signal]:
        """What the classifier sees in an encoded picture; InvalidRequest when it is not a readable picture."""
        return (await self._classify(ImageClassification((image,)), 1, self._wait, _PICTURE_LABELS, PICTURE_SOURCE))[0]

    async def screen_animation(self, animation: bytes) -> Sequence[Signal]:
        """What the classifier sees in a sample of the frames, by the worst of them."""
        try:
            frames = tuple(await asyncio.to_thread(frames_of, animation))
        except (OSError, ValueError, MemoryError) as error:
            logger.warning("an animation could not be taken apart: %s", type(error).__name__)
            return _unscreened(1, PICTURE_SOURCE)[0]
        if not frames:
            return _unscreened(1, PICTURE_SOURCE)[0]
        wait = self._wait * len(frames)
        seen = await self._classify(ImageClassification(frames), len(frames), wait, _PICTURE_LABELS, PICTURE_SOURCE)
        worst: dict[Category, Signal] = {}
        for signal in (signal for signals in seen for signal in signals):
            if signal.category not in worst or signal.score > worst[signal.category].score:
                worst[signal.category] = signal
        return list(worst.values())

    async def _screen_texts(self, texts: Sequence[str], wait: float) -> list[Sequence[Signal]]:
        read = [rules.screen(text) for text in texts]
        # The classifier reads the text with its disguises undone; words spelled with digits are unknown to it.
        request = TextClassification(tuple(plain for plain, _ in read))
        asked = [self._classify(request, len(texts), wait, _TEXT_LABELS, TEXT_SOURCE)]
        if self._guard:
            # It reads what was written: guard models are trained on disguises.
            second = TextClassification(tuple(texts), model="guard")
            asked.append(self._classify(second, len(texts), wait, _TEXT_LABELS, GUARD_SOURCE))
        opinions = await asyncio.gather(*asked)
        return [
            [*signals, *(signal for opinion in answers for signal in opinion)]
            for (_, signals), *answers in zip(read, *opinions, strict=True)
        ]

    async def _classify(
        self, request: Request, count: int, wait: float, labels: dict[str, Category], source: str
    ) -> list[list[Signal]]:
        """The classifier's signals about each input; whatever goes wrong, none of them passes unseen."""
        try:
            async with asyncio.timeout(wait):
                result = await self._engine.run(request, deadline=wait)
            if not isinstance(result, Scores) or len(result.scores) != count:
                raise ValueError(f"{source} answered {type(result).__name__} to {count} inputs")
            return [_signals(scores, labels, source) for scores in result.scores]
        except InvalidInput as error:
            if source == PICTURE_SOURCE:
                raise InvalidRequest("image-unreadable") from error
            return _unscreened(count, source)
        except Exception as error:  # a screen that breaks in a new way must hold, too
            logger.warning("%s could not answer: %s", source, type(error).__name__)
            return _unscreened(count, source)


def _signals(scores: dict[str, float], labels: dict[str, Category], source: str) -> list[Signal]:
    """Raises KeyError for a missing label and ValueError for what is no probability: neither may count as harmless."""
    if not all(0 <= scores[label] <= 1 for label in labels):  # false for NaN as well
        raise ValueError("a score is not a probability")
    return [
        Signal(category, round(scores[label], 4), source)
        for label, category in labels.items()
        if scores[label] >= NEGLIGIBLE
    ]


def _unscreened(count: int, source: str) -> list[list[Signal]]:
    return [[Signal(Category.UNSCREENED, 1.0, source)] for _ in range(count)]
