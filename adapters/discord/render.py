"""A Reply as a Discord message. CPU work happens here: call `compose` in a thread when there are pictures."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord

from adapters import pictures
from adapters.actions import Action, ActionKind
from adapters.chat.payload import pack
from adapters.chat.wording import SYMBOLS, Style, clip, lines
from adapters.discord.page import MARKUP, Page, Picture
from adapters.presentation import Attachment, Reply
from bot.domain.jobs import Job
from bot.domain.requests import COUNT_LIMIT, MixRequest, prompt_of
from bot.i18n import Translator

MENU_LIMIT = 25
"""Options that Discord allows in one menu."""
COVER = "pictures.webp"
FILES = COUNT_LIMIT
"""Pictures that are sent also as files of their own; more are one grid, to choose from."""

_DANGER = {ActionKind.DELETE, ActionKind.CANCEL}


def compose(reply: Reply, style: Style, job: Job | None = None, images: Sequence[bytes] = ()) -> Page:
    """The whole message; `images` are the bytes of the reply's attachments, `job` lends the words to quote."""
    page = Page("\n".join(lines(reply, style, MARKUP, job)), items=_items(reply, style, job))
    return _illustrated(page, reply.attachments, images, style.covering(job)) if images else page


def unfinished(reply: Reply, style: Style, job: Job, preview: bytes | None = None, texts: Sequence[str] = ()) -> Page:
    """A message about work in hand, with as much of the result as may be shown."""
    page = compose(replace(reply, texts=tuple(texts)), style, job)
    if preview is None:
        return page
    data, name = pictures.fit(preview, "preview.png", style.size_limit)
    return replace(page, pictures=(Picture(data, name, prompt_of(job.request), style.spoiler),))


def _illustrated(page: Page, attachments: Sequence[Attachment], images: Sequence[bytes], style: Style) -> Page:
    """With its pictures as files; several are a grid besides, many a grid alone.

    An animated WebP is uploaded as it is: every client of Discord plays those since 2025 (Discord's blog, "Modern Image
    Formats at Discord"), and as a GIF it would have 256 colours and several times the bytes.
    """
    if len(images) > FILES:
        alt = "; ".join(f"{number}: {each.alt}" for number, each in enumerate(attachments, 1))
        data, name = pictures.fit(pictures.grid(images), COVER, style.size_limit)
        return replace(page, pictures=(Picture(data, name, alt, style.spoiler),))
    several = len(images) > 1
    share = style.size_limit // (len(images) + several)
    shown = []
    for attachment, image in zip(attachments, images, strict=True):
        data, name = pictures.fit(image, attachment.filename, share)
        shown.append(Picture(data, name, attachment.alt, style.spoiler))
    if not several:
        return replace(page, pictures=tuple(shown))
    data, name = pictures.fit(pictures.grid(images), COVER, share)
    grid = Picture(data, name, attachments[0].alt, style.spoiler)
    # An embed shows its picture to everybody: a spoiler stays among the files.
    return replace(page, pictures=(grid, *shown), cover=None if style.spoiler else name)


def _items(reply: Reply, style: Style, job: Job | None) -> tuple[discord.ui.Item[Any], ...]:
    """Buttons for the job first, then for the pictures: five a row, five rows at most."""
    items: list[discord.ui.Item[Any]] = []
    mix = job is not None and isinstance(job.request, MixRequest)
    for action in reply.actions:
        if mix and action.kind is ActionKind.EDIT:
            # It has no words; its shares have a menu of their own.
            continue
        items.append(_tones(action, style) if action.kind is ActionKind.TONE else button(action, style.words))
    if len(reply.attachments) == 1:
        items += [button(action, style.words) for action in reply.attachments[0].actions]
        items.append(_studio(reply.attachments, style.words))
    elif mix and job and reply.attachments:
        items += [_number(number, each) for number, each in enumerate(reply.attachments, 1)]
        items.append(_leanings(job, style.words))
    elif reply.attachments:
        items += [*_for_several(reply.attachments, style.words), _studio(reply.attachments, style.words)]
    return tuple(items)


def button(action: Action, words: Translator, number: int | None = None) -> discord.ui.Button[Any]:
    """An action as a button; `number` tells pictures of one message apart."""
    label = words.text(action.label)
    return discord.ui.Button(
        label=clip(f"{label} {number}" if number else label, 80),
        emoji=SYMBOLS[action.kind],
        style=discord.ButtonStyle.danger if action.kind in _DANGER else discord.ButtonStyle.secondary,
        custom_id=pack(action.kind.value, action.artifact_id or action.job_id),
    )


def _number(number: int, child: Attachment) -> discord.ui.Button[Any]:
    """A child of a grid by its number, green once it was chosen."""
    kept = child.artifact.kept
    return discord.ui.Button(
        label=str(number),
        emoji=SYMBOLS[ActionKind.CHOOSE] if kept else None,
        style=discord.ButtonStyle.success if kept else discord.ButtonStyle.primary,
        custom_id=pack(ActionKind.CHOOSE.value, child.artifact.id),
        row=1 + (number - 1) // 5,
    )


def _leanings(job: Job, words: Translator) -> discord.ui.Select[Any]:
    """The same two again: with more of one of them, or with one scale as one of them has it."""
    offered = [("first", words.text("mix-more-first")), ("second", words.text("mix-more-second"))]
    for scale in ("coarse", "middle", "fine"):
        name = words.text(f"option-{scale}")
        offered += [
            (f"{scale}-{side}", f"{name[:1].upper()}{name[1:]}: {words.text(f'mix-like-{side}')}")
            for side in ("first", "second")
        ]
    offered.append(("chance", words.text("mix-all-chance")))
    options = [discord.SelectOption(label=clip(label, 100), value=value) for value, label in offered]
    return discord.ui.Select(
        custom_id=pack("bred", job.id), placeholder=words.text("mix-sliders"), options=options, row=3
    )


def _studio(attachments: Sequence[Attachment], words: Translator) -> discord.ui.Select[Any]:
    """What can be made of the pictures, from one menu; what is chosen is a press of its own."""
    options = [
        discord.SelectOption(
            label=clip(
                f"{number}: {words.text(action.label)}" if len(attachments) > 1 else words.text(action.label), 100
            ),
            value=pack(action.kind.value, action.artifact_id or action.job_id),
            emoji=SYMBOLS[action.kind],
        )
        for number, attachment in enumerate(attachments, 1)
        for action in attachment.studio
    ]
    return discord.ui.Select(
        custom_id=pack("studio", attachments[0].artifact.job_id),
        placeholder=words.text("studio"),
        options=options[:MENU_LIMIT],
        row=3 if len(attachments) > 1 else None,
    )


def _tones(action: Action, style: Style) -> discord.ui.Select[Any]:
    locale = style.words.locale
    options = [
        discord.SelectOption(label=clip(tone.label(locale), 100), value=tone.key) for tone in style.choices["tone"]
    ]
    return discord.ui.Select(
        custom_id=pack(action.kind.value, action.job_id),
        placeholder=style.words.text(action.label),
        options=options[:MENU_LIMIT],
    )


def _for_several(attachments: Sequence[Attachment], words: Translator) -> list[discord.ui.Item[Any]]:
    """Variations by a button for each picture, everything else from one menu."""
    variations = []
    options = []
    for number, attachment in enumerate(attachments, 1):
        for action in attachment.actions:
            if action.kind is ActionKind.VARIATIONS:
                variations.append(button(action, words, number))
                continue
            value = pack(action.kind.value, action.artifact_id or action.job_id)
            label = clip(f"{number}: {words.text(action.label)}", 100)
            options.append(discord.SelectOption(label=label, value=value, emoji=SYMBOLS[action.kind]))
    for item in variations:
        item.row = 1
    menu: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=pack("pick", attachments[0].artifact.job_id),
        placeholder=words.text("pick-picture"),
        options=options[:MENU_LIMIT],
        row=2,
    )
    return [*variations, menu]
