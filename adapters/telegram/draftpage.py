"""How a request that is being put together looks: what it begins from, the words, what was chosen and can be."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton as Button

from adapters.actions import ActionKind
from adapters.chat.payload import pack
from adapters.chat.wording import SYMBOLS
from adapters.presentation import Choice
from adapters.telegram.page import MARKUP, Keyboard, Page, in_rows
from adapters.telegram.turn import Turn
from bot.domain.draft import Draft
from bot.domain.requests import COUNT_LIMIT, Length

OPTIONS = {"avatar": ("style", "count"), "caption": ("tone", "length", "count"), "restyle": ("style", "strength")}
"""What can be chosen by buttons; everything else is typed, as in `/avatar a knight --seed 7`."""
PICTURE = "picture"
"""The option that holds the id of the member's own picture that a request begins from."""
_STRENGTHS = {"0.3": "strength-low", "": "strength-medium", "0.9": "strength-high"}
_MAKING = {
    "avatar": ("🎨", "telegram-draw"),
    "caption": ("✍️", "telegram-write"),
    "restyle": (SYMBOLS[ActionKind.RESTYLE], "action-restyle"),
}
_FROM = {"avatar": "telegram-from-picture", "caption": "telegram-about-picture", "restyle": "restyle-offer"}


def page(draft: Draft, turn: Turn) -> Page:
    """The whole message."""
    words, given = turn.words, defaults(draft, turn) | dict(draft.options)
    lines = [MARKUP.quote(draft.text)] if draft.text else []
    if draft.upload or draft.options.get(PICTURE):
        lines.append(MARKUP.small(words.text(_FROM[draft.kind])))
    beside = {name: value for name, value in given.items() if name not in (*OPTIONS[draft.kind], PICTURE)}
    if rest := [f"{name} {value}" for name, value in beside.items() if value]:
        lines.append(MARKUP.small(" · ".join(rest)))
    edit = Button(
        f"{SYMBOLS[ActionKind.EDIT]} {words.text('telegram-reword')}", callback_data=pack("draft-words", draft.id)
    )
    drop = Button(f"✖️ {words.text('telegram-drop')}", callback_data=pack("draft-cancel", draft.id))
    if draft.kind == "restyle" and not given["style"]:
        # Nothing can be painted without one, so it comes first.
        return Page(tuple(lines), keyboard=(*values(draft, "style", turn), (edit, drop)))
    choosing = tuple(
        Button(
            f"{words.text(f'option-{name}').capitalize()}: {_label(draft, name, given.get(name, ''), turn)}",
            callback_data=pack("draft-options", draft.id, name),
        )
        for name in OPTIONS[draft.kind]
    )
    sign, name = _MAKING[draft.kind]
    go = Button(f"{sign} {words.text(name)}", callback_data=pack("draft-go", draft.id))
    return Page(tuple(lines), keyboard=(choosing, (edit,), (go, drop)))


def values(draft: Draft, option: str, turn: Turn) -> Keyboard:
    """What there is to choose from for one option."""
    current = (defaults(draft, turn) | dict(draft.options)).get(option, "")
    buttons = [
        Button(
            f"{'✓ ' if choice.key == current else ''}{choice.label(turn.words.locale)}",
            callback_data=pack("draft-set", draft.id, f"{option}={choice.key}"),
        )
        for choice in _choices(draft, option, turn)
    ]
    return in_rows(buttons, 3)


def offer(draft: Draft, turn: Turn) -> Page:
    """Words or a picture without a command: what can become of them."""
    words = turn.words

    def become(kind: str, sign: str, name: str) -> Button:
        return Button(f"{sign} {words.text(name)}", callback_data=pack("draft-as", draft.id, kind))

    rows: Keyboard = (tuple(become(kind, *_MAKING[kind]) for kind in ("avatar", "caption")),)
    if draft.upload:
        enlarge = become("upscale", SYMBOLS[ActionKind.UPSCALE], "action-upscale")
        rows = (*rows, (become("restyle", *_MAKING["restyle"]), enlarge))
    lines = ([MARKUP.quote(draft.text)] if draft.text else []) + [MARKUP.plain(words.text("telegram-what-now"))]
    return Page(tuple(lines), keyboard=rows)


def defaults(draft: Draft, turn: Turn) -> dict[str, str]:
    """What is taken when nothing was chosen."""
    match draft.kind:
        case "avatar":
            return {"style": turn.rules.default_style or "", "count": "1"}
        case "restyle":
            return {"style": "", "strength": ""}
    return {"tone": turn.rules.default_tone, "length": Length.NORMAL.value, "count": "3"}


def _choices(draft: Draft, option: str, turn: Turn) -> Sequence[Choice]:
    words = turn.words
    match option:
        case "style" if draft.kind == "restyle":
            return turn.styles
        case "style":
            return [Choice("", {words.locale: words.text("style-none")}), *turn.styles]
        case "tone":
            return turn.tones
        case "length":
            return [Choice(length.value, {"en": words.text(f"length-{length.value}")}) for length in Length]
        case "strength":
            return [Choice(value, {"en": words.text(name)}) for value, name in _STRENGTHS.items()]
    return [Choice(str(count), {}) for count in range(1, COUNT_LIMIT + 1)]


def _label(draft: Draft, option: str, value: str, turn: Turn) -> str:
    found = next((choice for choice in _choices(draft, option, turn) if choice.key == value), None)
    return found.label(turn.words.locale) if found else value
