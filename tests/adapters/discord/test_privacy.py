"""What the screens stopped or have not judged is read by its member and moderators alone: every message is read."""

import pytest

from bot.domain.identity import Origin, Platform, Role
from bot.domain.moderation import Category
from bot.usecases import policy
from tests.adapters.discord.bot import Bot, finished
from tests.adapters.discord.staff import MODERATOR, card, decide, held, quick, rejected, told
from tests.adapters.discord.wire import StandIn
from tests.adapters.discord.wire.guilds import Community as Guild

__all__ = ["quick"]

SECRET = "my unspeakable armour"


def public(discord: StandIn, guild: Guild) -> str:
    """Every word that anybody could ever read in the channel, edits and file names too."""
    said = []
    for message in discord.messages(guild.general):
        if not message.ephemeral:
            said += [message.text, *message.labels, *(str(change.message) for change in message.changes)]
    return " ".join(said)


def pictures(discord: StandIn, guild: Guild) -> list[object]:
    shown = [message for message in discord.messages(guild.general) if not message.ephemeral]
    return [change for message in shown for change in message.changes if change.message.get("attachments")]


@pytest.mark.parametrize("score", [0.7, 0.95])
async def test_a_picture_that_did_not_pass_is_nowhere(discord: StandIn, bot: Bot, guild: Guild, score: float) -> None:
    bot.house.moderator.picture_score = score
    bot.house.engine.delay = 0.0
    ada = guild.member("Ada")
    turn = await ada.slash("avatar", prompt="a knight")
    wanted = "before you see it" if score < 0.9 else "not fit to show"
    answer = await turn.message_matching(lambda message: wanted in message.text)
    said = public(discord, guild)
    assert "sexual" not in said and not pictures(discord, guild)
    if score > 0.9:
        assert "sexual" in await told(await ada.press(answer, "Why?"))
        eve = guild.member("Eve")
        assert "sexual" not in await told(await eve.press(answer, "Why?"))
        assert "Appeal" not in answer.labels, "no moderator decided"


async def test_words_that_did_not_pass_are_nowhere(discord: StandIn, bot: Bot, guild: Guild) -> None:
    mods = guild.channel("mods")
    await decide(bot, guild, review_channel=str(mods.id))
    ada, mo = guild.member("Ada"), guild.member("Mo", permissions=MODERATOR)
    turn = await held(ada, f"hold me in {SECRET}")
    await rejected(mo, await card(discord, mods, "Waiting"), "too grim for us")
    await turn.message_matching(lambda message: "Appeal" in message.labels)
    assert "violence" in await told(await ada.slash("caption", topic=f"block me in {SECRET}"))
    said = public(discord, guild)
    for word in (SECRET, "violence", "too grim"):
        assert word not in said


@pytest.mark.parametrize("command", ["avatar", "caption"])
@pytest.mark.parametrize("end", ["Approve", "Reject", "Cancel"])
async def test_despair_is_answered_in_private(discord: StandIn, bot: Bot, guild: Guild, command: str, end: str) -> None:
    mods = guild.channel("mods")
    await decide(bot, guild, review_channel=str(mods.id))
    bot.house.moderator.category = Category.SELF_HARM
    ada, mo = guild.member("Ada"), guild.member("Mo", permissions=MODERATOR)
    option = "prompt" if command == "avatar" else "topic"
    turn = await ada.slash(command, **{option: f"hold me in {SECRET}"})
    assert "findahelpline.com" in await told(turn)
    answer = await turn.message_matching(lambda message: not message.ephemeral and "moderator will" in message.text)
    shown = await card(discord, mods, "Waiting", "self-harm")
    if end == "Approve":
        await mo.press(shown, end)
        await turn.message_matching(lambda message: "ready" in message.text or "captions" in message.text)
    elif end == "Reject":
        await rejected(mo, shown)
        await turn.message_matching(lambda message: "Why?" in message.labels)
    else:
        await ada.press(answer, end)
        await turn.message_matching(lambda message: "Again" in str(message.labels) or "nother" in str(message.labels))
    said = public(discord, guild)
    assert "findahelpline" not in said and "harm" not in said
    assert end == "Approve" or SECRET not in said


async def test_what_is_covered_is_a_spoiler_everywhere(discord: StandIn, bot: Bot, guild: Guild) -> None:
    owner = Origin(Platform.DISCORD, "7", "", str(guild.id), role=Role.OWNER)
    family = policy.PRESETS["family"]
    await policy.change(owner, family, 0, bot.house.transaction, bot.house.clock)
    bot.house.moderator.picture_score = 0.3
    turn = await guild.member("Ada").slash("avatar", prompt="a knight")
    answer = await turn.message_matching(finished)
    assert answer.attachments[0]["filename"].startswith("SPOILER_") and not answer.embeds
