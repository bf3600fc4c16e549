"""What a member sees of their own things: gallery, jobs, quota, help. Pictures of a gallery are shown in private."""

from contextlib import suppress

from telegram import InlineKeyboardButton as Button

from adapters.chat import standing
from adapters.chat.gallery import shelf
from adapters.chat.payload import Press, pack
from adapters.chat.wording import clip
from adapters.presentation import of_quota, of_view
from adapters.telegram import guide, shelves
from adapters.telegram.menu import EVERYWHERE
from adapters.telegram.page import MARKUP, Page
from adapters.telegram.place import Place
from adapters.telegram.turn import Turn
from bot.domain.errors import Conflict, NotFound, Reason
from bot.domain.identity import Platform, Role
from bot.domain.jobs import JobStatus, JobView
from bot.domain.quota import CAPTION_UNITS, PICTURE_UNITS
from bot.domain.requests import prompt_of
from bot.usecases import account

COSTS = Reason.of("set-costs", picture=PICTURE_UNITS, captions=CAPTION_UNITS)
"""What units buy."""
HINTS = ("telegram-help-options", "telegram-help-pictures", "telegram-help-studio")
LISTED = 8
"""Jobs with a button of their own."""
GALLERY, DRAW = "gallery", "draw-"
"""What a link into the private chat says to open the gallery there, or to go on with words."""


async def show_quota(turn: Turn, text: str = "") -> None:
    """What is left today."""
    desk = turn.desk
    state = await account.quota(await turn.origin(), desk.transactions, desk.clock, desk.policy)
    await turn.say(of_quota(state, desk.clock.now()), COSTS)
    await _tell_standing(turn)


async def _tell_standing(turn: Turn) -> None:
    """How the asker stands, where there is something to tell: to nobody else."""
    lines = await standing.of_asker(await turn.origin(), turn.desk, turn.words, MARKUP)
    if lines:
        await turn.confide_page(Page(tuple(lines)))


async def show_help(turn: Turn, text: str = "") -> None:
    """The commands, one line each, and what they cost."""
    origin = await turn.origin()
    names = list(EVERYWHERE)
    names += ["review"] if origin.role.at_least(Role.MODERATOR) else []
    names += ["settings"] if origin.role is Role.OWNER else []
    words = turn.words
    lines = [MARKUP.plain(words.text("help"))]
    lines += [f"/{name} {MARKUP.plain(words.text(f'command-{name}'))}" for name in names]
    lines += [MARKUP.plain(words.text(line)) for line in HINTS]
    lines.append(MARKUP.small(words.text(COSTS)))
    await turn.show(Page(tuple(lines)))
    await _tell_standing(turn)


async def start(turn: Turn, text: str = "") -> None:
    """The first word in a private chat, or a link that leads to something in it."""
    if text == GALLERY:
        await show_gallery(turn)
    elif text.startswith(DRAW):
        await guide.go_on(turn, text.removeprefix(DRAW))
    else:
        await show_help(turn)


async def show_jobs(turn: Turn, text: str = "") -> None:
    """What waits, runs or is held, each with its button to stop it."""
    await turn.show(await _jobs(turn))


async def refresh_jobs(turn: Turn, press: Press) -> None:
    """The same list as it is now, for whom it is about."""
    _own(turn, press)
    await turn.acknowledge()
    await turn.turn_to(await _jobs(turn))


async def stop_job(turn: Turn, press: Press) -> None:
    """Stop a job from the list."""
    origin, desk = await turn.origin(), turn.desk
    # A moderator may stop others' jobs, but not from a list of theirs.
    await account.view(origin, press.target, desk.transactions)
    # Where it ended meanwhile, the list says so.
    with suppress(Conflict):
        await account.cancel(origin, press.target, desk.transactions, desk.events, desk.clock)
    await turn.acknowledge()
    view = await account.view(origin, press.target, desk.transactions)
    await turn.turn_to(await _jobs(turn))
    if view.job.status is JobStatus.CANCELLED:
        await turn.house.living.finish(press.target)
        await turn.house.messenger.refresh(view)


async def show_gallery(turn: Turn, text: str = "") -> None:
    """The newest pictures; in a group only the way to them."""
    if not turn.alone:
        await turn.origin()
        words = turn.words
        open_ = Button(words.text("telegram-open-private"), url=turn.in_private(GALLERY))
        await turn.show(Page((MARKUP.plain(words.text("telegram-gallery-private")),), keyboard=((open_,),)))
        return
    await turn.show(await _gallery(turn, None))


async def turn_over(turn: Turn, press: Press) -> None:
    """The pictures before a moment, or the newest."""
    before = shelves.moment(press.target)
    await turn.acknowledge()
    await turn.turn_to(await _gallery(turn, before))


async def open_picture(turn: Turn, press: Press) -> None:
    """One picture of the gallery with everything that can be done with it."""
    artifact, job = await account.artwork(await turn.origin(), press.target, turn.desk.transactions)
    await turn.acknowledge()
    await turn.show_picture(job, artifact)


async def _jobs(turn: Turn) -> Page:
    desk = turn.desk
    found = await account.open_jobs(await turn.origin(), desk.transactions, desk.policy)
    words = turn.words
    if not found:
        return Page((MARKUP.plain(words.text("no-jobs")),))
    lines: list[str] = []
    rows: list[tuple[Button, ...]] = []
    for number, (view, place) in enumerate(found[:LISTED], 1):
        said = MARKUP.plain(words.text(of_view(view, place).message))
        prompt = f"{MARKUP.inert(clip(prompt_of(view.job.request), 60))} " if _may_be_read(view, turn) else ""
        lines.append(f"{number}. {prompt}{said}")
        label = f"⏹️ {words.text('action-cancel')} {number}"
        rows.append((Button(label, callback_data=pack("stop", view.job.id)),))
    rows.append((Button(f"🔄 {words.text('refresh')}", callback_data=pack("jobs", str(turn.user.id))),))
    return Page(tuple(lines), keyboard=tuple(rows))


def _may_be_read(view: JobView, turn: Turn) -> bool:
    """Whether whoever reads along here could read a job's words anyway."""
    job = view.job
    here = Place.of(job.origin.channel_id) == turn.place if job.origin.platform is Platform.TELEGRAM else False
    return turn.alone or (here and not job.request.private and job.status is not JobStatus.HELD)


async def _gallery(turn: Turn, before: float | None) -> Page:
    found = await shelf(await turn.origin(), before, turn.desk)
    if not found.pictures:
        return Page((MARKUP.plain(turn.words.text("gallery-empty-text")),))
    sheet = await shelves.sheet(turn, found.pictures)
    buttons = (*sheet.buttons(), *shelves.ways(turn, found, before, "gallery"))
    return Page(sheet.lines(), await sheet.photo(), buttons)


def _own(turn: Turn, press: Press) -> None:
    if press.target != str(turn.user.id):
        raise NotFound("not-yours")


HANDLERS = {"gallery": turn_over, "jobs": refresh_jobs, "open": open_picture, "stop": stop_job}
