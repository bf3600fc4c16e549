"""The picture engine, on a tiny random Stable Diffusion: the code path of any diffusers checkpoint."""

from collections.abc import Callable, Sequence
from io import BytesIO
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

from engines.contract import (
    Cancelled,
    EngineError,
    EngineOptions,
    EngineUnreachable,
    ImageProgress,
    Images,
    InvalidInput,
    ModelUnavailable,
    OutOfMemory,
    Progress,
    Result,
    TextToImage,
)
from engines.diffusion.engine import DiffusionEngine
from engines.diffusion.plan import Facts
from engines.host.inline import InlineHost
from engines.pictures import to_png


def quiet(index: int, progress: Progress) -> None:
    pass


def draw(
    engine: DiffusionEngine,
    *requests: TextToImage,
    report: Callable[[int, Progress], None] = quiet,
    cancelled: Callable[[int], bool] = lambda index: False,
) -> Sequence[Result | EngineError]:
    return engine.run(requests, report, cancelled)


def one(engine: DiffusionEngine, request: TextToImage) -> Images:
    (answer,) = draw(engine, request)
    assert isinstance(answer, Images)
    return answer


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(data)), dtype=int)


def difference(first: bytes, second: bytes) -> int:
    return int(np.abs(pixels(first) - pixels(second)).max())


def test_a_picture_and_what_made_it(engine: DiffusionEngine) -> None:
    answer = one(engine, TextToImage("a red robot", seed=7))
    assert Image.open(BytesIO(answer.images[0])).size == (64, 64)
    assert (answer.seeds, answer.model, answer.num_inference_steps) == ((7,), "tiny", 3)
    assert (answer.guidance_scale, answer.width, answer.height) == (2.0, 64, 64)
    assert answer.images == one(engine, TextToImage("a red robot", seed=7)).images


def test_a_picture_does_not_depend_on_its_neighbours(engine: DiffusionEngine) -> None:
    requests = [TextToImage(f"robot {i}" * i, seed=i) for i in range(8)]
    for together, request in zip(draw(engine, *requests), requests, strict=True):
        assert isinstance(together, Images)
        assert difference(together.images[0], one(engine, request).images[0]) <= 1


def test_several_pictures_count_seeds_upwards_beyond_a_batch(engine: DiffusionEngine) -> None:
    seen: list[Progress] = []
    request = TextToImage("a", seed=20, num_images=10)
    (several,) = draw(engine, request, report=lambda index, progress: seen.append(progress))
    assert isinstance(several, Images) and several.seeds == tuple(range(20, 30))
    assert difference(several.images[9], one(engine, TextToImage("a", seed=29)).images[0]) <= 1
    steps = [progress.step for progress in seen if isinstance(progress, ImageProgress)]
    assert steps == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "other",
    [
        TextToImage("b", seed=1),
        TextToImage("a", seed=2),
        TextToImage("a", "blue", seed=1),
        TextToImage("a", seed=1, guidance_scale=9.0),
        TextToImage("a", seed=1, num_inference_steps=4),
        TextToImage("a", seed=1, lora="bold"),
    ],
)
def test_every_knob_changes_the_picture(engine: DiffusionEngine, other: TextToImage) -> None:
    assert difference(one(engine, TextToImage("a", seed=1)).images[0], one(engine, other).images[0]) > 1


def test_another_size(engine: DiffusionEngine) -> None:
    answer = one(engine, TextToImage("a", width=32, height=96))
    assert Image.open(BytesIO(answer.images[0])).size == (answer.width, answer.height) == (32, 96)


def test_requests_share_a_batch_only_when_they_can(engine: DiffusionEngine) -> None:
    key = engine.batch_key(TextToImage("a", seed=1))
    assert key == engine.batch_key(TextToImage("b", seed=2, num_inference_steps=3))
    assert key != engine.batch_key(TextToImage("a", lora="bold"))
    with pytest.raises(InvalidInput, match="no LoRA named 'other'"):
        engine.batch_key(TextToImage("a", lora="other"))


def test_a_lora_is_switched_on_and_off(engine: DiffusionEngine) -> None:
    plain = one(engine, TextToImage("a"))
    bold = one(engine, TextToImage("a", lora="bold"))
    assert one(engine, TextToImage("a")).images == plain.images
    assert one(engine, TextToImage("a", lora="bold")).images == bold.images


@pytest.mark.parametrize(("lora", "sentence"), [("broken", "does not fit"), ("pickled", "no safetensors file")])
def test_a_lora_that_cannot_be_used_is_said_so_and_harms_no_other(
    engine: DiffusionEngine, lora: str, sentence: str
) -> None:
    plain = one(engine, TextToImage("a"))
    with pytest.raises(ModelUnavailable, match=sentence):
        draw(engine, TextToImage("a", lora=lora))
    assert one(engine, TextToImage("a")).images == plain.images


def picture(colour: str, size: tuple[int, int] = (200, 100)) -> bytes:
    return to_png(Image.new("RGB", size, colour))


def test_image_to_image_starts_from_the_picture(engine: DiffusionEngine) -> None:
    red, blue = picture("red"), picture("blue")
    from_red, from_blue = draw(engine, TextToImage("a", image=red), TextToImage("a", image=blue))
    assert isinstance(from_red, Images) and isinstance(from_blue, Images)
    assert Image.open(BytesIO(from_red.images[0])).size == (64, 64)
    assert difference(from_red.images[0], from_blue.images[0]) > 1
    assert difference(from_red.images[0], one(engine, TextToImage("a", image=red)).images[0]) <= 1


def test_the_less_strength_the_fewer_steps_and_the_closer(engine: DiffusionEngine) -> None:
    unchanged = one(engine, TextToImage("a", image=picture("red"), strength=0.0, num_inference_steps=100)).images[0]
    distances = []
    for strength, steps in [(0.1, 1), (0.5, 5), (1.0, 10)]:
        seen: list[Progress] = []
        request = TextToImage("a", image=picture("red"), strength=strength, num_inference_steps=10)
        (answer,) = draw(engine, request, report=lambda index, progress, seen=seen: seen.append(progress))
        assert isinstance(answer, Images)
        last = seen[-1]
        assert isinstance(last, ImageProgress) and (last.step, last.total) == (steps, steps)
        distances.append(np.abs(pixels(answer.images[0]) - pixels(unchanged)).mean())
    assert distances == sorted(distances)


def test_a_bad_picture_fails_its_own_request_only(engine: DiffusionEngine) -> None:
    good, bad, also_good = draw(
        engine, *(TextToImage("a", image=data) for data in (picture("red"), b"I am text", picture("blue")))
    )
    assert isinstance(good, Images) and isinstance(also_good, Images)
    assert isinstance(bad, InvalidInput)


def test_progress_and_previews(engine: DiffusionEngine) -> None:
    one(engine, TextToImage("a"))  # the first picture teaches the map from latents to colours
    engine._previews._shown = 0.0
    seen: list[tuple[int, Progress]] = []
    draw(engine, TextToImage("a"), TextToImage("b"), report=lambda i, progress: seen.append((i, progress)))
    first = [progress for index, progress in seen if index == 0 and isinstance(progress, ImageProgress)]
    assert [(progress.step, progress.total) for progress in first] == [(1, 3), (2, 3), (3, 3)]
    assert first[0].preview is not None and Image.open(BytesIO(first[0].preview)).format == "WEBP"


def test_a_preview_that_fails_does_not_stop_the_picture(engine: DiffusionEngine) -> None:
    one(engine, TextToImage("a"))
    learned, engine._previews._map = engine._previews._map, torch.zeros(1, 1)
    engine._previews._shown = 0.0
    try:
        one(engine, TextToImage("a"))
    finally:
        engine._previews._map = learned


def test_cancelling_all_stops_between_steps(engine: DiffusionEngine) -> None:
    seen: list[Progress] = []
    answers = draw(
        engine,
        TextToImage("a", num_inference_steps=100),
        TextToImage("b", num_inference_steps=100),
        report=lambda index, progress: seen.append(progress),
        cancelled=lambda index: len(seen) > 2,
    )
    assert all(isinstance(answer, Cancelled) for answer in answers)
    assert len(seen) < 8


def test_cancelling_one_leaves_the_other(engine: DiffusionEngine) -> None:
    _, kept = draw(engine, TextToImage("a"), TextToImage("b"), cancelled=lambda index: index == 0)
    assert isinstance(kept, Images)


class FakePipeline:
    """Draws white pictures, or fails as told, where a real device would."""

    def __init__(self, fail: Callable[[int], object], flagged: bool = False) -> None:
        self.fail, self.flagged, self.batches = fail, flagged, list[int]()
        self.config: dict[str, object] = {}

    def __call__(
        self,
        prompt: list[str],
        generator: list[torch.Generator],
        num_inference_steps: int = 1,
        guidance_scale: float = 1.0,
    ) -> SimpleNamespace:
        self.batches.append(len(prompt))
        self.fail(len(prompt))
        pictures = [Image.new("RGB", (8, 8), "white") for _ in prompt]
        return SimpleNamespace(images=pictures, nsfw_content_detected=[self.flagged] * len(prompt))

    def maybe_free_model_hooks(self) -> None:
        pass


def fake_engine(pipeline: FakePipeline) -> DiffusionEngine:
    return DiffusionEngine(pipeline, Facts("fake", 8, 8, 8, 8, 8, 1, 1.0), {})


def no_more_than(limit: int) -> Callable[[int], None]:
    def fail(count: int) -> None:
        if count > limit:
            raise torch.OutOfMemoryError("no")

    return fail


def test_out_of_memory_halves_the_batch_for_good() -> None:
    pipeline = FakePipeline(no_more_than(4))
    engine = fake_engine(pipeline)
    answers = draw(engine, *(TextToImage("a") for _ in range(8)))
    assert all(isinstance(answer, Images) for answer in answers)
    assert pipeline.batches == [8, 4, 4]
    assert engine.max_batch == 4


@pytest.mark.parametrize(("limit", "batches"), [(0, [1]), (2, [8, 4])])
def test_out_of_memory_again_is_said_so(limit: int, batches: list[int]) -> None:
    pipeline = FakePipeline(no_more_than(limit))
    with pytest.raises(OutOfMemory, match="try a smaller picture"):
        draw(fake_engine(pipeline), *(TextToImage("a") for _ in range(batches[0])))
    assert pipeline.batches == batches


def test_a_failed_gpu_asks_for_a_new_process() -> None:
    def fail(count: int) -> None:
        raise torch.AcceleratorError("CUDA error: an illegal memory access was encountered")

    with pytest.raises(EngineUnreachable, match="The GPU failed"):
        draw(fake_engine(FakePipeline(fail)), TextToImage("a"))


def test_a_gpu_that_fails_while_a_prompt_is_read_asks_for_a_new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise torch.AcceleratorError("CUDA error: an illegal memory access was encountered")

    monkeypatch.setattr("engines.diffusion.engine.is_understood", fail)
    with pytest.raises(EngineUnreachable, match="The GPU failed"):
        draw(fake_engine(FakePipeline(lambda count: None)), TextToImage("a"))


def test_what_a_model_s_own_checker_hides_is_not_sent_as_a_black_picture() -> None:
    (answer,) = draw(fake_engine(FakePipeline(lambda count: None, flagged=True)), TextToImage("a"))
    assert isinstance(answer, InvalidInput)


def test_a_pipeline_that_cannot_start_from_a_picture_says_so() -> None:
    with pytest.raises(InvalidInput, match="cannot start from a picture"):
        draw(fake_engine(FakePipeline(lambda count: None)), TextToImage("a", image=picture("red")))


async def test_through_the_registry_and_a_host(options: EngineOptions, engine: DiffusionEngine) -> None:
    host = InlineHost(options)
    await host.start()
    seen: list[Progress] = []
    try:
        answer = await host.run(TextToImage("a red robot", seed=7), on_progress=seen.append, deadline=60)
        with pytest.raises(InvalidInput, match="multiple of 8"):
            await host.run(TextToImage("a", width=63))
    finally:
        await host.aclose()
    assert isinstance(answer, Images)
    assert difference(answer.images[0], one(engine, TextToImage("a red robot", seed=7)).images[0]) <= 1
    assert seen
