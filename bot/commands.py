"""What each command of the command line does, between settings and an Answer."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from pathlib import Path

from adapters.console import chat as console
from adapters.console.messenger import ConsoleMessenger
from adapters.console.screen import Screen
from adapters.console.session import Session
from bot import offers
from bot.bootstrap import Application, application, migrate, model_choices, model_names
from bot.domain.errors import Reason
from bot.domain.requests import MemberRequest
from bot.i18n import translator
from bot.oneshot import BAD_INPUT, DONE, FAILURE, Answer, asked, house, terminal_origin
from bot.platforms import discord_reach
from bot.ports import ModelNews
from bot.screening.stream import screen_lines
from bot.settings import Settings
from bot.usecases import account, policy


def emit(value: object) -> None:
    """One JSON object a line on stdout."""
    print(json.dumps(value, ensure_ascii=False, default=str), flush=True)


async def draw(build: Callable[[], MemberRequest], settings: Settings, out: Path, as_json: bool) -> Answer:
    """`huashen avatar`."""
    request = build()
    answer, files = await asked(lambda _: _ready(request), settings, out)
    names = [str(file) for file in files]
    if not as_json:
        for name in names:
            print(name)
    return replace(answer, fields={"files": names, **answer.fields})


async def write(build: Callable[[], MemberRequest], settings: Settings, as_json: bool) -> Answer:
    """`huashen caption`."""
    request = build()
    answer, _ = await asked(lambda _: _ready(request), settings, None)
    result = answer.view.job.result if answer.view and answer.code == DONE else None
    texts = list(result.texts) if result else []
    if not as_json:
        for text in texts:
            print(text)
    return replace(answer, fields={"texts": texts, "tokens": result.tokens if result else 0, **answer.fields})


async def _ready(request: MemberRequest) -> MemberRequest:
    return request


@asynccontextmanager
async def _session(settings: Settings, out: Path) -> AsyncIterator[Session]:
    """A person at the terminal, with a house behind."""
    screen = Screen(translator(settings.language))
    sessions: list[Session] = []

    def messenger(app: Application) -> ConsoleMessenger:
        origin = terminal_origin(settings)
        sessions.append(Session(app.desk, origin, screen, out, offers.styles(), offers.tones(), model_names(settings)))
        return ConsoleMessenger(sessions[0])

    def loading(news: ModelNews) -> None:
        if news.seconds is None:
            screen.write(screen.words.text("model-loading", task=news.task), "dim")

    async with house(settings, loading, messenger) as app:
        await app.screens_loaded()
        yield sessions[0]


async def chat(settings: Settings, out: Path) -> Answer:
    """`huashen chat`."""
    async with _session(settings, out) as session:
        await console.chat(session)
    return Answer(DONE, {})


async def demo(settings: Settings, out: Path) -> Answer:
    """`huashen demo`."""
    async with _session(settings, out) as session:
        return Answer(DONE if await console.demo(session) else FAILURE, {})


async def screen_stdin(settings: Settings, jsonl: bool) -> Answer:
    """`huashen screen`: plain lines, or with --jsonl one JSON value a line."""

    async def lines() -> AsyncIterator[str]:
        while line := await asyncio.to_thread(sys.stdin.readline):
            yield line if jsonl else json.dumps(line.rstrip("\n"))

    await migrate(settings)
    async with application(settings, warm=("text-classification",)) as app:
        origin = terminal_origin(settings)
        thresholds = (await policy.current(origin, app.desk.transactions)).of(origin)
        async for verdict in screen_lines(lines(), app.screens, thresholds):
            emit(verdict)
    return Answer(DONE, {})


async def list_models(settings: Settings, as_json: bool) -> Answer:
    """`huashen models`."""
    for choice in model_choices(settings):
        if as_json:
            emit(asdict(choice))
        else:
            print(f"{choice.task:26}{choice.name}{' (default)' if choice.default else ''}: {choice.weights}")
    return Answer(DONE, {})


async def show_quota(settings: Settings, as_json: bool) -> Answer:
    """`huashen quota`."""
    await migrate(settings)
    async with application(settings, engines=False) as app:
        desk = app.desk
        state = await account.quota(terminal_origin(settings), desk.transactions, desk.clock, desk.policy)
    if as_json:
        emit(asdict(state) | {"remaining": state.remaining})
        return Answer(DONE, {})
    hours = max(1, -(-int(state.resets_at - desk.clock.now()) // 3600))
    words = translator(settings.language)
    print(words.text(Reason.of("quota-state", remaining=state.remaining, limit=state.limit, hours=hours)))
    return Answer(DONE, {})


async def upgrade_database(settings: Settings) -> Answer:
    """`huashen db upgrade`."""
    before, after = await migrate(settings)
    print(f"{before or 'empty'} -> {after}")
    return Answer(DONE, {})


async def print_invite(settings: Settings) -> Answer:
    """`huashen discord invite`."""
    from adapters.discord.invite import invite_link

    reach = discord_reach(settings)
    if reach is None:
        return Answer(BAD_INPUT, {}, Reason.of("discord-no-token"))
    print(invite_link(reach.token))
    return Answer(DONE, {})
