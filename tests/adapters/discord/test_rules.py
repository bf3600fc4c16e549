"""/settings: every decision can be made, is shown, and is obeyed; and is nobody else's to make."""

from typing import Any

import discord as dpy
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.domain.community import CommunityRules
from bot.domain.identity import Origin, Platform, Role
from bot.usecases import community
from tests.adapters.discord.bot import Bot
from tests.adapters.discord.staff import MEMBER, MODERATOR, OWNER, decide, drawn, quick, told
from tests.adapters.discord.wire import Shown, StandIn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.adapters.discord.wire.people import Person

__all__ = ["quick"]


@pytest.fixture
def grace(guild: Guild) -> Person:
    return guild.member("Grace", permissions=OWNER)


async def opened(owner: Person) -> Shown:
    shown = await (await owner.slash("settings")).answered()
    assert shown.ephemeral
    return shown


async def page(discord: StandIn, owner: Person, panel: Shown, name: str) -> None:
    await owner.choose(panel, name)
    await discord.until(lambda: "Back" in panel.labels)


async def choose(discord: StandIn, owner: Person, name: str, *values: str) -> Shown:
    """Open the panel and make one decision."""
    panel = await opened(owner)
    await page(discord, owner, panel, name)
    await owner.choose(panel, *values)
    await discord.until(lambda: "Saved" in panel.text)
    return panel


async def rules(bot: Bot, guild: Guild) -> Any:
    origin = Origin(Platform.DISCORD, "1", "", str(guild.id))
    return await community.rules(origin, bot.house.transaction)


async def test_every_page_explains_itself_and_leads_back(discord: StandIn, bot: Bot, guild: Guild) -> None:
    grace = guild.member("Grace", permissions=OWNER)
    panel = await opened(grace)
    first = panel.text
    options = [option["label"] for option in panel.menus[0]["options"]]
    for label in options:
        if label == "Units a day":
            continue
        await page(discord, grace, panel, label)
        assert label in panel.text or label == "Reset all settings"
        assert len(panel.text.splitlines()) == 2 or label in ("Reset all settings", "Safety")
        await grace.press(panel, "Back")
        await discord.until(lambda: "Back" not in panel.labels)
        assert panel.text == first


@pytest.mark.parametrize(
    ("name", "values", "field", "kept", "shown"),
    [
        ("Styles on offer", ["pixel", "monster"], "styles", frozenset({"pixel", "monster"}), "Pixel art"),
        ("Usual style", ["pixel"], "default_style", "pixel", "Pixel art"),
        ("Tones on offer", ["plain", "funny"], "tones", frozenset({"plain", "funny"}), "Funny"),
        ("Usual tone", ["funny"], "default_tone", "funny", "Funny"),
        ("Models on offer", ["large"], "models", frozenset({"large"}), "large"),
        ("Pictures and age-restricted channels", ["spoiler"], "age_policy", "spoiler", "as spoilers outside"),
        ("Language", ["de"], "language", "de", "Deutsch"),
    ],
)
async def test_a_choice_is_kept_and_shown(
    name: str, values: list[str], field: str, kept: Any, shown: str, discord: StandIn, bot: Bot, guild: Guild
) -> None:
    panel = await choose(discord, guild.member("Grace", permissions=OWNER), name, *values)
    assert getattr(await rules(bot, guild), field) == kept
    (line,) = [line for line in panel.text.splitlines() if line.startswith(f"**{name}**")]
    assert shown in line


async def test_channels_and_roles_are_kept_and_shown(discord: StandIn, bot: Bot, guild: Guild, grace: Person) -> None:
    bo = guild.member("Bo", permissions=MODERATOR)
    role, mods = str(guild.guild.members[bo.id].role_ids[0]), guild.channel("mods")
    for name, value in (
        ("Channels", str(guild.general.id)),
        ("Review channel", str(mods.id)),
        ("Trusted roles", role),
        ("Moderator roles", role),
    ):
        await choose(discord, grace, name, value)
    kept = await rules(bot, guild)
    assert (kept.channels, kept.review_channel) == ({str(guild.general.id)}, str(mods.id))
    assert kept.trusted_roles == kept.moderator_roles == {role}
    panel = await opened(grace)
    assert (
        panel.text.count(f"<@&{role}>") == 2
        and f"<#{mods.id}>" in panel.text
        and f"<#{guild.general.id}>" in panel.text
    )
    await choose(discord, grace, "Review channel")
    assert (await rules(bot, guild)).review_channel is None


async def test_quotas_by_role(discord: StandIn, bot: Bot, guild: Guild, grace: Person) -> None:
    trusted = guild.member("Tess", permissions=MEMBER)
    ada = guild.member("Ada")
    role = str(guild.guild.members[trusted.id].role_ids[0])
    await decide(bot, guild, trusted_roles=frozenset({role}))
    panel = await opened(grace)
    form = await grace.choose(panel, "Units a day")
    await form.acknowledged()
    assert form.modal and "100" in str(form.modal["components"][0]["description"])
    await grace.submit(form, {"member": "3", "trusted": "5", "moderator": "100"})
    await discord.until(lambda: "Saved" in panel.text and "member 3" in panel.text)
    assert (await rules(bot, guild)).member_day == {Role.MEMBER: 3, Role.TRUSTED: 5}
    assert "3 a day" in await told(await ada.slash("avatar", prompt="a knight"))
    await drawn(trusted)
    assert "5 a day" in await told(await trusted.slash("avatar", prompt="a knight"))
    await decide(bot, guild, moderator_roles=frozenset({role}))
    await drawn(trusted)


@pytest.mark.parametrize("value", ["many", "-1", "9999999"])
async def test_a_quota_that_is_none_is_refused(value: str, bot: Bot, guild: Guild, grace: Person) -> None:
    form = await grace.choose(await opened(grace), "Units a day")
    await form.acknowledged()
    turn = await grace.submit(form, {"member": value})
    answer = await turn.message_matching(lambda message: "daily quota" in message.text)
    assert answer.ephemeral
    assert (await rules(bot, guild)).member_day == {}


async def test_the_usual_ones_must_be_on_offer(discord: StandIn, bot: Bot, guild: Guild, grace: Person) -> None:
    panel = await opened(grace)
    await page(discord, grace, panel, "Tones on offer")
    turn = await grace.choose(panel, "funny")
    answer = await turn.message_matching(lambda message: "must be among those on offer" in message.text)
    assert answer.ephemeral and "Plain" in answer.text
    assert "Back" in panel.labels


async def test_everything_can_be_taken_back(discord: StandIn, bot: Bot, guild: Guild, grace: Person) -> None:
    await decide(bot, guild, language="de", default_style="pixel")
    panel = await opened(grace)
    await page(discord, grace, panel, "Reset all settings")
    assert (await rules(bot, guild)).language == "de"
    await grace.press(panel, "Reset all settings")
    await discord.until(lambda: "Saved" in panel.text)
    assert await rules(bot, guild) == CommunityRules()


async def test_a_review_channel_that_takes_nothing_is_warned_about(
    discord: StandIn, bot: Bot, guild: Guild, grace: Person
) -> None:
    mods = guild.channel("mods")
    guild.forbid(mods, send_messages=True)
    panel = await choose(discord, grace, "Review channel", str(mods.id))
    assert f"I may not write in <#{mods.id}>" in panel.text
    guild.forbid(mods, attach_files=True)
    assert f"Everybody can read <#{mods.id}>" in (await opened(grace)).text
    everyone = Overwrite(guild.id, OverwriteType.ROLE, deny=dpy.Permissions(view_channel=True).value)
    trusted = Overwrite(discord.world.bot_user.id, OverwriteType.MEMBER, allow=dpy.Permissions(view_channel=True).value)
    discord.world.edit_channel(mods.id, {}, overwrites=[everyone, trusted])
    assert "⚠️" not in (await opened(grace)).text
    guild.delete_channel(mods)
    await choose(discord, grace, "Channels", str(guild.general.id))
    assert "The review channel is gone" in (await opened(grace)).text


async def test_what_was_chosen_is_marked_as_long_as_it_exists(
    discord: StandIn, bot: Bot, guild: Guild, grace: Person
) -> None:
    mods = guild.channel("mods")
    await decide(bot, guild, review_channel=str(mods.id))
    for marked in (1, 0):
        panel = await opened(grace)
        await page(discord, grace, panel, "Review channel")
        assert len(panel.menus[0].get("default_values") or ()) == marked
        if marked:
            guild.delete_channel(mods)


async def test_a_panel_in_the_wrong_hands_changes_nothing(discord: StandIn, bot: Bot, guild: Guild) -> None:
    grace, mo = guild.member("Grace", permissions=OWNER), guild.member("Mo", permissions=MODERATOR)
    panel = await opened(grace)
    for name in ("Language", "Units a day", "Reset all settings"):
        turn = await mo.choose(panel, name)
        answer = await turn.message_matching(lambda message: message.id != panel.id)
        assert "Only the owner" in answer.text and answer.ephemeral and turn.modal is None
    await page(discord, grace, panel, "Language")
    for forged in (await mo.choose(panel, "de"), await mo.press(panel, "Back")):
        answer = await forged.message_matching(lambda message: message.id != panel.id)
        assert "Only the owner" in answer.text
    form = await grace.choose(await opened(grace), "Units a day")
    await form.acknowledged()
    sent = await mo.submit(form, {"member": "0"})
    await sent.message_matching(lambda message: "Only the owner" in message.text)
    assert await rules(bot, guild) == CommunityRules()


async def test_a_decision_of_an_earlier_version_is_answered(discord: StandIn, bot: Bot, guild: Guild) -> None:
    grace = guild.member("Grace", permissions=OWNER)
    panel = await opened(grace)
    rows = panel.payload["components"]
    rows[0]["components"][0]["options"][0]["value"] = "colours"
    discord.world.edit_message(panel.channel_id, panel.id, {"components": rows})
    turn = await grace.choose(panel, "colours")
    assert "earlier version" in (await turn.message_matching(lambda message: message.id != panel.id)).text


# ------------------------------------------------------------------------------------------------------- obeyed


async def test_a_channel_that_is_not_allowed(discord: StandIn, bot: Bot, guild: Guild) -> None:
    ada, other = guild.member("Ada"), guild.channel("other")
    await decide(bot, guild, channels=frozenset({str(guild.general.id)}))
    refused = await told(await ada.slash("avatar", other, prompt="a knight"))
    assert "Nothing is made in this channel" in refused and f"<#{guild.general.id}>" in refused
    assert "Nothing is made in this channel" in await told(await ada.slash("caption", other, topic="rain"))
    await discord.until(lambda: all(message.ephemeral for message in discord.messages(other)))
    await drawn(ada)
    await drawn(ada, where=guild.thread(guild.general, "a thread"))
    assert "Nothing is made" in await told(await ada.slash("avatar", guild.thread(other, "b"), prompt="a knight"))


async def test_what_is_not_on_offer_is_neither_suggested_nor_made(discord: StandIn, bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    await decide(bot, guild, styles=frozenset({"pixel"}), tones=frozenset({"plain"}))
    assert [choice["value"] for choice in await ada.complete("avatar", "style", "")] == ["pixel"]
    assert [choice["value"] for choice in await ada.complete("caption", "tone", "")] == ["plain"]
    refused = await told(await ada.slash("avatar", prompt="a knight", style="monster"))
    assert "monster" in refused.casefold() and "not on offer" in refused
    assert "not on offer" in await told(await ada.slash("caption", topic="rain", tone="funny"))
    shown = await drawn(ada)
    form = await ada.press(shown, "Edit prompt")
    await form.acknowledged()
    assert form.modal
    styles = next(part["component"] for part in form.modal["components"] if part["component"]["custom_id"] == "style")
    assert [option["value"] for option in styles["options"]] == ["-", "pixel"]


async def test_the_usual_style_and_tone_are_taken_when_none_is_named(bot: Bot, guild: Guild) -> None:
    ada = guild.member("Ada")
    await decide(bot, guild, default_style="pixel", default_tone="funny")
    assert "Pixel" in (await drawn(ada)).text
    turn = await ada.slash("caption", topic="rain")
    shown = await turn.message_matching(lambda message: "ready" in message.text)
    assert "Funny" in shown.text
    turn = await ada.slash("avatar", prompt="a knight", style="monster")
    assert "Monster" in (await turn.message_matching(lambda message: "ready" in message.text)).text


async def test_spoilers_outside_age_restricted_channels(discord: StandIn, bot: Bot, guild: Guild) -> None:
    ada, grown_up = guild.member("Ada"), guild.channel("grown-up", nsfw=True)
    await decide(bot, guild, age_policy="spoiler")
    for where, spoiler in ((guild.general, True), (grown_up, False), (guild.thread(grown_up, "in there"), False)):
        turn = await ada.slash("avatar", where, prompt="a knight", count=2)
        shown = await turn.message_matching(lambda message: "ready" in message.text)
        assert {attachment["filename"].startswith("SPOILER_") for attachment in shown.attachments} == {spoiler}
        assert bool(shown.embeds) is not spoiler
    changes = [change.message for message in discord.messages(guild.general) for change in message.changes]
    names = [attachment["filename"] for message in changes for attachment in message["attachments"]]
    assert names and all(name.startswith("SPOILER_") for name in names)
    gallery = await (await ada.slash("gallery")).answered()
    assert gallery.attachments[0]["filename"].startswith("SPOILER_")


async def test_pictures_in_age_restricted_channels_only(bot: Bot, guild: Guild) -> None:
    ada, grown_up = guild.member("Ada"), guild.channel("grown-up", nsfw=True)
    await decide(bot, guild, age_policy="restricted")
    assert "only made in age-restricted" in await told(await ada.slash("avatar", prompt="a knight"))
    await (await ada.slash("caption", topic="rain")).message_matching(lambda message: "ready" in message.text)
    await drawn(ada, where=grown_up)


async def test_the_language_is_for_those_whose_own_is_not_spoken(bot: Bot, guild: Guild) -> None:
    await decide(bot, guild, language="de")
    for locale, word in (("en-US", "units"), ("de", "Punkten"), ("fi", "Punkten")):
        person = guild.member(f"Ada {locale}", locale=locale)
        assert word in (await (await person.slash("quota")).answered()).text
