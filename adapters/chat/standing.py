"""How a member stands, in words: for moderators, and kindly for the member; and what moderators can do about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.chat.buttons import CaseButton, Look
from adapters.chat.wording import Markup, account
from bot.domain.community_policy import DAY, StrikePolicy
from bot.domain.errors import NotFound, Reason
from bot.domain.identity import Origin, Platform
from bot.domain.moderation import CaseStatus, Category, ReviewCase
from bot.domain.sanctions import Sanction, SanctionKind, Standing
from bot.i18n import Translator
from bot.usecases import policy, sanctions
from bot.usecases.dossier import Dossier
from bot.usecases.sanctions import BY_POLICY
from bot.usecases.submit import Desk

HOUR = 3600.0
SPANS = {
    SanctionKind.MUTE: (HOUR, DAY, 3 * DAY),
    SanctionKind.SUSPEND: (7 * DAY, 30 * DAY),
    SanctionKind.BAN: (0.0,),
}
"""Seconds to choose from; 0 lasts until somebody lifts it."""
LIFT = "lift"
LISTED = 5
"""Strikes and sanctions that a member's page has room for."""
SANCTIONED = frozenset(kind.state for kind in SanctionKind)
"""Sentences that tell somebody why they may ask for nothing: for their eyes alone."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a moderator is about to do to a job's member; `kind` None lifts, `seconds` 0 lasts."""

    job_id: str
    kind: SanctionKind | None
    seconds: float = 0.0


def span(seconds: float, words: Translator) -> str:
    """A length of time in its largest unit."""
    if seconds < HOUR:
        return words.text("span-minutes", n=max(1, round(seconds / 60)))
    if seconds < DAY:
        return words.text("span-hours", n=round(seconds / HOUR))
    return words.text("span-days", n=round(seconds / DAY))


def in_short(standing: Standing, cases: Sequence[ReviewCase], words: Translator, markup: Markup) -> list[str]:
    """A member's standing and history on the card of a case."""
    lines = []
    if standing.strikes:
        kinds = ", ".join(dict.fromkeys(_named(strike.category, words) for strike in standing.strikes))
        lines.append(markup.plain(words.text("standing-strikes", count=len(standing.strikes), kinds=kinds)))
    if standing.sanction:
        lines.append(in_force(standing.sanction, words, markup))
    decided = [case.status for case in cases if case.decided]
    if decided:
        counts = {status: decided.count(status) for status in set(decided)}
        rejected, approved = counts.get(CaseStatus.REJECTED, 0), counts.get(CaseStatus.APPROVED, 0)
        lines.append(markup.plain(words.text("standing-before", rejected=rejected, approved=approved)))
    return lines or [markup.plain(words.text("standing-good"))]


def in_force(sanction: Sanction, words: Translator, markup: Markup, *, own: bool = False) -> str:
    """A sanction, and when it ends; with `own` said to whom it is about."""
    if sanction.until is None:
        lasting = Reason(sanction.kind.state) if own else Reason.of("standing-lasting", sanction=sanction.kind.value)
        return markup.plain(words.text(lasting))
    sentence = f"own-{sanction.kind.value}" if own else f"standing-{sanction.kind.value}"
    before, _, after = words.text(sentence, moment="\0").partition("\0")
    return markup.plain(before) + markup.moment(sanction.until) + markup.plain(after)


def own(standing: Standing, rules: StrikePolicy, words: Translator, markup: Markup) -> list[str]:
    """What a member is told of their own standing; nothing where there is nothing to tell."""
    lines = []
    if standing.sanction:
        lines.append(in_force(standing.sanction, words, markup, own=True))
    if standing.strikes:
        days = round(rules.decay / DAY)
        lines.append(markup.plain(words.text("own-strikes", count=len(standing.strikes), days=days)))
    return lines


async def of_asker(origin: Origin, desk: Desk, words: Translator, markup: Markup) -> list[str]:
    """The same for whoever asks, where they ask."""
    rules = (await policy.current(origin, desk.transactions)).strikes
    return own(await sanctions.own(origin, desk.transactions, desk.clock), rules, words, markup)


def notice(sanction: Sanction, place: str, words: Translator, markup: Markup) -> list[str]:
    """A member hears of a sanction: what, until when, why, and what can be done."""
    known = words.text("notice-place", place="\0") if place else words.text("notice-somewhere")
    before, _, after = known.partition("\0")
    lines = [markup.plain(before) + (markup.inert(place) + markup.plain(after) if place else "")]
    lines.append(in_force(sanction, words, markup, own=True))
    if sanction.by == BY_POLICY:
        lines.append(markup.plain(words.text("notice-strikes")))
    return lines


def page(dossier: Dossier, who: str, words: Translator, markup: Markup, platform: Platform) -> list[str]:
    """What moderators know of a member; `who` is markup already."""
    lines = [markup.strong(words.text("person-title")) + f" {who}"]
    lines += in_short(dossier.standing, dossier.cases, words, markup)
    for strike in dossier.strikes[:LISTED]:
        lifted = f" · {words.text('strike-lifted')}" if strike.lifted_at is not None else ""
        lines.append(f"- {markup.plain(_named(strike.category, words) + lifted)} · {markup.moment(strike.at)}")
    for sanction in dossier.sanctions[:LISTED]:
        by = (
            markup.plain(words.text("by-policy"))
            if sanction.by == BY_POLICY
            else account(sanction.by, platform, markup)
        )
        lifted = f" · {words.text('strike-lifted')}" if sanction.lifted_at is not None else ""
        kind = markup.plain(words.text(f"sanction-{sanction.kind.value}") + lifted)
        lines.append(f"- {kind} · {by} · {markup.moment(sanction.at)}")
    return lines


def measures(standing: Standing, job_id: str) -> list[CaseButton]:
    """What can be done about a job's member; each asks first."""
    found = [CaseButton(f"ask-{kind.value}", f"sanction-{kind.value}", Look.PLAIN, job_id) for kind in SanctionKind]
    if standing.sanction:
        found.append(CaseButton(f"ask-{LIFT}", "sanction-lift", Look.PLAIN, job_id))
    return found


def asked(kind: str, job_id: str, words: Translator) -> tuple[str, list[tuple[CaseButton, str]]]:
    """The question before something is done, and its answers with their labels."""
    if kind == LIFT:
        yes = CaseButton("sanction", "mod-do-it", Look.DANGER, job_id, LIFT)
        return words.text("ask-lift"), [(yes, words.text("mod-do-it"))]
    if kind not in set(SanctionKind):
        raise NotFound("old-button")
    answers = []
    for seconds in SPANS[SanctionKind(kind)]:
        label = span(seconds, words) if seconds else words.text("mod-do-it")
        answers.append((CaseButton("sanction", "", Look.DANGER, job_id, f"{kind}-{seconds:.0f}"), label))
    return words.text(f"ask-{kind}"), answers


def chosen(job_id: str, extra: str) -> Measure:
    """What an answer to such a question says; NotFound for what no button of ours does."""
    kind, _, seconds = extra.partition("-")
    if kind == LIFT:
        return Measure(job_id, None)
    if kind not in set(SanctionKind) or not seconds.isdecimal() or float(seconds) not in SPANS[SanctionKind(kind)]:
        raise NotFound("old-button")
    return Measure(job_id, SanctionKind(kind), float(seconds))


def done(measure: Measure, ended: int) -> Reason:
    """What has been done, for whoever did it."""
    if measure.kind is None:
        return Reason("sanction-lifted" if ended else "sanction-none")
    return Reason.of("sanction-done", sanction=measure.kind.value)


def _named(category: Category, words: Translator) -> str:
    return words.text(f"category-{category.value}")
