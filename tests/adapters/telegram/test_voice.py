"""'Sounds like us' under a caption, and the group's own tone among those on offer."""

from bot.domain.identity import Platform
from tests.adapters.telegram.bot import Bot
from tests.adapters.telegram.scenes import written
from tests.adapters.telegram.staff import rules, told
from tests.adapters.telegram.wire import Group, StandIn


async def examples(bot: Bot, group: Group) -> list[str]:
    async with bot.house.transaction() as tx:
        return [each.topic for each in await tx.tone_examples.all(Platform.TELEGRAM, str(group.id))]


async def test_the_owner_keeps_captions_and_the_third_makes_the_tone(bot: Bot, group: Group, telegram: StandIn) -> None:
    grace, ada = group.owner("Grace"), group.member("Ada")
    assert "Sounds like us" not in str((await written(telegram, ada, group, "rain")).labels)
    said = ""
    for number, topic in enumerate(("rain", "snow", "hail"), 1):
        shown = await written(telegram, grace, group, topic)
        assert await told(grace, shown, "Sounds like us") == "Which of them sounds like your community?"
        await shown.until(lambda message: "🗣️ 2" in message.labels)
        said = await told(grace, shown, "🗣️ 2")
        assert f"Examples: {number}" in said
    assert "has a tone of its own" in said
    assert set(await examples(bot, group)) == {"rain", "snow", "hail"} and (await rules(bot, group)).voice
    shown = await written(telegram, ada, group, "a storm --tone voice")
    assert "Our voice" in shown.text
    await ada.press(shown, "Other tone")
    await shown.until(lambda message: "Our voice" in message.labels)


async def test_a_member_cannot_press_what_the_owner_was_offered(bot: Bot, group: Group, telegram: StandIn) -> None:
    grace, ada = group.owner("Grace"), group.member("Ada")
    shown = await written(telegram, grace, group, "rain --count 1")
    assert "moderators" in (await told(ada, shown, "Sounds like us")).lower()
    assert not await examples(bot, group)
