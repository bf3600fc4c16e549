"""`huashen doctor`: look at everything that can be wrong, and say in plain words how to mend it."""

import json
import shutil
from dataclasses import asdict, dataclass

from bot.bootstrap import application, model_choices, prepare_data_dir
from bot.domain.errors import HuashenError
from bot.i18n import Translator, translator
from bot.oneshot import DONE, FAILURE, Answer
from bot.platforms import discord_reach, telegram_reach
from bot.settings import Settings
from engines.contract import EngineError, FeatureExtraction, TextClassification

LOW_DISK = 2 * 1024**3
"""Bytes; the prepared models need about one gigabyte, pictures the rest."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    name: str
    ok: bool
    detail: str


async def examine(settings: Settings, as_json: bool) -> Answer:
    """Print every finding; the exit code tells whether all is well."""
    words = translator(settings.language)
    findings = [_folder(settings, words), _disk(settings, words), *await _house(settings, words)]
    findings += [*await _discord(settings, words), *await _telegram(settings, words)]
    for finding in findings:
        if as_json:
            print(json.dumps(asdict(finding), ensure_ascii=False))
        else:
            print(f"{'ok ' if finding.ok else 'BAD'}  {finding.name:12}{finding.detail}")
    return Answer(DONE if all(finding.ok for finding in findings) else FAILURE, {})


def _folder(settings: Settings, words: Translator) -> Finding:
    try:
        prepare_data_dir(settings.data_dir)
    except HuashenError as error:
        return Finding("data", False, words.text(error.reason))
    return Finding("data", True, str(settings.data_dir))


def _disk(settings: Settings, words: Translator) -> Finding:
    folder = next(path for path in (settings.data_dir, *settings.data_dir.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    return Finding("disk", free > LOW_DISK, words.text("disk-free", gigabytes=round(free / 1024**3, 1)))


async def _house(settings: Settings, words: Translator) -> list[Finding]:
    """The database, then whether the engine processes start and the screens answer."""
    models = ", ".join(f"{choice.task}: {choice.name}" for choice in model_choices(settings) if choice.default)
    try:
        async with application(settings) as app:
            findings = [Finding("database", True, app.database.url.render_as_string(hide_password=True))]
            for request in (TextClassification(("a knight",)), FeatureExtraction(("a knight",))):
                answer = await app.host.run(request, deadline=120)
                findings.append(Finding("engine", True, f"{type(request).__name__}: {answer.model}"))
            return [*findings, Finding("models", True, models)]
    except HuashenError as error:
        return [Finding("database", False, words.text(error.reason))]
    except EngineError as error:
        return [Finding("engine", False, str(error))]


async def _discord(settings: Settings, words: Translator) -> list[Finding]:
    """The token, the servers it is in, and what the bot may do there."""
    reach = discord_reach(settings)
    if reach is None:
        return [Finding("discord", True, words.text("discord-off"))]
    from adapters.discord.checkup import checkup
    from adapters.discord.connection import point

    point(reach)
    return [Finding("discord", ok, words.text(found)) for ok, found in await checkup(reach)]


async def _telegram(settings: Settings, words: Translator) -> list[Finding]:
    """The token, and what BotFather was told."""
    reach = telegram_reach(settings)
    if reach is None:
        return [Finding("telegram", True, words.text("telegram-off"))]
    from adapters.telegram.checkup import checkup

    return [Finding("telegram", ok, words.text(found)) for ok, found in await checkup(reach)]
