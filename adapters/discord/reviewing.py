"""Cases for moderators: one at a time behind /review, and as cards in the review channel, with the same buttons."""

import asyncio
from typing import Any

import discord

from adapters import pictures
from adapters.discord.forms import note_form
from adapters.discord.ids import Press, pack
from adapters.discord.page import Page, Picture, clip, inert
from adapters.discord.render import COVER
from adapters.discord.turn import Turn
from bot.domain.errors import InvalidRequest, NotAllowed, NotFound
from bot.domain.identity import Platform, Role
from bot.domain.moderation import CaseStatus
from bot.domain.requests import prompt_of
from bot.i18n import Translator
from bot.usecases import review
from bot.usecases.review import CaseView

_SIGNS = {CaseStatus.OPEN: "🔎", CaseStatus.APPROVED: "✅", CaseStatus.REJECTED: "⛔", CaseStatus.EXPIRED: "⌛"}


async def show_next(turn: Turn, press: Press | None = None) -> None:
    """The oldest open case of this community, or the next after one that was passed over."""
    await (turn.quietly() if press else turn.think(ephemeral=True))
    origin = await turn.origin()
    if origin.community_id is None:
        raise InvalidRequest("community-needed")
    if not origin.role.at_least(Role.MODERATOR):
        raise NotAllowed("moderators-only")
    found = await review.cases(turn.desk.transactions, community=(Platform.DISCORD, origin.community_id))
    after = float(press.target) if press and press.target else 0.0
    later = [view for view in found if view.case.opened_at > after]
    page = card(later[0], turn.words, passing=True) if later else Page(turn.words.text("review-empty"))
    await (turn.turn_to(page) if press else turn.show(page))


async def look(turn: Turn, press: Press) -> None:
    """The pictures of a case, behind a spoiler, for the moderator who asked alone."""
    await turn.think(ephemeral=True)
    view = await review.for_moderator(press.target, await turn.origin(), turn.desk.transactions)
    if not view.artifacts:
        raise NotFound("picture-not-found")
    images = [await turn.desk.artifacts.get(artifact.name) for artifact in view.artifacts]
    sheet = await asyncio.to_thread(pictures.grid, images)
    await turn.show(Page(pictures=(Picture(sheet, COVER, prompt_of(view.job.request), spoiler=True),)))


async def approve(turn: Turn, press: Press) -> None:
    """Let it go to its member."""
    await turn.quietly()
    origin, desk = await turn.origin(), turn.desk
    await review.for_moderator(press.target, origin, desk.transactions)
    by = f"discord:{origin.user_id}"
    await review.approve(press.target, by, desk.transactions, desk.events, desk.clock, desk.policy)
    await _show_decided(turn, press.target)


async def ask_reason(turn: Turn, press: Press) -> None:
    """Why it is refused, in a form."""
    await review.for_moderator(press.target, await turn.origin(), turn.desk.transactions)
    await turn.ask(note_form(turn.words, "discord-reject", "rejected", press.target))


async def reject(turn: Turn, press: Press) -> None:
    """The form comes back: refuse it, and the member is told."""
    await turn.quietly()
    origin, desk = await turn.origin(), turn.desk
    await review.for_moderator(press.target, origin, desk.transactions)
    note, by = turn.fields.get("note", ""), f"discord:{origin.user_id}"
    await review.reject(press.target, by, desk.transactions, desk.events, desk.clock, note)
    await _show_decided(turn, press.target)


async def _show_decided(turn: Turn, case_id: str) -> None:
    view = await review.show(case_id, turn.desk.transactions)
    await turn.turn_to(card(view, turn.words, passing=turn.ephemeral))


def card(view: CaseView, words: Translator, *, passing: bool = False) -> Page:
    """A case in words, without its pictures; with buttons while it is open, and with `passing` one for the next."""
    case, job = view.case, view.job
    lines = [
        f"{_SIGNS[case.status]} **{words.text(f'case-{case.status.value}')}** · <t:{int(case.opened_at)}:R>",
        words.text("discord-case-cause", category=case.cause.category.value, stage=case.stage.value),
        f"> {clip(inert(prompt_of(job.request)), 500)}",
    ]
    if case.cause.evidence:
        lines.append(words.text("discord-case-evidence", evidence=clip(inert(case.cause.evidence), 200)))
    lines += [f"- {inert(text)}" for text in (job.result.texts if job.result else ())]
    lines.append(words.text("discord-case-member", member=f"<@{job.origin.user_id}>"))
    if case.decided_by:
        by = case.decided_by.removeprefix("discord:")
        lines.append(words.text("discord-case-by", member=f"<@{by}>" if by.isdigit() else inert(case.decided_by)))
    if case.note:
        lines.append(f"> {inert(case.note)}")
    return Page("\n".join(lines), items=tuple(_items(view, words, passing)))


def _items(view: CaseView, words: Translator, passing: bool) -> list[discord.ui.Item[Any]]:
    case, style = view.case, discord.ButtonStyle
    items: list[discord.ui.Item[Any]] = []

    def add(kind: str, label: str, look: discord.ButtonStyle, target: str = case.id) -> None:
        items.append(discord.ui.Button(label=words.text(label), style=look, custom_id=pack(kind, target)))

    if case.status is CaseStatus.OPEN:
        add("approve", "discord-approve", style.success)
        add("reject", "discord-reject", style.danger)
        if view.artifacts:
            add("look", "discord-look", style.secondary)
    if passing:
        # A decided case makes room for the oldest one that is open; an open one is passed over.
        add("next", "discord-next", style.primary, repr(case.opened_at) if case.status is CaseStatus.OPEN else "")
    return items


HANDLERS = {"approve": approve, "look": look, "next": show_next, "reject": ask_reason, "rejected": reject}
