"""The slash commands and context menus. Each reads its options and acknowledges within three seconds.

To add one: a function here, its place in `all_commands`, and in bot/locales `discord-name-<name>` and `command-<name>`,
with `discord-name-<option>` and `discord-about-<option>` for each new option.
"""

from dataclasses import replace
from typing import Any

import discord
from discord import Interaction, app_commands
from discord.app_commands import Choice, ContextMenu

from adapters.commandline import build
from adapters.discord import (
    asking,
    captioning,
    choosing,
    consent,
    linking,
    measuring,
    panels,
    reporting,
    reviewing,
    rules,
    shelves,
    studio,
)
from adapters.discord.declared import (
    Candidates,
    Code,
    Count,
    Name,
    Seed,
    Share,
    Strength,
    Words,
    command,
    given,
    key,
    suggest,
)
from adapters.discord.said import said
from adapters.discord.turn import Turn
from adapters.presentation import Choice as Offered
from adapters.voices import known_tones
from bot.domain.requests import Length, MemberRequest, Source


@command(
    "avatar",
    *("prompt", "style", "from_", "picture", "strength", "count", "seed", "negative", "model"),
    *("wildness", "candidates", "private"),
)
async def avatar(
    interaction: Interaction[Any],
    prompt: Words,
    style: str | None = None,
    from_: discord.Attachment | None = None,
    picture: Name | None = None,
    strength: Strength | None = None,
    count: Count | None = None,
    seed: Seed | None = None,
    negative: Words | None = None,
    model: str | None = None,
    wildness: Share | None = None,
    candidates: Candidates | None = None,
    private: bool = False,
) -> None:
    """Draw."""
    turn = Turn.of(interaction)

    async def wanted() -> MemberRequest:
        (base,) = await choosing.chosen(turn, (picture, from_)) or (Source(),)
        style_key = key(turn.deps.styles, style, turn) or turn.rules.default_style
        options = given(style=style_key, strength=strength, count=count, seed=seed, negative=negative, model=model)
        options |= given(wildness=wildness, candidates=candidates, picture=base.artifact_id)
        request = build("avatar", prompt, options, turn.offer, base.image)
        return replace(request, private=private)

    await asking.request(turn, wanted, private=private)


@command("caption", "topic", "image", "picture", "tone", "length", "count", "model", "private")
@app_commands.choices(length=[Choice(name=said(f"length-{length}"), value=length.value) for length in Length])
async def caption(
    interaction: Interaction[Any],
    topic: Words | None = None,
    image: discord.Attachment | None = None,
    picture: Name | None = None,
    tone: str | None = None,
    length: str | None = None,
    count: Count | None = None,
    model: str | None = None,
    private: bool = False,
) -> None:
    """Write, about words or about what a picture shows."""
    turn = Turn.of(interaction)
    options = given(length=length, count=count, model=model)
    if image is not None or picture is not None:
        await captioning.of_picture(turn, (picture, image), topic or "", tone, options, private=private)
        return

    async def wanted() -> MemberRequest:
        chosen = key(known_tones(turn.deps.tones, turn.rules), tone, turn) or turn.rules.default_tone
        return replace(build("caption", topic or "", options | {"tone": chosen}, turn.offer), private=private)

    await asking.request(turn, wanted, private=private)


@command("gallery")
async def gallery(interaction: Interaction[Any]) -> None:
    """The member's pictures."""
    await shelves.show_gallery(Turn.of(interaction))


@command("quota")
async def quota(interaction: Interaction[Any]) -> None:
    """What is left."""
    await panels.show_quota(Turn.of(interaction))


@command("jobs")
async def jobs(interaction: Interaction[Any]) -> None:
    """What waits or runs."""
    await panels.show_jobs(Turn.of(interaction))


@command("link", "code")
async def link(interaction: Interaction[Any], code: Code | None = None) -> None:
    """One person, several platforms."""
    turn = Turn.of(interaction)
    await (linking.take(turn, code) if code else linking.show(turn))


@command("help")
async def help_(interaction: Interaction[Any]) -> None:
    """What can be done."""
    await panels.show_help(Turn.of(interaction))


@command("review", guild_only=True, needs="manage_messages")
async def review(interaction: Interaction[Any]) -> None:
    """What the screens held."""
    await reviewing.show_next(Turn.of(interaction))


@command("settings", guild_only=True, needs="manage_guild")
async def settings(interaction: Interaction[Any]) -> None:
    """The community's rules."""
    await rules.show(Turn.of(interaction))


async def _styles(interaction: Interaction[Any], current: str) -> list[Choice[str]]:
    turn = Turn.of(interaction)
    await turn.origin()
    return suggest(turn.styles, turn, current)


async def _tones(interaction: Interaction[Any], current: str) -> list[Choice[str]]:
    turn = Turn.of(interaction)
    await turn.origin()
    return suggest(turn.tones, turn, current)


async def _models(interaction: Interaction[Any], current: str) -> list[Choice[str]]:
    turn = Turn.of(interaction)
    await turn.origin()
    assert interaction.command
    names = turn.deps.models[interaction.command.name]
    return suggest([Offered(name, {}) for name in names if turn.rules.offers_model(name)], turn, current)


avatar.autocomplete("style")(_styles)
avatar.autocomplete("model")(_models)
avatar.autocomplete("picture")(choosing.pictures)
caption.autocomplete("picture")(choosing.pictures)
caption.autocomplete("model")(_models)
caption.autocomplete("tone")(_tones)


async def caption_picture(interaction: Interaction[Any], message: discord.Message) -> None:
    """Write about a message's picture."""
    await captioning.describe(Turn.of(interaction), message)


async def report_picture(interaction: Interaction[Any], message: discord.Message) -> None:
    """Tell the moderators."""
    await reporting.ask_why(Turn.of(interaction), message)


async def portrait(interaction: Interaction[Any], member: discord.User | discord.Member) -> None:
    """An avatar from somebody's profile picture, if they agree."""
    await consent.ask_what(Turn.of(interaction), member)


async def member_behind(interaction: Interaction[Any], message: discord.Message) -> None:
    """How the member stands who asked for this, for moderators."""
    await measuring.show_member(Turn.of(interaction), message)


def _menu(name: str, callback: Any, *, guild_only: bool = True, needs: str | None = None) -> ContextMenu:
    if needs:
        callback = app_commands.default_permissions(**{needs: True})(callback)
    return ContextMenu(
        name=said(f"discord-menu-{name}"),
        callback=callback,
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=not guild_only, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=not guild_only),
    )


def all_commands() -> list[app_commands.Command[Any, Any, Any] | ContextMenu]:
    """Everything that is synced to Discord."""
    return [
        *(avatar, caption, *studio.COMMANDS, gallery, quota, jobs, link, help_, review, settings),
        _menu("caption", caption_picture, guild_only=False),
        _menu("report", report_picture),
        _menu("portrait", portrait),
        _menu("member", member_behind, needs="manage_messages"),
    ]
