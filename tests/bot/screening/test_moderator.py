import asyncio
from collections.abc import Callable

import pytest

from bot.domain.errors import InvalidRequest
from bot.domain.moderation import Category, ModerationPolicy, Verdict, decide
from bot.ports import OnProgress
from bot.screening.moderator import Screens
from engines.contract import (
    EngineUnreachable,
    ImageClassification,
    InvalidInput,
    ModelUnavailable,
    Request,
    Result,
    Scores,
    TextClassification,
    Texts,
)

CALM = {"sexual": 0.02, "violence": 0.0, "hate": 0.0, "harassment": 0.0, "self-harm": 0.0, "illegal": 0.0}


class Classifiers:
    """Answers every text and picture with the same scores, or with what `answer` makes of the request."""

    def __init__(self, answer: Callable[[Request], Result] | None = None) -> None:
        self.answer = answer or self._calm
        self.requests: list[Request] = []

    async def run(
        self, request: Request, on_progress: OnProgress | None = None, deadline: float | None = None
    ) -> Result:
        self.requests.append(request)
        return self.answer(request)

    @staticmethod
    def _calm(request: Request) -> Result:
        assert isinstance(request, TextClassification | ImageClassification)
        inputs = request.texts if isinstance(request, TextClassification) else request.images
        return Scores(tuple(CALM for _ in inputs), "fake")


class Silent(Classifiers):
    async def run(
        self, request: Request, on_progress: OnProgress | None = None, deadline: float | None = None
    ) -> Result:
        await asyncio.Event().wait()
        raise AssertionError


def raising(error: Exception) -> Classifiers:
    def answer(request: Request) -> Result:
        raise error

    return Classifiers(answer)


async def test_rules_and_classifier_speak_together() -> None:
    engine = Classifiers(lambda request: Scores(({**CALM, "violence": 0.7},), "fake"))
    seen = await Screens(engine).screen_text("a nude lady")
    assert {(signal.category, signal.source) for signal in seen} == {
        (Category.SEXUAL, "rules:en"),
        (Category.SEXUAL, "classifier:text"),
        (Category.VIOLENCE, "classifier:text"),
    }


async def test_the_classifier_reads_the_text_without_its_disguise() -> None:
    engine = Classifiers()
    await Screens(engine).screen_text("(K1LL:1.2) them")
    assert engine.requests == [TextClassification(("kill them",))]


async def test_many_texts_are_one_question_and_keep_their_order() -> None:
    engine = Classifiers()
    seen = await Screens(engine).screen_texts(["a cat", "porn", "a dog"])
    assert len(engine.requests) == 1
    assert [decide(signals, ModerationPolicy()).verdict for signals in seen] == ["allow", "block", "allow"]
    assert await Screens(engine).screen_texts([]) == []


@pytest.mark.parametrize(
    "engine",
    [
        raising(EngineUnreachable("gone")),
        raising(ModelUnavailable("no weights")),
        raising(InvalidInput("no")),
        raising(ZeroDivisionError()),
        Silent(),
        Classifiers(lambda request: Scores((), "fake")),
        Classifiers(lambda request: Scores(({"sexual": 0.1},), "fake")),
        Classifiers(lambda request: Scores(({**CALM, "hate": float("nan")},), "fake")),
        Classifiers(lambda request: Scores(({**CALM, "hate": -3.0},), "fake")),
        Classifiers(lambda request: Texts(("hi",), ("stop",), "fake", 1, 0.0)),
    ],
)
async def test_a_broken_classifier_holds_and_the_rules_still_speak(engine: Classifiers) -> None:
    screens = Screens(engine, wait=0.05)
    calm, porn = await screens.screen_text("a cat"), await screens.screen_text("porn")
    assert decide(calm, ModerationPolicy()).verdict is Verdict.HOLD
    assert [signal.category for signal in calm] == [Category.UNSCREENED]
    assert decide(porn, ModerationPolicy()).verdict is Verdict.BLOCK


async def test_pictures_are_asked_about_and_fail_closed() -> None:
    good = Screens(Classifiers(lambda request: Scores(({"sexual": 0.97},), "fake")))
    assert decide(await good.screen_image(b"png"), ModerationPolicy()).verdict is Verdict.BLOCK
    broken = Screens(raising(EngineUnreachable("gone")))
    assert [signal.category for signal in await broken.screen_image(b"png")] == [Category.UNSCREENED]


async def test_an_unreadable_picture_is_the_members_mistake() -> None:
    with pytest.raises(InvalidRequest) as caught:
        await Screens(raising(InvalidInput("The picture is damaged or cut off."))).screen_image(b"GIF")
    assert caught.value.reason.message == "image-unreadable"


async def test_a_cancelled_screen_is_cancelled() -> None:
    task = asyncio.create_task(Screens(Silent()).screen_text("a cat"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


class Loading(Classifiers):
    async def run(
        self, request: Request, on_progress: OnProgress | None = None, deadline: float | None = None
    ) -> Result:
        await asyncio.sleep(0.2)
        return await super().run(request)


async def test_a_member_does_not_wait_for_a_model_that_loads_but_a_batch_does() -> None:
    screens = Screens(Loading(), wait=0.01, batch_wait=10)
    assert [signal.category for signal in await screens.screen_text("a cat")] == [Category.UNSCREENED]
    (seen,) = await screens.screen_texts(["a cat"])
    assert Category.UNSCREENED not in {signal.category for signal in seen}


async def test_the_owners_guard_is_a_second_opinion_and_fails_closed() -> None:
    def answer(request: object) -> Scores:
        assert isinstance(request, TextClassification)
        score = 0.8 if request.model == "guard" else 0.0
        return Scores(tuple(dict.fromkeys(CALM, score) for _ in request.texts), "fake")

    signals = await Screens(Classifiers(answer), guard=True).screen_text("a knight")
    assert {(signal.source, signal.score) for signal in signals} == {("classifier:guard", 0.8)}

    def broken(request: object) -> Scores:
        assert isinstance(request, TextClassification)
        if request.model == "guard":
            raise EngineUnreachable("gone")
        return answer(request)

    signals = await Screens(Classifiers(broken), guard=True).screen_text("a knight")
    assert [signal.category for signal in signals] == [Category.UNSCREENED]
