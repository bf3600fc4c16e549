"""An answer as one message: words, pictures, and buttons that fit, in every language."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import InlineKeyboardButton

from adapters.actions import ActionKind
from adapters.chat.payload import LIMIT, pack, unpack
from adapters.chat.wording import Style
from adapters.presentation import attachment, of_view
from adapters.telegram import dispatch
from adapters.telegram.page import MARKUP, Keyboard, Page
from adapters.telegram.render import PREVIEW, compose, of_picture, unfinished
from bot import offers
from bot.domain.errors import InvalidRequest
from bot.domain.identity import Origin, Platform
from bot.domain.jobs import Artifact, Job, JobResult, JobStatus, JobView, Settlement
from bot.domain.requests import AvatarRequest, CaptionRequest, MemberRequest
from bot.i18n import locales, translator
from tests.adapters.telegram.wire import entities
from tests.adapters.telegram.wire.markup import parsed
from tests.adapters.test_pictures import opened
from tests.fakes import WORDS, png

CHOICES = {"style": offers.styles(), "tone": offers.tones()}
STYLE = Style(translator("en"), CHOICES)
GROUP = Origin(Platform.TELEGRAM, "1", "-1001", "-1001")
ALONE = Origin(Platform.TELEGRAM, "1", "1")
WIDE = 34
"""Signs that fit on a button half as wide as a phone, more or less."""


def job(request: MemberRequest, status: JobStatus = JobStatus.DELIVERED, origin: Origin = GROUP) -> Job:
    texts = WORDS[: request.count] if isinstance(request, CaptionRequest) else ()
    result = JobResult(seconds=1.0, seed=7, num_inference_steps=4, texts=texts)
    return Job("f" * 32, "m", origin, request, 1, status, Settlement.SETTLED, 0, 1, result=result)


def view(request: MemberRequest, origin: Origin = GROUP) -> JobView:
    def artifact(index: int) -> Artifact:
        return Artifact(f"{index:032}", "f" * 32, "m", index, "n", "image/png", "s", 1, 64, 64, 7 + index, 0.0)

    count = request.count if isinstance(request, AvatarRequest) else 0
    return JobView(job(request, origin=origin), tuple(artifact(index) for index in range(count)))


def composed(
    request: MemberRequest, style: Style = STYLE, images: Sequence[bytes] | None = None, origin: Origin = GROUP
) -> Page:
    shown = view(request, origin)
    if images is None:
        images = [png() for _ in shown.artifacts]
    return compose(of_view(shown), style, shown.job, images)


def flat(keyboard: Keyboard) -> list[InlineKeyboardButton]:
    return [button for row in keyboard for button in row]


def fits(keyboard: Keyboard) -> None:
    """Telegram takes every button, somebody handles it, and a phone shows its name."""
    assert len(flat(keyboard)) <= 100
    for row in keyboard:
        assert 1 <= len(row) <= 4
        for button in row:
            data = str(button.callback_data)
            assert 1 <= len(data.encode()) <= LIMIT
            press = unpack(data)
            assert press and press.kind in dispatch.HANDLERS
            assert 1 < len(button.text) <= WIDE, button.text


EVERY = [AvatarRequest("a knight", count=n) for n in (1, 2, 4)] + [
    CaptionRequest("rain", length=length)  # type: ignore[arg-type]
    for length in ("short", "normal", "long")
]


@pytest.mark.parametrize("locale", locales())
@pytest.mark.parametrize("request_", EVERY)
def test_every_button_fits_in_every_language(locale: str, request_: MemberRequest) -> None:
    words = translator(locale)
    shown = view(request_)
    fits(composed(request_, replace(STYLE, words=words)).keyboard)
    for artifact in shown.artifacts:
        fits(of_picture(attachment(artifact, shown.job), words, shown.job))
    for status in JobStatus:
        fits(compose(of_view(JobView(job(request_, status))), replace(STYLE, words=words), shown.job).keyboard)


def test_whatever_can_be_chosen_fits_into_a_button() -> None:
    for style in (*offers.styles(), *offers.tones()):
        # Drafts have the longest ids: of inline mode, with the largest id of a user.
        pack("draft-set", "f" * 12, f"style={style.key}")
        pack(ActionKind.TONE.value, "f" * 32, style.key)


def test_one_picture_stands_in_the_message_and_several_below_it() -> None:
    one = composed(AvatarRequest("a knight"))
    assert one.photo and one.photo.name == "a-knight-7.png" and not one.album
    several = composed(AvatarRequest("a knight", count=3))
    assert not several.photo
    assert [photo.name for photo in several.album] == [f"a-knight-{seed}.png" for seed in (7, 8, 9)]
    assert [button.text for button in flat(several.keyboard)][-3:] == ["🖼️ 1", "🖼️ 2", "🖼️ 3"]


def test_nobody_reports_to_themselves() -> None:
    for count in (1, 2):
        request = AvatarRequest("a knight", count=count)
        group, alone = view(request), view(request, ALONE)
        here = of_picture(attachment(group.artifacts[0], group.job), STYLE.words, group.job)
        there = of_picture(attachment(alone.artifacts[0], alone.job), STYLE.words, alone.job)
        assert "🚩 Report" in str(here) and "🚩 Report" not in str(there)
    assert "🚩 Report" not in str(composed(AvatarRequest("a knight"), origin=ALONE).keyboard)


def test_a_spoiler_hides_every_picture() -> None:
    hidden = replace(STYLE, spoiler=True)
    assert all(photo.spoiler for photo in composed(AvatarRequest("a knight", count=2), hidden).album)
    photo = composed(AvatarRequest("a knight"), hidden).photo
    assert photo and photo.spoiler
    preview = unfinished(of_view(JobView(job(AvatarRequest("x")))), hidden, job(AvatarRequest("x")), png(size=32))
    assert preview.photo and preview.photo.spoiler


def test_a_preview_is_large_enough_to_be_seen() -> None:
    shown = job(AvatarRequest("a knight"), JobStatus.RUNNING)
    page = unfinished(of_view(JobView(shown)), STYLE, shown, png(size=32))
    assert page.photo and opened(page.photo.data).size == (PREVIEW, PREVIEW)


def test_a_picture_is_made_to_fit() -> None:
    noisy = png(size=400)
    photo = composed(AvatarRequest("a knight"), replace(STYLE, size_limit=len(noisy) - 1), [noisy]).photo
    assert photo and len(photo.data) < len(noisy) and photo.name.endswith(".webp")


def test_facts_name_style_and_seed() -> None:
    assert "<i>Pixel art · seed 7 · 4 steps" in composed(AvatarRequest("a knight", style="pixel")).text
    german = replace(STYLE, words=translator("de"))
    assert f"<i>{CHOICES['tone'][1].label('de')} · " in composed(CaptionRequest("rain", "funny"), german).text


@settings(deadline=None)
@given(st.text(min_size=1, max_size=900), st.booleans())
def test_quoted_words_neither_act_nor_overflow(words: str, picture: bool) -> None:
    try:
        request: MemberRequest = AvatarRequest(f"@somebody {words}") if picture else CaptionRequest(f"<b>{words}")
    except InvalidRequest:
        return
    page = composed(request)
    text, found = parsed(page.text, "HTML", None)
    assert entities.length(text) <= (1024 if picture else 4096)
    assert {entity["type"] for entity in found} <= {"code", "blockquote", "italic"}


@pytest.mark.parametrize("locale", locales())
def test_our_own_sentences_are_not_hurt(locale: str) -> None:
    for message in ("help", "telegram-help-options", "telegram-help-pictures", "telegram-hello", "not-yours"):
        sentence = translator(locale).text(message)
        text, found = parsed(MARKUP.plain(sentence), "HTML", None)
        assert text.replace("\u2060", "") == sentence
        assert {entity["type"] for entity in found} <= {"bot_command"}
