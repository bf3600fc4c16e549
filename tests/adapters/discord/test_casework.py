"""What moderators do beside yes and no, from a card and behind /review; and what they do about members."""

from dataclasses import replace

import pytest

from adapters.chat import notices
from bot.domain.community_policy import PRESETS, StrikePolicy
from bot.domain.identity import Origin, Platform, Role
from bot.domain.sanctions import SanctionKind
from bot.usecases import casework, policy, review
from tests.adapters.discord.bot import Bot, finished
from tests.adapters.discord.staff import MODERATOR, OWNER, card, case, decide, drawn, held, quick, told
from tests.adapters.discord.wire import Shown, StandIn, Turn
from tests.adapters.discord.wire.guilds import Community as Guild
from tests.adapters.discord.wire.people import Person
from tests.house import POLICY

__all__ = ["quick"]

MENU = "More"


@pytest.fixture(autouse=True)
def quick_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "EVERY", 0.05)


@pytest.fixture
def ada(guild: Guild) -> Person:
    return guild.member("Ada")


@pytest.fixture
async def shown(discord: StandIn, bot: Bot, guild: Guild, ada: Person) -> Shown:
    """The card of Ada's request in the moderators' channel."""
    mods = guild.channel("mods")
    await decide(bot, guild, review_channel=str(mods.id))
    await held(ada)
    return await card(discord, mods, "Waiting")


@pytest.fixture
def mo(guild: Guild) -> Person:
    return guild.member("Mo", permissions=MODERATOR)


@pytest.fixture
def max_(guild: Guild) -> Person:
    return guild.member("Max", permissions=MODERATOR)


async def more(person: Person, message: Shown, choice: str) -> Turn:
    turn = await person.choose(message, choice, menu=MENU)
    await turn.acknowledged()
    return turn


def choices(message: Shown) -> list[str]:
    return [option["label"] for menu in message.menus for option in menu["options"]]


async def test_a_case_is_taken_and_given_back(discord: StandIn, shown: Shown, mo: Person, max_: Person) -> None:
    await mo.press(shown, "Take")
    await discord.until(lambda: f"{mo.mention} is on it" in shown.text and "Give back" in shown.labels)
    refused = await max_.press(shown, "Give back")
    assert "not yours" in (await refused.message_matching(lambda message: "not yours" in message.text)).text
    await mo.press(shown, "Give back")
    await discord.until(lambda: "is on it" not in shown.text and "Take" in shown.labels)


async def test_of_two_who_take_it_at_once_one_has_it(discord: StandIn, shown: Shown, mo: Person, max_: Person) -> None:
    turns = [await mo.press(shown, "Take"), await max_.press(shown, "Take")]
    await discord.until(lambda: "is on it" in shown.text)
    late = turns[1] if mo.mention in shown.text else turns[0]
    answer = await late.message_matching(lambda message: "has this case" in message.text)
    assert answer.ephemeral


async def test_the_card_follows_what_happens_elsewhere(discord: StandIn, bot: Bot, shown: Shown) -> None:
    home = bot.house
    found = (await case(bot)).case
    await casework.add_note(found.id, "console:me", "look at the armour", home.transaction, home.clock)
    await discord.until(lambda: "look at the armour" in shown.text)
    await casework.claim(found.id, "console:me", home.transaction, home.clock)
    await discord.until(lambda: "console:me is on it" in shown.text)
    await casework.escalate(found.id, "console:me", home.transaction, home.clock)
    await discord.until(lambda: "left to the owner" in shown.text)


async def test_a_note_is_for_moderators_alone(discord: StandIn, guild: Guild, shown: Shown, mo: Person) -> None:
    turn = await more(mo, shown, "Add a note")
    await mo.submit(turn, {"note": "**seen** before @here"})
    await discord.until(lambda: "Note by" in shown.text)
    assert "@here" not in shown.text and mo.mention in shown.text
    assert not [message for message in discord.messages(guild.general) if "seen" in message.text]


async def test_what_was_left_to_the_owner_is_decided_by_no_other(
    discord: StandIn, guild: Guild, shown: Shown, mo: Person
) -> None:
    await more(mo, shown, "To the owner")
    await discord.until(lambda: "left to the owner" in shown.text and "To the owner" not in choices(shown))
    turn = await mo.press(shown, "Approve")
    await turn.message_matching(lambda message: message.ephemeral and "left to the owner" in message.text)
    await guild.member("Grace", permissions=OWNER).press(shown, "Approve")
    await discord.until(lambda: "Approved" in shown.text)


async def test_who_asks_for_a_second_opinion_leaves_the_decision_to_others(
    discord: StandIn, shown: Shown, mo: Person, max_: Person
) -> None:
    await more(mo, shown, "Second opinion: I would reject")
    await discord.until(lambda: "asks for a second opinion" in shown.text and "would reject" in shown.text)
    turn = await mo.press(shown, "Approve")
    await turn.message_matching(lambda message: message.ephemeral and "somebody else decides" in message.text)
    await max_.press(shown, "Approve")
    await discord.until(lambda: "Approved" in shown.text and max_.mention in shown.text)


async def test_a_decision_is_turned_round(discord: StandIn, bot: Bot, ada: Person, mo: Person) -> None:
    turn = await held(ada)
    listed = await (await mo.slash("review")).answered()
    await mo.press(listed, "Approve")
    answer = await turn.message_matching(finished)
    await discord.until(lambda: "Overturn" in choices(listed))
    question = await told_shown(await more(mo, listed, "Overturn"))
    assert "taken away" in question.text
    await mo.press(question, "Overturn")
    await discord.until(lambda: "removed" in answer.text and not answer.attachments)


async def test_what_has_not_taken_effect_can_be_undone(discord: StandIn, bot: Bot, shown: Shown, mo: Person) -> None:
    home, found = bot.house, (await case(bot)).case
    await review.approve(
        found.id, f"discord:{mo.id}", home.transaction, home.events, home.clock, POLICY, grace=review.GRACE
    )
    await discord.until(lambda: "Undo" in choices(shown) and "Not in effect yet" in shown.text)
    await more(mo, shown, "Undo")
    await discord.until(lambda: "Approve" in shown.labels)


async def test_a_member_is_muted_from_the_card_and_told_once(
    discord: StandIn, bot: Bot, guild: Guild, shown: Shown, ada: Person, mo: Person
) -> None:
    question = await told_shown(await more(mo, shown, "Mute"))
    assert "for how long" in question.text and ada.mention in question.text
    assert question.labels == ["1 h", "1 d", "3 d"]
    await mo.press(question, "1 d")
    await discord.until(lambda: "The member is told" in question.text)
    await discord.until(lambda: discord.messages(ada.dm))
    (notice,) = discord.messages(ada.dm)
    assert guild.guild.name in notice.text and "pause" in notice.text and "<t:" in notice.text
    refused = await told(await ada.slash("avatar", prompt="a knight"))
    assert "having a pause here" in refused
    quota = await told(await ada.slash("quota"))
    assert "pause" in quota
    assert len(discord.messages(ada.dm)) == 1
    assert not [m for m in discord.messages(guild.general) if "pause" in m.text and not m.ephemeral]


async def told_shown(turn: Turn) -> Shown:
    return await turn.message_matching(lambda message: message.ephemeral and not message.loading)


async def test_only_owners_ban(discord: StandIn, bot: Bot, guild: Guild, shown: Shown, ada: Person, mo: Person) -> None:
    grace = guild.member("Grace", permissions=OWNER)
    question = await told_shown(await more(mo, shown, "Ban"))
    refused = await mo.press(question, "Do it")
    await refused.message_matching(lambda message: "Only the owner" in message.text)
    question = await told_shown(await more(grace, shown, "Ban"))
    await grace.press(question, "Do it")
    await discord.until(lambda: "The member is told" in question.text)
    await discord.until(lambda: "Stopped before" in shown.text)
    (job,) = await bot.jobs(ada, guild)
    async with bot.house.transaction() as tx:
        (ban,) = await tx.sanctions.of(job.member_id, Platform.DISCORD, f"discord:{guild.id}")
    assert ban.kind is SanctionKind.BAN


async def test_from_a_picture_moderators_see_who_asked_for_it(
    discord: StandIn, bot: Bot, guild: Guild, ada: Person, mo: Person
) -> None:
    picture = await drawn(ada)
    assert not ada.offered("Who asked for this", kind=3)
    page = await told_shown(await mo.message_menu("Who asked for this", picture))
    assert ada.mention in page.text and "In good standing" in page.text
    question = await told_shown(await more(mo, page, "Suspension"))
    await mo.press(question, "7 d")
    await discord.until(lambda: "The member is told" in question.text)
    page = await told_shown(await mo.message_menu("Who asked for this", picture))
    assert "Suspended until" in page.text
    question = await told_shown(await more(mo, page, "Lift what is in force"))
    await mo.press(question, "Do it")
    await discord.until(lambda: "Lifted" in question.text)
    await drawn(ada, "a second knight")


async def test_the_card_tells_the_members_history(
    discord: StandIn, bot: Bot, shown: Shown, ada: Person, mo: Person
) -> None:
    asked = await mo.press(shown, "Reject")
    await asked.acknowledged()
    await mo.submit(asked, {"note": "", "reason": "hate", "strike": "yes"})
    await discord.until(lambda: "Rejected" in shown.text)
    await held(ada, "hold me again")
    again = await (await mo.slash("review")).answered()
    assert "Strikes that count: 1 (hate)" in again.text and "0 approved, 1 rejected" in again.text
    assert "waiting" in again.text


async def test_what_follows_from_strikes_is_told_kindly_and_once(
    discord: StandIn, bot: Bot, guild: Guild, shown: Shown, ada: Person, mo: Person
) -> None:
    owner = Origin(Platform.DISCORD, "7", "", str(guild.id), role=Role.OWNER)
    strict = replace(PRESETS["standard"], strikes=StrikePolicy(mute_after=1))
    await policy.change(owner, strict, 0, bot.house.transaction, bot.house.clock)
    asked = await mo.press(shown, "Reject")
    await asked.acknowledged()
    await mo.submit(asked, {"note": "", "reason": "hate", "strike": "yes"})
    await discord.until(lambda: discord.messages(ada.dm))
    (notice,) = discord.messages(ada.dm)
    assert "follows by itself" in notice.text and "you can appeal" in notice.text
    assert "having a pause here" in await told(await ada.slash("caption", topic="a walk"))
    # Who is muted may appeal all the same.
    answer = await discord.until(
        lambda: next((each for each in discord.messages(guild.general) if "Appeal" in each.labels), None)
    )
    turn = await ada.press(answer, "Appeal")
    await turn.acknowledged()
    assert turn.modal
