"""Who is sent first, who waits, and what becomes of those who are stopped."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram.error import RetryAfter

from adapters.telegram.budget import Budget, Priority
from adapters.telegram.journal import Journal
from adapters.telegram.limits import Limits
from bot.ports import PlatformBusy

LIMITS = replace(Limits().faster(50), group=3)
GROUP, OTHER, PRIVATE = -100, -200, 300


class Line:
    """Requests that go through a budget; each is on its way until it is let go, at once unless `slow`."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.sent: list[str] = []
        self.times: list[float] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: Exception | None = None
        self._came = asyncio.Event()

    def ask(
        self, name: str, chat: int | None, priority: Priority | None = None, method: str = "sendMessage", album: int = 0
    ) -> "asyncio.Task[Any]":
        """Want something sent."""

        async def send() -> str:
            self.sent.append(name)
            self.times.append(time.monotonic())
            self._came.set()
            await self.gate.wait()
            if error := self.error:
                self.error = None
                raise error
            return name

        data = ({} if chat is None else {"chat_id": chat}) | ({"media": [0] * album} if album else {})
        return asyncio.create_task(self.budget.process_request(send, (), {}, method, data, priority))

    async def until(self, count: int) -> None:
        """Wait until so many were sent."""
        async with asyncio.timeout(5):
            while len(self.sent) < count:
                self._came.clear()
                await self._came.wait()


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    budget = Budget(Journal(tmp_path, LIMITS.minute), LIMITS)
    await budget.initialize()
    yield Line(budget)
    await budget.shutdown()


async def asked(line: Line, *names: str, chat: int = PRIVATE) -> "list[asyncio.Task[Any]]":
    """Requests named after their priorities, all waiting behind one that is on its way."""
    line.gate.clear()
    tasks = [line.ask("first", chat)]
    await line.until(1)
    tasks += [line.ask(name, chat, Priority[name.rstrip("0123456789").upper()]) for name in names]
    await asyncio.sleep(0)
    return tasks


async def test_results_go_before_answers_and_answers_before_status(line: Line) -> None:
    tasks = await asked(line, "status", "answer1", "result1", "answer2", "result2")
    line.gate.set()
    assert await asyncio.gather(*tasks) == ["first", "status", "answer1", "result1", "answer2", "result2"]
    assert line.sent == ["first", "result1", "result2", "answer1", "answer2", "status"]


async def test_without_a_priority_it_is_an_answer(line: Line) -> None:
    tasks = await asked(line, "status", "result")
    tasks.append(line.ask("plain", PRIVATE))
    line.gate.set()
    await asyncio.gather(*tasks)
    assert line.sent == ["first", "result", "plain", "status"]


async def test_one_chat_has_one_message_under_way_and_a_pause_after_it(line: Line) -> None:
    tasks = await asked(line, "answer1", "answer2")
    await asyncio.sleep(2 * LIMITS.second)
    assert line.sent == ["first"], "the pause begins when Telegram has answered"
    line.gate.set()
    let_go = time.monotonic()
    await asyncio.gather(*tasks)
    assert line.times[1] - let_go >= LIMITS.second and line.times[2] - line.times[1] >= LIMITS.second


async def test_a_chat_that_is_full_holds_up_no_other(line: Line) -> None:
    full = [line.ask(f"group{number}", GROUP, Priority.RESULT) for number in range(5)]
    await line.until(3)
    await asyncio.sleep(2 * LIMITS.second)
    assert line.sent == ["group0", "group1", "group2"]
    began = time.monotonic()
    assert await line.ask("other", OTHER, Priority.STATUS) == "other"
    assert await line.ask("private", PRIVATE, Priority.STATUS) == "private"
    assert await line.ask("whoami", None, Priority.STATUS, "getMe") == "whoami"
    assert time.monotonic() - began < LIMITS.minute / 2
    assert not full[3].done() and not full[4].done()
    await asyncio.gather(*full)
    assert line.times[-1] - line.times[0] >= LIMITS.minute


async def test_what_tells_or_asks_passes_a_chat_that_is_full(line: Line) -> None:
    full = [line.ask(f"{number}", GROUP) for number in range(4)]
    await line.until(3)
    assert await line.ask("typing", GROUP, Priority.ANSWER, "sendChatAction") == "typing"
    assert await line.ask("rank", GROUP, Priority.ANSWER, "getChatMember") == "rank"
    assert not full[3].done()
    await asyncio.gather(*full)


async def test_nobody_overtakes_an_album_that_waits_for_its_chat(line: Line) -> None:
    await line.ask("first", GROUP)
    album = line.ask("album", GROUP, Priority.ANSWER, "sendMediaGroup", album=3)
    singles = [line.ask("single", GROUP) for _ in range(2)]
    await asyncio.sleep(4 * LIMITS.second)
    assert line.sent == ["first"]
    await asyncio.gather(album, *singles)
    assert line.sent == ["first", "album", "single", "single"]


# ------------------------------------------------------------------------------------------------------- progress


async def test_progress_is_sent_where_there_is_room(line: Line) -> None:
    assert await line.ask("progress", GROUP, Priority.PROGRESS) == "progress"


async def test_progress_fails_at_once_where_there_is_none(line: Line) -> None:
    line.gate.clear()
    busy = line.ask("first", GROUP)
    await line.until(1)
    for chat in (GROUP, GROUP):
        with pytest.raises(PlatformBusy) as refused:
            await line.ask("progress", chat, Priority.PROGRESS)
        assert refused.value.retry_after > 0
    line.gate.set()
    await busy
    with pytest.raises(PlatformBusy):
        await line.ask("progress", GROUP, Priority.PROGRESS)
    assert line.sent == ["first"]


async def test_progress_leaves_the_rest_of_a_groups_minute_to_what_matters(line: Line) -> None:
    for number in range(2):
        await line.ask(f"{number}", GROUP)
    await asyncio.sleep(2 * LIMITS.second)
    with pytest.raises(PlatformBusy):
        await line.ask("progress", GROUP, Priority.PROGRESS)
    assert await line.ask("result", GROUP, Priority.RESULT) == "result"


async def test_progress_never_waits_for_the_answers_to_others(line: Line) -> None:
    line.gate.clear()
    tasks = [line.ask(f"{chat}", chat) for chat in range(1, LIMITS.all_chats + 1)]
    await line.until(LIMITS.all_chats)
    with pytest.raises(PlatformBusy):
        await line.ask("progress", 1000, Priority.PROGRESS)
    line.gate.set()
    await asyncio.gather(*tasks)


# -------------------------------------------------------------------------------------------------------- stopped


async def test_who_is_stopped_while_waiting_leaves_no_gap(line: Line) -> None:
    tasks = await asked(line, "result", "answer", "status")
    tasks[1].cancel()
    tasks[2].cancel()
    line.gate.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert line.sent == ["first", "status"]
    assert await line.ask("next", PRIVATE) == "next"


async def test_who_is_stopped_on_the_way_frees_the_chat_and_is_counted(line: Line) -> None:
    tasks = await asked(line, "answer")
    stopped_at = time.monotonic()
    tasks[0].cancel()
    await line.until(2)
    assert line.times[1] - stopped_at >= LIMITS.second
    line.gate.set()
    assert await tasks[1] == "answer"


async def test_who_is_stopped_in_the_moment_of_being_let_in_takes_nobodys_place(line: Line) -> None:
    await line.ask("first", PRIVATE)
    waiting = line.ask("second", PRIVATE)
    await asyncio.sleep(0)
    time.sleep(1.5 * LIMITS.second)
    line.budget._admit()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert line.sent == ["first"]
    assert await line.ask("third", PRIVATE) == "third"
    assert line.budget._windows.under_way == 0


async def test_somebody_elses_turn_comes_while_one_is_being_stopped(line: Line) -> None:
    await line.ask("first", PRIVATE)
    waiting = line.ask("second", PRIVATE)
    await asyncio.sleep(0)
    time.sleep(1.5 * LIMITS.second)
    waiting.cancel()
    line.budget._admit()
    assert await line.ask("third", PRIVATE) == "third"
    assert waiting.cancelled() and line.budget._windows.under_way == 0


async def test_one_may_ask_whether_something_was_sent_yet(line: Line) -> None:
    first, second = await asked(line, "status")
    assert not line.budget.waits(first) and line.budget.waits(second)
    line.gate.set()
    await second
    assert not line.budget.waits(second)


async def test_nobody_waits_for_a_bot_that_left(line: Line) -> None:
    first, second = await asked(line, "answer")
    await line.budget.shutdown()
    with pytest.raises(PlatformBusy):
        await second
    line.gate.set()
    await first


# ---------------------------------------------------------------------------------------------------------- floods


async def flooded(line: Line, chat: int | None, seconds: int, method: str = "sendMessage") -> float:
    line.error = RetryAfter(seconds)
    with pytest.raises(RetryAfter):
        await line.ask("flooded", chat, method=method)
    return time.monotonic()


@pytest.mark.parametrize("method", ["sendMessage", "sendChatAction"])
async def test_a_chat_that_asks_for_silence_gets_it_and_no_other(method: str, line: Line) -> None:
    at = await flooded(line, PRIVATE, 1, method)
    waiting = line.ask("later", PRIVATE, Priority.RESULT)
    assert await line.ask("other", OTHER) == "other"
    assert time.monotonic() - at < 0.5
    with pytest.raises(PlatformBusy) as refused:
        await line.ask("progress", PRIVATE, Priority.PROGRESS)
    assert refused.value.retry_after > 0.5
    await waiting
    assert time.monotonic() - at >= 0.99


async def test_silence_asked_for_without_a_chat_is_for_all(line: Line) -> None:
    at = await flooded(line, None, 1, "answerCallbackQuery")
    assert await line.ask("later", PRIVATE, Priority.RESULT) == "later"
    assert time.monotonic() - at >= 0.99


async def test_too_many_commands_set_are_no_reason_to_be_silent(line: Line) -> None:
    await flooded(line, None, 1000, "setMyCommands")
    assert await line.ask("result", PRIVATE, Priority.RESULT) == "result"


async def test_what_fails_is_counted_and_frees_the_chat(line: Line) -> None:
    line.error = ValueError("no")
    with pytest.raises(ValueError, match="no"):
        await line.ask("first", PRIVATE)
    failed_at = line.times[0]
    await line.ask("second", PRIVATE)
    assert line.times[1] - failed_at >= LIMITS.second


# ------------------------------------------------------------------------------------------------ across processes


async def test_a_minute_is_not_begun_anew_by_a_restart(tmp_path: Path) -> None:
    killed = Line(Budget(Journal(tmp_path, LIMITS.minute), LIMITS))
    await killed.budget.initialize()
    for number in range(3):
        await killed.ask(f"{number}", GROUP)
    # No goodbye.
    line = Line(Budget(Journal(tmp_path, LIMITS.minute), LIMITS))
    await line.budget.initialize()
    assert await line.ask("other", OTHER) == "other"
    await line.ask("next", GROUP)
    assert line.times[-1] - killed.times[0] >= LIMITS.minute - 0.01
    for each in (killed, line):
        await each.budget.shutdown()


async def test_a_clock_that_is_set_makes_nobody_wait(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    await line.ask("first", PRIVATE)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    async with asyncio.timeout(1):
        assert await line.ask("second", PRIVATE) == "second"


async def test_a_full_disk_keeps_no_message_back(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.write", full)
    assert await line.ask("first", PRIVATE) == "first"


# ----------------------------------------------------------------------------------------------------- all together


wish = st.tuples(
    st.sampled_from((GROUP, OTHER, 1, 2, 3, None)),
    st.sampled_from((Priority.RESULT, Priority.ANSWER, Priority.STATUS)),
    st.sampled_from((0, 0, 0, 2)),
    st.sampled_from((False, False, False, True)),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes=st.lists(wish, max_size=25))
async def test_everything_is_sent_once_though_some_are_stopped(
    wishes: list[tuple[int | None, Priority, int, bool]], tmp_path: Path
) -> None:
    limits = Limits(5, 0.002, 3, 0.02)
    (tmp_path / "telegram-sent.log").unlink(missing_ok=True)
    line = Line(Budget(Journal(tmp_path, limits.minute), limits))
    await line.budget.initialize()
    tasks = []
    for number, (chat, priority, album, _) in enumerate(wishes):
        method = "getMe" if chat is None else "sendMediaGroup" if album else "sendMessage"
        tasks.append(line.ask(f"{number}", chat, priority, method, album if chat else 0))
        await asyncio.sleep(0)
    for task, (*_, stopped) in zip(tasks, wishes, strict=True):
        if stopped:
            task.cancel()
            await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await asyncio.gather(*tasks, return_exceptions=True)
    kept = [f"{number}" for number, (*_, stopped) in enumerate(wishes) if not stopped]
    assert set(kept) <= set(line.sent) and len(set(line.sent)) == len(line.sent)
    assert line.budget._windows.under_way == 0 and not line.budget._queue and not line.budget._busy
    await line.budget.shutdown()
