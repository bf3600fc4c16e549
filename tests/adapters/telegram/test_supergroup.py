"""A group becomes a supergroup, with another id and other message ids: everything goes on there."""

from pathlib import Path

import pytest

from adapters.telegram import outlet
from bot.domain.identity import Role
from bot.domain.jobs import JobStatus
from bot.domain.quota import Window
from tests.adapters.telegram import bot as bots
from tests.adapters.telegram.bot import Bot, drawn, finished, status
from tests.adapters.telegram.staff import decide, rules
from tests.adapters.telegram.stages import delivered, drawing, moment, pictures, remembered
from tests.adapters.telegram.wire import Group, Person, StandIn
from tests.house import House


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever was refused tries again without a pause."""
    monkeypatch.setattr(outlet, "RECONNECT", 0.0)


@pytest.fixture
def basic(telegram: StandIn, bot: Bot) -> Group:
    return telegram.group(supergroup=False)


async def community_used(home: House, group: Group) -> int:
    async with home.transaction() as tx:
        return await tx.quotas.used(
            f"community:telegram:{group.id}", Window.DAY.start(home.clock.now()), Window.DAY.value
        )


@pytest.mark.parametrize("heard", [True, False])
async def test_the_result_of_a_running_job_arrives_in_the_new_group(
    heard: bool, telegram: StandIn, bot: Bot, basic: Group, home: House
) -> None:
    bob = basic.member("Bob")
    await drawing(home, telegram, bob, basic)
    if not heard:
        # It finds out by being refused.
        telegram.world.updates.allowed = ["callback_query"]
    new = basic.upgrade()
    if heard:
        await telegram.until(lambda: not telegram.world.updates.pending)
    home.engine.gate.set()
    await delivered(home)
    [picture] = pictures(telegram, new)
    assert finished(picture) and picture.reply_to is None and not pictures(telegram, basic)
    assert await bot.used(bob) == 4
    [job] = await bot.jobs(bob)
    assert (job.origin.channel_id, job.origin.message_id) == (str(new.id), str(picture.id))
    assert job.origin.community_id == str(new.id)


async def test_an_album_arrives_in_the_new_group_once(telegram: StandIn, bot: Bot, basic: Group, home: House) -> None:
    bob = basic.member("Bob")
    await drawing(home, telegram, bob, basic, "a knight --count 2")
    new = basic.upgrade()
    home.engine.gate.set()
    await delivered(home)
    await moment()
    assert len(pictures(telegram, new)) == 2
    assert len([shown for shown in telegram.from_bot(new) if finished(shown)]) == 1


async def test_settings_and_quota_are_kept(telegram: StandIn, bot: Bot, basic: Group, home: House) -> None:
    await decide(bot, basic, default_style="pixel", member_day={Role.MEMBER: 5})
    bob = basic.member("Bob")
    assert "Pixel art" in (await drawn(telegram, bob, basic)).text
    await delivered(home)
    assert await community_used(home, basic) == 4
    new = basic.upgrade()
    said = await bob.says(new, "/avatar a fox")
    refused = await telegram.message(new, lambda shown: shown.reply_to == said.id)
    assert "5 a day" in refused.text
    assert (await rules(bot, new)).default_style == "pixel"
    assert await community_used(home, new) == 4


async def test_buttons_of_what_was_drawn_before_work_in_the_new_group(
    telegram: StandIn, bot: Bot, basic: Group, home: House
) -> None:
    bob = basic.member("Bob")
    await drawing(home, telegram, bob, basic)
    new = basic.upgrade()
    home.engine.gate.set()
    await delivered(home)
    [picture] = pictures(telegram, new)
    await bob.press(picture, "Again")
    await telegram.message(new, lambda shown: shown.reply_to == picture.id and finished(shown))


async def test_upgraded_while_the_bot_was_away(home: House, telegram: StandIn, tmp_path: Path) -> None:
    basic = telegram.group(supergroup=False)
    bob: Person = basic.member("Bob")
    async with bots.running(home, bots.reach(telegram), tmp_path, work=False):
        await bob.says(basic, "/avatar a knight")
        await status(home, JobStatus.QUEUED)
        await remembered(home)
    new = basic.upgrade()
    async with bots.running(home, bots.reach(telegram), tmp_path):
        await delivered(home)
        [picture] = pictures(telegram, new)
        assert finished(picture)
