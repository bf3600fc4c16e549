"""The process host: real children, killed, hung, cancelled and orphaned."""

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engines.contract import (
    Cancelled,
    EngineError,
    EngineOptions,
    EngineUnreachable,
    FeatureExtraction,
    ImageProgress,
    Images,
    ModelUnavailable,
    Progress,
    TextToImage,
)
from engines.host.messages import Loaded, Loading
from engines.host.process import ProcessHost
from tests.engines.host.fake import MODELS, answer
from tests.engines.host.waiting import until


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[ProcessHost]:
    host = ProcessHost(EngineOptions(tmp_path), MODELS, grace=1.0, load_timeout=1.0)
    await host.start()
    yield host
    await host.aclose()


async def begun(host: ProcessHost, request: TextToImage) -> asyncio.Task[object]:
    """Return the task of a request whose model is loaded and which is about to run."""
    await host.run(TextToImage("first"))
    task: asyncio.Task[object] = asyncio.create_task(host.run(request))
    await asyncio.sleep(0.1)
    return task


async def test_answers_and_large_answers_come_through(host: ProcessHost) -> None:
    request = TextToImage("size:3000000", seed=5, image=b"\x00" * 1_000_000)
    assert await host.run(request) == answer(request, 1, 3_000_000)


@pytest.mark.parametrize("death", ["kill", "exit"])
async def test_a_dead_child_fails_its_requests_and_the_next_ones_work(host: ProcessHost, death: str) -> None:
    pid = host.status()[0].pid
    dying, beside = await asyncio.gather(
        host.run(TextToImage(death)), host.run(TextToImage("a", num_inference_steps=1)), return_exceptions=True
    )
    assert isinstance(dying, EngineUnreachable)
    assert isinstance(beside, EngineUnreachable | Images)
    assert isinstance(await host.run(TextToImage("a")), Images)
    status = host.status()[0]
    assert status.alive and status.restarts == 1 and status.pid != pid
    assert host.status()[1].restarts == 0, "the other lane is untouched"


async def test_kill_9_from_outside_in_the_middle_of_work(host: ProcessHost) -> None:
    task = await begun(host, TextToImage("work:30"))
    pid = host.status()[0].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(EngineUnreachable, match="ended by signal 9"):
        await task
    assert isinstance(await host.run(TextToImage("a")), Images)


async def test_an_engine_that_lost_its_device_gets_a_new_process(host: ProcessHost) -> None:
    with pytest.raises(EngineUnreachable, match="ended with code 70"):
        await host.run(TextToImage("lost"))
    assert isinstance(await host.run(TextToImage("a")), Images)
    assert host.status()[0].restarts == 1


async def test_past_its_deadline_a_request_stops_and_the_child_lives(host: ProcessHost) -> None:
    await host.run(TextToImage("a"))
    start = time.monotonic()
    with pytest.raises(Cancelled):
        await host.run(TextToImage("work:30"), deadline=0.1)
    assert isinstance(await host.run(TextToImage("a")), Images)
    assert time.monotonic() - start < 5
    assert host.status()[0].restarts == 0


async def test_a_hung_engine_is_replaced(host: ProcessHost) -> None:
    await host.run(TextToImage("a"))
    with pytest.raises(Cancelled):
        await host.run(TextToImage("hang:60"), deadline=0.1)
    with pytest.raises(EngineUnreachable):
        await host.run(TextToImage("a"))
    assert isinstance(await host.run(TextToImage("a")), Images)
    assert host.status()[0].restarts == 1


async def test_cancelling_the_task_cancels_the_request(host: ProcessHost) -> None:
    task = await begun(host, TextToImage("work:30"))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: host.status()[0].pending == 0)
    assert host.status()[0].restarts == 0


async def test_a_load_that_never_ends_is_replaced(host: ProcessHost) -> None:
    with pytest.raises(EngineUnreachable):
        await host.run(TextToImage("a", model="slow"))


async def test_errors_keep_their_class_across_the_process(host: ProcessHost) -> None:
    with pytest.raises(ModelUnavailable, match="is missing"):
        await host.run(TextToImage("a", model="broken"))
    with pytest.raises(EngineError, match=r"\(ValueError\)"):
        await host.run(TextToImage("raise"))
    assert host.status()[0].restarts == 0


async def test_requests_made_while_the_child_is_away_wait_for_the_next(host: ProcessHost) -> None:
    with pytest.raises(EngineUnreachable):
        await host.run(TextToImage("kill"))
    requests = [TextToImage("a", seed=seed) for seed in range(4)]
    assert await asyncio.gather(*map(host.run, requests)) == [answer(request, 4) for request in requests]


async def test_the_light_lane_answers_while_the_main_one_works(host: ProcessHost) -> None:
    task = await begun(host, TextToImage("hang:1"))
    await host.run(FeatureExtraction(("a",)))
    assert not task.done()
    assert isinstance(await task, Images)


async def test_progress_arrives_while_the_engine_works(host: ProcessHost) -> None:
    seen: list[Progress] = []
    await host.run(TextToImage("work:0.5"), on_progress=seen.append)
    steps = [progress.step for progress in seen if isinstance(progress, ImageProgress)]
    assert steps == sorted(steps) and 2 <= len(steps) <= 6


async def test_the_event_loop_is_not_stalled_by_a_working_engine(host: ProcessHost) -> None:
    await host.run(TextToImage("a"))

    async def load() -> None:
        for _ in range(10):
            await asyncio.gather(*(host.run(TextToImage("size:150000", seed=seed)) for seed in range(8)))

    lags = []
    work = asyncio.create_task(load())
    while not work.done():
        start = time.perf_counter()
        await asyncio.sleep(0.001)
        lags.append(time.perf_counter() - start - 0.001)
    assert statistics.median(lags) < 0.005


async def test_warm_models_load_by_themselves_and_loads_are_announced(tmp_path: Path) -> None:
    events: list[Loading | Loaded] = []

    def on_load(event: Loading | Loaded) -> None:
        events.append(event)
        raise RuntimeError("a page went away, and that stops nothing")

    host = ProcessHost(EngineOptions(tmp_path), MODELS, warm=["text-to-image"], on_load=on_load)
    await host.start()
    await until(lambda: host.status()[0].loaded)
    await host.aclose()
    assert events[0] == Loading("text-to-image", "embedded")
    assert isinstance(events[1], Loaded) and events[1].error is None


async def test_closing_leaves_no_process(tmp_path: Path) -> None:
    host = ProcessHost(EngineOptions(tmp_path), MODELS)
    await host.start()
    waiting = await begun(host, TextToImage("hang:60"))
    pids = [lane.pid for lane in host.status()]
    await host.aclose()
    with pytest.raises(EngineUnreachable):
        await waiting
    assert not any(pid and alive(pid) for pid in pids)
    assert [lane.alive for lane in host.status()] == [False, False]


def test_kill_9_of_the_parent_leaves_no_orphan() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.engines.host.parent"], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    with parent:
        assert parent.stdout is not None
        pids = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(pids) == 2 and all(map(alive, pids))
        parent.kill()
    end = time.monotonic() + 10
    while any(map(alive, pids)) and time.monotonic() < end:
        time.sleep(0.01)
    assert not any(map(alive, pids))


def alive(pid: int) -> bool:
    """Whether a process runs: one that nobody has reaped yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
    except OSError:
        return False
    return state not in "ZX"
