"""From a member's command to the picture in the same message."""

from tests.adapters.discord.bot import Bot
from tests.adapters.discord.wire.guilds import Community as Guild


async def test_an_avatar_comes_in_the_message_that_acknowledged_it(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    turn = await ada.slash("avatar", prompt="a knight with a green cape")
    assert (await turn.acknowledged()).type == 5
    shown = await turn.message_matching(lambda message: message.attachments)
    print(shown.text, shown.labels, shown.attachments)
    assert turn.acknowledgements == 1
    assert "a knight with a green cape" in shown.text


async def test_captions(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    turn = await ada.slash("caption", topic="a sunset hike")
    shown = await turn.message_matching(lambda message: "ready" in message.text)
    print(shown.text, shown.labels, shown.attachments)
