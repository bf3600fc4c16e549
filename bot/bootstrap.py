"""The only place that names concrete classes: builds the graph, and takes it down again."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import StorageUnavailable
from bot.domain.identity import Role
from bot.domain.policy import Policy
from bot.domain.quota import QuotaPolicy
from bot.ports import Messenger, ModelNews, OnModel, UnitOfWork
from bot.runtime.clock import SystemClock
from bot.runtime.courier import Courier
from bot.runtime.events import LocalEvents
from bot.runtime.janitor import Janitor
from bot.runtime.metrics import EngineCollector, PrometheusMeter
from bot.runtime.worker import Worker
from bot.screening.moderator import WAIT_SECONDS, Screens
from bot.screening.rules import rule_books
from bot.settings import Quota, Settings
from bot.storage.artifacts import FileArtifacts
from bot.storage.database import check, open_database, ready, upgrade
from bot.storage.unit_of_work import SqlUnitOfWork
from bot.storage.voices import FileVoices
from bot.usecases.process import Bench
from bot.usecases.submit import Desk
from engines.contract import EngineError, EngineOptions, TextClassification
from engines.host.messages import Loaded, Loading
from engines.host.process import ProcessHost
from engines.registry import MODELS, Models, find

RESULT_PATIENCE = 60.0
"""Seconds that a finished result waits for the screens before it is held."""


@dataclass(frozen=True, slots=True)
class Application:
    """The graph of one process; `loops` run until cancelled."""

    settings: Settings
    database: AsyncEngine
    host: ProcessHost
    screens: Screens
    desk: Desk
    bench: Bench
    registry: CollectorRegistry
    meter: PrometheusMeter

    def unit_of_work(self) -> UnitOfWork:
        """A new transaction."""
        return self.desk.transactions()

    async def loops(self, messengers: Iterable[Messenger], *, work: bool = True) -> None:
        """Deliver for these platforms and, with `work`, do jobs; until cancelled."""
        desk, bench = self.desk, self.bench
        async with asyncio.TaskGroup() as tasks:
            for messenger in messengers:
                tasks.create_task(Courier(messenger, desk.transactions, desk.events, desk.clock).run())
            if work:
                tasks.create_task(Worker(bench).run())
                tasks.create_task(
                    Janitor(desk.transactions, desk.artifacts, desk.events, desk.clock, desk.meter, desk.policy).run()
                )

    async def screens_loaded(self) -> None:
        """Return when the prompts' screen is loaded or cannot be: the first member should not find it still loading."""
        rule_books()
        for model in ("default", "guard") if self.settings.guard.model else ("default",):
            with suppress(EngineError):
                await self.host.run(TextClassification(("",), model), deadline=300)

    async def health(self) -> Mapping[str, bool]:
        """Which parts answer."""
        try:
            await check(self.database)
            database = True
        except StorageUnavailable:
            database = False
        return {"database": database, "engine": all(lane.alive for lane in self.host.status())}


def policy(settings: Settings) -> Policy:
    """The owner's decisions as the use cases want them."""
    defaults, quota, queue = Quota(), settings.quota, settings.queue
    return Policy(
        # A table that names some roles leaves the others at their defaults.
        quota=QuotaPolicy(
            member_day={role: (defaults.member_day | quota.member_day)[role] for role in Role},
            member_minute={role: (defaults.member_minute | quota.member_minute)[role] for role in Role},
            community_day=quota.community_day,
        ),
        queue_limit=queue.limit,
        workers=queue.workers,
        lease=queue.lease,
        deadline=queue.deadline,
        max_attempts=queue.attempts,
        text_model=settings.text.model,
        candidates=settings.picture.candidates,
    )


def engine_options(settings: Settings) -> EngineOptions:
    """What the engines are told."""
    return EngineOptions(
        data_dir=settings.data_dir,
        picture_model=settings.picture.model,
        text_model=settings.text.model,
        caption_model=settings.vision.model,
        guard_model=settings.guard.model,
        device=settings.engine.device,
        dtype=settings.engine.dtype,
        threads=settings.engine.threads,
        compile=settings.engine.compile,
        offload=settings.engine.offload,
        loras=settings.picture.loras,
    )


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model that can be asked for, by task (as Hugging Face names it) and name, and what stands behind the name."""

    task: str
    name: str
    default: bool
    weights: str


def model_choices(settings: Settings) -> list[ModelChoice]:
    """Every model there is, each task's default first."""
    options, choices = engine_options(settings), []
    for task in dict.fromkeys(spec.task for spec in MODELS.values()):
        default = find(task, "default", options)
        specs = {default.name: default} | {spec.name: spec for spec in MODELS.values() if spec.task == task}
        choices += [ModelChoice(task, name, name == default.name, spec.weights) for name, spec in specs.items()]
    return choices


MAKERS = {"avatar": "text-to-image", "caption": "text-generation"}
"""The task, as Hugging Face names it, behind each command that can name a model."""


def model_names(settings: Settings) -> dict[str, tuple[str, ...]]:
    """The models that each command can name."""
    choices = model_choices(settings)
    return {name: tuple(choice.name for choice in choices if choice.task == task) for name, task in MAKERS.items()}


def prepare_data_dir(folder: Path) -> None:
    """Make the data folder, for its owner's eyes alone; StorageUnavailable when that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StorageUnavailable("disk-not-writable", folder=str(folder)) from error
    if not os.access(folder, os.W_OK):
        raise StorageUnavailable("disk-not-writable", folder=str(folder))


async def migrate(settings: Settings) -> tuple[str | None, str]:
    """Bring the database up to date; answers the revision before and after."""
    prepare_data_dir(settings.data_dir)
    database = open_database(settings.database())
    try:
        return await upgrade(database)
    finally:
        await database.dispose()


@asynccontextmanager
async def application(
    settings: Settings,
    *,
    warm: tuple[str, ...] = (),
    on_model: OnModel | None = None,
    engines: bool = True,
    models: Models = MODELS,
    patience: float = WAIT_SECONDS,
) -> AsyncIterator[Application]:
    """Build everything on an up-to-date or an empty database; with `engines`, start the engine processes too.

    The default models of the tasks in `warm` load at once; `on_model` is told of every load. `patience` is how
    many seconds a submission waits for the screens before it is held.
    """

    def on_load(message: Loading | Loaded) -> None:
        seconds, error = (message.seconds, message.error) if isinstance(message, Loaded) else (None, None)
        if on_model:
            on_model(ModelNews(message.task, message.model, seconds, error))

    prepare_data_dir(settings.data_dir)
    database = open_database(settings.database())
    host = ProcessHost(engine_options(settings), models, warm=warm, on_load=on_load)
    try:
        await ready(database)
        if engines:
            await host.start()
        yield _graph(settings, database, host, patience)
    finally:
        await host.aclose()
        await database.dispose()


def _graph(settings: Settings, database: AsyncEngine, host: ProcessHost, patience: float) -> Application:
    def transactions() -> UnitOfWork:
        return SqlUnitOfWork(database)

    registry = CollectorRegistry()
    registry.register(EngineCollector(host.status))
    meter = PrometheusMeter(registry)
    guarded = bool(settings.guard.model)
    events, clock, screens = LocalEvents(), SystemClock(), Screens(host, patience, guard=guarded)
    store, rules = FileArtifacts(settings.data_dir / "artifacts"), policy(settings)
    voices = FileVoices(settings.data_dir / "tones")
    desk = Desk(transactions, screens, store, events, clock, meter, rules, host, voices)
    # Nobody waits at the counter for the screens of a result.
    patient = Screens(host, RESULT_PATIENCE, guard=guarded)
    bench = Bench(transactions, host, patient, store, events, clock, meter, rules, voices)
    return Application(settings, database, host, screens, desk, bench, registry, meter)
