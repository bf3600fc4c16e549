"""Pictures of a member's own as Discord lets them be chosen: while a command is typed, and from menus."""

from collections.abc import Iterable
from typing import Any

import discord
from discord import Interaction
from discord.app_commands import Choice

from adapters.chat.wording import clip
from adapters.discord.asking import download
from adapters.discord.declared import SUGGESTIONS
from adapters.discord.turn import Turn
from adapters.presentation import named_by
from bot.domain.errors import InvalidRequest, NoAnswer
from bot.domain.jobs import Artifact, Job
from bot.domain.requests import Source
from bot.i18n import Translator
from bot.usecases import account
from bot.usecases.describe import describe, description
from bot.usecases.pick import NUMBERED, picked
from bot.usecases.sentences import engine_reason
from engines.contract import Description, EngineError

PATIENCE = 1.8
"""Seconds that looking may take before a press or a command has to be acknowledged: Discord gives three for it all."""
LABEL_LIMIT = 100
"""Characters of a suggestion and of a menu's option."""


Place = tuple[str | None, discord.Attachment | None]
"""Where a picture is expected: its name in the gallery, or a file."""


def title(artifact: Artifact, job: Job, words: Translator) -> str:
    """A picture in a few words: those it was made from, else what it shows, else how it was made."""
    said = named_by(artifact, job)
    return said if said != job.kind else words.text(f"action-{job.kind}")


def listed(number: int, artifact: Artifact, job: Job, words: Translator) -> str:
    """The same with a number, at a length that Discord takes."""
    return clip(f"{number}: {title(artifact, job, words)}", LABEL_LIMIT)


def option(number: int, artifact: Artifact, job: Job, words: Translator, value: str) -> discord.SelectOption:
    """A picture in a menu."""
    seed = words.text("fact-seed", seed=artifact.seed)
    return discord.SelectOption(label=listed(number, artifact, job, words), value=value, description=seed)


async def pictures(interaction: Interaction[Any], current: str) -> list[Choice[str]]:
    """Suggestions while a picture's number or words are typed: the newest of the gallery, 1 first.

    Animations are left out, for nothing can be made of them.
    """
    turn = Turn.of(interaction)
    found = await account.gallery(await turn.origin(), turn.desk.transactions, NUMBERED)
    sought = current.strip().casefold()
    numbered = [
        (number, artifact, job)
        for number, (artifact, job) in enumerate(found, 1)
        if not artifact.animated and (sought in title(artifact, job, turn.words).casefold() or str(number) == sought)
    ]
    numbered.sort(key=lambda each: str(each[0]) != sought)
    return [
        Choice(name=listed(number, artifact, job, turn.words), value=artifact.id)
        for number, artifact, job in numbered[:SUGGESTIONS]
    ]


async def chosen(turn: Turn, *given: Place) -> tuple[Source, ...]:
    """The pictures of a command, each named or sent, in order; InvalidRequest or NotFound for what is neither."""
    origin = await turn.origin()
    found: list[Source] = []
    for name, file in given:
        if name is not None and file is not None:
            raise InvalidRequest("picture-twice")
        if name is not None:
            found += await picked(origin, [name.strip()], turn.desk.transactions)
        elif file is not None:
            found.append(Source(image=await sent(turn, file)))
    return tuple(found)


async def sent(turn: Turn, file: discord.Attachment) -> bytes:
    """A picture that came along; InvalidRequest for what Discord does not take for one."""
    if not (file.content_type or "").startswith("image/"):
        raise InvalidRequest("image-unreadable")
    return await download(turn, file)


async def seen(turn: Turn, picture: Source) -> Description:
    """What a picture shows; NoAnswer when the models cannot say, InvalidRequest when the screens are against it."""
    origin, desk = await turn.origin(), turn.desk
    if picture.artifact_id is None:
        return await describe(picture.image or b"", origin, desk)
    artifact, _ = await account.artwork(origin, picture.artifact_id, desk.transactions)
    if artifact.animated:
        raise InvalidRequest("picture-moves")
    try:
        return await description(await desk.artifacts.get(artifact.name), desk.engine)
    except EngineError as error:
        reason = engine_reason(error)
        raise NoAnswer(reason.message, **reason.values()) from error


def still(found: Iterable[tuple[Artifact, Job]]) -> list[tuple[Artifact, Job]]:
    """Those of which something can be made."""
    return [(artifact, job) for artifact, job in found if not artifact.animated]
