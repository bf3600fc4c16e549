"""A member is refused, reads why alone, and asks another moderator: granted, denied, after a restart, and not twice."""

from pathlib import Path
from typing import Any

import pytest

from adapters.chat import notices
from adapters.telegram import dispatch
from bot.domain.jobs import JobStatus
from bot.domain.moderation import Stage
from bot.usecases import appeals, review
from tests.adapters.telegram import bot as bots
from tests.adapters.telegram.bot import Bot, drawn, finished, status
from tests.adapters.telegram.staff import card, case, decide, held, moderators, told
from tests.adapters.telegram.stages import moment
from tests.adapters.telegram.wire import Person, Shown, StandIn
from tests.house import House

WORDS = "it is a costume and not a fight"


@pytest.fixture(autouse=True)
def quick_presses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "DOUBLE_PRESS", 0.0)
    monkeypatch.setattr(notices, "EVERY", 0.05)


class Scene:
    """A group with its moderators' chat, a member, and two who moderate."""

    def __init__(self, telegram: StandIn) -> None:
        self.telegram = telegram
        self.group = telegram.group()
        self.bob = self.group.add(telegram.user("Bob"))
        self.mo, self.max = telegram.user("Mo"), telegram.user("Max")
        self.mods = moderators(telegram, self.mo, self.max)

    async def begin(self, bot: Bot) -> None:
        await decide(bot, self.group, review_channel=str(self.mods.id))

    async def refused(self, person: Person | None = None) -> Shown:
        """The answer to a request that Mo rejected."""
        asked = await held(self.telegram, person or self.bob, self.group, "please hold me and my armour")
        shown = await card(self.telegram, self.mods, "Waiting", "armour")
        await self.mo.press(shown, "Reject")
        await shown.until(lambda shown: "hate" in shown.labels)
        await self.mo.press(shown, "hate")
        return await asked.until(lambda shown: any("Appeal" in label for label in shown.labels))

    async def asked(self, answer: Shown, person: Person | None = None) -> Shown:
        """The question for the words of an appeal, in private."""
        who = person or self.bob
        pressed = await (await who.press(answer, "Appeal")).answer()
        assert pressed.url
        await who.says(who.dm, f"/start {pressed.url.partition('start=')[2]}")
        return await self.telegram.message(who.dm, lambda shown: "look again" in shown.text)

    async def appealed(self, answer: Shown) -> None:
        question = await self.asked(answer)
        assert question.force_reply
        await self.bob.says(self.bob.dm, WORDS, reply_to=question)
        await self.telegram.message(self.bob.dm, lambda shown: "Another moderator will look" in shown.text)

    async def appeal(self) -> Shown:
        return await card(self.telegram, self.mods, "A member appeals")


@pytest.fixture
async def scene(telegram: StandIn, bot: Bot) -> Scene:
    made = Scene(telegram)
    await made.begin(bot)
    return made


async def test_why_is_told_to_the_member_alone(telegram: StandIn, bot: Bot, scene: Scene) -> None:
    answer = await scene.refused()
    assert [label.split()[-1] for label in answer.labels] == ["Why?", "prompt", "Appeal"]
    why = await told(scene.bob, answer, "Why?")
    assert "Reason: hate" in why and "strike" in why and "seven days" in why
    eve = scene.group.member("Eve")
    for button in ("Why?", "Appeal"):
        assert "somebody else" in await told(eve, answer, button)
    await moment()
    for shown in telegram.from_bot(scene.group):
        said = " ".join([shown.text, *shown.labels, *(str(change) for change in shown.changes)])
        assert "hate" not in said and "armour" not in said and "violence" not in said


async def test_an_appeal_that_is_granted_brings_the_picture_in_the_same_message(
    telegram: StandIn, bot: Bot, scene: Scene
) -> None:
    answer = await scene.refused()
    await scene.appealed(answer)
    await answer.until(lambda shown: not any("Appeal" in label for label in shown.labels))
    shown = await scene.appeal()
    assert WORDS in shown.text and "First decided by" in shown.text and "Reason: hate" in shown.text
    assert "Somebody else has to decide" in await told(scene.mo, shown, "Grant")
    await scene.max.press(shown, "Grant")
    await answer.until(lambda shown: shown.photo and finished(shown))
    await shown.until(lambda shown: "Appeal granted" in shown.text)
    (job,) = await bot.jobs(scene.bob)
    async with bot.house.transaction() as tx:
        (strike,) = await tx.sanctions.strikes(job.member_id, f"telegram:{scene.group.id}")
    assert strike.lifted_at is not None
    assert WORDS not in " ".join(each.text for each in telegram.from_bot(scene.group))


async def test_an_appeal_that_is_denied_is_told_in_a_sentence(telegram: StandIn, bot: Bot, scene: Scene) -> None:
    answer = await scene.refused()
    await scene.appealed(answer)
    shown = await scene.appeal()
    await scene.max.press(shown, "Deny")
    await shown.until(lambda shown: len(shown.labels) == 2)
    await scene.max.press(shown, "Deny")
    await answer.until(lambda shown: "stays rejected" in shown.text)
    assert not any("Appeal" in label for label in answer.labels) and answer.photo is None


async def test_it_works_after_a_restart_and_once(home: House, telegram: StandIn, tmp_path: Path) -> None:
    scene, there = Scene(telegram), bots.reach(telegram)
    async with bots.running(home, there, tmp_path) as bot:
        await scene.begin(bot)
        answer = await scene.refused()
        question = await scene.asked(answer)
    async with bots.running(home, there, tmp_path) as bot:
        await scene.bob.says(scene.bob.dm, WORDS, reply_to=question)
        found = (await case(bot)).case
        assert found.stage is Stage.APPEAL and found.cause.evidence == WORDS
        await answer.until(lambda shown: not any("Appeal" in label for label in shown.labels))
        await scene.bob.says(scene.bob.dm, f"/start appeal-{found.job_id}")
        await telegram.message(scene.bob.dm, lambda shown: "appealed already" in shown.text)
    assert len(await review.cases(home.transaction)) == 1


async def test_after_a_week_it_is_too_late_and_a_stranger_cannot(telegram: StandIn, bot: Bot, scene: Scene) -> None:
    answer = await scene.refused()
    (job,) = await bot.jobs(scene.bob)
    eve = telegram.user("Eve")
    await eve.says(eve.dm, f"/start appeal-{job.id}")
    await telegram.message(eve.dm, lambda shown: "no such" in shown.text.lower() or "not" in shown.text.lower())
    bot.house.clock.time += appeals.WINDOW + 1
    assert "too late" in await told(scene.bob, answer, "Appeal")
    assert await review.cases(bot.house.transaction) == []


async def test_in_private_the_message_says_all_and_the_question_follows(
    telegram: StandIn, bot: Bot, ada: Person
) -> None:
    asked = await held(telegram, ada, ada.dm)
    home, found = bot.house, (await case(bot)).case
    await review.reject(found.id, "console:me", home.transaction, home.events, home.clock)
    await asked.until(lambda shown: "Reason: violence" in shown.text)
    await ada.press(asked, "Appeal")
    question = await telegram.message(ada.dm, lambda shown: "look again" in shown.text)
    # Answered without replying, as people do.
    await ada.says(ada.dm, WORDS)
    await telegram.message(ada.dm, lambda shown: "Another moderator will look" in shown.text)
    assert question.force_reply


async def test_what_was_removed_is_told_in_private_and_can_be_appealed(
    telegram: StandIn, bot: Bot, scene: Scene
) -> None:
    shown = await drawn(telegram, scene.bob, scene.group)
    await scene.group.member("Eve").press(shown, "Report")
    reported = await card(telegram, scene.mods, "A member reported")
    assert "Reported by Eve" in reported.text
    await scene.mo.press(reported, "Remove")
    await reported.until(lambda shown: "hate" in shown.labels)
    await scene.mo.press(reported, "hate")
    await telegram.until(lambda: shown.deleted)
    answer = await telegram.message(scene.bob.dm, lambda shown: "removed" in shown.text)
    await scene.bob.press(answer, "Appeal")
    question = await telegram.message(scene.bob.dm, lambda shown: "look again" in shown.text)
    await scene.bob.says(scene.bob.dm, WORDS, reply_to=question)
    appeal = await scene.appeal()
    await scene.max.press(appeal, "Grant")
    await answer.until(lambda shown: shown.photo)
    await status(bot.house, JobStatus.DELIVERED)


async def test_who_never_spoke_to_the_bot_reads_of_a_removal_in_the_group(
    telegram: StandIn, bot: Bot, scene: Scene
) -> None:
    shy = scene.group.add(telegram.user("Shy", started=False))
    shown = await drawn(telegram, shy, scene.group)
    await scene.group.member("Eve").press(shown, "Report")
    reported = await card(telegram, scene.mods, "A member reported")
    await scene.mo.press(reported, "Remove")
    await reported.until(lambda shown: "hate" in shown.labels)
    await scene.mo.press(reported, "hate")
    await telegram.until(lambda: shown.deleted)
    answer = await telegram.message(scene.group, lambda shown: "removed" in shown.text)
    assert "hate" not in answer.text and any("Appeal" in label for label in answer.labels)


async def test_the_strike_can_be_left_out(telegram: StandIn, bot: Bot, scene: Scene) -> None:
    await held(telegram, scene.bob, scene.group)
    shown = await card(telegram, scene.mods)
    await scene.mo.press(shown, "Reject")
    await shown.until(lambda shown: "Counts as a strike" in shown.labels[0])
    await scene.mo.press(shown, "Counts as a strike")
    await shown.until(lambda shown: "Without a strike" in shown.labels[0])
    await scene.mo.press(shown, "hate")
    await shown.until(lambda shown: "Rejected" in shown.text)
    assert "with a strike" not in shown.text
    (job,) = await bot.jobs(scene.bob)
    async with bot.house.transaction() as tx:
        assert await tx.sanctions.strikes(job.member_id, f"telegram:{scene.group.id}") == []


async def words_in(telegram: StandIn, chat: Any) -> str:
    return " ".join(shown.text for shown in telegram.from_bot(chat))


async def test_who_is_muted_hears_it_once_and_alone(telegram: StandIn, bot: Bot, scene: Scene) -> None:
    await held(telegram, scene.bob, scene.group)
    shown = await card(telegram, scene.mods)
    await scene.mo.press(shown, "More")
    await shown.until(lambda shown: "Mute" in " ".join(shown.labels))
    await scene.mo.press(shown, "Mute")
    question = await card(telegram, scene.mods, "Mute for how long")
    await scene.mo.press(question, "1 d")
    await question.until(lambda shown: "The member is told" in shown.text)
    notice = await telegram.message(scene.bob.dm, lambda shown: "pause" in shown.text)
    assert "moderators" in notice.text
    said = await scene.bob.says(scene.group, "/avatar a knight")
    public = await telegram.message(scene.group, lambda shown: shown.reply_to == said.id)
    assert "cannot be made here" in public.text and "pause" not in public.text
    await telegram.message(scene.bob.dm, lambda shown: "having a pause here" in shown.text)
    said = await scene.bob.says(scene.group, "/quota")
    await telegram.message(scene.group, lambda shown: shown.reply_to == said.id and "pause" not in shown.text)
    await telegram.until(lambda: len([s for s in telegram.from_bot(scene.bob.dm) if "a pause" in s.text]) == 3)
    await moment()
    assert len([s for s in telegram.from_bot(scene.bob.dm) if "decided about" in s.text]) == 1
    assert "pause" not in await words_in(telegram, scene.group)
