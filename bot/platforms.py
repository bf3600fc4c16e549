"""The chat platforms that the settings have a token for. A new one adds its line to `connections`."""

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, fields
from typing import Any

from adapters.chat.deps import ChatDeps
from adapters.discord.deps import DiscordDeps
from adapters.discord.deps import Reach as DiscordReach
from adapters.telegram.deps import Reach as TelegramReach
from adapters.telegram.deps import TelegramDeps, Webhook
from bot import offers
from bot.bootstrap import Application, model_names
from bot.domain.errors import Reason
from bot.domain.identity import Platform, Role
from bot.doorway import PageDoor
from bot.ports import Messenger, PlatformBusy, Ranks
from bot.settings import Settings

NOT_CONNECTED = 60.0
"""Seconds after which a platform without a token may be asked again: after the owner has given one."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A chat platform: how news goes out to it, and what listens to it until cancelled."""

    platform: Platform
    messenger: Messenger
    run: Callable[[Callable[[Reason], None]], Coroutine[Any, Any, None]]
    """Given what tells the owner something."""
    ranks: Ranks | None = None
    """Who may do what there; None where the platform cannot be asked."""


def connections(app: Application) -> list[Connection]:
    """Every platform that has a token."""
    found = []
    if reach := discord_reach(app.settings):
        found.append(_discord(app, reach))
    if there := telegram_reach(app.settings):
        found.append(_telegram(app, there))
    return found


class PlatformRanks:
    """The port `Ranks` over every platform that is connected. Raises PlatformBusy for one that cannot be asked."""

    def __init__(self, chats: Iterable[Connection]) -> None:
        self._ranks = {chat.platform: chat.ranks for chat in chats if chat.ranks}

    async def rank(self, platform: Platform, community_id: str, user_id: str) -> Role:
        """What its own platform says."""
        if platform not in self._ranks:
            raise PlatformBusy(NOT_CONNECTED)
        return await self._ranks[platform].rank(platform, community_id, user_id)


def discord_reach(settings: Settings) -> DiscordReach | None:
    """How to reach Discord; None without a token."""
    discord = settings.discord
    if discord.token is None:
        return None
    return DiscordReach(discord.token.get_secret_value(), discord.api_base, discord.gateway, discord.cdn_base)


def telegram_reach(settings: Settings) -> TelegramReach | None:
    """How to reach Telegram; None without a token."""
    telegram = settings.telegram
    if telegram.token is None:
        return None
    hook = Webhook(telegram.webhook, telegram.webhook_host, telegram.webhook_port) if telegram.webhook else None
    return TelegramReach(telegram.token.get_secret_value(), telegram.base_url, telegram.base_file_url, hook)


def _discord(app: Application, reach: DiscordReach) -> Connection:
    # Imported here: who has no token need not wait for the library to load.
    from adapters.discord.connection import DiscordConnection

    discord = DiscordConnection(DiscordDeps(**_common(app), reach=reach))
    return Connection(Platform.DISCORD, discord.messenger, discord.run, discord.ranks)


def _telegram(app: Application, reach: TelegramReach) -> Connection:
    from adapters.telegram.connection import TelegramConnection

    telegram = TelegramConnection(TelegramDeps(**_common(app), reach=reach))
    return Connection(Platform.TELEGRAM, telegram.messenger, telegram.run, telegram.ranks)


def _common(app: Application) -> dict[str, Any]:
    """What every chat adapter is given."""
    common = ChatDeps(
        desk=app.desk,
        styles=offers.styles(),
        tones=offers.tones(),
        models=model_names(app.settings),
        language=app.settings.language,
        folder=app.settings.data_dir,
        door=PageDoor(app.settings),
    )
    return {field.name: getattr(common, field.name) for field in fields(common)}
