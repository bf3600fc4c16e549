"""Mute, suspend, ban, lift: from a card, or in reply to what a member made. Of members one speaks in private."""

from dataclasses import replace

from telegram import InlineKeyboardButton as Button

from adapters.chat import measures, standing
from adapters.chat.payload import Press
from adapters.telegram.casecard import drawn, listed
from adapters.telegram.page import MARKUP, Page
from adapters.telegram.reviewing import rank
from adapters.telegram.turn import Turn
from bot.domain.errors import NotAllowed, NotFound
from bot.domain.identity import Origin, Platform, Role
from bot.domain.jobs import Job

MEMBER = "member-"
"""What a link into the private chat says to speak of a job's member there."""


async def show_member(turn: Turn, job_id: str) -> None:
    """Who made this, how they stand, and what can be done about it: for the moderator's eyes alone."""
    job, moderator = await _about(turn, job_id)
    if not turn.alone:
        raise NotFound("old-button")
    await measures.job_of(job.id, moderator, turn.desk)
    known = await measures.known(job, turn.desk)
    words = turn.words
    lines = standing.page(known, _who(job), words, MARKUP, Platform.TELEGRAM)
    await turn.show(Page(tuple(lines), keyboard=listed(standing.measures(known.standing, job.id), words)))


async def point_to_member(turn: Turn, job_id: str) -> None:
    """In a group only the way to the private chat."""
    await _about(turn, job_id)
    open_ = Button(turn.words.text("telegram-open-private"), url=turn.in_private(f"{MEMBER}{job_id}"))
    await turn.show(Page((MARKUP.plain(turn.words.text("member-in-private")),), keyboard=((open_,),)))


async def ask(turn: Turn, press: Press) -> None:
    """For how long, or really?"""
    job, moderator = await _about(turn, press.target)
    await measures.job_of(job.id, moderator, turn.desk)
    question, answers = standing.asked(press.kind.removeprefix("ask-"), job.id, turn.words)
    await turn.acknowledge()
    keyboard = tuple((drawn(button, label),) for button, label in answers)
    await turn.show(Page((_who(job), MARKUP.plain(question)), keyboard=keyboard))


async def carry_out(turn: Turn, press: Press) -> None:
    """So be it."""
    measure = standing.chosen(press.target, press.extra)
    job, moderator = await _about(turn, press.target)
    done = await measures.carry_out(measure, moderator, turn.desk)
    await turn.acknowledge()
    await turn.turn_to(Page((_who(job), MARKUP.plain(turn.words.text(done)))))


async def _about(turn: Turn, job_id: str) -> tuple[Job, Origin]:
    """A job with the moderator, as they stand in its group at this moment."""
    await turn.origin()
    async with turn.desk.transactions() as tx:
        job = await tx.jobs.get(job_id)
    if job is None:
        raise NotFound("job-not-found")
    group = job.origin.community_id
    if group is None or job.origin.platform is not Platform.TELEGRAM:
        raise NotAllowed("moderators-only")
    role = await rank(turn, group)
    if not role.at_least(Role.MODERATOR):
        raise NotAllowed("moderators-only")
    return job, replace(await turn.origin(), community_id=group, role=role)


def _who(job: Job) -> str:
    return MARKUP.person(job.origin.user_id, job.origin.display_name)


HANDLERS = dict.fromkeys((*(f"ask-{kind.value}" for kind in standing.SPANS), f"ask-{standing.LIFT}"), ask) | {
    "sanction": carry_out
}
