"""What the commands of the studio do, between settings and an Answer; pictures are named by number, id or file."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from adapters import pictures
from bot.bootstrap import Application, application, migrate
from bot.domain.errors import InvalidRequest, NotFound, Reason
from bot.domain.jobs import Artifact, Job, JobView
from bot.domain.requests import MemberRequest, Source, prompt_of
from bot.oneshot import DONE, Answer, asked, house, save_pictures, terminal_origin
from bot.settings import Settings
from bot.usecases import account
from bot.usecases.find import find as find_pictures
from bot.usecases.mix import choose
from bot.usecases.pick import picked

Build = Callable[[Sequence[Source]], MemberRequest]
GRID = 5
"""Pictures from which on a numbered grid of them is written, too."""


async def make(
    names: Sequence[str], build: Build, settings: Settings, out: Path, as_json: bool, keep: Sequence[int] = ()
) -> Answer:
    """A request that begins from pictures; of several results the numbers in `keep` go into the gallery."""

    async def request(app: Application) -> MemberRequest:
        return build([await source(name, app) for name in names])

    answer, files = await asked(request, settings, out)
    if answer.view and answer.code == DONE:
        if len(files) >= GRID:
            files = [await asyncio.to_thread(_grid, files, answer.view, out), *files]
        await _keep(answer.view, keep, settings)
    shown = [str(file) for file in files]
    if not as_json:
        print("\n".join(shown))
    return replace(answer, fields={"files": shown, **answer.fields})


async def source(name: str, app: Application) -> Source:
    """A picture by the path of a file, else by its number in the gallery or the beginning of its id."""
    if (path := Path(name)).is_file():
        try:
            return Source(image=await asyncio.to_thread(path.read_bytes))
        except OSError as error:
            raise InvalidRequest("file-unreadable", file=name) from error
    return (await picked(terminal_origin(app.settings), [name], app.desk.transactions))[0]


async def find(words: str, settings: Settings, as_json: bool) -> Answer:
    """`huashen find`."""
    async with house(settings) as app:
        found = await find_pictures(words, terminal_origin(settings), app.desk)
    for artifact, job, score in found:
        _line(artifact, job, f"{score:.2f}", as_json, score=round(score, 4))
    return Answer(DONE, {}, None if found else Reason("find-nothing"))


async def gallery(settings: Settings, as_json: bool, limit: int) -> Answer:
    """`huashen gallery`."""
    await migrate(settings)
    async with application(settings, engines=False) as app:
        found = await account.gallery(terminal_origin(settings), app.desk.transactions, limit)
    for number, (artifact, job) in enumerate(found, 1):
        _line(artifact, job, str(number), as_json, number=number)
    return Answer(DONE, {})


async def export(name: str, settings: Settings, out: Path, as_json: bool) -> Answer:
    """`huashen save`."""
    await migrate(settings)
    async with application(settings, engines=False) as app:
        origin = terminal_origin(settings)
        (one,) = await picked(origin, [name], app.desk.transactions)
        artifact, job = await account.artwork(origin, one.artifact_id or "", app.desk.transactions)
        (file,) = await save_pictures(JobView(job, (artifact,)), app, out)
    if not as_json:
        print(file)
    return Answer(DONE, {"files": [str(file)]})


def _line(artifact: Artifact, job: Job, first: str, as_json: bool, **fields: object) -> None:
    words = prompt_of(job.request) or artifact.alt or job.kind
    if as_json:
        said = fields | {
            "id": artifact.id,
            "kind": job.kind,
            "words": words,
            "alt": artifact.alt,
            "seed": artifact.seed,
        }
        print(json.dumps(said, ensure_ascii=False))
    else:
        print(f"{first:>5}  {artifact.id[:8]}  {words}")


def _grid(files: Sequence[Path], view: JobView, out: Path) -> Path:
    target = out / f"{view.job.kind}-{view.job.id[:8]}.webp"
    target.write_bytes(pictures.grid([file.read_bytes() for file in files]))
    return target


async def _keep(view: JobView, numbers: Sequence[int], settings: Settings) -> None:
    if not numbers:
        return
    async with application(settings, engines=False) as app:
        for number in numbers:
            if not 1 <= number <= len(view.artifacts):
                raise NotFound("picture-number", number=number, count=len(view.artifacts))
            artifact = view.artifacts[number - 1]
            await choose(terminal_origin(settings), artifact.id, app.desk.transactions)
