"""A case as moderators read it: the same card in their channel and behind /review."""

from dataclasses import dataclass
from enum import Enum, auto

from adapters.chat.wording import Markup, clip
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


class Look(Enum):
    """How much a button asks to be pressed, or warns."""

    PLAIN = auto()
    FORWARD = auto()
    GOOD = auto()
    DANGER = auto()


@dataclass(frozen=True, slots=True)
class CaseButton:
    """A button under a card: its handler, its name, and what its payload carries."""

    kind: str
    label: str
    look: Look
    target: str
    extra: str = ""


def said(view: CaseView, words: Translator, markup: Markup) -> list[str]:
    """A case in words, line by line, without its pictures."""
    case, job = view.case, view.job
    reported = case.stage is Stage.REPORT
    standing = (_OF_REPORTS.get(case.status) if reported else None) or f"case-{case.status.value}"
    lines = [f"{_SIGNS[case.status]} {markup.strong(words.text(standing))} · {markup.moment(case.opened_at)}"]
    if not reported:
        cause = words.text("case-cause", category=case.cause.category.value, stage=case.stage.value)
        lines.append(markup.plain(cause))
    lines.append(markup.quote(clip(prompt_of(job.request), 500)))
    if case.cause.evidence:
        sentence = "case-said" if case.stage in (Stage.REPORT, Stage.APPEAL) else "case-evidence"
        # The words around are ours, those inside are not.
        before, _, after = words.text(sentence, evidence="\0").partition("\0")
        evidence = markup.inert(clip(case.cause.evidence, 200))
        lines.append(markup.plain(before) + evidence + markup.plain(after))
    lines += [f"- {markup.inert(clip(text, 300))}" for text in (job.result.texts if job.result else ())]
    origin = job.origin
    who = _naming("case-member", markup.person(origin.user_id, origin.display_name), words, markup)
    where = "" if job.request.private else markup.link(origin)
    lines.append(f"{who} · {where}" if where else who)
    if case.decided_by and case.status is not CaseStatus.WITHDRAWN:
        platform, _, user_id = case.decided_by.rpartition(":")
        known = platform == origin.platform.value
        by = markup.person(user_id) if known else markup.inert(case.decided_by)
        lines.append(_naming("case-by", by, words, markup))
    if case.note:
        lines.append(markup.quote(case.note))
    return lines


def buttons(view: CaseView, *, passing: bool = False) -> list[CaseButton]:
    """What can be decided while the case is open; with `passing`, also the way to the next."""
    case, reported = view.case, view.case.stage is Stage.REPORT
    found = []
    if case.status is CaseStatus.OPEN:
        found.append(CaseButton("approve", "review-keep" if reported else "review-approve", Look.GOOD, case.id))
        found.append(CaseButton("reject", "review-remove" if reported else "review-reject", Look.DANGER, case.id))
        if view.pictures:
            found.append(CaseButton("look", "review-look", Look.PLAIN, case.id))
    if passing:
        # A decided case makes room for the oldest one that is open; an open one is passed over.
        passed = (repr(case.opened_at), case.id) if case.status is CaseStatus.OPEN else ("", "")
        found.append(CaseButton("next", "review-next", Look.FORWARD, *passed))
    return found


def _naming(sentence: str, person: str, words: Translator, markup: Markup) -> str:
    """A sentence of ours about somebody, who is markup already."""
    before, _, after = words.text(sentence, member="\0").partition("\0")
    return markup.plain(before) + person + markup.plain(after)
