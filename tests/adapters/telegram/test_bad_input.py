"""Whatever a person sends, they get a sentence or, where nobody asked us, silence; and are charged for nothing."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.jobs import JobStatus
from bot.domain.moderation import Category, Signal
from bot.domain.requests import prompt_of
from bot.screening.moderator import Screens
from engines.contract import Cancelled, EngineError, EngineUnreachable
from tests.adapters.discord.test_bad_input import Looking, bomb, cut_off
from tests.adapters.telegram import bot as bots
from tests.adapters.telegram.bot import Bot, drawn, finished, status
from tests.adapters.telegram.scenes import live, written
from tests.adapters.telegram.wire import Group, Person, Said, Shown, StandIn
from tests.fakes import FakeModerator, png
from tests.house import House

BLOCKED = "This cannot be made here: it looks like violence. Nothing was charged."


@pytest.fixture(autouse=True)
def looking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are looked at as they are in the real house."""
    screens = Screens(Looking())  # type: ignore[arg-type]
    monkeypatch.setattr(FakeModerator, "screen_image", lambda self, image: screens.screen_image(image))


async def told(said: Said) -> str:
    """The one reply, which is words."""
    shown = await said.answered()
    assert not shown.photo and len(said.every_reply) == 1
    return shown.text


async def nothing_happened(bot: Bot, person: Person) -> None:
    assert await bot.jobs(person) == []
    assert await bot.used(person) == 0


async def unheard(bot: Bot, telegram: StandIn, group: Group, *silent: Said) -> None:
    """What follows is answered, and these were not."""
    witness = group.member("Witness")
    await drawn(telegram, witness, group)
    assert [said.every_reply for said in silent] == [[] for _ in silent]


# ------------------------------------------------------------------------- pictures

BAD_FILES = {
    "words": (b"hello", "me.png", "text/plain", "not a picture we can read"),
    "words that say they are a picture": (b"hello", "me.png", "image/png", "not a picture we can read"),
    "a program": (b"MZ", "me.exe", "application/octet-stream", "not a picture we can read"),
    "a bomb": (bomb(), "me.png", "image/png", "picture"),
    "cut off": (cut_off(), "me.png", "image/png", "not a picture we can read"),
    "twenty megabytes": (png() + bytes(20 * 2**20), "me.png", "image/png", "10 MB is the most"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
async def test_a_file_that_is_no_picture(kind: str, bot: Bot, ada: Person) -> None:
    data, name, mime, sentence = BAD_FILES[kind]
    for words in ("/avatar a knight", "/avatar", "/caption a knight", "", "a knight"):
        said = await ada.sends_document(ada.dm, data, name, mime, words)
        assert sentence in await told(said), words
    await nothing_happened(bot, ada)


async def sends(kind: str, person: Person, telegram: StandIn) -> Said:
    """Something that is no photo."""
    store = telegram.world.store
    match kind:
        case "moving sticker":
            return await person.sends_sticker(person.dm, animated=True)
        case "video note":
            return await person.sends_video_note(person.dm)
        case "voice":
            content = store.keep("Voice", b"ogg", "voice", ".ogg", duration=3, mime_type="audio/ogg")
            return person._post(person.dm, {"voice": content})
    return person._post(person.dm, {"location": {"latitude": 1.5, "longitude": 2.5}})


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("moving sticker", "I can only begin from a still picture"),
        ("video note", "I can only begin from a still picture"),
        ("voice", "not a picture we can read"),
        ("location", "Send me words or a picture"),
    ],
)
async def test_what_moves_or_speaks(kind: str, sentence: str, bot: Bot, ada: Person, telegram: StandIn) -> None:
    said = await sends(kind, ada, telegram)
    assert sentence in await told(said)
    if kind != "location":
        assert sentence in await told(await ada.says(ada.dm, "/avatar a knight", reply_to=said))
    await nothing_happened(bot, ada)


async def test_a_place_on_its_way_is_answered_once(bot: Bot, ada: Person, telegram: StandIn) -> None:
    said = await sends("location", ada, telegram)
    await said.answered()
    for step in range(3):
        telegram.world.change(said.message, {"location": {"latitude": 2.5 + step, "longitude": 2.5}})
    await drawn(telegram, ada, ada.dm)
    assert len(said.every_reply) == 1


async def test_a_picture_that_telegram_no_longer_has(bot: Bot, ada: Person, telegram: StandIn) -> None:
    telegram.fail(
        "getFile", status=400, description="Bad Request: wrong file_id or the file is temporarily unavailable"
    )
    said = await ada.sends_photo(ada.dm, png(size=300), "/avatar a knight")
    assert await told(said) == "That picture is no longer there. Please attach it again."
    await nothing_happened(bot, ada)


async def test_an_upload_that_is_gone_when_it_is_asked_for_again(
    bot: Bot, ada: Person, telegram: StandIn, home: House
) -> None:
    said = await ada.sends_photo(ada.dm, png(size=300), "/avatar a knight")
    shown = await said.answered(finished)
    [job] = await bot.jobs(ada)
    assert job.uploads
    await home.desk.artifacts.delete(job.uploads[0])
    for name in ("Again", "Edit"):
        answer = await (await ada.press(shown, name)).answer()
        assert answer.text == "The picture you sent is no longer kept. Please send it again."
    assert len(await bot.jobs(ada)) == 1


async def test_an_album_is_spoken_for_by_its_first(bot: Bot, ada: Person, telegram: StandIn) -> None:
    pictures = [png(colour, 300) for colour in ("red", "green", "blue")]
    first, *others = await ada.sends_album(ada.dm, pictures, "/avatar a knight")
    await first.answered(finished)
    plain, *more = await ada.sends_album(ada.dm, pictures)
    assert "What shall become of it?" in await told(plain)
    assert [said.every_reply for said in [*others, *more]] == [[]] * 4
    assert [request.image for request in bot.house.engine.requests if hasattr(request, "image")] == [pictures[0]]


# ---------------------------------------------------------------------------- words

NASTY = (
    "<b>bold</b> </code></blockquote><a href='https://evil.example'>x</a> &lt;i&gt; **b** `c` [d](https://a.example) "
    "@somebody #tag $USD /start https://evil.example evil.com a@evil.org t.me/evil tg://user?id=1 +12025550123"
)


async def test_a_strangers_words_are_never_live(bot: Bot, group: Group, telegram: StandIn, home: House) -> None:
    ada = telegram.user("Ada")
    group.add(ada)
    for chat in (ada.dm, group):
        shown = await drawn(telegram, ada, chat, NASTY)
        assert shown.text.startswith("<b>bold</b> </code>")
        captions = await written(telegram, ada, chat, NASTY)
        assert captions.text.startswith("<b>bold</b> </code>")
        home.clock.time += 60
    page = await (await ada.says(ada.dm, NASTY)).answered()
    await ada.press(page, "Draw it")
    await page.until(lambda message: "Never mind" in str(message.labels))
    home.engine.gate.clear()
    await (await ada.says(ada.dm, f"/avatar {NASTY}")).answered(lambda message: message.labels)
    await (await ada.says(ada.dm, "/jobs")).answered()
    await (await ada.says(ada.dm, "/gallery")).answered()
    home.engine.gate.set()
    every = [*telegram.from_bot(ada.dm), *telegram.from_bot(group)]
    assert len(every) >= 9
    # The hello of a group names our own commands, and nothing else acts.
    assert {kind for message in every for kind in live(message) if not message.text.startswith("Hello!")} == set()
    assert all(not asked.parameters.get("link_preview_options", {}).get("url") for asked in telegram.asked())


@pytest.mark.parametrize(
    "words",
    [
        "/avatar a knight --style @somebody",
        "/avatar a knight --style https://evil.example",
        "/avatar a knight --seed https://evil.example",
        "/avatar a knight --count #tag",
        "/caption rain --tone <b>x</b>",
        "/caption rain --length @somebody",
        "/evil_command",
        "/avatar a knight --strange 1",
        "/caption rain --style pixel",
    ],
)
async def test_what_is_wrong_is_named_without_coming_alive(words: str, bot: Bot, ada: Person) -> None:
    shown = await (await ada.says(ada.dm, words)).answered()
    alive = [entity for entity in shown.entities if entity["type"] != "bot_command"]
    assert alive == [], shown.text
    commands = {shown.text[entity["offset"] :][: entity["length"]] for entity in shown.entities}
    assert commands <= {"/avatar", "/caption"}
    await nothing_happened(bot, ada)


@pytest.mark.parametrize("command", ["/avatar", "/caption", ""])
@pytest.mark.parametrize("count", [1001, 6000])
async def test_too_many_words(command: str, count: int, bot: Bot, ada: Person) -> None:
    said = await ada.says(ada.dm, f"{command} {'x' * count}".strip())
    assert f"stay within 1000 characters (yours has {count})" in await told(said)
    await nothing_happened(bot, ada)


async def test_a_thousand_emoji_fit_below_a_picture(bot: Bot, ada: Person, telegram: StandIn) -> None:
    shown = await drawn(telegram, ada, ada.dm, "🦊" * 1000)
    assert shown.text.startswith("🦊🦊")


async def test_emoji_alone_are_words(bot: Bot, ada: Person, telegram: StandIn) -> None:
    shown = await drawn(telegram, ada, ada.dm, "👩‍🚀🦊 --seed 3")
    assert shown.text.startswith("👩‍🚀🦊")
    await ada.press(shown, "Download")
    assert (await telegram.message(ada.dm, lambda message: message.document)).file_name == "avatar-3.png"


async def test_text_from_right_to_left_stays_and_overrides_go(bot: Bot, ada: Person, telegram: StandIn) -> None:
    shown = await drawn(telegram, ada, ada.dm, "فارس \u202eأخضر\u2066 x")
    assert shown.text.startswith("فارس أخضر x\n")
    page = await (await ada.says(ada.dm, "abc \u202edef")).answered()
    assert page.text.startswith("abc def\n")


@pytest.mark.parametrize("words", ["/avatar \u202e\u2066", "/avatar --count 2", "/caption --tone funny"])
async def test_no_words_at_all(words: str, bot: Bot, ada: Person) -> None:
    assert (await told(await ada.says(ada.dm, words))).startswith("Say what the")
    await nothing_happened(bot, ada)


# ------------------------------------------------------------------ commands, and whose


async def test_unknown_commands_are_named_in_private_and_where_we_are_meant(
    bot: Bot, ada: Person, group: Group, telegram: StandIn
) -> None:
    bob = group.member("Bob")
    assert "There is no command /nonsense." in (await told(await ada.says(ada.dm, "/nonsense x"))).replace("\u2060", "")
    meant = await bob.says(group, "/nonsense@huashen_bot")
    assert "There is no command" in await told(meant)
    await unheard(bot, telegram, group, await bob.says(group, "/nonsense"))


async def test_commands_of_another_bot_are_none_of_our_business(
    bot: Bot, group: Group, ada: Person, telegram: StandIn
) -> None:
    group.promote_bot()
    bob = group.member("Bob")
    question = await (await bob.says(group, "/avatar")).answered()
    silent = [
        await bob.says(group, "/avatar@other_bot a knight"),
        await bob.says(group, "/avatar@other_bot a knight", reply_to=question.id),
        await ada.says(ada.dm, "/avatar@other_bot a knight"),
    ]
    await unheard(bot, telegram, group, *silent)
    await nothing_happened(bot, bob)


@pytest.mark.parametrize("command", ["/avatar@huashen_bot", "/AVATAR", "/Avatar@Huashen_Bot"])
async def test_a_command_may_name_us_in_any_letters(command: str, bot: Bot, group: Group, telegram: StandIn) -> None:
    said = await group.member("Bob").says(group, f"{command} a knight")
    await said.answered(finished)


async def test_chatter_is_not_answered_though_we_hear_it(
    bot: Bot, group: Group, ada: Person, telegram: StandIn
) -> None:
    group.promote_bot()
    bob = group.member("Bob")
    shown = await drawn(telegram, bob, group)
    silent = [
        await bob.says(group, "hello everybody"),
        await bob.says(group, "please /avatar a knight"),
        await bob.says(group, "nice!", reply_to=shown.id),
        await bob.sends_photo(group, png(size=300)),
        await bob.sends_photo(group, png(size=300), reply_to=shown.id),
    ]
    await unheard(bot, telegram, group, *silent)


async def test_an_edit_asks_for_nothing_twice_but_may_mend_a_mistake(bot: Bot, ada: Person) -> None:
    said = await ada.says(ada.dm, "/avatar a knight")
    await said.answered(finished)
    await ada.edits(said, "/avatar a knigth with a hat")
    mistaken = await ada.says(ada.dm, "/avatr a fox")
    await mistaken.answered()
    await ada.edits(mistaken, "/avatar a fox")
    await mistaken.answered(finished)
    assert {prompt_of(job.request) for job in await bot.jobs(ada)} == {"a fox", "a knight"}
    assert len(said.every_reply) == 1


async def test_a_forwarded_command_is_shown_not_given(bot: Bot, group: Group, telegram: StandIn) -> None:
    bob, cleo = group.member("Bob"), group.member("Cleo")
    said = await bob.says(group, "/quota")
    await said.answered()
    await unheard(bot, telegram, group, await cleo.forwards(group, said), await cleo.forwards(cleo.dm, said))


async def test_who_hides_is_asked_to_show_themselves(bot: Bot, group: Group, telegram: StandIn) -> None:
    owner, bob = group.owner(), group.member("Bob")
    for said in (
        await owner.speaks_anonymously(group, "/avatar a knight"),
        await bob.speaks_as_channel(group, "/caption rain"),
        await owner.speaks_anonymously(group, "/quota"),
    ):
        assert (await told(said)).startswith("I cannot tell who is asking")
    assert (await told(await owner.speaks_anonymously(group, "/help"))).startswith("This is what I understand")
    assert await bot.house.in_status(JobStatus.DELIVERED) == 0


async def test_an_answer_by_somebody_who_hides_is_nobodys(bot: Bot, group: Group, telegram: StandIn) -> None:
    owner = group.owner()
    question = await (await owner.says(group, "/avatar")).answered()
    hidden = await owner.speaks_anonymously(group, "a knight", reply_to=question.id)
    await unheard(bot, telegram, group, hidden)


async def test_other_bots_and_channels_are_not_served(bot: Bot, group: Group, telegram: StandIn) -> None:
    group.promote_bot()
    robot = group.member("Robot")
    robot.user.is_bot = True
    silent = [await robot.says(group, words) for words in ("/avatar a knight", "/nonsense@huashen_bot", "hello")]
    channel = telegram.channel()
    await telegram.channel_post(channel, "/avatar a knight")
    await unheard(bot, telegram, group, *silent)
    assert telegram.from_bot(channel) == []
    await status(bot.house, JobStatus.DELIVERED)


# ------------------------------------------------------------- screens, units, the queue


async def test_in_private_one_reads_why(bot: Bot, ada: Person, home: House) -> None:
    assert await told(await ada.says(ada.dm, "/avatar block me")) == BLOCKED
    await nothing_happened(bot, ada)
    shown = await (await ada.says(ada.dm, "/avatar hold me")).answered()
    assert "A moderator will take a look first (violence)." in shown.text
    assert shown.labels == ["⏹️ Cancel"]
    await status(home, JobStatus.HELD)
    assert await bot.used(ada) == 4
    await ada.press(shown, "Cancel")
    await shown.until(lambda shown: "Stopped." in shown.text)
    assert await bot.used(ada) == 0


async def test_in_a_group_nobody_reads_why(bot: Bot, group: Group, telegram: StandIn, home: House) -> None:
    ada, bob = telegram.user("Ada"), group.member("Bob")
    group.add(ada)
    for person in (ada, bob):
        blocked = await (await person.says(group, "/avatar block me")).answered()
        assert blocked.text == "This cannot be made here. Nothing was charged."
        held = await (await person.says(group, "/caption hold me")).answered()
        assert held.text == "🔎 A moderator will take a look first. You will hear about it here."
    private = await telegram.message(ada.dm)
    assert private.text == BLOCKED
    assert telegram.from_bot(bob.dm) == []
    every = " ".join(shown.text for shown in telegram.from_bot(group))
    assert "violence" not in every and "hold me" not in every and "block me" not in every


async def test_in_a_group_nobody_reads_why_a_picture_is_refused(
    bot: Bot, group: Group, telegram: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def flagged(self: FakeModerator, image: bytes) -> list[Signal]:
        return [Signal(Category.SEXUAL, 0.99, "fake")]

    monkeypatch.setattr(FakeModerator, "screen_image", flagged)
    for words in ("/avatar", "/caption a dog", "/avatar a dog"):
        said = await group.member("Bob").sends_photo(group, png(size=300), words)
        assert await told(said) == "This cannot be made here. Nothing was charged."


async def test_who_writes_of_harming_themselves_is_told_alone_where_somebody_listens(
    bot: Bot, group: Group, telegram: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def flagged(self: FakeModerator, text: str, terms: object = ()) -> list[Signal]:
        return [Signal(Category.SELF_HARM, 0.99, "fake")]

    monkeypatch.setattr(FakeModerator, "screen_text", flagged)
    ada = telegram.user("Ada")
    group.add(ada)
    shown = await (await ada.says(group, "/avatar something sad")).answered()
    assert shown.text == "🔎 A moderator will take a look first. You will hear about it here."
    private = await telegram.message(ada.dm)
    assert "findahelpline" in private.text and "self-harm" in private.text


@pytest.mark.parametrize("late", [False, True])
async def test_a_press_that_is_refused_is_told_to_whoever_pressed(
    late: bool, bot: Bot, group: Group, telegram: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = group.member("Bob")
    shown = await drawn(telegram, bob, group)
    bot.house.clock.time += 60

    async def flagged(self: FakeModerator, text: str, terms: object = ()) -> list[Signal]:
        return [Signal(Category.VIOLENCE, 0.99, "fake")]

    monkeypatch.setattr(FakeModerator, "screen_text", flagged)
    pressed = await bob.press(shown, "Again")
    if late:
        # Nobody reads what comes up over the chat, and Bob has no private chat with the bot.
        pressed.expire()
        public = await telegram.message(group, lambda message: message.reply_to == shown.id)
        assert public.text == "This cannot be made here. Nothing was charged."
    else:
        assert (await pressed.answer()).text == BLOCKED
        assert [message for message in telegram.from_bot(group) if message.reply_to == shown.id] == []


async def test_a_quota_that_is_used_up(bot: Bot, ada: Person, telegram: StandIn) -> None:
    for _ in range(60 // 16):
        await (await ada.says(ada.dm, "/avatar a knight --count 4")).answered(finished)
    assert "60 units a minute" in await told(await ada.says(ada.dm, "/avatar a knight --count 4"))
    assert await bot.used(ada) == 48


async def test_a_queue_that_is_full(home: House, telegram: StandIn, tmp_path: Path) -> None:
    home.desk = replace(home.desk, policy=replace(home.desk.policy, queue_limit=0))
    async with bots.running(home, bots.reach(telegram), tmp_path) as bot:
        ada = telegram.user("Ada")
        said = await ada.says(ada.dm, "/avatar a knight")
        assert (await told(said)).startswith("So many are waiting")
        await nothing_happened(bot, ada)


@pytest.mark.parametrize(
    "error", [EngineError("broken"), EngineUnreachable("gone"), Cancelled("deadline")], ids=lambda e: type(e).__name__
)
async def test_an_engine_that_fails_costs_nothing(error: EngineError, bot: Bot, ada: Person, home: House) -> None:
    home.engine.error = error
    shown: Shown = await (await ada.says(ada.dm, "/avatar a knight")).answered(lambda shown: "⏹️" in shown.text)
    assert shown.labels == ["🔁 Again", "✏️ Edit prompt"]
    assert await bot.used(ada) == 0


async def test_a_picture_that_is_not_fit_to_show(bot: Bot, ada: Person, home: House, monkeypatch: Any) -> None:
    async def flagged(self: FakeModerator, image: bytes) -> list[Signal]:
        return [Signal(Category.SEXUAL, 0.99, "fake")]

    monkeypatch.setattr(FakeModerator, "screen_image", flagged)
    shown = await (await ada.says(ada.dm, "/avatar a knight")).answered(lambda shown: "🚫" in shown.text)
    assert "not fit to show" in shown.text and not shown.photo
    assert shown.labels == ["✏️ Edit prompt"]
