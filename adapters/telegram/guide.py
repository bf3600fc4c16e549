"""A request put together by buttons: what it begins from, the words, the options, and then one press to make it.

What was chosen so far is a Draft in the database, so that it can be gone on with tomorrow and after a restart.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from telegram import InlineKeyboardButton as Button

from adapters.chat.payload import Press, pack
from adapters.chat.wording import SYMBOLS
from adapters.commandline import build, options_of
from adapters.presentation import ActionKind, Choice
from adapters.telegram import asking, questions
from adapters.telegram.page import MARKUP, Keyboard, Page
from adapters.telegram.turn import Turn
from bot.domain.draft import Draft
from bot.domain.errors import NotAllowed, NotFound
from bot.domain.identity import Origin
from bot.domain.outcomes import Outcome, Refused
from bot.domain.requests import COUNT_LIMIT, AvatarRequest, Length, MemberRequest, clean_text, prompt_of
from bot.usecases.submit import submit

_OPTIONS = {"avatar": ("style", "count"), "caption": ("tone", "length", "count")}
"""What can be chosen by buttons; everything else is typed, as in `/avatar a knight --seed 7`."""


async def begin(turn: Turn, kind: str, text: str = "", *, upload: str | None = None) -> None:
    """Without words ask for them, else show what can be chosen."""
    draft = await _new(turn, kind, text, upload=upload)
    if text:
        await turn.show(page(draft, turn))
    else:
        await ask(turn, draft)


async def go_on(turn: Turn, draft_id: str) -> None:
    """A draft of inline mode, as one of its own: that one changes with every letter typed there."""
    async with turn.desk.transactions() as tx:
        draft = await tx.drafts.get(draft_id)
    await turn.origin()
    if draft is None or draft.origin.user_id != str(turn.user.id):
        raise NotFound("old-button")
    await begin(turn, draft.kind, draft.text)


async def from_request(turn: Turn, request: MemberRequest, job_id: str, *, upload: str | None) -> None:
    """A request that was made before, to be changed."""
    kind = "avatar" if isinstance(request, AvatarRequest) else "caption"
    options = {name: value for name, value in options_of(request).items() if name != "seed"}
    draft = await _new(turn, kind, prompt_of(request), options=options, upload=upload, parent_id=job_id)
    await turn.acknowledge()
    await turn.show(page(draft, turn))


async def offer(turn: Turn, text: str = "", upload: str | None = None) -> None:
    """Words or a picture without a command, in private: what shall become of them?"""
    draft = await _new(turn, "avatar", text, upload=upload)
    words = turn.words
    rows: Keyboard = (
        (
            Button(f"🎨 {words.text('telegram-draw')}", callback_data=pack("draft-as", draft.id, "avatar")),
            Button(f"✍️ {words.text('telegram-write')}", callback_data=pack("draft-as", draft.id, "caption")),
        ),
    )
    lines = ([MARKUP.quote(text)] if text else []) + [MARKUP.plain(words.text("telegram-what-now"))]
    await turn.show(Page(tuple(lines), keyboard=rows))


async def chosen_kind(turn: Turn, press: Press) -> None:
    """A picture to draw, or words to write."""
    draft = replace(await _own(turn, press), kind=press.extra if press.extra in _OPTIONS else "avatar")
    await _keep(turn, draft)
    await turn.acknowledge()
    if draft.text:
        await turn.turn_to(page(draft, turn))
    else:
        await ask(turn, draft)


async def ask(turn: Turn, draft: Draft) -> None:
    """Ask for the words; the answer comes as a reply, which also reaches a bot that may not read along."""
    question = "topic-empty" if draft.kind == "caption" else "prompt-empty"
    if draft.kind == "caption" and draft.upload:
        question = "describe-picture"
    lines = [MARKUP.plain(turn.words.text(question))]
    if draft.text:
        lines.insert(0, MARKUP.quote(draft.text))
    await questions.ask(turn, draft, *lines)


async def take(turn: Turn, draft: Draft, text: str) -> None:
    """The words that were asked for; said now, by the one who checks, where nothing can be made of them."""
    build(draft.kind, text, {}, turn.offer)
    draft = replace(draft, text=clean_text(text), asked_in="")
    await _keep(turn, draft)
    await turn.show(page(draft, turn))


async def reword(turn: Turn, press: Press) -> None:
    """Other words."""
    draft = await _own(turn, press)
    await turn.acknowledge()
    await ask(turn, draft)


async def options(turn: Turn, press: Press) -> None:
    """What there is to choose from for one option."""
    draft = await _own(turn, press)
    if press.extra not in _OPTIONS[draft.kind]:
        raise NotFound("old-button")
    await turn.acknowledge()
    current = (_defaults(draft, turn) | dict(draft.options)).get(press.extra, "")
    buttons = [
        Button(
            f"{'✓ ' if choice.key == current else ''}{choice.label(turn.words.locale)}",
            callback_data=pack("draft-set", draft.id, f"{press.extra}={choice.key}"),
        )
        for choice in _choices(press.extra, turn)
    ]
    back = Button(f"◀️ {turn.words.text('back')}", callback_data=pack("draft-back", draft.id))
    rows = [tuple(buttons[index : index + 3]) for index in range(0, len(buttons), 3)]
    await turn.change_buttons((*rows, (back,)))


async def back(turn: Turn, press: Press) -> None:
    """What was chosen so far."""
    draft = await _own(turn, press)
    await turn.acknowledge()
    await turn.change_buttons(page(draft, turn).keyboard)


async def choose(turn: Turn, press: Press) -> None:
    """An option was chosen."""
    draft = await _own(turn, press)
    name, _, value = press.extra.partition("=")
    if name not in _OPTIONS[draft.kind]:
        raise NotFound("old-button")
    draft = replace(draft, options={**draft.options, name: value})
    await _keep(turn, draft)
    await turn.acknowledge()
    await turn.turn_to(page(draft, turn))


async def go(turn: Turn, press: Press) -> None:
    """Make it: the message with the buttons becomes the answer."""
    draft = await _own(turn, press)
    image = await _upload(turn, draft.upload) if draft.upload and draft.kind == "avatar" else None
    given = _defaults(draft, turn) | {name: value for name, value in draft.options.items() if value}
    request = build(draft.kind, draft.text, given, turn.offer, image)

    async def making(origin: Origin) -> Outcome:
        here = asking.in_this_message(turn, origin)
        outcome = await submit(request, here, turn.desk, draft.parent_id)
        if not isinstance(outcome, Refused):
            await _forget(turn, draft)
        return outcome

    await asking.make(turn, making)


async def cancel(turn: Turn, press: Press) -> None:
    """Nothing is made."""
    draft = await _own(turn, press)
    await _forget(turn, draft)
    await turn.acknowledge()
    await turn.turn_to(Page((MARKUP.plain(turn.words.text("telegram-dropped")),)))


def page(draft: Draft, turn: Turn) -> Page:
    """What was chosen so far, and what can be."""
    words, given = turn.words, _defaults(draft, turn) | dict(draft.options)
    lines = [MARKUP.quote(draft.text)]
    if draft.upload and draft.kind == "avatar":
        lines.append(MARKUP.small(words.text("telegram-from-picture")))
    rest = [f"{name} {value}" for name, value in given.items() if value and name not in _OPTIONS[draft.kind]]
    if rest:
        lines.append(MARKUP.small(" · ".join(rest)))
    choosing = [
        Button(
            f"{words.text(f'option-{name}').capitalize()}: {_label(name, given.get(name, ''), turn)}",
            callback_data=pack("draft-options", draft.id, name),
        )
        for name in _OPTIONS[draft.kind]
    ]
    edit = Button(
        f"{SYMBOLS[ActionKind.EDIT]} {words.text('telegram-reword')}", callback_data=pack("draft-words", draft.id)
    )
    sign, name = ("🎨", "telegram-draw") if draft.kind == "avatar" else ("✍️", "telegram-write")
    last = (
        Button(f"{sign} {words.text(name)}", callback_data=pack("draft-go", draft.id)),
        Button(f"✖️ {words.text('telegram-drop')}", callback_data=pack("draft-cancel", draft.id)),
    )
    return Page(tuple(lines), keyboard=(tuple(choosing), (edit,), last))


def _choices(option: str, turn: Turn) -> Sequence[Choice]:
    match option:
        case "style":
            return [Choice("", {turn.words.locale: turn.words.text("style-none")}), *turn.styles]
        case "tone":
            return turn.tones
        case "length":
            return [Choice(length.value, {"en": turn.words.text(f"length-{length.value}")}) for length in Length]
    return [Choice(str(count), {}) for count in range(1, COUNT_LIMIT + 1)]


def _label(option: str, value: str, turn: Turn) -> str:
    found = next((choice for choice in _choices(option, turn) if choice.key == value), None)
    return found.label(turn.words.locale) if found else value


def _defaults(draft: Draft, turn: Turn) -> dict[str, str]:
    """What is taken when nothing was chosen."""
    if draft.kind == "avatar":
        return {"style": turn.rules.default_style or "", "count": "1"}
    return {"tone": turn.rules.default_tone, "length": Length.NORMAL.value, "count": "3"}


async def _new(
    turn: Turn,
    kind: str,
    text: str,
    *,
    options: dict[str, str] | None = None,
    upload: str | None = None,
    parent_id: str | None = None,
) -> Draft:
    draft = Draft(
        id=secrets.token_hex(6),
        origin=await turn.origin(),
        kind=kind,
        text=text,
        options=options or {},
        upload=upload,
        parent_id=parent_id,
        created_at=turn.desk.clock.now(),
    )
    async with turn.desk.transactions() as tx:
        await tx.drafts.add(draft)
        await tx.commit()
    return draft


async def _own(turn: Turn, press: Press) -> Draft:
    """The draft, for nobody but whoever began it."""
    await turn.origin()
    async with turn.desk.transactions() as tx:
        draft = await tx.drafts.get(press.target)
    if draft is None:
        raise NotFound("old-button")
    if draft.origin.user_id != str(turn.user.id):
        raise NotAllowed("not-yours")
    return draft


async def _keep(turn: Turn, draft: Draft) -> None:
    async with turn.desk.transactions() as tx:
        await tx.drafts.put(draft)
        await tx.commit()


async def _upload(turn: Turn, name: str) -> bytes:
    try:
        return await turn.desk.artifacts.get(name)
    except NotFound:
        raise NotFound("upload-gone") from None


async def _forget(turn: Turn, draft: Draft) -> None:
    async with turn.desk.transactions() as tx:
        await tx.drafts.delete(draft.id)
        await tx.commit()


HANDLERS = {
    "draft-as": chosen_kind,
    "draft-back": back,
    "draft-cancel": cancel,
    "draft-go": go,
    "draft-options": options,
    "draft-set": choose,
    "draft-words": reword,
}
