"""Cases for moderators: one at a time behind /review, and as cards in the review channel, with the same buttons."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

import discord

from adapters import pictures
from adapters.chat.casecard import Sheet
from adapters.chat.payload import Press, pack
from adapters.discord.casecard import card
from adapters.discord.forms import note_form, reject_form
from adapters.discord.page import Page, Picture
from adapters.discord.render import COVER
from adapters.discord.turn import Turn
from bot.domain.errors import Conflict, InvalidRequest, NotAllowed, NotFound
from bot.domain.identity import Origin, Platform, Role
from bot.domain.jobs import JobStatus
from bot.domain.moderation import CaseStatus, Category, Stage
from bot.domain.requests import prompt_of
from bot.usecases import account, docket, review
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
    page = Page(turn.words.text("review-empty"), items=_page_button(turn))
    if found:
        # After the last one comes the first again: what was passed over still waits.
        view = (later or found)[0]
        page = card(await sheet(turn, view.case.id), passing=True)
        place = f"-# {found.index(view) + 1} / {len(found)}"
        page = replace(page, content=f"{page.content}\n{place}", items=(*page.items, *_page_button(turn)))
    await (turn.turn_to(page) if press else turn.show(page))


def _page_button(turn: Turn) -> tuple[discord.ui.Button[Any], ...]:
    """The way to the same cases on the web page."""
    if turn.deps.door is None:
        return ()
    return (discord.ui.Button(label=turn.words.text("review-page"), custom_id=pack("page"), row=4),)


async def look(turn: Turn, press: Press) -> None:
    """The pictures of a case, behind a spoiler, for the moderator who asked alone."""
    await turn.think(ephemeral=True)
    view = await review.for_moderator(press.target, await turn.origin(), turn.desk.transactions)
    if not view.pictures:
        raise NotFound("picture-not-found")
    images = [await turn.desk.artifacts.get(name) for name in view.pictures]
    seen = await asyncio.to_thread(pictures.grid, images)
    await turn.show(Page(pictures=(Picture(seen, COVER, prompt_of(view.job.request), spoiler=True),)))


async def approve(turn: Turn, press: Press) -> None:
    """Let it go to its member."""
    await turn.quietly()
    moderator, desk = await judge(turn, press), turn.desk
    ports = desk.transactions, desk.events, desk.clock
    deciding = review.approve(press.target, moderator.asker, *ports, desk.policy, role=moderator.role)
    await decide(turn, press.target, deciding)


async def ask_reason(turn: Turn, press: Press) -> None:
    """What it is refused for, in a form."""
    view = await review.for_moderator(press.target, await turn.origin(), turn.desk.transactions)
    case = view.case
    if case.status is not CaseStatus.OPEN:
        await show(turn, case.id)
        raise Conflict("case-already-decided", case=case.id[:8])
    if case.stage is Stage.APPEAL:
        await turn.ask(note_form(turn.words, "review-deny", "rejected", case.id))
    else:
        title = "review-remove" if case.stage is Stage.REPORT else "review-reject"
        await turn.ask(reject_form(turn.words, title, "rejected", case))


async def reject(turn: Turn, press: Press) -> None:
    """The form comes back: refuse it, and the member is told."""
    await turn.quietly()
    moderator, desk, fields = await judge(turn, press), turn.desk, turn.fields
    deciding = review.reject(
        press.target,
        moderator.asker,
        desk.transactions,
        desk.events,
        desk.clock,
        fields.get("note", ""),
        role=moderator.role,
        reason=Category(fields["reason"]) if fields.get("reason") in set(Category) else None,
        strike=fields.get("strike") != "no",
    )
    await decide(turn, press.target, deciding)


async def judge(turn: Turn, press: Press) -> Origin:
    """The moderator, for a case of their own community."""
    origin = await turn.origin()
    await review.for_moderator(press.target, origin, turn.desk.transactions)
    # The web page names nobody by their id alone: whoever is named there has to be known.
    await account.member(origin, turn.desk.transactions)
    return origin


async def decide(turn: Turn, case_id: str, deciding: Awaitable[CaseView]) -> None:
    """The card says what became of the case, also when somebody else was first; then this one is told so."""
    try:
        view = await deciding
    finally:
        await show(turn, case_id)
    if view.job.status is JobStatus.QUEUED:
        # The work begins only now, and the member sees that it does.
        house, answer = turn.house, view.job.origin
        style = await house.messenger.style(answer, house.outlet.size_limit(answer))
        house.living.begin(view.job.id, answer, style)


async def show(turn: Turn, case_id: str) -> None:
    """The card as the case stands now."""
    await turn.turn_to(card(await sheet(turn, case_id), passing=turn.ephemeral))


async def sheet(turn: Turn, case_id: str) -> Sheet:
    """A case in the language of whoever reads it here: one moderator, or all of them."""
    await turn.origin()
    found = await docket.docket(case_id, None, turn.desk.transactions, turn.desk.clock)
    alone = turn.ephemeral or turn.interaction.message is None
    return Sheet(found, turn.words if alone else turn.aloud, turn.desk.clock.now())


HANDLERS = {"approve": approve, "look": look, "next": show_next, "reject": ask_reason, "rejected": reject}
