"""A case as moderators read it: the same card in their channel and behind /review."""

from collections.abc import Iterator
from dataclasses import dataclass

from adapters.chat import standing
from adapters.chat.buttons import CaseButton, Look
from adapters.chat.wording import Markup, account, clip, naming
from bot.domain.moderation import CaseStatus, Category, Stage
from bot.domain.requests import prompt_of
from bot.i18n import Translator
from bot.usecases.docket import Docket

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
_OF_APPEALS = {
    CaseStatus.OPEN: "case-appealed",
    CaseStatus.APPROVED: "case-upheld",
    CaseStatus.REJECTED: "case-denied",
}
REASONS = tuple(
    category for category in Category if category not in (Category.UNSCREENED, Category.REPORTED, Category.APPEALED)
)
"""What a rejection can be for."""
LAST = 3
"""Notes and reports that a card has room for; the web page has all."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A case to be read at a moment, in somebody's language."""

    docket: Docket
    words: Translator
    now: float

    def said(self, markup: Markup, *, aged: bool = False) -> list[str]:
        """A case in words, line by line, without its pictures; `aged` where nobody reads it much later."""
        view, words = self.docket.view, self.words
        case, job = view.case, view.job
        lines = [f"{_SIGNS[case.status]} {markup.strong(words.text(self._title))} · {markup.moment(case.opened_at)}"]
        if aged and case.status is CaseStatus.OPEN:
            lines.append(markup.small(words.text("case-waiting", time=standing.span(self.now - case.opened_at, words))))
        # First what matters most: a platform that takes no long message cuts the end.
        lines += self._decision(markup)
        if case.stage is Stage.APPEAL:
            lines += self._first(markup)
        elif case.stage is not Stage.REPORT:
            cause = words.text("case-cause", category=case.cause.category.value, stage=case.stage.value)
            lines.append(markup.plain(cause))
        lines.append(markup.quote(clip(prompt_of(job.request) or f"/{job.kind}", 500)))
        # What a reporter said stands beside their name.
        if case.cause.evidence and not (case.stage is Stage.REPORT and self.docket.reports):
            sentence = "case-said" if case.stage in (Stage.REPORT, Stage.APPEAL) else "case-evidence"
            # The words around are ours, those inside are not.
            before, _, after = words.text(sentence, evidence="\0").partition("\0")
            evidence = markup.inert(clip(case.cause.evidence, 200))
            lines.append(markup.plain(before) + evidence + markup.plain(after))
        lines += [f"- {markup.inert(clip(text, 300))}" for text in (job.result.texts if job.result else ())]
        origin = job.origin
        who = naming("case-member", markup.person(origin.user_id, origin.display_name), words, markup)
        where = "" if job.request.private else markup.link(origin)
        lines.append(f"{who} · {where}" if where else who)
        lines += standing.in_short(self.docket.standing, self.docket.others, words, markup)
        lines += self._reports(markup)
        lines += self._work(markup)
        return lines

    @property
    def _title(self) -> str:
        case = self.docket.view.case
        special = {Stage.REPORT: _OF_REPORTS, Stage.APPEAL: _OF_APPEALS}.get(case.stage, {})
        return special.get(case.status) or f"case-{case.status.value}"

    def _first(self, markup: Markup) -> Iterator[str]:
        """What is appealed against."""
        first = self.docket.first
        if first is None:
            return
        yield naming("case-first-by", self._by(first.decided_by or "", markup), self.words, markup)
        yield markup.plain(self.words.text("case-reason", category=first.category.value))
        if first.note:
            yield self._told(clip(first.note, 200), markup)

    def _reports(self, markup: Markup) -> Iterator[str]:
        """Who reported it, and what they say: to moderators nobody is anonymous."""
        platform = self.docket.view.job.origin.platform
        for report, member in self.docket.reports[:LAST]:
            users = [user for where, user in (member.accounts if member else ()) if where is platform]
            name = member.display_name if member else ""
            who = markup.person(users[0], name) if users else markup.inert(name or report.member_id[:8])
            said = naming("case-reporter", who, self.words, markup)
            yield f"{said} {markup.inert(clip(report.note, 200))}" if report.note else said

    def _work(self, markup: Markup) -> Iterator[str]:
        """Who is at it, and what moderators told each other."""
        case, words = self.docket.view.case, self.words
        if case.status is CaseStatus.OPEN:
            if case.claimed_by and (case.claimed_until or 0.0) > self.now:
                yield naming("case-claimed-by", self._by(case.claimed_by, markup), words, markup, "by")
            if case.escalated_at is not None:
                yield markup.plain(words.text("case-escalated"))
            if case.second_wanted_by:
                yield naming("case-second-wanted", self._by(case.second_wanted_by, markup), words, markup)
            for opinion in self.docket.opinions:
                sentence = "opinion-approve" if opinion.approve else "opinion-reject"
                yield f"{self._by(opinion.by, markup)} · {markup.plain(words.text(sentence))}"
        for note in self.docket.notes[-LAST:]:
            by = naming("case-noted", self._by(note.by, markup), words, markup)
            yield f"{by} {markup.inert(clip(note.text, 200))}"

    def _decision(self, markup: Markup) -> Iterator[str]:
        case, words = self.docket.view.case, self.words
        if case.decided_by and case.status is not CaseStatus.WITHDRAWN:
            yield naming("case-by", self._by(case.decided_by, markup), words, markup)
        if case.status is CaseStatus.REJECTED:
            reason = [words.text("case-reason", category=case.reason.value)] if case.reason else []
            strike = [words.text("case-strike")] if case.strike else []
            if said := [*reason, *strike]:
                yield markup.plain(" · ".join(said))
        if case.note:
            yield self._told(case.note, markup)
        if reversible(self.docket):
            yield markup.small(words.text("case-not-yet"))

    def _told(self, note: str, markup: Markup) -> str:
        """What a moderator gave as the reason, in words apart from what the member asked for."""
        return naming("case-note", markup.inert(note), self.words, markup, "note")

    def _by(self, by: str, markup: Markup) -> str:
        return account(by, self.docket.view.job.origin.platform, markup, self.docket.names.get(by, ""))

    def buttons(self, *, passing: bool = False) -> list[list[CaseButton]]:
        """Rows: yes and no first, then a look and whose it is; with `passing`, also the way to the next case."""
        case = self.docket.view.case
        first, second = list[CaseButton](), list[CaseButton]()
        if case.status is CaseStatus.OPEN:
            yes, no = _ANSWERS.get(case.stage, ("review-approve", "review-reject"))
            first = [
                CaseButton("approve", yes, Look.GOOD, case.id),
                CaseButton("reject", no, Look.DANGER, case.id),
            ]
            if self.docket.view.pictures:
                second.append(CaseButton("look", "review-look", Look.PLAIN, case.id))
            taken = bool(case.claimed_by) and (case.claimed_until or 0.0) > self.now
            kind = "unclaim" if taken else "claim"
            second.append(CaseButton(kind, f"case-{kind}", Look.PLAIN, case.id))
        if passing:
            # A decided case makes room for the oldest one that is open; an open one is passed over.
            passed = (repr(case.opened_at), case.id) if case.status is CaseStatus.OPEN else ("", "")
            second.append(CaseButton("next", "review-next", Look.FORWARD, *passed))
        return [row for row in (first, second) if row]

    def more(self) -> list[CaseButton]:
        """What is seldom needed, behind one button: to pass it on, to turn it round, and its member."""
        case, job = self.docket.view.case, self.docket.view.job
        found: list[CaseButton] = []
        if case.status is CaseStatus.OPEN:
            if case.escalated_at is None:
                found.append(CaseButton("escalate", "case-escalate", Look.PLAIN, case.id))
            if case.second_wanted_by is None:
                found.append(CaseButton("second-yes", "review-second-yes", Look.PLAIN, case.id))
                found.append(CaseButton("second-no", "review-second-no", Look.PLAIN, case.id))
        elif reversible(self.docket):
            found.append(CaseButton("undo", "mod-undo", Look.PLAIN, case.id))
        elif case.decided:
            found.append(CaseButton("overturn", "case-overturn", Look.DANGER, case.id))
        else:
            # Nobody decided, and nobody can any more.
            return []
        found.append(CaseButton("note", "review-note", Look.PLAIN, case.id))
        return [*found, *standing.measures(self.docket.standing, job.id)]


_ANSWERS = {
    Stage.REPORT: ("review-keep", "review-remove"),
    Stage.APPEAL: ("review-uphold", "review-deny"),
}


def reversible(docket: Docket) -> bool:
    """Whether a decision has yet to take effect."""
    case = docket.view.case
    return case.decided and case.settled_at is None and case.settles_at is not None
