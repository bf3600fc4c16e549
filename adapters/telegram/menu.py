"""Tell Telegram which commands there are, by where one is and by language, but only when they changed."""

import asyncio
import hashlib
import json
from pathlib import Path

import structlog
from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import TelegramError

from adapters.telegram.outlet import Bot
from bot.i18n import FALLBACK, locales, translator

log = structlog.get_logger()

FILE = "telegram-commands.json"
STUDIO = ("mix", "morph", "restyle", "upscale", "find")
"""What begins from pictures, or finds them."""
EVERYWHERE = ("avatar", "caption", *STUDIO, "gallery", "jobs", "quota", "link", "help")
"""What every member is shown."""
SCOPES: tuple[tuple[BotCommandScope, tuple[str, ...]], ...] = (
    (BotCommandScopeAllPrivateChats(), EVERYWHERE),
    (BotCommandScopeAllGroupChats(), EVERYWHERE),
    (BotCommandScopeAllChatAdministrators(), (*EVERYWHERE, "review", "settings")),
)


def languages() -> dict[str, str]:
    """Our locales by the two letters that Telegram knows; of two with the same letters the first one that we have."""
    found: dict[str, str] = {}
    for locale in locales():
        found.setdefault(locale[:2], locale)
    return {"" if letters == FALLBACK else letters: locale for letters, locale in found.items()}


async def sync(bot: Bot, folder: Path) -> bool:
    """Set the commands unless the hash kept in `folder` says that Telegram has them; answers whether it did."""
    wanted = [
        (scope, letters, [BotCommand(name, translator(locale).text(f"command-{name}")[:256]) for name in names])
        for scope, names in SCOPES
        for letters, locale in languages().items()
    ]
    said = json.dumps([bot.id, [(s.type, letters, [c.to_dict() for c in cs]) for s, letters, cs in wanted]])
    fingerprint = hashlib.sha256(said.encode()).hexdigest()
    path = folder / FILE
    if await asyncio.to_thread(_read, path) == fingerprint:
        return False
    try:
        for scope, letters, commands in wanted:
            await bot.set_my_commands(commands, scope=scope, language_code=letters or None)
    except TelegramError as error:
        # Members go on with the menu they have.
        log.warning("telegram did not take the commands", error=type(error).__name__, detail=error.message[:200])
        return False
    await asyncio.to_thread(path.write_text, fingerprint)
    log.info("telegram was told the commands")
    return True


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""
