"""Pictures: ours against the library as its manual shows it, and eight together against one, as ratios in one run.

    python -m benchmarks.pictures [--model embedded] [--rounds 5]

Both sides draw pictures of the same prompts with the same steps, each in a process of its own: the library with its
defaults, ours behind the engine host. The embedded model's pictures are compared as large as its pipeline draws
them; what enlarging them to their usual size costs stands in a row of its own. Rounds alternate, so that what else
the machine does falls on both.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from pathlib import Path

from engines.avatar import embedded  # also defines the classes that its folder names, for `serve`
from engines.contract import EngineOptions, Images, TextToImage
from engines.host.process import ProcessHost

PROMPT = "a red-haired woman with round glasses, green background"
TOGETHER = 8


class Library:
    """`pipe(prompt)` in a child process that was told nothing about threads."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.pid = process.pid

    @classmethod
    async def start(cls, folder: Path, steps: int, guidance: float) -> "Library":
        """Return it when it is loaded."""
        command = [sys.executable, "-m", "benchmarks.pictures", "--serve", str(folder), str(steps), str(guidance)]
        library = cls(await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE))
        await library.draw()
        return library

    async def draw(self) -> None:
        """Draw one picture."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(b"draw\n")
        assert await self.process.stdout.readline() == b"done\n"


def serve(folder: str, steps: int, guidance: float) -> None:
    """The other end of Library."""
    import diffusers
    import torch

    diffusers.utils.logging.disable_progress_bar()
    loader = diffusers.AutoPipelineForText2Image
    pipeline = loader.from_pretrained(folder, dtype=torch.float32)  # type: ignore[no-untyped-call]
    pipeline.set_progress_bar_config(disable=True)
    for _ in sys.stdin:
        pipeline(PROMPT, num_inference_steps=steps, guidance_scale=guidance)
        print("done", flush=True)


def cpu_seconds(pid: int) -> float:
    """CPU seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(pid: int, work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Return the wall and CPU seconds of `work` in the process `pid`."""
    wall, cpu = time.perf_counter(), cpu_seconds(pid)
    await work()
    return time.perf_counter() - wall, cpu_seconds(pid) - cpu


async def compare(
    host: ProcessHost, library: Library, rounds: int, drawn: int | None
) -> dict[str, tuple[float, float]]:
    """Return the median wall and CPU seconds of one picture for each way to draw it; `drawn` is the pipeline's size."""

    async def one() -> None:
        await host.run(TextToImage(PROMPT, width=drawn))

    async def enlarged() -> None:
        await host.run(TextToImage(PROMPT))

    async def several() -> None:
        await asyncio.gather(*(host.run(TextToImage(PROMPT, seed=seed, width=drawn)) for seed in range(TOGETHER)))

    ours = host.status()[0].pid
    assert ours is not None
    times: dict[str, list[tuple[float, float]]] = {"library": [], "ours": [], "ours, 8 together": []}
    for _ in range(rounds):
        times["library"].append(await measure(library.pid, library.draw))
        times["ours"].append(await measure(ours, one))
        wall, cpu = await measure(ours, several)
        times["ours, 8 together"].append((wall / TOGETHER, cpu / TOGETHER))
        if drawn is not None:
            times.setdefault("ours, enlarged", []).append(await measure(ours, enlarged))
    return {
        name: (statistics.median(wall for wall, _ in some), statistics.median(cpu for _, cpu in some))
        for name, some in times.items()
    }


def show(title: str, result: dict[str, tuple[float, float]]) -> None:
    """Print a table and its ratios."""
    print(f"\n{title}\n{'a picture':<20}{'wall ms':>10}{'cpu ms':>10}{'wall ratio':>12}{'cpu ratio':>12}")
    base = result["library"]
    for name, (wall, cpu) in result.items():
        print(f"{name:<20}{wall * 1e3:>10.0f}{cpu * 1e3:>10.0f}{base[0] / wall:>12.2f}{base[1] / cpu:>12.2f}")
    one, eight = result["ours"], result["ours, 8 together"]
    print(f"eight together against one: {one[0] / eight[0]:.2f} (wall), {one[1] / eight[1]:.2f} (cpu)", flush=True)


async def main(model: str, data_dir: Path, rounds: int) -> None:
    """Measure on the machine as it is, then beside a busy process."""
    options = EngineOptions(data_dir, picture_model=model)
    host = ProcessHost(options)
    await host.start()
    try:
        first = await host.run(TextToImage(PROMPT))
        assert isinstance(first, Images)
        folder = embedded.prepare(data_dir) if model == "embedded" else Path(model)
        drawn = 256 if model == "embedded" else None
        library = await Library.start(folder, first.num_inference_steps, first.guidance_scale)
        try:
            await compare(host, library, 1, drawn)  # so that nothing is drawn for the first time
            print(
                f"{first.model}: {first.num_inference_steps} steps, guidance {first.guidance_scale:g}, {rounds} rounds"
            )
            show("The machine as it is", await compare(host, library, rounds, drawn))
            hog = await asyncio.create_subprocess_exec(sys.executable, "-c", "while True: pass")
            try:
                show("Beside a busy process", await compare(host, library, rounds, drawn))
            finally:
                hog.kill()
                await hog.wait()
        finally:
            library.process.kill()
            await library.process.wait()
    finally:
        await host.aclose()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
    else:
        parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("--model", default="embedded", help="'embedded' or a diffusers pipeline folder")
        parser.add_argument("--data-dir", type=Path, help="where the embedded model is prepared")
        parser.add_argument("--rounds", type=int, default=5)
        arguments = parser.parse_args()
        with tempfile.TemporaryDirectory() as scratch:
            asyncio.run(main(arguments.model, arguments.data_dir or Path(scratch), arguments.rounds))
