"""Cases for moderators: one at a time behind /review, and as cards in the review channel, with the same buttons."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace

from adapters import pictures
from adapters.chat.payload import Press
from adapters.discord.casecard import card
from adapters.discord.forms import note_form
from adapters.discord.page import Page, Picture
from adapters.discord.render import COVER
from adapters.discord.turn import Turn
from bot.domain.errors import Conflict, InvalidRequest, NotAllowed, NotFound
from bot.domain.identity import Platform, Role
from bot.domain.jobs import JobStatus
from bot.domain.moderation import CaseStatus, Stage
from bot.domain.requests import prompt_of
from bot.usecases import review
from bot.usecases.review import CaseView


async def show_next(turn: Turn, press: Press | None = None) -> None:
    """The oldest open case of this community, or the next after one that was passed over."""
    await (turn.quietly() if press else turn.think(ephemeral=True))
    origin = await turn.origin()
    if origin.community_id is None:
        raise InvalidRequest("community-needed")
    if not origin.role.at_least(Role.MODERATOR):
        raise NotAllowed("moderators-only")
    found = await review.cases(turn.desk.transactions, community=(Platform.DISCORD, origin.community_id))
    passed = (float(press.target), press.extra) if press and press.target else (0.0, "")
    later = [view for view in found if (view.case.opened_at, view.case.id) > passed]
    page = Page(turn.words.text("review-empty"))
    if found:
        # After the last one comes the first again: what was passed over still waits.
        view = (later or found)[0]
        page = card(view, turn.words, passing=True)
        page = replace(page, content=f"{page.content}\n-# {found.index(view) + 1} / {len(found)}")
    await (turn.turn_to(page) if press else turn.show(page))


async def look(turn: Turn, press: Press) -> None:
    """The pictures of a case, behind a spoiler, for the moderator who asked alone."""
    await turn.think(ephemeral=True)
    view = await review.for_moderator(press.target, await turn.origin(), turn.desk.transactions)
    if not view.pictures:
        raise NotFound("picture-not-found")
    images = [await turn.desk.artifacts.get(name) for name in view.pictures]
    sheet = await asyncio.to_thread(pictures.grid, images)
    await turn.show(Page(pictures=(Picture(sheet, COVER, prompt_of(view.job.request), spoiler=True),)))


async def approve(turn: Turn, press: Press) -> None:
    """Let it go to its member."""
    await turn.quietly()
    origin, desk = await turn.origin(), turn.desk
    await review.for_moderator(press.target, origin, desk.transactions)
    ports = desk.transactions, desk.events, desk.clock
    deciding = review.approve(press.target, origin.asker, *ports, desk.policy, role=origin.role)
    view = await _decide(turn, press.target, deciding)
    if view.job.status is JobStatus.QUEUED:
        # The work begins only now, and the member sees that it does.
        house, answer = turn.house, view.job.origin
        style = await house.messenger.style(answer, house.outlet.size_limit(answer))
        house.living.begin(view.job.id, answer, style)


async def ask_reason(turn: Turn, press: Press) -> None:
    """Why it is refused, in a form."""
    view = await review.for_moderator(press.target, await turn.origin(), turn.desk.transactions)
    if view.case.status is not CaseStatus.OPEN:
        await _show(turn, view)
        raise Conflict("case-already-decided", case=view.case.id[:8])
    title = "review-remove" if view.case.stage is Stage.REPORT else "review-reject"
    await turn.ask(note_form(turn.words, title, "rejected", press.target))


async def reject(turn: Turn, press: Press) -> None:
    """The form comes back: refuse it, and the member is told."""
    await turn.quietly()
    origin, desk = await turn.origin(), turn.desk
    await review.for_moderator(press.target, origin, desk.transactions)
    note, ports = turn.fields.get("note", ""), (desk.transactions, desk.events, desk.clock)
    deciding = review.reject(press.target, origin.asker, *ports, note, role=origin.role)
    await _decide(turn, press.target, deciding)


async def _decide(turn: Turn, case_id: str, deciding: Awaitable[CaseView]) -> CaseView:
    """The card says what became of the case, also when somebody else was first; then this one is told so."""
    try:
        return await deciding
    finally:
        await _show(turn, await review.show(case_id, turn.desk.transactions))


async def _show(turn: Turn, view: CaseView) -> None:
    words = turn.words if turn.ephemeral else turn.aloud
    await turn.turn_to(card(view, words, passing=turn.ephemeral))


HANDLERS = {"approve": approve, "look": look, "next": show_next, "reject": ask_reason, "rejected": reject}
