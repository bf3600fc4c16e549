"""What somebody may do in a group, asked of Telegram at a moderator's decision on the web page."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.community import CommunityRules
from bot.domain.identity import Platform, Role
from bot.ports import PlatformBusy
from tests.adapters.telegram.bot import Bot
from tests.adapters.telegram.wire import Group, Person, StandIn


@pytest.fixture(autouse=True)
async def arrived(bot: Bot) -> None:
    """The bot has told Telegram its commands, so that nothing is under way when a test ends."""
    async with asyncio.timeout(5):
        while not bot.told:
            await asyncio.sleep(0.01)


async def rank(bot: Bot, group: Group, person: Person) -> Role:
    return await bot.connection.ranks.rank(Platform.TELEGRAM, str(group.id), str(person.id))


async def test_rights_are_asked_for_each_time(bot: Bot, telegram: StandIn, group: Group) -> None:
    moderator = group.administrator("Mo", can_change_info=False)
    assert await rank(bot, group, group.owner("Olga")) is Role.OWNER
    assert await rank(bot, group, moderator) is Role.MODERATOR
    assert await rank(bot, group, group.member("Ada")) is Role.MEMBER
    assert await rank(bot, group, telegram.user("Stranger")) is Role.MEMBER
    group.demote(moderator)
    assert await rank(bot, group, moderator) is Role.MEMBER


async def test_who_is_in_the_moderators_chat_moderates(bot: Bot, telegram: StandIn, group: Group) -> None:
    ada, staff = group.member("Ada"), telegram.group("Staff")
    async with bot.house.transaction() as tx:
        rules = replace(CommunityRules(), review_channel=f"{staff.id}/7")
        await tx.communities.put(Platform.TELEGRAM, str(group.id), rules, "telegram:1", 0.0)
        await tx.commit()
    assert await rank(bot, group, ada) is Role.MEMBER
    staff.add(ada)
    assert await rank(bot, group, ada) is Role.MODERATOR


async def test_a_telegram_that_does_not_answer_is_no_rank(bot: Bot, telegram: StandIn, group: Group) -> None:
    telegram.faults.down = True
    with pytest.raises(PlatformBusy):
        await rank(bot, group, group.owner("Olga"))
