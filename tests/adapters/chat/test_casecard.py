"""Cards in every language: labels that platforms take, payloads that fit, and the same buttons everywhere."""

import dataclasses

import pytest

from adapters.chat import standing
from adapters.chat.casecard import REASONS, Sheet
from adapters.chat.payload import LIMIT, pack
from adapters.chat.wording import Markup
from adapters.discord import casecard as discord_card
from adapters.discord.forms import appeal_form, reject_form
from adapters.discord.page import MARKUP as DISCORD
from adapters.telegram import casecard as telegram_card
from adapters.telegram.page import MARKUP as TELEGRAM
from bot.domain.community_policy import PRESETS
from bot.domain.errors import NotFound
from bot.domain.identity import Member, Origin, Platform
from bot.domain.jobs import Job, JobStatus, Settlement
from bot.domain.moderation import (
    CaseStatus,
    Category,
    Note,
    Opinion,
    Report,
    ReviewCase,
    Signal,
    Stage,
)
from bot.domain.requests import AvatarRequest
from bot.domain.sanctions import Sanction, SanctionKind, Standing, Strike
from bot.i18n import locales, translator
from bot.usecases.docket import Docket
from bot.usecases.review import CaseView

ID = "0123456789abcdef" * 2
NOW = 1_800_000_000.0


def case(**changes: object) -> ReviewCase:
    cause = Signal(Category.PERSONAL_DATA, 0.7, "fake", "my number")
    plain = ReviewCase(ID, ID, Stage.PROMPT, cause, CaseStatus.OPEN, NOW - 7200)
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


def docket(found: ReviewCase, platform: Platform = Platform.DISCORD) -> Docket:
    origin = Origin(platform, "11", "-1001" if platform is Platform.TELEGRAM else "5", "42", "Ada", locale="en")
    request = AvatarRequest("draw my number", seed=1)
    job = Job(ID, "m", origin, request, 4, JobStatus.HELD, Settlement.RESERVED, NOW, NOW + 900, uploads=("a.upload",))
    member = Member("m", "en", "Ada", ((platform, "11"),))
    mute = Sanction("s", "m", "x:42", SanctionKind.MUTE, "", f"{platform.value}:7", NOW, NOW + 3600)
    strikes = (Strike("k", "m", "x:42", Category.HATE, "c", NOW),)
    first = case(id="f" * 32, status=CaseStatus.REJECTED, decided_by=f"{platform.value}:7", note="grim")
    return Docket(
        CaseView(found, job, ()),
        tuple(Note(str(n), ID, "console:me", "note " * 100, NOW) for n in range(9)),
        (Opinion(ID, f"{platform.value}:8", False, NOW),),
        tuple((Report(ID, "r", "not nice " * 40, NOW), member) for _ in range(9)),
        member,
        Standing(strikes, mute),
        (case(id="o" * 32, status=CaseStatus.APPROVED),),
        first,
        {f"{platform.value}:7": "Mo"},
    )


CASES = [
    case(),
    case(stage=Stage.APPEAL, first_case_id="f" * 32),
    case(stage=Stage.REPORT, claimed_by="discord:7", claimed_until=NOW + 60),
    case(escalated_at=NOW, second_wanted_by="discord:7"),
    case(status=CaseStatus.APPROVED, decided_by="discord:7", decided_at=NOW, settles_at=NOW + 60),
    case(status=CaseStatus.REJECTED, decided_by="telegram:7", settled_at=NOW, strike=True, reason=Category.HATE),
    case(status=CaseStatus.EXPIRED),
]


@pytest.mark.parametrize("locale", locales())
@pytest.mark.parametrize("found", CASES)
def test_a_card_fits_each_platform_in_each_language(locale: str, found: ReviewCase) -> None:
    words = translator(locale)
    page = discord_card.card(Sheet(docket(found), words, NOW), passing=True)
    assert len(page.items) <= 25 and page.send()["content"]
    for item in page.items:
        if label := getattr(item, "label", None):
            assert len(label) <= 80
        for option in getattr(item, "options", ()):
            assert len(option.label) <= 100 and len(option.value) <= 100
    if page.items:
        page.send()["view"].to_components()
    sheet = Sheet(docket(found, Platform.TELEGRAM), words, NOW)
    shown = telegram_card.card(sheet, passing=True)
    assert len(shown.keyboard) <= 3 and max((len(row) for row in shown.keyboard), default=0) <= 2
    for row in (*shown.keyboard, *telegram_card.more(sheet)):
        for button in row:
            assert len(str(button.callback_data).encode()) <= LIMIT and 0 < len(button.text) <= 64


@pytest.mark.parametrize("locale", locales())
def test_forms_and_questions_fit_in_each_language(locale: str) -> None:
    words = translator(locale)
    for form in (reject_form(words, "review-reject", "rejected", case()), appeal_form(words, ID)):
        assert len(form.title) <= 45
        for label in form.children:
            assert len(label.text) <= 45 and len(label.description or "") <= 100  # type: ignore[attr-defined]
    for kind in (*(each.value for each in SanctionKind), standing.LIFT):
        question, answers = standing.asked(kind, ID, words)
        assert question and answers
        for button, label in answers:
            assert 0 < len(label) <= 64
            payload = pack(button.kind, button.target, button.extra)
            assert standing.chosen(ID, payload.split(":")[3]).job_id == ID
    for name in PRESETS:
        pack("preset", name, "999999")


@pytest.mark.parametrize("category", REASONS)
def test_every_reason_fits_a_button(category: Category) -> None:
    pack("rejected", ID, f"{category.value}.1")


def test_what_no_button_of_ours_does_is_refused() -> None:
    for extra in ("", "mute", "mute-7", "gag-3600", "ban-3600", "mute--1", "suspend-nan"):
        with pytest.raises(NotFound, match="old-button"):
            standing.chosen(ID, extra)


def test_a_claim_that_is_over_is_nobodys() -> None:
    over = case(claimed_by="discord:7", claimed_until=NOW - 1)
    kinds = [button.kind for row in Sheet(docket(over), translator("en"), NOW).buttons() for button in row]
    assert "claim" in kinds and "unclaim" not in kinds


def test_a_card_stays_within_a_message_and_keeps_its_first_lines() -> None:
    page = discord_card.card(Sheet(docket(CASES[2]), translator("ru"), NOW))
    assert len(page.send()["content"]) <= 2000


def test_what_was_passed_on_twice_can_still_be_talked_about() -> None:
    kinds = [button.kind for button in Sheet(docket(CASES[3]), translator("en"), NOW).more()]
    assert kinds == ["note", "ask-mute", "ask-suspend", "ask-ban", "ask-lift"]
    assert Sheet(docket(CASES[6]), translator("en"), NOW).more() == []


@pytest.mark.parametrize("platform", [Platform.DISCORD, Platform.TELEGRAM])
def test_what_a_moderator_noted_is_no_second_quote(platform: Platform) -> None:
    markup: Markup = DISCORD if platform is Platform.DISCORD else TELEGRAM
    by = f"{platform.value}:7"
    decided = case(status=CaseStatus.REJECTED, decided_by=by, settled_at=NOW, note="too grim")
    appealed = case(stage=Stage.APPEAL, first_case_id="f" * 32)
    for found, note in ((decided, "too grim"), (appealed, "grim")):
        lines = Sheet(docket(found, platform), translator("en"), NOW).said(markup)
        assert f"Note: {markup.inert(note)}" in lines
        assert [line for line in lines if line == markup.quote("draw my number")]
        assert not [line for line in lines if line == markup.quote(note)]


def test_moderators_are_named_where_the_platform_shows_no_names_of_its_own() -> None:
    at_work = case(
        stage=Stage.APPEAL,
        first_case_id="f" * 32,
        claimed_by="telegram:7",
        claimed_until=NOW + 60,
        second_wanted_by="telegram:7",
    )
    decided = case(status=CaseStatus.APPROVED, decided_by="telegram:7", settled_at=NOW)
    notes = (Note("1", ID, "telegram:7", "look", NOW),)
    opinions = (Opinion(ID, "telegram:7", True, NOW),)
    for found in (at_work, decided):
        known = dataclasses.replace(docket(found, Platform.TELEGRAM), notes=notes, opinions=opinions)
        said = "\n".join(Sheet(known, translator("en"), NOW).said(TELEGRAM))
        assert ">Mo</a>" in said and ">7</a>" not in said
