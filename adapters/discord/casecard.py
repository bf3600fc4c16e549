"""A case as moderators read it: the same card in the review channel and behind /review."""

from typing import Any

import discord

from adapters.discord.ids import pack
from adapters.discord.page import Page, clip, inert
from bot.domain.jobs import Job
from bot.domain.moderation import CaseStatus, Stage
from bot.domain.requests import prompt_of
from bot.i18n import Translator
from bot.usecases.review import CaseView

_SIGNS = {
    CaseStatus.OPEN: "🔎",
    CaseStatus.APPROVED: "✅",
    CaseStatus.REJECTED: "⛔",
    CaseStatus.EXPIRED: "⌛",
    CaseStatus.WITHDRAWN: "↩️",
}


_OF_REPORTS = {
    CaseStatus.OPEN: "case-reported",
    CaseStatus.APPROVED: "case-kept",
    CaseStatus.REJECTED: "case-removed",
}


def card(view: CaseView, words: Translator, *, passing: bool = False) -> Page:
    """A case in words, without its pictures; with buttons while it is open, and with `passing` one for the next."""
    case, job = view.case, view.job
    reported = case.stage is Stage.REPORT
    standing = (_OF_REPORTS.get(case.status) if reported else None) or f"case-{case.status.value}"
    evidence = clip(inert(case.cause.evidence), 200)
    lines = [f"{_SIGNS[case.status]} **{words.text(standing)}** · <t:{int(case.opened_at)}:R>"]
    if not reported:
        lines.append(words.text("case-cause", category=case.cause.category.value, stage=case.stage.value))
    lines.append(f"> {clip(inert(prompt_of(job.request)), 500)}")
    if evidence:
        lines.append(words.text("case-said" if reported else "case-evidence", evidence=evidence))
    lines += [f"- {clip(inert(text), 300)}" for text in (job.result.texts if job.result else ())]
    lines.append(words.text("case-member", member=f"<@{job.origin.user_id}>") + _link(job))
    if case.decided_by and case.status is not CaseStatus.WITHDRAWN:
        by = case.decided_by.removeprefix("discord:")
        lines.append(words.text("case-by", member=f"<@{by}>" if by.isdigit() else inert(case.decided_by)))
    if case.note:
        lines.append(f"> {inert(case.note)}")
    return Page("\n".join(lines), items=tuple(_items(view, words, passing)))


def _link(job: Job) -> str:
    """The way to the message, for those who may read it."""
    at = job.origin
    if not at.message_id or job.request.private:
        return ""
    return f" · https://discord.com/channels/{at.community_id or '@me'}/{at.channel_id}/{at.message_id}"


def _items(view: CaseView, words: Translator, passing: bool) -> list[discord.ui.Item[Any]]:
    case, style, reported = view.case, discord.ButtonStyle, view.case.stage is Stage.REPORT
    items: list[discord.ui.Item[Any]] = []

    def add(kind: str, label: str, look: discord.ButtonStyle, target: str = case.id, extra: str = "") -> None:
        items.append(discord.ui.Button(label=words.text(label), style=look, custom_id=pack(kind, target, extra)))

    if case.status is CaseStatus.OPEN:
        add("approve", "review-keep" if reported else "review-approve", style.success)
        add("reject", "review-remove" if reported else "review-reject", style.danger)
        if view.pictures:
            add("look", "review-look", style.secondary)
    if passing:
        # A decided case makes room for the oldest one that is open; an open one is passed over.
        passed = (repr(case.opened_at), case.id) if case.status is CaseStatus.OPEN else ("", "")
        add("next", "review-next", style.primary, *passed)
    return items
