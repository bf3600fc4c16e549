"""The slash commands and context menus. Each reads its options and acknowledges within three seconds.

To add one: a function here, its place in `all_commands`, and in bot/locales `discord-name-<name>` and `command-<name>`,
with `discord-name-<option>` and `discord-about-<option>` for each new option.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import discord
from discord import Interaction, app_commands
from discord.app_commands import Choice, ContextMenu, Range

from adapters.commandline import build
from adapters.discord import asking, captioning, consent, linking, measuring, panels, reporting, reviewing, rules
from adapters.discord.asking import download
from adapters.discord.forms import caption_form
from adapters.discord.said import said
from adapters.discord.turn import Turn
from adapters.presentation import Choice as Offered
from adapters.voices import known_tones
from bot.domain.errors import InvalidRequest
from bot.domain.requests import COUNT_LIMIT, PROMPT_LIMIT, SEED_LIMIT, Length, MemberRequest
from bot.usecases.upload import check_upload

SUGGESTIONS = 25
"""Choices that Discord shows at most."""
Words = Range[str, 1, PROMPT_LIMIT]
Code = Range[str, 1, 40]
Count = Range[int, 1, COUNT_LIMIT]
Seed = Range[int, 0, SEED_LIMIT]
Strength = Range[float, 0.05, 1.0]
C = TypeVar("C")


def command(name: str, *options: str, guild_only: bool = False, needs: str | None = None) -> Callable[[Any], Any]:
    """A slash command with its name, options and descriptions in every language, for those who have `needs`."""
    install = app_commands.allowed_installs(guilds=True, users=not guild_only)
    contexts = app_commands.allowed_contexts(guilds=True, dms=not guild_only, private_channels=not guild_only)

    def decorate(function: Any) -> Any:
        about = {option: said(f"discord-about-{option.rstrip('_')}") for option in options}
        names = {option: said(f"discord-name-{option.rstrip('_')}") for option in options}
        if options:
            function = app_commands.rename(**names)(app_commands.describe(**about)(function))
        if needs:
            function = app_commands.default_permissions(**{needs: True})(function)
        named = app_commands.command(name=said(f"discord-name-{name}"), description=said(f"command-{name}"))
        return contexts(install(named(function)))

    return decorate


@command("avatar", "prompt", "style", "from_", "strength", "count", "seed", "negative", "model", "private")
async def avatar(
    interaction: Interaction[Any],
    prompt: Words,
    style: str | None = None,
    from_: discord.Attachment | None = None,
    strength: Strength | None = None,
    count: Count | None = None,
    seed: Seed | None = None,
    negative: Words | None = None,
    model: str | None = None,
    private: bool = False,
) -> None:
    """Draw."""
    turn = Turn.of(interaction)

    async def wanted() -> MemberRequest:
        image = await download(turn, from_) if from_ else None
        chosen = _key(turn.deps.styles, style, turn) or turn.rules.default_style
        options = _given(style=chosen, strength=strength, count=count, seed=seed, negative=negative, model=model)
        request = build("avatar", prompt, options, turn.offer, image)
        return replace(request, private=private)

    await asking.request(turn, wanted, private=private)


@command("caption", "topic", "image", "tone", "length", "count", "model", "private")
@app_commands.choices(length=[Choice(name=said(f"length-{length}"), value=length.value) for length in Length])
async def caption(
    interaction: Interaction[Any],
    topic: Words | None = None,
    image: discord.Attachment | None = None,
    tone: str | None = None,
    length: str | None = None,
    count: Count | None = None,
    model: str | None = None,
    private: bool = False,
) -> None:
    """Write. A picture without words to it is asked about in a form: nobody here can see yet."""
    turn = Turn.of(interaction)
    topic = topic or (image.description or "")[:PROMPT_LIMIT] if image else topic
    if image is not None and not (image.content_type or "").startswith("image/"):
        raise InvalidRequest("image-unreadable")
    if image is not None and not topic:
        await turn.origin()
        tone = _key(turn.tones, tone, turn) or turn.rules.default_tone
        await turn.ask(caption_form(turn.words, turn.tones, tone, length, count, private=private))
        return

    async def wanted() -> MemberRequest:
        if image is not None:
            await check_upload(await download(turn, image), await turn.origin(), turn.desk)
        chosen = _key(known_tones(turn.deps.tones, turn.rules), tone, turn) or turn.rules.default_tone
        options = _given(tone=chosen, length=length, count=count, model=model)
        request = build("caption", topic or "", options, turn.offer)
        return replace(request, private=private)

    await asking.request(turn, wanted, private=private)


@command("gallery")
async def gallery(interaction: Interaction[Any]) -> None:
    """The member's pictures."""
    await panels.show_gallery(Turn.of(interaction))


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
    return _suggest(turn.styles, turn, current)


async def _tones(interaction: Interaction[Any], current: str) -> list[Choice[str]]:
    turn = Turn.of(interaction)
    await turn.origin()
    return _suggest(turn.tones, turn, current)


async def _models(interaction: Interaction[Any], current: str) -> list[Choice[str]]:
    turn = Turn.of(interaction)
    await turn.origin()
    assert interaction.command
    names = turn.deps.models[interaction.command.name]
    return _suggest([Offered(name, {}) for name in names if turn.rules.offers_model(name)], turn, current)


avatar.autocomplete("style")(_styles)
avatar.autocomplete("model")(_models)
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
        *(avatar, caption, gallery, quota, jobs, link, help_, review, settings),
        _menu("caption", caption_picture, guild_only=False),
        _menu("report", report_picture),
        _menu("portrait", portrait),
        _menu("member", member_behind, needs="manage_messages"),
    ]


def _suggest(offered: list[Offered], turn: Turn, current: str) -> list[Choice[str]]:
    """Those whose name or key holds what was typed so far."""
    sought, locale = current.casefold(), turn.words.locale
    found = [choice for choice in offered if sought in choice.label(locale).casefold() or sought in choice.key]
    return [Choice(name=choice.label(locale), value=choice.key) for choice in found[:SUGGESTIONS]]


def _key(offered: Sequence[Offered], typed: str | None, turn: Turn) -> str | None:
    """What was typed as the key it names: who takes no suggestion types the name that they see."""
    if typed is None:
        return None
    locale, sought = turn.words.locale, typed.strip().casefold()
    return next((choice.key for choice in offered if choice.label(locale).casefold() == sought), typed)


def _given(**options: object) -> dict[str, str]:
    """Options as a typed line would give them, so that one place checks them all."""
    return {name: str(value) for name, value in options.items() if value is not None}
