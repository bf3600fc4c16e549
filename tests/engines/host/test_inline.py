"""The worker behind the inline host: what it does with orders, without a process between."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engines.contract import (
    Cancelled,
    Embeddings,
    EngineError,
    EngineOptions,
    EngineUnreachable,
    FeatureExtraction,
    Images,
    InvalidInput,
    ModelUnavailable,
    Progress,
    TextGeneration,
    TextToImage,
)
from engines.host.inline import InlineHost
from tests.engines.host.fake import MODELS, answer
from tests.engines.host.waiting import until


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[InlineHost]:
    host = InlineHost(EngineOptions(tmp_path), MODELS)
    await host.start()
    yield host
    await host.aclose()


async def behind_a_busy_engine(host: InlineHost, *requests: TextToImage) -> list[Images | BaseException]:
    """Run the requests together, having kept the engine busy until all of them wait."""
    busy = asyncio.create_task(host.run(TextToImage("work:0.1", num_inference_steps=99)))
    await until(lambda: host.status()[0].loaded)
    answers = await asyncio.gather(*(host.run(request) for request in requests), return_exceptions=True)
    await busy
    return [answer for answer in answers if isinstance(answer, Images | BaseException)]


async def test_each_task_has_its_lane(host: InlineHost) -> None:
    assert await host.run(TextToImage("a", seed=3)) == answer(TextToImage("a", seed=3), 1)
    assert await host.run(FeatureExtraction(("ab",))) == Embeddings(((2.0,),), "fake")
    assert [lane.loaded for lane in host.status()] == [("text-to-image: embedded",), ("feature-extraction: embedded",)]


async def test_requests_with_equal_keys_share_batches_of_at_most_eight(host: InlineHost) -> None:
    requests = [TextToImage(f"p{i}", seed=i, num_inference_steps=4) for i in range(10)]
    answers = await behind_a_busy_engine(host, *requests)
    assert answers == [answer(request, 8 if request.seed < 8 else 2) for request in requests]


async def test_an_urgent_model_goes_before_whatever_waits(host: InlineHost) -> None:
    order: list[str] = []

    async def ask(request: TextToImage) -> None:
        await host.run(request)
        order.append(request.prompt)

    await host.run(TextToImage("load it", model="urgent"))
    busy = asyncio.create_task(host.run(TextToImage("work:0.1", num_inference_steps=99)))
    await until(lambda: len(host.status()[0].loaded) == 2)
    waiting = [TextToImage(f"{steps} steps", num_inference_steps=steps) for steps in (4, 5)]
    await asyncio.gather(*(ask(request) for request in (*waiting, TextToImage("urgent", model="urgent"))), busy)
    assert order == ["urgent", "4 steps", "5 steps"]


async def test_num_images_fill_places(host: InlineHost) -> None:
    requests = [TextToImage("p", num_images=5), TextToImage("p", num_images=5), TextToImage("p", num_images=3)]
    assert await behind_a_busy_engine(host, *requests) == [answer(requests[0], n) for n in (2, 1, 2)]


async def test_an_exception_fails_only_its_own_request(host: InlineHost, caplog: pytest.LogCaptureFixture) -> None:
    good, also_good, raises, refused, bad_key = await behind_a_busy_engine(
        host, *(TextToImage(prompt) for prompt in ("good", "also good", "raise", "invalid", "bad key"))
    )
    assert isinstance(good, Images) and isinstance(also_good, Images)
    assert type(raises) is EngineError
    assert isinstance(refused, InvalidInput) and isinstance(bad_key, InvalidInput)
    assert "secret" not in str(raises) + caplog.text, "an exception's message may quote a prompt"


async def test_a_model_that_cannot_load_fails_its_requests_and_no_others(host: InlineHost) -> None:
    with pytest.raises(ModelUnavailable, match=r"weights\.safetensors is missing"):
        await host.run(TextToImage("a", model="broken"))
    assert isinstance(await host.run(TextToImage("a")), Images)


async def test_an_unknown_model_is_refused_with_the_known_names(host: InlineHost) -> None:
    with pytest.raises(ModelUnavailable, match=r"'other'\. Known: broken, embedded, slow, urgent"):
        await host.run(TextToImage("a", model="other"))
    with pytest.raises(ModelUnavailable, match="No model serves text-generation"):
        await host.run(TextGeneration(()))


async def test_cancelling_one_of_a_batch_frees_it_at_once_and_spares_the_others(host: InlineHost) -> None:
    busy = asyncio.create_task(host.run(TextToImage("work:0.1", num_inference_steps=99)))
    await until(lambda: host.status()[0].loaded)
    kept = asyncio.create_task(host.run(TextToImage("work:0.4")))
    dropped = asyncio.create_task(host.run(TextToImage("work:0.4", seed=1), deadline=0.2))
    with pytest.raises(Cancelled, match=r"longer than 0\.2 seconds"):
        await dropped
    await until(lambda: host.status()[0].pending == 1)
    assert not kept.done()
    assert await kept == answer(TextToImage("work:0.4"), 2)
    await busy


async def test_a_cancelled_batch_stops_between_steps(host: InlineHost) -> None:
    task = asyncio.create_task(host.run(TextToImage("work:30")))
    await until(lambda: host.status()[0].loaded)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: host.status()[0].pending == 0)


async def test_a_waiting_request_is_cancelled_without_being_run(host: InlineHost) -> None:
    busy = asyncio.create_task(host.run(TextToImage("work:0.3", num_inference_steps=99)))
    await until(lambda: host.status()[0].loaded)
    with pytest.raises(Cancelled):
        await host.run(TextToImage("raise"), deadline=0.01)
    await until(lambda: host.status()[0].pending == 1)
    await busy
    assert host.status()[0].batches == 1


async def test_progress_is_throttled_and_a_failing_callback_harms_nothing(host: InlineHost) -> None:
    seen: list[Progress] = []

    def show(progress: Progress) -> None:
        seen.append(progress)
        raise RuntimeError("a page went away")

    await host.run(TextToImage("work:0.35"), on_progress=show)
    assert 2 <= len(seen) <= 4


async def test_a_closed_host_answers_unreachable(host: InlineHost) -> None:
    waiting = asyncio.create_task(host.run(TextToImage("work:30")))
    await until(lambda: host.status()[0].loaded)
    await host.aclose()
    with pytest.raises((EngineUnreachable, Cancelled)):
        await waiting
    with pytest.raises(EngineUnreachable, match="not running"):
        await host.run(TextToImage("a"))
