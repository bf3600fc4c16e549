"""`huashen run`: every adapter that has a token, and always the web page, until told to stop."""

import asyncio
import signal
import socket
from collections.abc import Callable, Sequence

import structlog
import uvicorn

from adapters.web.app import create_app
from adapters.web.deps import WebDeps, WebSettings
from adapters.web.messenger import WebMessenger
from bot import offers
from bot.bootstrap import Application, application, migrate, model_names
from bot.domain.errors import Conflict, HuashenError
from bot.doorway import access, base_url
from bot.i18n import Translator, translator
from bot.oneshot import DONE, Answer, running_lock
from bot.platforms import Connection, PlatformRanks, connections
from bot.ports import Messenger, ModelNews, OnModel, Ranks
from bot.runtime.background import in_background
from bot.settings import Settings

log = structlog.get_logger()

WARM = ("text-classification", "image-classification", "text-to-image", "text-generation", "feature-extraction")
"""Tasks whose models load at start, so that the first member does not wait for them."""


def sign_in_link(settings: Settings) -> str:
    """A new one-time address that signs the owner in."""
    return access(settings).issue_link(base_url(settings))


async def print_link(settings: Settings, say: Callable[[str], None]) -> Answer:
    """`huashen link`."""
    say(sign_in_link(settings))
    return Answer(DONE, {})


async def serve(settings: Settings, say: Callable[[str], None]) -> Answer:
    """Run until SIGINT or SIGTERM; `say` gets what the owner should read at start."""
    words = translator(settings.language)
    listener = _listen(settings)
    settings = settings.model_copy(update={"web": settings.web.model_copy(update={"port": listener.getsockname()[1]})})
    await migrate(settings)

    with running_lock(settings) as alone:
        if not alone:
            raise Conflict("already-running", folder=str(settings.data_dir))
        async with application(settings, warm=WARM, on_model=_tell_of_models(words, say)) as app:
            chats = connections(app)
            page = _page(app, PlatformRanks(chats))
            server = uvicorn.Server(
                uvicorn.Config(create_app(page), log_config=None, access_log=False, timeout_graceful_shutdown=3)
            )
            server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
            _stop_on_signals(server, page.stopping)
            messengers: list[Messenger] = [WebMessenger(app.desk.events), *(chat.messenger for chat in chats)]
            async with in_background(app.loops(messengers)):
                # Whoever is heard before that is held for a moderator.
                await app.screens_loaded()
                async with in_background(_listening(chats, words, say)):
                    say(words.text("web-address", address=sign_in_link(settings)))
                    say(words.text("stop-hint"))
                    await server.serve(sockets=[listener])
    return Answer(DONE, {})


async def _listening(chats: Sequence[Connection], words: Translator, say: Callable[[str], None]) -> None:
    """Listen to every platform until cancelled; one that fails says so, and takes nothing else down."""

    async def listen(chat: Connection) -> None:
        try:
            await chat.run(lambda reason: say(words.text(reason)))
        except HuashenError as error:
            say(words.text(error.reason))
        except Exception as error:
            log.error("a platform stopped", platform=chat.platform.value, exc_info=error)
            say(words.text("platform-stopped", platform=chat.platform.value.capitalize()))

    async with asyncio.TaskGroup() as tasks:
        for chat in chats:
            tasks.create_task(listen(chat))


def _tell_of_models(words: Translator, say: Callable[[str], None]) -> OnModel:
    """Tells of each load, and once that nothing is left to wait for."""
    missing = set(WARM)

    def tell(news: ModelNews) -> None:
        if news.error:
            say(words.text("model-not-loaded", task=news.task, error=news.error))
        elif news.seconds is None:
            say(words.text("model-loading", task=news.task))
        else:
            say(words.text("model-ready", task=news.task, seconds=round(news.seconds)))
            if news.task in missing:
                missing.remove(news.task)
                if not missing:
                    say(words.text("models-ready"))

    return tell


def _listen(settings: Settings) -> socket.socket:
    web = settings.web
    family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((web.host, web.port))
    except OSError as error:
        listener.close()
        raise Conflict("port-in-use", host=web.host, port=web.port, detail=error.strerror or "") from error
    return listener


def _page(app: Application, ranks: Ranks) -> WebDeps:
    settings = app.settings
    return WebDeps(
        desk=app.desk,
        access=access(settings),
        styles=offers.styles(),
        tones=offers.tones(),
        health=app.health,
        registry=app.registry,
        ranks=ranks,
        models=model_names(settings),
        settings=WebSettings(base_url(settings), tuple(settings.web.allowed_hosts)),
    )


def _stop_on_signals(server: uvicorn.Server, stopping: asyncio.Event) -> None:
    """Both signals end the page first, then the loops, whose jobs go back to the queue."""

    def stop() -> None:
        server.should_exit = True
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
