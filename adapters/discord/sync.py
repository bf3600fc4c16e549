"""Tell Discord our commands, but only when they are others than it was told last: it allows 200 a day."""

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

import discord
import structlog
from discord import app_commands

log = structlog.get_logger()

FILE = "discord-commands.json"


async def sync(tree: app_commands.CommandTree[Any], application_id: int, folder: Path) -> bool:
    """Sync the commands unless the hash kept in `folder` says that Discord has them; answers whether it did.

    Where Discord does not want them, or no more today, members go on with those it has.
    """
    told = {str(application_id): await _fingerprint(tree)}
    path = folder / FILE
    if await asyncio.to_thread(_read, path) == told:
        return False
    try:
        await tree.sync()
    except discord.DiscordServerError:
        raise
    except (discord.HTTPException, discord.RateLimited) as error:
        log.error("discord did not take the commands", error=type(error).__name__, detail=str(error)[:500])
        return False
    await asyncio.to_thread(path.write_text, json.dumps(told))
    log.info("discord was told the commands")
    return True


async def _fingerprint(tree: app_commands.CommandTree[Any]) -> str:
    """A hash over everything that Discord would be told, names in every language included."""
    translator = tree.translator
    assert translator is not None
    payload = [await command.get_translated_payload(tree, translator) for command in tree.get_commands()]
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return None
