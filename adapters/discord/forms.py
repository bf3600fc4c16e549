"""The forms that Discord opens over the chat; their custom_ids say what to do with what comes back."""

from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import TextStyle
from discord.ui import Label, Modal, Select, TextInput

from adapters.chat.casecard import REASONS
from adapters.chat.decisions import NONE
from adapters.chat.payload import pack
from adapters.chat.wording import clip
from adapters.commandline import options_of
from adapters.presentation import Choice
from bot.domain.errors import Reason
from bot.domain.identity import Role
from bot.domain.moderation import ReviewCase
from bot.domain.requests import PROMPT_LIMIT, STRENGTH, CaptionRequest, Length, MemberRequest, RestyleRequest, prompt_of
from bot.i18n import Translator
from bot.usecases.appeals import WORDS_LIMIT
from bot.usecases.sanctions import NO_STRIKE

LABEL_LIMIT = 45
"""Characters of a label and of a title."""
ABOUT_LIMIT = 100
"""Characters of the explanation under a label."""
NOTE_LIMIT = 200
STRIKE = {"yes": "reject-strike", "no": "reject-no-strike"}
"""Whether a rejection counts against its member."""
PRIVATE = "private"
"""In a form's custom_id: what comes of it is for the member alone."""


class Form(Modal):
    """A form with a title in the member's language."""

    def __init__(self, words: Translator, title: str, custom_id: str) -> None:
        super().__init__(title=clip(words.text(title), LABEL_LIMIT), custom_id=custom_id, timeout=None)
        self._words = words

    def line(
        self,
        name: str,
        value: str = "",
        *,
        long: bool = False,
        required: bool = False,
        limit: int = 100,
        about: Reason | None = None,
    ) -> None:
        """A text field."""
        style = TextStyle.paragraph if long else TextStyle.short
        field: TextInput[Any] = TextInput(
            custom_id=name, style=style, default=value[:limit] or None, required=required, max_length=limit
        )
        self._labelled(f"role-{name}" if name in set(Role) else f"option-{name}", field, about)

    def choice(self, name: str, options: Sequence[tuple[str, str]], chosen: str) -> None:
        """A menu of (value, label) with one of them chosen."""
        entries = [
            discord.SelectOption(label=clip(label, 100), value=value, default=value == chosen)
            for value, label in options
        ]
        menu: Select[Any] = Select(custom_id=name, options=entries[:25], required=False)
        self._labelled(f"option-{name}", menu)

    def _labelled(self, label: str, component: discord.ui.Item[Any], about: Reason | None = None) -> None:
        name = self._words.text(label)
        text = clip(name[:1].upper() + name[1:], LABEL_LIMIT)
        description = clip(self._words.text(about), ABOUT_LIMIT) if about else None
        self.add_item(Label(text=text, component=component, description=description))


def edit_form(
    request: MemberRequest, job_id: str, words: Translator, styles: Sequence[Choice], tones: Sequence[Choice]
) -> Form:
    """The old request, to be changed."""
    if isinstance(request, RestyleRequest):
        custom_id = pack("edited", job_id)
        if request.style:
            return restyle_form(words, custom_id, styles, request.style, request.prompt, request.strength)
        manner = Form(words, "action-restyle", custom_id)
        manner.line("strength", f"{request.strength:g}" if request.strength is not None else "", limit=4)
        return manner
    form = Form(words, "action-edit", pack("edited", job_id))
    options = options_of(request)
    if isinstance(request, CaptionRequest):
        form.line("topic", prompt_of(request), long=True, required=not request.pictured, limit=PROMPT_LIMIT)
        form.choice("tone", _named(tones, words), request.tone)
        form.choice("length", lengths(words), request.length.value)
    else:
        form.line("prompt", prompt_of(request), long=True, required=True, limit=PROMPT_LIMIT)
        form.choice("style", _styles(styles, words), options.get("style", NONE))
        form.line("negative", options.get("negative", ""), limit=PROMPT_LIMIT)
        form.line("seed", options.get("seed", ""), limit=10)
    form.line("count", str(request.count), limit=1)
    return form


def restyle_form(
    words: Translator,
    custom_id: str,
    styles: Sequence[Choice],
    style: str,
    prompt: str,
    strength: float | None = None,
    about: Reason | None = None,
) -> Form:
    """What a picture shows, to be changed, and in which style to paint it anew."""
    form = Form(words, "action-restyle", custom_id)
    form.line("prompt", prompt, long=True, limit=PROMPT_LIMIT, about=about)
    form.choice("style", _named(styles, words), style)
    form.line("strength", f"{strength:g}" if strength is not None else "", limit=4)
    return form


def base_form(prompt: str, style: str | None, artifact_id: str, words: Translator, styles: Sequence[Choice]) -> Form:
    """What to make of a picture that is there."""
    form = Form(words, "action-base", pack("based", artifact_id))
    form.line("prompt", prompt, long=True, required=True, limit=PROMPT_LIMIT)
    form.choice("style", _styles(styles, words), style or NONE)
    form.line("strength", f"{STRENGTH:g}", limit=4)
    form.line("count", "1", limit=1)
    return form


def portrait_form(user_id: int, words: Translator, styles: Sequence[Choice], style: str | None) -> Form:
    """What to make of somebody's profile picture."""
    form = Form(words, "discord-menu-portrait", pack("portrait", str(user_id)))
    form.line("prompt", "", long=True, required=True, limit=PROMPT_LIMIT)
    form.choice("style", _styles(styles, words), style or NONE)
    form.line("strength", f"{STRENGTH:g}", limit=4)
    return form


def caption_form(
    words: Translator,
    tones: Sequence[Choice],
    tone: str,
    length: str | None = None,
    count: int | None = None,
    *,
    private: bool = False,
) -> Form:
    """What is to be seen in a picture that comes without words, beside what was chosen already."""
    form = Form(words, "describe-picture", pack("described", PRIVATE if private else ""))
    form.line("topic", "", long=True, required=True, limit=PROMPT_LIMIT)
    form.choice("tone", _named(tones, words), tone)
    form.choice("length", lengths(words), length or Length.NORMAL)
    form.line("count", str(count or CaptionRequest("-").count), limit=1)
    return form


def note_form(words: Translator, title: str, kind: str, target: str) -> Form:
    """A reason in a few words: for a report or a rejection."""
    form = Form(words, title, pack(kind, target))
    form.line("note", "", long=True, limit=NOTE_LIMIT, about=Reason.of("for-moderators"))
    return form


def reject_form(words: Translator, title: str, kind: str, case: ReviewCase) -> Form:
    """What something is refused for, a word to the other moderators, and whether it counts against its member."""
    form = Form(words, title, pack(kind, case.id))
    cause = case.cause.category
    form.choice("reason", [(each.value, words.text(f"category-{each.value}")) for each in REASONS], cause.value)
    lenient = cause in NO_STRIKE
    form.choice(
        "strike", [(answer, words.text(sentence)) for answer, sentence in STRIKE.items()], "no" if lenient else "yes"
    )
    form.line("note", "", long=True, limit=NOTE_LIMIT, about=Reason.of("for-moderators"))
    return form


def appeal_form(words: Translator, job_id: str) -> Form:
    """Why a decision was wrong."""
    form = Form(words, "action-appeal", pack("appealed", job_id))
    form.line("appeal", "", long=True, required=True, limit=WORDS_LIMIT, about=Reason.of("appeal-about"))
    return form


def quota_form(words: Translator, limits: Mapping[Role, int], most: Mapping[Role, int]) -> Form:
    """Units a day by role, and the most that this machine gives each."""
    form = Form(words, "set-quota", pack("quotas"))
    for role, limit in limits.items():
        form.line(role.value, str(limit), limit=7, about=Reason.of("set-quota-help", limit=most[role]))
    return form


def lengths(words: Translator) -> list[tuple[str, str]]:
    """The lengths of a caption with their names."""
    return [(length.value, words.text(f"length-{length.value}")) for length in Length]


def _styles(styles: Sequence[Choice], words: Translator) -> list[tuple[str, str]]:
    return [(NONE, words.text("style-none")), *_named(styles, words)]


def _named(choices: Sequence[Choice], words: Translator) -> list[tuple[str, str]]:
    return [(choice.key, choice.label(words.locale)) for choice in choices]
