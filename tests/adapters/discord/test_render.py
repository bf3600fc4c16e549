"""An answer as one message: words, pictures, and buttons that fit."""

from collections.abc import Sequence
from dataclasses import replace

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat.payload import unpack
from adapters.chat.wording import Style
from adapters.discord.page import Page, Rows
from adapters.discord.render import COVER, compose
from adapters.presentation import of_view
from bot import offers
from bot.domain.errors import Reason
from bot.domain.identity import Origin, Platform
from bot.domain.jobs import Artifact, Job, JobResult, JobStatus, JobView, Settlement
from bot.domain.requests import AvatarRequest, CaptionRequest, MemberRequest
from bot.i18n import locales, translator
from tests.fakes import WORDS, png

CHOICES = {"style": offers.styles(), "tone": offers.tones()}
STYLE = Style(translator("en"), CHOICES)


def job(request: MemberRequest, status: JobStatus = JobStatus.DELIVERED) -> Job:
    texts = WORDS[: request.count] if isinstance(request, CaptionRequest) else ()
    result = JobResult(seconds=1.0, seed=7, num_inference_steps=4, texts=texts)
    origin = Origin(Platform.DISCORD, "1", "2", "3")
    return Job("f" * 32, "m", origin, request, 1, status, Settlement.SETTLED, 0, 1, result=result)


def view(request: MemberRequest) -> JobView:
    def artifact(index: int) -> Artifact:
        return Artifact(f"{index:032}", "f" * 32, "m", index, "n", "image/png", "s", 1, 64, 64, 7 + index, 0.0)

    count = request.count if isinstance(request, AvatarRequest) else 0
    return JobView(job(request), tuple(artifact(index) for index in range(count)))


def composed(request: MemberRequest, style: Style = STYLE, images: Sequence[bytes] | None = None) -> Page:
    shown = view(request)
    if images is None:
        images = [png() for _ in shown.artifacts]
    return compose(of_view(shown), style, shown.job, images)


@pytest.mark.parametrize("locale", locales())
@pytest.mark.parametrize("request_", [AvatarRequest("a knight", count=n) for n in (1, 4)] + [CaptionRequest("rain")])
def test_discord_takes_every_button_in_every_language(locale: str, request_: MemberRequest) -> None:
    page = composed(request_, replace(STYLE, words=translator(locale)))
    rows = Rows(page.items).to_components()
    assert len(rows) <= 5
    for row in rows:
        assert len(row["components"]) <= 5
        for component in row["components"]:
            assert unpack(component["custom_id"])
            assert len(component.get("label", "")) <= 80
            assert len(component.get("options", [])) <= 25


def test_several_pictures_are_a_grid_and_single_files_with_alt_text() -> None:
    page = composed(AvatarRequest("a knight", count=3))
    assert [picture.name for picture in page.pictures] == [COVER, *(f"a-knight-{seed}.png" for seed in (7, 8, 9))]
    assert {picture.alt for picture in page.pictures} == {"a knight"}
    assert page.cover == COVER
    (embed,) = page.edit()["embeds"]
    assert embed.image.url == f"attachment://{COVER}"


def test_everything_can_be_done_with_each_of_several_pictures() -> None:
    page = composed(AvatarRequest("a knight", count=2))
    menu, studio = (item for item in page.items if isinstance(item, discord.ui.Select))
    presses = [unpack(option.value) for option in menu.options]
    kinds = ["base", "download", "crop", "report", "delete"]
    assert [(press.kind, press.target) for press in presses if press] == [
        (kind, f"{index:032}") for index in range(2) for kind in kinds
    ]
    made = [unpack(option.value) for option in studio.options]
    assert [press.kind for press in made if press] == 2 * ["upscale", "restyle", "mix", "morph", "family"]
    labels = [item.label for item in page.items if isinstance(item, discord.ui.Button)]
    assert labels == ["Again", "Edit prompt", "Variations 1", "Variations 2"]


def test_a_spoiler_hides_every_picture() -> None:
    page = composed(AvatarRequest("a knight", count=2), replace(STYLE, spoiler=True))
    assert all(picture.spoiler for picture in page.pictures)
    assert page.cover is None


def test_pictures_are_made_to_fit_together() -> None:
    page = composed(AvatarRequest("a knight", count=4), replace(STYLE, size_limit=600), [png(size=400)] * 4)
    assert sum(len(picture.data) for picture in page.pictures) <= 600


def test_facts_name_style_and_seed() -> None:
    assert "-# Pixel art · seed 7 · 4 steps" in composed(AvatarRequest("a knight", style="pixel")).content
    german = replace(STYLE, words=translator("de"))
    assert f"-# {CHOICES['tone'][1].label('de')} · " in composed(CaptionRequest("rain", "funny"), german).content


@settings(deadline=None)
@given(st.text(min_size=1, max_size=900).filter(str.strip))
def test_quoted_words_neither_call_nor_format_nor_overflow(words: str) -> None:
    try:
        request = CaptionRequest(f"@everyone {words}")
    except Exception:
        return
    first = composed(request).content.split("\n")[0]
    assert first.startswith("> ")
    assert len(first) <= 602
    assert "@everyone" not in first


def test_drafts_that_may_not_be_shown_leave_no_empty_line() -> None:
    reply = replace(
        of_view(JobView(job(CaptionRequest("rain")))), texts=("", "two"), message=Reason.of("job-cancelled")
    )
    assert "**2.** two" in compose(reply, STYLE).content
    assert "**1.**" not in compose(reply, STYLE).content
