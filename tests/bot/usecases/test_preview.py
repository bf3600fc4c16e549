"""What of an unfinished work may be shown: only what the screens let through."""

import asyncio
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.community_policy import CommunityPolicy
from bot.domain.errors import InvalidRequest
from bot.domain.jobs import JobStatus
from bot.ports import JobEvent
from bot.usecases.preview import ScreenedEvents, showable
from engines.contract import ImageProgress, TextProgress
from tests import house
from tests.fakes import FakeModerator, png
from tests.house import ADA

POLICY = CommunityPolicy()
PICTURE = ImageProgress(1, 3, png("gray", 32))
TEXTS = TextProgress(("Golden light", "please hold me", " ", "please block me"), 12)


class Strict(FakeModerator):
    """Cannot read anything."""

    async def screen_image(self, image: bytes) -> list[object]:  # type: ignore[override]
        raise InvalidRequest("image-unreadable")

    async def screen_text(self, text: str, terms: object = ()) -> list[object]:  # type: ignore[override]
        raise InvalidRequest("topic-empty")


async def test_what_passes_is_shown() -> None:
    assert await showable(PICTURE, FakeModerator(), POLICY, ADA) == PICTURE
    assert await showable(TEXTS, FakeModerator(), POLICY, ADA) == TextProgress(("Golden light", "", "", ""), 12)


async def test_what_is_held_or_blocked_is_not() -> None:
    moderator = FakeModerator()
    for score in (0.7, 0.95):
        moderator.picture_score = score
        assert await showable(PICTURE, moderator, POLICY, ADA) is None
    assert await showable(TextProgress(("please hold me",), 1), moderator, POLICY, ADA) is None


async def test_nothing_yet_is_nothing() -> None:
    assert await showable(ImageProgress(1, 3), FakeModerator(), POLICY, ADA) is None
    assert await showable(TextProgress(("", " "), 0), FakeModerator(), POLICY, ADA) is None


async def test_screens_that_break_let_nothing_through() -> None:
    broken = FakeModerator()
    broken.broken = True
    for moderator in (broken, Strict()):
        assert await showable(PICTURE, moderator, POLICY, ADA) is None
        assert await showable(TEXTS, moderator, POLICY, ADA) is None


async def test_events_carry_only_what_passes(sqlite_database: AsyncEngine, tmp_path: Path) -> None:
    home = house.build(sqlite_database, tmp_path)
    home.moderator.picture_score = 0.95
    watched = ScreenedEvents(ADA, home.events, home.moderator, home.transaction).watch()
    following = asyncio.ensure_future(anext(watched))
    await asyncio.sleep(0.05)
    for progress in (PICTURE, TEXTS, None):
        home.events.publish(JobEvent("job", "ada", JobStatus.RUNNING, progress))
    seen = [await following, await anext(watched), await anext(watched)]
    assert [event.progress for event in seen] == [
        ImageProgress(1, 3),
        TextProgress(("Golden light", "", "", ""), 12),
        None,
    ]
    await watched.aclose()  # type: ignore[attr-defined]
