"""What the screens stopped or have not judged is read by its member and moderators alone: every message is read."""

import pytest

from bot.domain.identity import Origin, Platform, Role
from bot.domain.moderation import Category
from bot.usecases import policy
from tests.adapters.telegram.bot import Bot, finished
from tests.adapters.telegram.staff import card, decide, moderators, told
from tests.adapters.telegram.stages import moment
from tests.adapters.telegram.wire import Group, StandIn


def public(telegram: StandIn, group: Group) -> str:
    """Every word that anybody could ever read in the group, edits too."""
    said = []
    for shown in telegram.from_bot(group):
        said += [shown.text, *shown.labels, *(str(change) for change in shown.changes)]
    return " ".join(said)


@pytest.mark.parametrize("score", [0.7, 0.95])
async def test_a_picture_that_did_not_pass_is_nowhere(telegram: StandIn, bot: Bot, group: Group, score: float) -> None:
    bot.house.moderator.picture_score = score
    bob = group.member("Bob")
    said = await bob.says(group, "/avatar a knight")
    wanted = "before you see it" if score < 0.9 else "not fit to show"
    answer = await telegram.message(group, lambda shown: shown.reply_to == said.id and wanted in shown.text)
    await moment()
    assert "sexual" not in public(telegram, group)
    assert not [shown for shown in telegram.from_bot(group) if shown.photo]
    if score > 0.9:
        assert "sexual" in await told(bob, answer, "Why?")
        assert "sexual" not in await told(group.member("Eve"), answer, "Why?")


async def test_words_that_did_not_pass_are_nowhere(telegram: StandIn, bot: Bot, group: Group) -> None:
    bob = group.add(telegram.user("Bob"))
    for words in ("hold me in armour", "block me in armour"):
        said = await bob.says(group, f"/caption {words}")
        await telegram.message(group, lambda shown, said=said: shown.reply_to == said.id)
    await telegram.message(bob.dm, lambda shown: "violence" in shown.text)
    await moment()
    assert "violence" not in public(telegram, group) and "armour" not in public(telegram, group)


@pytest.mark.parametrize("command", ["avatar", "caption"])
@pytest.mark.parametrize("end", ["Approve", "Without a reason", "Cancel"])
async def test_despair_is_answered_in_private(
    telegram: StandIn, bot: Bot, group: Group, command: str, end: str
) -> None:
    bob, mo = group.add(telegram.user("Bob")), telegram.user("Mo", started=False)
    mods = moderators(telegram, mo)
    await decide(bot, group, review_channel=str(mods.id))
    bot.house.moderator.category = Category.SELF_HARM
    said = await bob.says(group, f"/{command} hold me in armour")
    answer = await telegram.message(group, lambda shown: shown.reply_to == said.id)
    await telegram.message(bob.dm, lambda shown: "findahelpline" in shown.text)
    if end == "Cancel":
        await bob.press(answer, end)
        await answer.until(lambda shown: "Cancel" not in str(shown.labels))
    else:
        shown = await card(telegram, mods)
        if end != "Approve":
            await mo.press(shown, "Reject")
            await shown.until(lambda shown: end in shown.labels)
        await mo.press(shown, end)
        await shown.until(lambda shown: "Mo" in shown.text and "Decided by" in shown.text)
    await moment()
    heard = public(telegram, group)
    assert "findahelpline" not in heard and "harm" not in heard
    assert end == "Approve" or "armour" not in heard


async def test_what_is_covered_is_a_spoiler(telegram: StandIn, bot: Bot, group: Group) -> None:
    owner = Origin(Platform.TELEGRAM, "7", "", str(group.id), role=Role.OWNER)
    await policy.change(owner, policy.PRESETS["family"], 0, bot.house.transaction, bot.house.clock)
    bot.house.moderator.picture_score = 0.3
    said = await group.member("Bob").says(group, "/avatar a knight")
    shown = await telegram.message(group, lambda shown: shown.reply_to == said.id and shown.photo and finished(shown))
    assert shown.spoiler
