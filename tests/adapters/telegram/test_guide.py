"""A request put together by questions and buttons, which outlives restarts and obeys only who began it."""

from pathlib import Path

import pytest

from adapters.telegram import dispatch, questions
from bot.domain.jobs import JobStatus
from bot.domain.requests import AvatarRequest, CaptionRequest, Length, prompt_of
from bot.usecases import recover
from engines.contract import TextToImage
from tests.adapters.telegram import bot as bots
from tests.adapters.telegram.bot import Bot, drawn, finished, status
from tests.adapters.telegram.scenes import newest
from tests.adapters.telegram.wire import Group, Person, Said, Shown, StandIn
from tests.fakes import png
from tests.house import House

NOT_YOURS = "This one belongs to somebody else. Ask for your own with /avatar or /caption."


@pytest.fixture(autouse=True)
def never_a_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests are quicker than fingers."""
    monkeypatch.setattr(dispatch, "DOUBLE_PRESS", 0.0)


async def reply(telegram: StandIn, said: Said) -> Shown:
    """What the bot replies."""
    return await telegram.message(
        said.message.chat_id and telegram.world.chats[said.chat_id], lambda shown: shown.reply_to == said.id
    )


async def asked(telegram: StandIn, person: Person, chat: object, words: str = "a knight") -> Shown:
    """The page with what can be chosen, after /avatar, the question and the answer to it."""
    question = await reply(telegram, await person.says(chat, "/avatar"))
    assert question.force_reply
    return await reply(telegram, await person.says(chat, words, reply_to=question.id))


async def choose(person: Person, page: Shown, option: str, value: str) -> None:
    """Press an option and then one of its values."""
    await person.press(page, f"{option}: ")
    await page.until(lambda shown: value in shown.labels or f"✓ {value}" in shown.labels)
    await person.press(page, value)
    await page.until(lambda shown: f"{option}: {value}" in shown.labels)


async def test_a_command_without_words_leads_to_a_picture_step_by_step(
    bot: Bot, group: Group, telegram: StandIn
) -> None:
    bob = group.member("Bob")
    page = await asked(telegram, bob, group)
    assert page.text == "a knight"
    assert page.labels == ["Style: no particular style", "Count: 1", "✏️ Other words", "🎨 Draw it", "✖️ Never mind"]
    await choose(bob, page, "Style", "Pixel art")
    await choose(bob, page, "Count", "2")
    await bob.press(page, "Draw it")
    await page.until(finished)
    assert len([shown for shown in telegram.from_bot(group) if shown.album]) == 2
    [job] = await bot.jobs(bob)
    assert isinstance(job.request, AvatarRequest)
    assert (job.request.prompt, job.request.style, job.request.count) == ("a knight", "pixel", 2)


async def test_what_is_chosen_already_is_marked_and_one_can_go_back(bot: Bot, ada: Person, telegram: StandIn) -> None:
    page = await asked(telegram, ada, ada.dm)
    before = page.labels
    await ada.press(page, "Count")
    await page.until(lambda shown: shown.labels == ["✓ 1", "2", "3", "4", "◀️ Back"])
    await ada.press(page, "Back")
    await page.until(lambda shown: shown.labels == before)


async def test_in_private_the_next_words_are_the_answer(bot: Bot, ada: Person, telegram: StandIn) -> None:
    question = await reply(telegram, await ada.says(ada.dm, "/caption"))
    assert question.text == "Say what the caption is about, for example: sunset on the beach."
    page = await reply(telegram, await ada.says(ada.dm, "rain"))
    await choose(ada, page, "Tone", "Funny")
    await choose(ada, page, "Length", "short")
    await ada.press(page, "Write it")
    await page.until(finished)
    [job] = await bot.jobs(ada)
    assert isinstance(job.request, CaptionRequest)
    assert (job.request.topic, job.request.tone, job.request.length) == ("rain", "funny", Length.SHORT)


async def test_what_was_asked_long_ago_is_no_longer_answered_by_the_next_words(
    bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    question = await reply(telegram, await ada.says(ada.dm, "/caption"))
    home.clock.time += questions.RECENT + 1
    offered = await reply(telegram, await ada.says(ada.dm, "rain"))
    assert "What shall become of it?" in offered.text
    page = await reply(telegram, await ada.says(ada.dm, "snow", reply_to=question.id))
    assert page.text == "snow" and "Write it" in str(page.labels)


async def test_words_in_private_do_not_answer_what_was_asked_in_a_group(
    bot: Bot, group: Group, telegram: StandIn
) -> None:
    bob = group.member("Bob")
    await reply(telegram, await bob.says(group, "/avatar"))
    offered = await reply(telegram, await bob.says(bob.dm, "my secret"))
    assert "What shall become of it?" in offered.text


@pytest.mark.parametrize(("button", "kind"), [("Draw it", AvatarRequest), ("Write it", CaptionRequest)])
async def test_words_without_a_command_can_become_both(
    button: str, kind: type, bot: Bot, ada: Person, telegram: StandIn
) -> None:
    page = await reply(telegram, await ada.says(ada.dm, "a lighthouse"))
    assert page.text == "a lighthouse\nWhat shall become of it?"
    await ada.press(page, button)
    await page.until(lambda shown: "Never mind" in str(shown.labels))
    await ada.press(page, button)
    await page.until(finished)
    [job] = await bot.jobs(ada)
    assert isinstance(job.request, kind) and prompt_of(job.request) == "a lighthouse"


async def test_a_photo_without_a_command_can_be_begun_from(
    bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    page = await reply(telegram, await ada.sends_photo(ada.dm, png("red", 300)))
    assert page.text == "What shall become of it?"
    await ada.press(page, "Draw it")
    question = await newest(telegram, ada.dm, page, lambda shown: shown.force_reply)
    page = await reply(telegram, await ada.says(ada.dm, "a wolf", reply_to=question.id))
    assert page.text == "a wolf\nBegins from your picture"
    await ada.press(page, "Draw it")
    await page.until(finished)
    request = home.engine.requests[-1]
    assert isinstance(request, TextToImage) and (request.prompt, request.image) == ("a wolf", png("red", 300))


async def test_a_photo_and_then_words_belong_together(bot: Bot, ada: Person, telegram: StandIn, home: House) -> None:
    await reply(telegram, await ada.sends_photo(ada.dm, png("red", 300)))
    page = await reply(telegram, await ada.says(ada.dm, "a wolf"))
    assert page.text == "a wolf\nBegins from your picture"


async def test_other_words_are_asked_for_and_options_stay(bot: Bot, group: Group, telegram: StandIn) -> None:
    bob = group.member("Bob")
    page = await asked(telegram, bob, group)
    await choose(bob, page, "Count", "2")
    await bob.press(page, "Other words")
    question = await newest(telegram, group, page, lambda shown: shown.force_reply)
    # The reply field opens for Bob alone, for the question replies to his words.
    assert question.reply_to == page.reply_to and question.text.startswith("a knight\n")
    page = await reply(telegram, await bob.says(group, "a queen", reply_to=question.id))
    assert page.text == "a queen" and "Count: 2" in page.labels


async def test_only_whom_the_question_was_for_answers_it(bot: Bot, group: Group, telegram: StandIn) -> None:
    bob, cleo = group.member("Bob"), group.member("Cleo")
    question = await reply(telegram, await bob.says(group, "/avatar"))
    other = await cleo.says(group, "mine!", reply_to=question.id)
    page = await reply(telegram, await bob.says(group, "a knight", reply_to=question.id))
    assert page.text == "a knight"
    assert other.replies == []
    again = await bob.says(group, "a second answer", reply_to=question.id)
    await drawn(telegram, bob, group)
    assert again.replies == []


async def test_only_who_began_it_presses(bot: Bot, group: Group, telegram: StandIn) -> None:
    bob, cleo = group.member("Bob"), group.member("Cleo")
    page = await asked(telegram, bob, group)
    before = page.labels
    for name in before:
        assert (await (await cleo.press(page, name)).answer()).text == NOT_YOURS, name
    assert page.labels == before and await bot.jobs(cleo) == [] == await bot.jobs(bob)


async def test_never_mind_forgets_it(bot: Bot, ada: Person, telegram: StandIn, home: House) -> None:
    page = await asked(telegram, ada, ada.dm)
    go = page.button("Draw it")["callback_data"]
    await ada.press(page, "Never mind")
    await page.until(lambda shown: shown.text == "Dropped. Nothing was made and nothing charged." and not shown.labels)
    async with home.transaction() as tx:
        assert await tx.drafts.get(go.split(":")[2]) is None


async def test_it_goes_on_after_a_restart(home: House, telegram: StandIn, tmp_path: Path) -> None:
    ada = telegram.user("Ada")
    async with bots.running(home, bots.reach(telegram), tmp_path):
        question = await reply(telegram, await ada.sends_photo(ada.dm, png("red", 300), "/avatar"))
    async with bots.running(home, bots.reach(telegram), tmp_path):
        page = await reply(telegram, await ada.says(ada.dm, "a wolf", reply_to=question.id))
        await choose(ada, page, "Count", "2")
    async with bots.running(home, bots.reach(telegram), tmp_path) as bot:
        await ada.press(page, "Draw it")
        await page.until(finished)
        [job] = await bot.jobs(ada)
        assert isinstance(job.request, AvatarRequest) and (job.request.prompt, job.request.count) == ("a wolf", 2)
        request = home.engine.requests[-1]
        assert isinstance(request, TextToImage) and request.image == png("red", 300)


async def test_what_the_janitor_swept_away_says_so(bot: Bot, group: Group, telegram: StandIn, home: House) -> None:
    bob = group.member("Bob")
    page = await asked(telegram, bob, group)
    question = await reply(telegram, await bob.says(group, "/avatar"))
    private = await reply(telegram, await bob.says(bob.dm, "/avatar"))
    home.clock.time += recover.DRAFT_AGE + 1
    await recover.begun(home.desk.transactions, home.clock)
    for name in ("Style", "Draw it", "Never mind"):
        assert "Please ask anew." in (await (await bob.press(page, name)).answer()).text
    late = await bob.says(group, "a knight", reply_to=question.id)
    offered = await reply(telegram, await bob.says(bob.dm, "a knight", reply_to=private.id))
    assert "What shall become of it?" in offered.text
    assert late.replies == [] and await bot.jobs(bob) == []


async def test_a_picture_that_is_kept_no_longer_says_so(bot: Bot, ada: Person, telegram: StandIn, home: House) -> None:
    question = await reply(telegram, await ada.sends_photo(ada.dm, png("red", 300), "/avatar"))
    page = await reply(telegram, await ada.says(ada.dm, "a wolf", reply_to=question.id))
    async with home.transaction() as tx:
        draft = await tx.drafts.get(page.button("Draw it")["callback_data"].split(":")[2])
    assert draft and draft.upload
    await home.desk.artifacts.delete(draft.upload)
    told = await (await ada.press(page, "Draw it")).answer()
    assert told.text == "The picture you sent is no longer kept. Please send it again."


async def test_what_is_refused_can_be_changed(bot: Bot, ada: Person, telegram: StandIn) -> None:
    page = await asked(telegram, ada, ada.dm, "block me")
    assert "it looks like violence" in (await (await ada.press(page, "Draw it")).answer()).text
    await ada.press(page, "Other words")
    question = await newest(telegram, ada.dm, page, lambda shown: shown.force_reply)
    page = await reply(telegram, await ada.says(ada.dm, "a lamb", reply_to=question.id))
    await ada.press(page, "Draw it")
    await page.until(finished)
    assert await bot.used(ada) == 4


async def test_what_is_held_waits_in_the_same_message(bot: Bot, ada: Person, telegram: StandIn, home: House) -> None:
    page = await asked(telegram, ada, ada.dm, "hold me")
    await ada.press(page, "Draw it")
    await page.until(lambda shown: "A moderator will take a look first" in shown.text)
    await status(home, JobStatus.HELD)


@pytest.mark.parametrize(
    ("words", "sentence"), [("x" * 1001, "stay within 1000 characters"), ("\u202e\u2066", "Send me words")]
)
async def test_an_answer_that_cannot_be_used_can_be_given_again(
    words: str, sentence: str, bot: Bot, ada: Person, telegram: StandIn
) -> None:
    question = await reply(telegram, await ada.says(ada.dm, "/avatar"))
    assert sentence in (await reply(telegram, await ada.says(ada.dm, words, reply_to=question.id))).text
    page = await reply(telegram, await ada.says(ada.dm, "a knight", reply_to=question.id))
    assert page.text == "a knight"


async def test_an_altered_choice_is_refused(bot: Bot, ada: Person, telegram: StandIn) -> None:
    page = await asked(telegram, ada, ada.dm)
    draft = page.button("Draw it")["callback_data"].split(":")[2]
    await ada.deletes(page)
    # Telegram tells no more of this message, so nobody can say what was under it.
    for data in (f"h1:draft-options:{draft}:seed", f"h1:draft-set:{draft}:nonsense=1", f"h1:draft-set:{draft}"):
        assert "Please ask anew." in (await (await ada.presses_raw(page, data)).answer()).text, data
