"""The chat platforms that the settings have a token for. A new one adds its line to `connections`."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from adapters.discord.deps import DiscordDeps, Reach
from bot import offers
from bot.bootstrap import Application, model_choices
from bot.domain.errors import Reason
from bot.domain.identity import Platform
from bot.ports import Messenger
from bot.settings import Settings

MAKERS = {"avatar": "text-to-image", "caption": "text-generation"}
"""The task, as Hugging Face names it, behind each command."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A chat platform: how news goes out to it, and what listens to it until cancelled."""

    platform: Platform
    messenger: Messenger
    run: Callable[[Callable[[Reason], None]], Coroutine[Any, Any, None]]
    """Given what tells the owner something."""


def connections(app: Application) -> list[Connection]:
    """Every platform that has a token."""
    found = []
    if reach := discord_reach(app.settings):
        found.append(_discord(app, reach))
    return found


def discord_reach(settings: Settings) -> Reach | None:
    """How to reach Discord; None without a token."""
    discord = settings.discord
    if discord.token is None:
        return None
    return Reach(discord.token.get_secret_value(), discord.api_base, discord.gateway, discord.cdn_base)


def _discord(app: Application, reach: Reach) -> Connection:
    # Imported here: who has no token need not wait for the library to load.
    from adapters.discord.connection import DiscordConnection

    deps = DiscordDeps(
        desk=app.desk,
        styles=offers.styles(),
        tones=offers.tones(),
        models=_models(app.settings),
        language=app.settings.language,
        folder=app.settings.data_dir,
        reach=reach,
    )
    discord = DiscordConnection(deps)
    return Connection(Platform.DISCORD, discord.messenger, discord.run)


def _models(settings: Settings) -> dict[str, tuple[str, ...]]:
    """The models that each command can name."""
    choices = model_choices(settings)
    return {name: tuple(choice.name for choice in choices if choice.task == task) for name, task in MAKERS.items()}
