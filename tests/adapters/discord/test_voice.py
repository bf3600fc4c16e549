"""'Sounds like us' under a caption, and the community's own tone among those on offer."""

from bot.domain.identity import Platform
from bot.domain.requests import OWN_TONE
from tests.adapters.discord.bot import Bot, told, written
from tests.adapters.discord.staff import MODERATOR, decide
from tests.adapters.discord.staff import quick as quick
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.fakes import WORDS


async def examples(bot: Bot, guild: Guild) -> list[tuple[str, str]]:
    async with bot.house.transaction() as tx:
        kept = await tx.tone_examples.all(Platform.DISCORD, str(guild.id))
        return [(each.topic, each.caption) for each in kept]


async def test_a_moderator_keeps_a_caption_and_the_third_makes_the_tone(bot: Bot, guild: Guild) -> None:
    mo, ada = guild.member("Mo", permissions=MODERATOR), guild.member("Ada")
    assert "Sounds like us" not in (await written(ada)).labels
    for number, topic in enumerate(("rain", "snow", "hail"), 1):
        shown = await written(mo, topic)
        which = await told(await mo.press(shown, "Sounds like us"))
        assert which.text == "Which of them sounds like your community?" and len(which.labels) == 3
        said = await told(await mo.press(which, which.labels[1]))
        assert f"Examples: {number}" in said.text
    assert "has a tone of its own" in said.text
    kept = await examples(bot, guild)
    assert {topic for topic, _ in kept} == {"rain", "snow", "hail"} and {text for _, text in kept} <= set(WORDS)
    await decide(bot, guild, voice_name="Pirate talk", default_tone=OWN_TONE)
    assert {"name": "Pirate talk", "value": OWN_TONE} in await ada.complete("caption", "tone", "pir")
    assert "Pirate talk" in (await written(ada, "a storm")).text


async def test_a_member_cannot_press_what_a_moderator_was_offered(bot: Bot, guild: Guild) -> None:
    mo, ada = guild.member("Mo", permissions=MODERATOR), guild.member("Ada")
    shown = await written(mo, "rain", count=1)
    assert "moderators" in (await told(await ada.press(shown, "Sounds like us"))).text.lower()
    assert not await examples(bot, guild)
