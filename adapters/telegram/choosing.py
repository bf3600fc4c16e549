"""Pictures of one's gallery chosen by buttons, for what begins from them: one, two in their order, or up to five.

Which are chosen is in a Draft, so that one can go on after a restart. Its text names the command, for a draft without
words would take somebody's next ones for its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from telegram import InlineKeyboardButton as Button

from adapters.actions import ActionKind
from adapters.chat.gallery import Shelf, shelf
from adapters.chat.payload import Press, pack
from adapters.chat.wording import SYMBOLS
from adapters.commandline import Offer, build, options_of
from adapters.telegram import asking, drafts, guide, shelves
from adapters.telegram.page import MARKUP, Keyboard, Page, in_rows
from adapters.telegram.turn import Turn
from bot.domain.draft import Draft
from bot.domain.errors import NotFound
from bot.domain.identity import Origin
from bot.domain.jobs import Job
from bot.domain.outcomes import Outcome, Refused
from bot.domain.requests import MixRequest, Source, sources
from bot.domain.studio import MORPHED
from bot.usecases import account
from bot.usecases.submit import submit

NEEDED = {"mix": (2, 2), "morph": MORPHED, "upscale": (1, 1), "restyle": (1, 1)}
"""How many pictures each command begins from, at least and at most."""
_QUESTIONS = {"mix": "telegram-choose-two", "morph": "choose-others"}
_CHOSEN, _BEFORE = "pictures", "before"
"""Options of the draft that are no options of the request: the ids chosen, and the moment where the shelf begins."""
_MARKS = "①②③④⑤"


def check(kind: str, options: Mapping[str, str], offer: Offer) -> None:
    """Raise InvalidRequest for options that will not do, whichever pictures are chosen: said now, not at the end."""
    count = 2 if kind == "restyle" and not options.get("style") else NEEDED[kind][0]
    build(kind, "", options, offer, pictures=[Source(str(place)) for place in range(count)])


async def begin(
    turn: Turn,
    kind: str,
    chosen: Sequence[str] = (),
    *,
    options: Mapping[str, str] | None = None,
    upload: str | None = None,
    parent_id: str | None = None,
) -> Draft:
    """A draft with what is `chosen` already; an `upload` goes before all of them."""
    check(kind, options or {}, turn.offer)
    given = {**(options or {}), _CHOSEN: " ".join(chosen)}
    return await drafts.begin(turn, kind, f"/{kind}", options=given, upload=upload, parent_id=parent_id)


async def show(turn: Turn, draft: Draft) -> None:
    """The shelf to choose from; NotFound for a draft of something else."""
    if draft.kind not in NEEDED or _CHOSEN not in draft.options:
        raise NotFound("old-button")
    await turn.acknowledge()
    await turn.show(await _page(turn, draft))


async def from_job(turn: Turn, job: Job) -> None:
    """A mix that was bred before, with other pictures or shares."""
    own = [source.artifact_id for source in sources(job.request) if source.artifact_id]
    assert isinstance(job.request, MixRequest)
    given = {name: value for name, value in options_of(job.request).items() if name != "seed"}
    await show(turn, await begin(turn, job.kind, own, options=given, parent_id=job.id))


async def turn_over(turn: Turn, press: Press) -> None:
    """Another shelf."""
    draft = await _own(turn, press)
    shelves.moment(press.extra)
    draft = replace(draft, options={**draft.options, _BEFORE: press.extra})
    await drafts.keep(turn, draft)
    await turn.acknowledge()
    await turn.turn_to(await _page(turn, draft))


async def pick(turn: Turn, press: Press) -> None:
    """Take a picture, or put it back; where one is enough, go on with it."""
    draft = await _own(turn, press)
    artifact, _ = await account.artwork(await turn.origin(), press.extra, turn.desk.transactions)
    chosen, most = _chosen(draft), _most(draft)
    taken = artifact.id in chosen and most > 1
    chosen = [other for other in chosen if other != artifact.id] if taken else [*chosen[: most - 1], artifact.id]
    draft = replace(draft, options={**draft.options, _CHOSEN: " ".join(chosen)})
    await drafts.keep(turn, draft)
    if most == 1:
        await _make(turn, draft)
        return
    await turn.acknowledge()
    found = await shelf(await turn.origin(), _before(draft), turn.desk)
    sheet = await shelves.sheet(turn, found.pictures)
    await turn.change_buttons(_keyboard(turn, draft, found, sheet))


async def go(turn: Turn, press: Press) -> None:
    """Make it of what is chosen: the message becomes the answer."""
    await _make(turn, await _own(turn, press))


async def _make(turn: Turn, draft: Draft) -> None:
    options = {name: value for name, value in draft.options.items() if name not in (_CHOSEN, _BEFORE)}
    chosen = _chosen(draft)
    if draft.kind == "restyle" and chosen and "style" not in options:
        await turn.acknowledge()
        await guide.restyle(turn, options=options, own=chosen[0])
        return
    image = await drafts.upload(turn, draft)
    request = build(draft.kind, "", options, turn.offer, image, [Source(artifact_id) for artifact_id in chosen])

    async def making(origin: Origin) -> Outcome:
        outcome = await submit(request, asking.in_this_message(turn, origin), turn.desk, draft.parent_id)
        if not isinstance(outcome, Refused):
            await drafts.forget(turn, draft)
        return outcome

    await asking.make(turn, making)


async def _page(turn: Turn, draft: Draft) -> Page:
    found = await shelf(await turn.origin(), _before(draft), turn.desk)
    if not found.pictures:
        return Page((MARKUP.plain(turn.words.text("gallery-empty-text")),))
    question = MARKUP.plain(turn.words.text(_QUESTIONS.get(draft.kind, "telegram-choose-one")))
    # What does not fit is left out at the end but for the last line: the question.
    sheet = await shelves.sheet(turn, found.pictures)
    return Page((*sheet.lines(), question), await sheet.photo(), _keyboard(turn, draft, found, sheet))


def _keyboard(turn: Turn, draft: Draft, found: Shelf, sheet: shelves.Sheet) -> Keyboard:
    chosen, words = _chosen(draft), turn.words
    marks = {artifact_id: _MARKS[place + (draft.upload is not None)] for place, artifact_id in enumerate(chosen)}
    numbers = [
        Button(
            f"{marks.get(artifact.id, '🖼️')} {number}",
            callback_data=pack("pick", draft.id, artifact.id),
        )
        for number, (artifact, _, _) in zip(sheet.numbers, sheet.shown, strict=True)
        if not artifact.animated
    ]
    last = [Button(f"✖️ {words.text('telegram-drop')}", callback_data=pack("draft-cancel", draft.id))]
    if len(chosen) >= _least(draft):
        sign = SYMBOLS[ActionKind(draft.kind)]
        last.insert(0, Button(f"{sign} {words.text(f'action-{draft.kind}')}", callback_data=pack("pick-go", draft.id)))
    ways = shelves.ways(turn, found, _before(draft), "pick-page", draft.id)
    return (*in_rows(numbers, 3), *ways, tuple(last))


async def _own(turn: Turn, press: Press) -> Draft:
    draft = await drafts.own(turn, press)
    if draft.kind not in NEEDED or _CHOSEN not in draft.options:
        raise NotFound("old-button")
    return draft


def _chosen(draft: Draft) -> list[str]:
    return draft.options.get(_CHOSEN, "").split()


def _least(draft: Draft) -> int:
    """Pictures to choose at least, beside one that was sent."""
    return NEEDED[draft.kind][0] - (draft.upload is not None)


def _most(draft: Draft) -> int:
    return NEEDED[draft.kind][1] - (draft.upload is not None)


def _before(draft: Draft) -> float | None:
    return shelves.moment(draft.options.get(_BEFORE, ""))


HANDLERS = {"pick": pick, "pick-go": go, "pick-page": turn_over}
