"""What the owner reads while the models load, and when a platform cannot be reached."""

import asyncio
from collections.abc import Callable

from adapters.web.messenger import WebMessenger
from bot.domain.errors import NotAllowed, Reason
from bot.domain.identity import Platform
from bot.i18n import translator
from bot.platforms import Connection
from bot.ports import ModelNews
from bot.runtime.background import in_background
from bot.runtime.events import LocalEvents
from bot.serve import WARM, _listening, _tell_of_models

READY = "All models are ready."


def loaded(task: str) -> ModelNews:
    return ModelNews(task, "default", 1.0, None)


def test_the_last_model_to_load_is_the_end_of_the_wait_and_a_reload_is_not() -> None:
    heard: list[str] = []
    tell = _tell_of_models(translator("en"), heard.append)
    for task in WARM:
        assert READY not in heard
        tell(ModelNews(task, "default", None, None))
        tell(loaded(task))
    tell(loaded(WARM[0]))
    assert heard.count(READY) == 1


def test_not_all_is_ready_when_a_model_could_not_load() -> None:
    heard: list[str] = []
    tell = _tell_of_models(translator("en"), heard.append)
    tell(ModelNews(WARM[0], "default", None, "the file is corrupt"))
    for task in WARM[1:]:
        tell(loaded(task))
    assert READY not in heard
    assert any("the file is corrupt" in line for line in heard)


async def test_a_platform_that_fails_says_so_and_the_others_listen_on() -> None:
    heard: list[str] = []
    stopped = asyncio.Event()

    async def refused(tell: Callable[[Reason], None]) -> None:
        raise NotAllowed("form-foreign")

    async def broken(tell: Callable[[Reason], None]) -> None:
        raise RuntimeError("not a sentence")

    async def well(tell: Callable[[Reason], None]) -> None:
        tell(Reason.of("stop-hint"))
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    runs = (refused, broken, well)
    chats = [Connection(Platform.DISCORD, WebMessenger(LocalEvents()), run) for run in runs]
    async with in_background(_listening(chats, translator("en"), heard.append)):
        async with asyncio.timeout(5):
            while len(heard) < 3:
                await asyncio.sleep(0.01)
        assert not stopped.is_set()
    assert stopped.is_set()
    assert heard[0] == "This was sent from another site, so it was not done."
    assert heard[1].startswith("Discord stopped") and "not a sentence" not in heard[1]


async def test_without_chat_platforms_nothing_ends() -> None:
    async with in_background(_listening([], translator("en"), print)):
        await asyncio.sleep(0.01)
