"""What `huashen tone` does, between settings and an Answer."""

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from pathlib import Path

from bot import captions
from bot.bootstrap import Application, application, migrate
from bot.domain.errors import InvalidRequest, NotFound, Reason
from bot.domain.identity import Origin
from bot.domain.requests import OWN_TONE, CaptionRequest
from bot.domain.voice import voice_folder
from bot.moderating import place
from bot.oneshot import DONE, FAILURE, LOADING, Answer, terminal_origin
from bot.settings import Settings
from bot.usecases import policy, voice
from bot.usecases.write import write

PATIENCE = 600.0
"""Seconds for captions that are tried out, with the loading of the models."""


async def list_examples(community: str, settings: Settings, as_json: bool) -> Answer:
    """`huashen tone list`."""
    async with _application(settings) as app:
        found = await voice.collection(_origin(community, settings), app.desk)
    for each in found.examples:
        row = (
            json.dumps(asdict(each), ensure_ascii=False)
            if as_json
            else f"{each.id[:8]}  {each.topic}\n{'':10}{each.caption}"
        )
        print(row, flush=True)
    if as_json:
        return Answer(DONE, {})
    for trained in found.trained:
        figures = ", ".join(f"{way} {value:.1f}" for way, value in trained.perplexity.items())
        state = "in use" if trained == found.used else trained.against or "not in use"
        print(f"{trained.version}  {trained.examples} examples; perplexity {figures}; {state}", flush=True)
    return Answer(DONE, {}, Reason.of("voice-on" if found.rules.voice else "voice-off", n=len(found.examples)))


async def add_examples(pairs: Sequence[tuple[str, str]], community: str, settings: Settings) -> Answer:
    """`huashen tone add`, and the end of `import`."""
    origin = _origin(community, settings)
    async with _application(settings, engines=True) as app:
        count = await voice.add_all(origin, pairs, app.desk, terminal_origin(settings).asker)
    return Answer(DONE, {}, Reason.of("example-added", n=count))


async def import_examples(file: Path, community: str, settings: Settings) -> Answer:
    """`huashen tone import`."""
    try:
        lines = (await asyncio.to_thread(file.read_text, encoding="utf-8")).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRequest("file-unreadable", file=str(file)) from error
    return await add_examples(voice.read_lines(lines), community, settings)


async def export_examples(file: Path, community: str, settings: Settings) -> Answer:
    """`huashen tone export`."""
    async with _application(settings) as app:
        found = await voice.collection(_origin(community, settings), app.desk)
    await _write_lines(file, [(each.topic, each.caption) for each in found.examples])
    return Answer(DONE, {}, Reason.of("examples-exported", n=len(found.examples), file=str(file)))


async def remove_example(example: str, community: str, settings: Settings) -> Answer:
    """`huashen tone remove`."""
    origin = _origin(community, settings)
    async with _application(settings) as app:
        examples = (await voice.collection(origin, app.desk)).examples
        meant = [each.id for each in examples if each.id.startswith(example)]
        if len(meant) != 1:
            raise NotFound("example-not-found")
        left = await voice.remove(origin, meant[0], app.desk, terminal_origin(settings).asker)
    return Answer(DONE, {}, Reason.of("example-removed", n=left))


async def settle_voice(
    community: str,
    settings: Settings,
    name: str | None,
    on: bool | None,
    trained: bool | None,
    moderators: bool | None,
) -> Answer:
    """`huashen tone set`: what is not given stays."""
    origin = _origin(community, settings)
    async with _application(settings) as app:
        found = await voice.collection(origin, app.desk)
        before = found.rules
        after = await voice.settle(
            origin,
            app.desk,
            name=before.voice_name if name is None else name,
            on=before.voice if on is None else on,
            trained=before.voice_trained if trained is None else trained,
            by_moderators=before.voice_by_moderators if moderators is None else moderators,
            by=terminal_origin(settings).asker,
        )
    return Answer(DONE, {}, Reason.of("voice-on" if after.voice else "voice-off", n=len(found.examples)))


async def train(community: str, settings: Settings) -> Answer:
    """`huashen tone train`: in a process of its own, which a killed one's successor continues."""
    origin, by = _origin(community, settings), terminal_origin(settings).asker
    key = voice_folder(origin.platform, origin.community_id or "")
    folder = settings.data_dir / "tones" / key / "run"
    async with _application(settings) as app:
        found = await voice.collection(origin, app.desk)
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        await _write_lines(folder / "examples.jsonl", [(each.topic, each.caption) for each in found.examples])
        others = [(each.topic, each.caption) for tone in captions.tones().values() for each in tone.examples]
        await _write_lines(folder / "contrast.jsonl", others)
        where = ["--data-dir", str(settings.data_dir), "--tone", key, "--out", str(folder)]
        if settings.text.model != "embedded":
            where += ["--base", settings.text.model]
        files = ["--examples", str(folder / "examples.jsonl"), "--contrast", str(folder / "contrast.jsonl")]
        training = await asyncio.create_subprocess_exec(sys.executable, "-m", "engines.training.tone", *files, *where)
        if await training.wait():
            return Answer(FAILURE, {}, Reason.of("voice-training-failed"))
        await asyncio.to_thread(shutil.rmtree, folder)
        newest = (await app.desk.voices.trained(origin.platform, origin.community_id or ""))[0]
        await voice.learned(origin, newest.name, newest.against, app.desk, by)
    said = "voice-trained" if newest.against is None else f"voice-against-{newest.against}"
    return Answer(DONE, {}, Reason.of(said))


async def try_out(topic: str, community: str, settings: Settings, trained: bool, seed: int) -> Answer:
    """`huashen tone try`: as members get it, but kept nowhere and paid by nobody."""
    origin = _origin(community, settings)
    request = CaptionRequest(topic=topic, tone=OWN_TONE, seed=seed)
    async with _application(settings, engines=True) as app:
        bench = app.bench
        tone = await voice.tone_of(origin, topic, bench.engine, bench.transactions, bench.voices)
        tone = tone if trained else replace(tone, adapter=None)
        moderation = await policy.current(origin, bench.transactions)
        made = await write(
            request,
            tone,
            bench.engine,
            bench.moderator,
            bench.policy.text_model,
            moderation.of(origin),
            moderation.own_terms,
            lambda progress: None,
            PATIENCE,
        )
    for text in made.result.texts:
        print(text)
    return Answer(DONE, {}, made.result.notes[0] if made.result.notes else None)


def _origin(community: str, settings: Settings) -> Origin:
    """Whoever sits at this machine owns every community."""
    platform, community_id = place(community)
    return replace(terminal_origin(settings), platform=platform, community_id=community_id)


async def _write_lines(file: Path, pairs: Sequence[tuple[str, str]]) -> None:
    lines = [json.dumps({"topic": topic, "caption": caption}, ensure_ascii=False) for topic, caption in pairs]
    try:
        await asyncio.to_thread(file.write_text, "".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise InvalidRequest("file-unwritable", file=str(file)) from error


@asynccontextmanager
async def _application(settings: Settings, *, engines: bool = False) -> AsyncIterator[Application]:
    """The house on an up-to-date database."""
    await migrate(settings)
    async with application(settings, engines=engines, patience=LOADING) as app:
        yield app
