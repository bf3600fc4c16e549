"""A request put together by buttons: what it begins from, the words, the options, and then one press to make it.

What was chosen so far is a Draft in the database, so that it can be gone on with tomorrow and after a restart. Its
page can be replied to with other words.
"""

from collections.abc import Mapping
from dataclasses import replace

from telegram import InlineKeyboardButton as Button

from adapters.chat.payload import Press, pack
from adapters.commandline import build, options_of
from adapters.telegram import asking, draftpage, drafts, questions
from adapters.telegram.draftpage import OPTIONS, PICTURE, defaults, page
from adapters.telegram.page import MARKUP, Page
from adapters.telegram.turn import Turn
from bot.domain.draft import Draft
from bot.domain.errors import NotFound
from bot.domain.identity import Origin
from bot.domain.jobs import Job
from bot.domain.outcomes import Outcome, Refused
from bot.domain.requests import (
    STYLE_BASED,
    AvatarRequest,
    MemberRequest,
    RestyleRequest,
    Source,
    clean_text,
    prompt_of,
    sources,
)
from bot.usecases import account, remake
from bot.usecases.describe import description, words_to_restyle
from bot.usecases.submit import submit
from engines.contract import EngineError


async def begin(turn: Turn, kind: str, text: str = "", *, upload: str | None = None) -> None:
    """Without words ask for them, else show what can be chosen."""
    draft = await drafts.begin(turn, kind, text, upload=upload)
    if text:
        await _show(turn, draft)
    else:
        await ask(turn, draft)


async def go_on(turn: Turn, draft_id: str) -> None:
    """A draft of inline mode, as one of its own: that one changes with every letter typed there."""
    draft = await drafts.led_to(turn, draft_id)
    await begin(turn, draft.kind, draft.text)


async def from_job(turn: Turn, job: Job) -> None:
    """A request for an avatar, a caption or a picture painted anew that was made before, to be changed."""
    request = job.request
    match request:
        case AvatarRequest():
            kind = "avatar"
        case RestyleRequest():
            kind = "restyle"
        case _:
            kind = "caption"
    options = {name: value for name, value in options_of(request).items() if name != "seed"}
    first = next(iter(sources(request)), None)
    upload = next(iter(job.uploads), None)
    if first and first.artifact_id:
        options[PICTURE], upload = first.artifact_id, None
    draft = await drafts.begin(turn, kind, prompt_of(request), options=options, upload=upload, parent_id=job.id)
    await turn.acknowledge()
    if draft.text or kind == "caption":
        await _show(turn, draft)
    else:
        await _show_read(turn, draft)


async def from_picture(turn: Turn, artifact_id: str) -> None:
    """An avatar that begins from a picture of the member's own, with the words that it was made from or shows."""
    artifact, job = await account.artwork(await turn.origin(), artifact_id, turn.desk.transactions)
    await turn.acknowledge()
    request = job.request
    options = options_of(request) if isinstance(request, AvatarRequest) else {}
    options = {name: value for name, value in options.items() if name not in ("seed", "candidates", "wildness")}
    if options.get("model") == STYLE_BASED:
        # It draws from nothing but words.
        del options["model"]
    words = await remake.words_of(artifact, job, turn.desk)
    options[PICTURE] = artifact.id
    await _show(turn, await drafts.begin(turn, "avatar", words, options=options, parent_id=job.id))


async def restyle(
    turn: Turn,
    text: str = "",
    *,
    options: Mapping[str, str] | None = None,
    own: str | None = None,
    upload: str | None = None,
) -> None:
    """A picture to paint anew, one's `own` by its id or one that was sent: what it shows, and the styles."""
    given = {**(options or {}), **({PICTURE: own} if own else {})}
    draft = await drafts.begin(turn, "restyle", text, options=given, upload=upload)
    await _show_read(turn, draft)


async def offer(turn: Turn, text: str = "", upload: str | None = None) -> None:
    """Words or a picture without a command, in private: what shall become of them?"""
    await turn.show(draftpage.offer(await drafts.begin(turn, "avatar", text, upload=upload), turn))


async def chosen_kind(turn: Turn, press: Press) -> None:
    """A picture to draw or to paint anew, words to write, or no more than a larger picture."""
    draft = await drafts.own(turn, press)
    if press.extra == "upscale" and draft.upload:
        await _make(turn, replace(draft, kind="upscale", text=""))
        return
    draft = replace(draft, kind=press.extra if press.extra in OPTIONS else "avatar")
    await turn.acknowledge()
    if not draft.text and draft.upload and draft.kind != "avatar":
        draft, known = await _read(turn, draft)
    else:
        known = bool(draft.text)
    if known:
        await drafts.keep(turn, replace(draft, asked_in=questions.where(turn, turn.message.message_id)))
        await turn.turn_to(page(draft, turn))
    else:
        await drafts.keep(turn, draft)
        await ask(turn, draft)


async def ask(turn: Turn, draft: Draft) -> None:
    """Ask for the words; the answer comes as a reply, which also reaches a bot that may not read along."""
    question = "topic-empty" if draft.kind == "caption" else "prompt-empty"
    if draft.kind != "avatar" and (draft.upload or draft.options.get(PICTURE)):
        question = "describe-picture"
    lines = [MARKUP.plain(turn.words.text(question))]
    if draft.text:
        lines.insert(0, MARKUP.quote(draft.text))
    await questions.ask(turn, draft, *lines)


async def take(turn: Turn, draft: Draft, text: str) -> None:
    """The words that were asked for; said now, by the one who checks, where nothing can be made of them."""
    build("caption" if draft.kind == "caption" else "avatar", text, {}, turn.offer)
    await _show(turn, replace(draft, text=clean_text(text)))


async def reword(turn: Turn, press: Press) -> None:
    """Other words."""
    draft = await drafts.own(turn, press)
    await turn.acknowledge()
    await ask(turn, draft)


async def options(turn: Turn, press: Press) -> None:
    """What there is to choose from for one option."""
    draft = await drafts.own(turn, press)
    if press.extra not in OPTIONS.get(draft.kind, ()):
        raise NotFound("old-button")
    await turn.acknowledge()
    back = Button(f"◀️ {turn.words.text('back')}", callback_data=pack("draft-back", draft.id))
    await turn.change_buttons((*draftpage.values(draft, press.extra, turn), (back,)))


async def back(turn: Turn, press: Press) -> None:
    """What was chosen so far."""
    draft = await drafts.own(turn, press)
    await turn.acknowledge()
    await turn.change_buttons(page(draft, turn).keyboard)


async def choose(turn: Turn, press: Press) -> None:
    """An option was chosen."""
    draft = await drafts.own(turn, press)
    name, _, value = press.extra.partition("=")
    if name not in OPTIONS.get(draft.kind, ()):
        raise NotFound("old-button")
    draft = replace(draft, options={**draft.options, name: value})
    await drafts.keep(turn, draft)
    await turn.acknowledge()
    await turn.turn_to(page(draft, turn))


async def go(turn: Turn, press: Press) -> None:
    """Make it: the message with the buttons becomes the answer."""
    await _make(turn, await drafts.own(turn, press))


async def cancel(turn: Turn, press: Press) -> None:
    """Nothing is made."""
    draft = await drafts.own(turn, press)
    await drafts.forget(turn, draft)
    await turn.acknowledge()
    await turn.turn_to(Page((MARKUP.plain(turn.words.text("telegram-dropped")),)))


async def _make(turn: Turn, draft: Draft) -> None:
    request = await _request(turn, draft)

    async def making(origin: Origin) -> Outcome:
        here = asking.in_this_message(turn, origin)
        outcome = await submit(request, here, turn.desk, draft.parent_id)
        if not isinstance(outcome, Refused):
            await drafts.forget(turn, draft)
        return outcome

    await asking.make(turn, making)


async def _request(turn: Turn, draft: Draft) -> MemberRequest:
    image = await drafts.upload(turn, draft)
    given = {name: value for name, value in draft.options.items() if value}
    if draft.kind in ("restyle", "upscale"):
        own = given.pop(PICTURE, None)
        given = defaults(draft, turn) | given if draft.kind == "restyle" else {}
        return build(draft.kind, draft.text, given, turn.offer, image, (Source(own),) if own else ())
    return build(draft.kind, draft.text, defaults(draft, turn) | given, turn.offer, image)


async def _show(turn: Turn, draft: Draft) -> None:
    """The page of a draft, which is answered by replying to it."""
    sent = await turn.show(page(draft, turn))
    await drafts.keep(turn, replace(draft, asked_in=questions.where(turn, sent.message_id)))


async def _show_read(turn: Turn, draft: Draft) -> None:
    """The page with what is read from the picture, or the question what it shows."""
    draft, known = await _read(turn, draft)
    if known:
        await _show(turn, draft)
    else:
        await ask(turn, draft)


async def _read(turn: Turn, draft: Draft) -> tuple[Draft, bool]:
    """The draft with what its picture shows, where words are to say that; and whether that could be read."""
    if draft.text:
        return draft, True
    await turn.think()
    if own := draft.options.get(PICTURE):
        artifact, job = await account.artwork(await turn.origin(), own, turn.desk.transactions)
        return replace(draft, text=await remake.words_of(artifact, job, turn.desk)), True
    image = await drafts.upload(turn, draft)
    try:
        seen = await description(image or b"", turn.desk.engine)
    except EngineError:
        return draft, False
    # Captions are written about what is seen then; only a prompt is there to be changed.
    return (replace(draft, text=words_to_restyle(seen)) if draft.kind == "restyle" else draft), True


HANDLERS = {
    "draft-as": chosen_kind,
    "draft-back": back,
    "draft-cancel": cancel,
    "draft-go": go,
    "draft-options": options,
    "draft-set": choose,
    "draft-words": reword,
}
