"""The stand-in Telegram, tried through the real python-telegram-bot."""

import asyncio
import contextlib
import io
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web
from PIL import Image
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChatMember,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultCachedPhoto,
    InlineQueryResultsButton,
    InputMediaDocument,
    InputMediaPhoto,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import ExtBot

from adapters import pictures
from tests.adapters.telegram.wire import Crowd, Limits, Person, StandIn
from tests.adapters.telegram.wire.limits import Window
from tests.adapters.telegram.wire.methods import METHODS
from tests.adapters.telegram.wire.spec import specification
from tests.fakes import png, webp

needs_spec = pytest.mark.skipif(specification() is None, reason="Telegram's description of its API is not at hand")


@pytest.fixture(autouse=True)
def timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this the library warns whenever it is told to wait."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def telegram() -> AsyncIterator[StandIn]:
    async with StandIn() as stand_in:
        yield stand_in
        assert not stand_in.violations


@pytest.fixture
async def bot(telegram: StandIn) -> AsyncIterator[Bot]:
    async with _bot(telegram) as client:
        yield client


@pytest.fixture
def ann(telegram: StandIn) -> Person:
    return telegram.user("Ann")


def _strip() -> bytes:
    buffer = io.BytesIO()
    Image.new("1", (2100, 100)).save(buffer, "PNG")
    return buffer.getvalue()


def _refused(kind: type[TelegramError], reason: str) -> pytest.RaisesExc:
    """python-telegram-bot changes what is capital in Telegram's words."""
    return pytest.raises(kind, match=re.compile(re.escape(reason), re.IGNORECASE))


def _bot(telegram: StandIn) -> Bot:
    return Bot(telegram.token, base_url=telegram.base_url, base_file_url=telegram.base_file_url)


def _keys(*labels: str, data: str = "") -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data or label.lower())] for label in labels]
    )


async def _raw(telegram: StandIn, method: str, token: str = "", **parameters: object) -> tuple[int, dict]:
    url = f"{telegram.base_url}{token or telegram.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, json=parameters) as answer:
        return answer.status, await answer.json()


@contextlib.asynccontextmanager
async def _listening(take: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[str]:
    """Where a webhook's calls arrive."""
    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def _heard(bot: Bot) -> list[Update]:
    """Everything so far, confirmed."""
    updates = list(await bot.get_updates())
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return updates


# ------------------------------------------------------------------------------------------- updates


async def test_updates_are_given_again_until_a_higher_offset_confirms_them(telegram, bot, ann) -> None:
    for text in ("one", "two", "three"):
        await ann.says(ann.dm, text)
    first = await bot.get_updates(limit=2)
    assert [update.message.text for update in first] == ["one", "two"]
    assert await bot.get_updates(limit=2) == first
    rest = await bot.get_updates(offset=first[1].update_id + 1)
    assert [update.message.text for update in rest] == ["three"]
    assert await bot.get_updates() == rest
    assert await bot.get_updates(offset=-1) == rest
    assert await bot.get_updates(offset=rest[0].update_id + 1) == ()


async def test_a_long_poll_waits_for_something_to_happen(telegram, bot, ann) -> None:
    asking = asyncio.create_task(bot.get_updates(timeout=5))
    await telegram.until(lambda: telegram.asked("getUpdates"))
    await asyncio.sleep(0.1)
    assert not asking.done()
    began = time.monotonic()
    await ann.says(ann.dm, "hello")
    assert [update.message.text for update in await asking] == ["hello"]
    assert time.monotonic() - began < 1
    await _heard(bot)
    began = time.monotonic()
    assert await bot.get_updates(timeout=1) == ()
    assert time.monotonic() - began > 0.9


async def test_only_updates_that_were_asked_for_are_kept_and_the_wish_is_remembered(telegram, bot, ann) -> None:
    await bot.get_updates(allowed_updates=["message"])
    said = await ann.says(ann.dm, "hello")
    await ann.edits(said, "hello you")
    assert [update.message and update.message.text for update in await _heard(bot)] == ["hello"]
    await bot.get_updates(allowed_updates=[])
    await ann.edits(said, "hello all")
    assert [update.edited_message.text for update in await _heard(bot)] == ["hello all"]


async def test_a_second_reader_ends_the_wait_of_the_first(telegram, bot, ann) -> None:
    asking = asyncio.create_task(bot.get_updates(timeout=5))
    await telegram.until(lambda: telegram.asked("getUpdates"))
    await asyncio.sleep(0.05)
    async with _bot(telegram) as other:
        taking = asyncio.create_task(other.get_updates(timeout=5))
        with _refused(Conflict, "other getUpdates"):
            await asking
        await ann.says(ann.dm, "hello")
        assert len(await taking) == 1


async def test_a_webhook_gets_every_update_in_order_with_its_secret(telegram, bot, ann) -> None:
    got: list[tuple[str, str | None]] = []

    async def take(request: web.Request) -> web.Response:
        text = (await request.json())["message"]["text"]
        got.append((text, request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        return web.Response(status=500 if len(got) in (2, 3) else 200)

    async with _listening(take) as local:
        telegram.forward("https://bot.example.org", local)
        await bot.set_webhook("https://bot.example.org/hook", secret_token="s3cret", max_connections=5)
        for text in ("one", "two", "three"):
            await ann.says(ann.dm, text)
        await telegram.until(lambda: len(got) == 5)
        assert [text for text, _ in got] == ["one", "two", "two", "two", "three"]
        assert {secret for _, secret in got} == {"s3cret"}
        assert telegram.webhook.refused == 2
        with _refused(Conflict, "webhook is active"):
            await bot.get_updates()
        info = await bot.get_webhook_info()
        assert (info.url, info.max_connections) == ("https://bot.example.org/hook", 5)
        await telegram.until(lambda: not telegram.world.updates.pending)
        await bot.delete_webhook()
        assert (await bot.get_webhook_info()).url == ""
        await ann.says(ann.dm, "four")
        assert [update.message.text for update in await bot.get_updates()] == ["four"]
        assert len(got) == 5


async def test_webhooks_that_telegram_does_not_take_are_refused(telegram, bot, ann) -> None:
    with _refused(BadRequest, "bad webhook: An HTTPS URL must be provided for webhook"):
        await bot.set_webhook("http://bot.example.org/")
    with _refused(BadRequest, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"):
        await bot.set_webhook("https://bot.example.org:8080/")
    with _refused(BadRequest, "secret token contains unallowed characters"):
        await bot.set_webhook("https://bot.example.org/", secret_token="a b")
    await ann.says(ann.dm, "old")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


# ------------------------------------------------------------------------------------------- sending


async def test_html_becomes_text_with_entities_counted_in_utf_16(telegram, bot, ann) -> None:
    source = '  🙂 <b>bold <i>both</i></b> &lt;3 <a href="https://a.org/?x=1&amp;y=2">here</a> /start @ann_0 &nbsp;\n'
    sent = await bot.send_message(ann.id, source, parse_mode=ParseMode.HTML)
    assert sent.text == "🙂 bold both <3 here /start @ann_0 &nbsp;"
    found = [(entity.type, sent.parse_entity(entity), entity.url) for entity in sent.entities]
    assert found == [
        ("bold", "bold both", None),
        ("italic", "both", None),
        ("text_link", "here", "https://a.org/?x=1&y=2"),
        ("bot_command", "/start", None),
        ("mention", "@ann_0", None),
    ]
    code = await bot.send_message(
        ann.id,
        '<pre><code class="language-python">/x</code></pre><tg-spoiler>s</tg-spoiler>'
        "<blockquote expandable>q</blockquote>",
        parse_mode=ParseMode.HTML,
    )
    kinds = [(entity.type, entity.language) for entity in code.entities]
    assert kinds == [("pre", "python"), ("spoiler", None), ("expandable_blockquote", None)]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("I <3 you", "Unclosed start tag at byte offset 2"),
        ("ü <div>x</div>", 'Unsupported start tag "div" at byte offset 3'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_html_that_is_none_is_refused_with_the_reason(telegram, bot, ann, source, reason) -> None:
    with _refused(BadRequest, f"can't parse entities: {reason}"):
        await bot.send_message(ann.id, source, parse_mode=ParseMode.HTML)
    assert telegram.messages(ann.dm) == []


async def test_texts_are_as_long_as_telegram_takes_after_parsing(telegram, bot, ann) -> None:
    await bot.send_message(ann.id, f"<b>{'x' * 4096}</b>", parse_mode=ParseMode.HTML)
    await bot.send_photo(ann.id, png(), caption="x" * 1024)
    with _refused(BadRequest, "message is too long"):
        await bot.send_message(ann.id, "x" * 4097)
    with _refused(BadRequest, "message caption is too long"):
        await bot.send_photo(ann.id, png(), caption="x" * 1025)
    with _refused(BadRequest, "message text is empty"):
        await bot.send_message(ann.id, "<b> </b>", parse_mode=ParseMode.HTML)
    assert len(telegram.messages(ann.dm)) == 2


async def test_messages_are_numbered_by_chat_and_reply(telegram, bot, ann) -> None:
    group = telegram.group()
    bob = group.member("Bob")
    said = await bob.says(group, "/avatar a knight")
    sent = await bot.send_message(group.id, "Drawing", reply_to_message_id=said.id)
    assert (said.id, sent.message_id) == (2, 3)
    assert (await bot.send_message(ann.id, "hello")).message_id == 1
    assert sent.reply_to_message.text == "/avatar a knight"
    assert [shown.id for shown in said.replies] == [3]
    assert (await telegram.message(group, lambda shown: "Draw" in shown.text)).reply_to == said.id
    await bob.deletes(said)
    with _refused(BadRequest, "message to be replied not found"):
        await bot.send_message(group.id, "Done", reply_to_message_id=said.id)
    alone = await bot.send_message(group.id, "Done", reply_to_message_id=said.id, allow_sending_without_reply=True)
    assert alone.reply_to_message is None


async def test_pictures_are_kept_byte_for_byte_and_sent_again_by_their_id(telegram, bot, ann) -> None:
    sent = await bot.send_photo(ann.id, png("red", 200), caption="<i>a</i>", parse_mode="HTML", has_spoiler=True)
    small, large = sent.photo
    assert (small.width, large.width, sent.has_media_spoiler) == (90, 200, True)
    shown = telegram.messages(ann.dm)[0]
    assert (shown.photo, shown.text, shown.spoiler) == (png("red", 200), "a", True)
    assert shown.entities == [{"type": "italic", "offset": 0, "length": 1}]
    assert bytes(await (await bot.get_file(large.file_id)).download_as_bytearray()) == png("red", 200)
    again = await bot.send_photo(ann.id, large.file_id)
    assert again.photo == sent.photo
    with _refused(BadRequest, "wrong file identifier"):
        await bot.send_photo(ann.id, "nothing")
    with _refused(BadRequest, "IMAGE_PROCESS_FAILED"):
        await bot.send_photo(ann.id, b"no picture")
    with _refused(BadRequest, "too big for a photo"):
        await bot.send_photo(ann.id, png() + bytes(10 * 2**20))
    with _refused(BadRequest, "PHOTO_INVALID_DIMENSIONS"):
        await bot.send_photo(ann.id, _strip())
    assert len(telegram.messages(ann.dm)) == 2


async def test_files_keep_their_name_and_are_no_pictures(telegram, bot, ann) -> None:
    sent = await bot.send_document(ann.id, png(), filename="knight.png", caption="full size")
    shown = telegram.messages(ann.dm)[0]
    assert (shown.document, shown.file_name, shown.photo) == (png(), "knight.png", None)
    assert (sent.document.file_name, sent.document.mime_type) == ("knight.png", "image/png")
    with _refused(BadRequest, "can't use file of type Document as Photo"):
        await bot.send_photo(ann.id, sent.document.file_id)
    moving = await bot.send_animation(ann.id, b"\0\0\0\x18ftypmp42", filename="a.mp4")
    assert (moving.animation.file_name, moving.document.file_id) == ("a.mp4", moving.animation.file_id)
    gif = await bot.send_animation(ann.id, pictures.gif(webp(6), 2**20), filename="a.gif")
    assert (gif.animation.width, gif.animation.height, gif.animation.mime_type) == (64, 64, "image/gif")
    # What is neither GIF nor MP4 does not move there.
    still = await bot.send_animation(ann.id, webp(6), filename="a.webp")
    assert still.animation is None and still.document.file_name == "a.webp"


async def test_files_are_downloaded_up_to_twenty_megabytes(telegram, bot, ann) -> None:
    await ann.sends_document(ann.dm, bytes(20 * 2**20 + 1), "big.bin", "application/octet-stream")
    await ann.sends_document(ann.dm, b"small", "small.bin", "application/octet-stream", caption="look")
    big, small = [update.message for update in await bot.get_updates()]
    with _refused(BadRequest, "file is too big"):
        await bot.get_file(big.document.file_id)
    assert bytes(await (await small.document.get_file()).download_as_bytearray()) == b"small"
    assert (small.caption, small.document.mime_type) == ("look", "application/octet-stream")


async def test_an_album_is_sent_whole_or_not_at_all(telegram, bot, ann) -> None:
    with _refused(BadRequest, "IMAGE_PROCESS_FAILED"):
        await bot.send_media_group(ann.id, [InputMediaPhoto(png()), InputMediaPhoto(b"none")])
    assert telegram.messages(ann.dm) == []
    known = (await bot.send_photo(ann.id, png("blue"))).photo[-1].file_id
    media = [
        InputMediaPhoto(png("red"), caption="<b>x</b>", parse_mode="HTML", has_spoiler=True),
        InputMediaPhoto(known),
    ]
    sent = await bot.send_media_group(ann.id, media)
    assert len({message.media_group_id for message in sent}) == 1
    _, first, second = telegram.messages(ann.dm)
    assert (first.photo, first.text, first.spoiler) == (png("red"), "x", True)
    assert (second.photo, second.text, second.spoiler) == (png("blue"), "", False)
    assert first.album == second.album == sent[0].media_group_id is not None
    with _refused(BadRequest, "too many messages"):
        await bot.send_media_group(ann.id, [InputMediaPhoto(known)] * 11)
    with _refused(BadRequest, "can't be mixed"):
        await bot.send_media_group(ann.id, [InputMediaPhoto(known), InputMediaDocument(b"x")])


async def test_keyboards_that_telegram_does_not_take_are_refused(telegram, bot, ann) -> None:
    await bot.send_message(ann.id, "hello", reply_markup=_keys("Again", data="é" * 32))
    with _refused(BadRequest, "BUTTON_DATA_INVALID"):
        await bot.send_message(ann.id, "hello", reply_markup=_keys("Again", data="é" * 32 + "x"))
    with _refused(BadRequest, "unallowed in the inline keyboard"):
        await bot.send_message(ann.id, "hello", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Nothing")]]))
    with _refused(BadRequest, "URL 'x' is invalid"):
        keys = InlineKeyboardMarkup([[InlineKeyboardButton("Go", url="x")]])
        await bot.send_message(ann.id, "hello", reply_markup=keys)
    assert len(telegram.messages(ann.dm)) == 1


async def test_a_forced_reply_is_shown_and_such_a_message_cannot_be_edited(telegram, bot, ann) -> None:
    sent = await bot.send_message(ann.id, "Of what?", reply_markup=ForceReply(selective=True))
    shown = telegram.messages(ann.dm)[0]
    assert shown.force_reply
    assert shown.labels == []
    with _refused(BadRequest, "message can't be edited"):
        await sent.edit_text("What?")


async def test_actions_and_reactions_are_seen(telegram, bot, ann) -> None:
    said = await ann.says(ann.dm, "hello")
    await bot.send_chat_action(ann.id, "upload_photo")
    with _refused(BadRequest, "wrong parameter action"):
        await bot.send_chat_action(ann.id, "dancing")
    await bot.set_message_reaction(ann.id, said.id, "👀")
    assert telegram.actions(ann.dm) == ["upload_photo"]
    assert telegram.messages(ann.dm)[0].reactions == ["👀"]
    await bot.set_message_reaction(ann.id, said.id, None)
    assert telegram.messages(ann.dm)[0].reactions == []


# ------------------------------------------------------------------------------------------- editing


async def test_words_become_other_words_and_then_a_picture(telegram, bot, ann) -> None:
    sent = await bot.send_message(ann.id, "Queued", reply_markup=_keys("Cancel"))
    shown = telegram.messages(ann.dm)[0]
    waiting = asyncio.create_task(shown.until(lambda shown: shown.photo))
    await sent.edit_text("<b>Drawing</b>", parse_mode="HTML", reply_markup=_keys("Cancel"))
    assert (shown.text, shown.labels, shown.edits) == ("Drawing", ["Cancel"], 1)
    edited = await sent.edit_media(InputMediaPhoto(png(), caption="Here"), reply_markup=_keys("Again", "Save"))
    assert await waiting is shown
    assert (shown.text, shown.labels, shown.edits, edited.text) == ("Here", ["Again", "Save"], 2, None)
    assert [sorted(change.content) for change in shown.changes] == [
        ["text"],
        ["entities", "text"],
        ["caption", "photo"],
    ]
    assert edited.edit_date
    await sent.edit_caption("There")
    assert (shown.text, shown.photo, shown.labels) == ("There", png(), [])
    await sent.edit_reply_markup(_keys("Again"))
    assert (shown.text, shown.labels, shown.edits) == ("There", ["Again"], 4)
    with _refused(BadRequest, "there is no text in the message to edit"):
        await sent.edit_text("no")


async def test_an_edit_that_changes_nothing_is_refused(telegram, bot, ann) -> None:
    sent = await bot.send_message(ann.id, "x", reply_markup=_keys("A"))
    with _refused(BadRequest, "message is not modified"):
        await sent.edit_text("<b></b>x", parse_mode="HTML", reply_markup=_keys("A"))
    with _refused(BadRequest, "message is not modified"):
        await sent.edit_reply_markup(_keys("A"))
    await sent.edit_text("x")
    assert telegram.messages(ann.dm)[0].labels == []
    with _refused(BadRequest, "there is no caption"):
        await sent.edit_caption("x")
    picture = await bot.send_photo(ann.id, png())
    with _refused(BadRequest, "message is not modified"):
        await picture.edit_media(InputMediaPhoto(picture.photo[-1].file_id))


async def test_only_messages_of_its_own_that_stand_can_be_edited(telegram, bot, ann) -> None:
    said = await ann.says(ann.dm, "hello")
    with _refused(BadRequest, "message can't be edited"):
        await bot.edit_message_text("bye", ann.id, said.id)
    sent = await bot.send_message(ann.id, "hello")
    await sent.delete()
    with _refused(BadRequest, "message to edit not found"):
        await sent.edit_text("bye")
    with _refused(BadRequest, "message to delete not found"):
        await sent.delete()


async def test_what_can_be_deleted_depends_on_age_place_and_rights(telegram, bot, ann) -> None:
    said = await ann.says(ann.dm, "hello")
    assert await bot.delete_message(ann.id, said.id)
    group = telegram.group()
    foreign = await group.member("Bob").says(group, "/x")
    with _refused(BadRequest, "message can't be deleted"):
        await bot.delete_message(group.id, foreign.id)
    own = await bot.send_message(group.id, "x")
    telegram.age(telegram.from_bot(group)[0], 49 * 3600)
    with _refused(BadRequest, "message can't be deleted"):
        await own.delete()
    group.promote_bot()
    shown = telegram.from_bot(group)[0]
    assert await bot.delete_messages(group.id, [foreign.id, own.message_id, 999])
    assert shown.deleted
    assert [shown.id for shown in telegram.messages(group)] == [1]


# ------------------------------------------------------------------------------------------- answering


async def test_a_press_is_answered_once(telegram, bot, ann) -> None:
    await bot.send_message(ann.id, "hello", reply_markup=_keys("🔁 Again", "Stop", data="again"))
    pressed = await ann.press(telegram.messages(ann.dm)[0], "Again")
    query = (await bot.get_updates())[0].callback_query
    assert (query.data, query.from_user.id, query.message.text) == ("again", ann.id, "hello")
    await query.answer("Done", show_alert=True)
    answer = await pressed.answer()
    assert (answer.text, answer.show_alert, answer.url) == ("Done", True, None)
    with _refused(BadRequest, "query is too old and response timeout expired or query ID is invalid"):
        await query.answer()


async def test_a_press_can_be_late_forged_or_on_a_message_that_is_gone(telegram, bot, ann) -> None:
    sent = await bot.send_message(ann.id, "hello", reply_markup=_keys("Again"))
    shown = telegram.messages(ann.dm)[0]
    with pytest.raises(LookupError, match="Stop"):
        await ann.press(shown, "Stop")
    (await ann.press(shown, "again")).expire()
    with _refused(BadRequest, "query is too old"):
        await (await _heard(bot))[0].callback_query.answer()
    await sent.delete()
    await ann.presses_raw(shown, "\x00'; drop")
    query = (await _heard(bot))[0].callback_query
    assert query.data == "\x00'; drop"
    assert not query.message.is_accessible
    with _refused(BadRequest, "MESSAGE_TOO_LONG"):
        await query.answer("x" * 201)
    with _refused(BadRequest, "URL_INVALID"):
        await query.answer(url="https://example.org")
    await query.answer(url="https://t.me/huashen_bot?start=x")


async def test_queries_expire_by_themselves() -> None:
    async with StandIn(query_lifetime=0.05) as telegram, _bot(telegram) as bot:
        ann = telegram.user("Ann")
        await bot.send_message(ann.id, "hello", reply_markup=_keys("Again"))
        await ann.press(telegram.messages(ann.dm)[0], "Again")
        await asyncio.sleep(0.1)
        with _refused(BadRequest, "query is too old"):
            await (await bot.get_updates())[0].callback_query.answer()


async def test_inline_results_are_offered_and_picked(telegram, bot, ann) -> None:
    known = (await bot.send_photo(ann.id, png("red"))).photo[-1].file_id
    queried = await ann.queries("knight", offset="10")
    query = (await _heard(bot))[0].inline_query
    assert (query.query, query.offset, query.from_user.id) == ("knight", "10", ann.id)
    results = [
        InlineQueryResultCachedPhoto("1", known, caption="<b>A knight</b>", parse_mode="HTML"),
        InlineQueryResultArticle("2", "Draw", InputTextMessageContent("/avatar knight"), reply_markup=_keys("Go")),
    ]
    button = InlineQueryResultsButton("Open", start_parameter="inline")
    await query.answer(results, next_offset="20", is_personal=True, cache_time=0, button=button)
    assert [result["id"] for result in await queried.results()] == ["1", "2"]
    assert (queried.next_offset, queried.personal, queried.cache_time) == ("20", True, 0)
    assert queried.button == {"text": "Open", "start_parameter": "inline"}
    group = telegram.group(bot=False)
    group.add(ann)
    await ann.picks(group, queried)
    shown = telegram.messages(group)[-1]
    assert (shown.photo, shown.text, shown.by_bot) == (png("red"), "A knight", False)
    with _refused(BadRequest, "query is too old"):
        await query.answer([])


async def test_inline_results_that_telegram_does_not_take_are_refused(telegram, bot, ann) -> None:
    await ann.queries("x")
    query = (await bot.get_updates())[0].inline_query
    article = InlineQueryResultArticle("1", "Draw", InputTextMessageContent("x"))
    with _refused(BadRequest, "RESULT_ID_DUPLICATE"):
        await query.answer([article, article])
    with _refused(BadRequest, "wrong file identifier"):
        await query.answer([InlineQueryResultCachedPhoto("1", "none")])
    with _refused(BadRequest, "RESULTS_TOO_MUCH"):
        await query.answer([InlineQueryResultArticle(str(n), "D", InputTextMessageContent("x")) for n in range(51)])


# ------------------------------------------------------------------------------------------- where it may write


async def test_a_bot_writes_to_whoever_began_and_did_not_block_it(telegram, bot) -> None:
    group = telegram.group()
    bob, eve = group.member("Bob"), telegram.user("Eve", started=False)
    with _refused(Forbidden, "bot can't initiate conversation with a user"):
        await bot.send_message(bob.id, "hello")
    for unknown in (eve.id, 42, "@nobody_here"):
        with _refused(BadRequest, "Chat not found"):
            await bot.send_message(unknown, "hello")
    await bob.says(bob.dm, "/start")
    await bot.send_message(bob.id, "hello")
    await _heard(bot)
    await bob.blocks_bot()
    with _refused(Forbidden, "bot was blocked by the user"):
        await bot.send_message(bob.id, "hello")
    with pytest.raises(LookupError):
        await bob.says(bob.dm, "hello")
    await bob.unblocks_bot()
    await bot.send_message(bob.id, "hello")
    changes = [update.my_chat_member for update in await _heard(bot)]
    assert [(change.chat.id, change.new_chat_member.status) for change in changes] == [
        (bob.id, "kicked"),
        (bob.id, "member"),
    ]


@pytest.mark.parametrize(("supergroup", "kind"), [(True, "supergroup chat"), (False, "group chat")])
async def test_a_bot_hears_that_it_is_added_and_removed(telegram, bot, supergroup, kind) -> None:
    group = telegram.group(supergroup=supergroup)
    group.remove_bot()
    with _refused(Forbidden, f"bot was kicked from the {kind}"):
        await bot.send_message(group.id, "hello")
    group.add_bot()
    await bot.leave_chat(group.id)
    with _refused(Forbidden, f"bot is not a member of the {kind}"):
        await bot.send_message(group.id, "hello")
    updates = await _heard(bot)
    changes = [update.my_chat_member.new_chat_member.status for update in updates if update.my_chat_member]
    assert changes == ["member", "kicked", "member", "left"]
    joined = [update.message.new_chat_members[0].id for update in updates if update.message]
    assert joined == [telegram.bot_user.id] * 2
    await group.member("Bob").says(group, "/avatar")
    assert await _heard(bot) == []


async def test_a_restricted_bot_may_not_send_everything(telegram, bot) -> None:
    group = telegram.group()
    group.restrict_bot(can_send_photos=False)
    await bot.send_message(group.id, "hello")
    for refused in (bot.send_photo(group.id, png()), bot.send_media_group(group.id, [InputMediaPhoto(png())] * 2)):
        with _refused(BadRequest, "not enough rights to send photos to the chat"):
            await refused
    group.restrict_bot(can_send_messages=False)
    await bot.send_photo(group.id, png())
    with _refused(BadRequest, "not enough rights to send text messages to the chat"):
        await bot.send_message(group.id, "hello")
    member = await bot.get_chat_member(group.id, telegram.bot_user.id)
    assert (member.status, member.can_send_messages, member.can_send_photos) == ("restricted", False, True)


async def test_a_group_becomes_a_supergroup_with_another_id(telegram, bot) -> None:
    group = telegram.group("Club", supergroup=False)
    bob = group.member("Bob")
    await _heard(bot)
    new = group.upgrade()
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(group.id, "hello")
    assert caught.value.new_chat_id == new.id != group.id
    old, begun = [update.message for update in await _heard(bot)]
    assert (old.chat.id, old.migrate_to_chat_id) == (group.id, new.id)
    assert (begun.chat.id, begun.migrate_from_chat_id) == (new.id, group.id)
    await bot.send_message(new.id, "hello")
    await bob.says(new, "/avatar")
    assert (await _heard(bot))[0].message.chat.type == "supergroup"


async def test_a_bot_with_privacy_hears_what_is_meant_for_it(telegram, bot) -> None:
    group = telegram.group()
    bob = group.member("Bob")
    own = await bot.send_message(group.id, "Of what?", reply_markup=_keys("Cancel"))
    await _heard(bot)
    unheard = await bob.says(group, "hello")
    await bob.says(group, "/avatar@other_bot x")
    await bob.says(group, "see /avatar")
    await bob.says(group, "no", reply_to=unheard)
    await bob.says(group, "/avatar a")
    await bob.says(group, "/avatar@huashen_bot b")
    await bob.says(group, "c @huashen_bot")
    await bob.says(group, "d", reply_to=own.message_id)
    await bob.sends_photo(group, png(), caption="/avatar e")
    group.leave(bob)
    heard = [update.message for update in await _heard(bot)]
    words = [message.text or message.caption for message in heard]
    assert words == ["/avatar a", "/avatar@huashen_bot b", "c @huashen_bot", "d", "/avatar e", None]
    replied = heard[3].reply_to_message
    assert (replied.from_user.id, replied.reply_markup.inline_keyboard[0][0].text) == (telegram.bot_user.id, "Cancel")
    assert heard[-1].left_chat_member.id == bob.id


async def test_an_administrator_or_a_bot_without_privacy_hears_everything(telegram, bot) -> None:
    open_group, group = telegram.group(privacy=False), telegram.group()
    group.promote_bot()
    bob = group.member("Bob")
    open_group.add(bob)
    await _heard(bot)
    await bob.says(open_group, "one")
    await bob.says(group, "two")
    assert [update.message.text for update in await _heard(bot)] == ["one", "two"]


async def test_topics_keep_what_is_said_in_them(telegram, bot) -> None:
    group = telegram.group(forum=True)
    bob = group.member("Bob")
    topic = group.topic("Art")
    await _heard(bot)
    said = await bob.says(group, "/avatar", topic=topic)
    heard = (await _heard(bot))[0].message
    assert (heard.message_thread_id, heard.is_topic_message, heard.chat.is_forum) == (topic, True, True)
    assert heard.reply_to_message.forum_topic_created.name == "Art"
    sent = await bot.send_message(group.id, "hello", message_thread_id=topic)
    replied = await bot.send_message(group.id, "hello", reply_to_message_id=said.id)
    assert sent.message_thread_id == replied.message_thread_id == topic
    assert [shown.thread_id for shown in telegram.from_bot(group)] == [topic, topic]
    assert [shown.reply_to for shown in telegram.from_bot(group)] == [None, said.id]
    group.delete_topic(topic)
    for unknown in (1, topic):
        with _refused(BadRequest, "message thread not found"):
            await bot.send_message(group.id, "hello", message_thread_id=unknown)


async def test_the_thread_of_a_reply_outside_a_forum_cannot_be_sent_to(telegram, bot) -> None:
    group = telegram.group(privacy=False)
    bob = group.member("Bob")
    await _heard(bot)
    root = await bob.says(group, "one")
    await bob.says(group, "three", reply_to=await bob.says(group, "two", reply_to=root))
    last = (await _heard(bot))[-1].message
    assert (last.message_thread_id, last.is_topic_message) == (root.id, None)
    with _refused(BadRequest, "message thread not found"):
        await bot.send_message(group.id, "hello", message_thread_id=last.message_thread_id)


# ------------------------------------------------------------------------------------------- people


async def test_people_send_all_kinds_of_things(telegram, bot, ann) -> None:
    await ann.sends_photo(ann.dm, png("red"), caption="/caption@huashen_bot x", spoiler=True)
    said = await ann.says(ann.dm, "see https://example.org/x.")
    await ann.sends_sticker(ann.dm, animated=True)
    await ann.sends_video_note(ann.dm)
    await ann.sends_album(ann.dm, [png("red"), png("blue")], caption="two")
    await ann.forwards(ann.dm, said)
    photo, link, sticker, note, first, second, forward = [update.message for update in await bot.get_updates()]
    assert photo.caption_entities[0].type == "bot_command"
    assert photo.has_media_spoiler
    assert bytes(await (await photo.photo[-1].get_file()).download_as_bytearray()) == png("red")
    assert link.parse_entities() == {link.entities[0]: "https://example.org/x"}
    assert sticker.sticker.is_animated
    assert note.video_note.duration.total_seconds() == 3
    assert (first.caption, second.caption) == ("two", None)
    assert first.media_group_id == second.media_group_id is not None
    assert (forward.text, forward.forward_origin.sender_user.id) == ("see https://example.org/x.", ann.id)


async def test_people_change_their_words(telegram, bot, ann) -> None:
    said = await ann.says(ann.dm, "/avatar a")
    picture = await ann.sends_photo(ann.dm, png(), caption="one")
    await _heard(bot)
    await ann.edits(said, "/avatar b")
    await ann.edits_caption(picture, "two")
    words, caption = [update.edited_message for update in await _heard(bot)]
    assert (words.text, words.message_id, words.entities[0].length) == ("/avatar b", said.id, 7)
    assert (caption.caption, len(caption.photo)) == ("two", 2)


async def test_people_speak_as_the_group_and_as_a_channel(telegram, bot) -> None:
    group = telegram.group()
    admin = group.administrator("Ada")
    channel = telegram.channel()
    await _heard(bot)
    await admin.speaks_anonymously(group, "/avatar a")
    await admin.speaks_as_channel(group, "/avatar b")
    await telegram.channel_post(channel, "/avatar c")
    anonymous, as_channel, post = await _heard(bot)
    assert anonymous.message.from_user.id == 1087968824
    assert anonymous.message.sender_chat.id == group.id
    assert as_channel.message.sender_chat.type == "channel"
    assert as_channel.message.from_user.is_bot
    assert (post.channel_post.text, post.channel_post.from_user) == ("/avatar c", None)


async def test_who_has_a_say_can_be_asked(telegram, bot) -> None:
    group = telegram.group("Club")
    owner, ada, bob = group.owner("Olga"), group.administrator("Ada", can_restrict_members=True), group.member("Bob")
    everyone = await bot.get_chat_administrators(group.id)
    assert {(member.user.first_name, member.status) for member in everyone} == {
        ("Olga", "creator"),
        ("Ada", "administrator"),
    }
    assert everyone[1].can_restrict_members
    group.promote_bot()
    assert len(await bot.get_chat_administrators(group.id)) == 2
    assert len(await bot.get_chat_administrators(group.id, api_kwargs={"return_bots": True})) == 3
    group.demote(ada)
    assert (await bot.get_chat_member(group.id, ada.id)).status == "member"
    assert (await bot.get_chat_member(group.id, owner.id)).status == "creator"
    group.leave(bob)
    assert (await bot.get_chat_member(group.id, bob.id)).status == "left"
    assert (await bot.get_chat(group.id)).title == "Club"
    with _refused(BadRequest, "there are no administrators in the private chat"):
        await bot.get_chat_administrators(telegram.user("Ann").id)


async def test_what_people_look_like_can_be_asked(telegram, bot, ann) -> None:
    assert (await bot.get_user_profile_photos(ann.id)).total_count == 0
    ann.has_photo(png("red"))
    photos = await bot.get_user_profile_photos(ann.id, limit=1)
    assert photos.total_count == 1
    assert bytes(await (await photos.photos[0][-1].get_file()).download_as_bytearray()) == png("red")


# ------------------------------------------------------------------------------------------- the bot itself


async def test_the_bot_knows_who_it_is_and_sets_how_it_is_shown(telegram, bot) -> None:
    assert (bot.id, bot.username) == (telegram.bot_user.id, "huashen_bot")
    await bot.set_my_name("画神", language_code="zh")
    await bot.set_my_description("Draws")
    await bot.set_my_short_description("Draws too")
    assert (telegram.profile("name", "zh"), telegram.profile("name")) == ("画神", None)
    assert (telegram.profile("description"), telegram.profile("short_description")) == ("Draws", "Draws too")
    for refused in (
        bot.set_my_name("x" * 65),
        bot.set_my_short_description("x" * 121),
        bot.set_my_description("x" * 513),
    ):
        with _refused(BadRequest, "too long"):
            await refused


async def test_commands_are_kept_by_scope_and_language(telegram, bot) -> None:
    group = telegram.group()
    bob = group.member("Bob")
    commands = [BotCommand("avatar", "Draw"), BotCommand("caption", "Write")]
    scope = BotCommandScopeChatMember(group.id, bob.id)
    await bot.set_my_commands(commands)
    await bot.set_my_commands(commands[:1], language_code="de")
    await bot.set_my_commands(commands[1:], BotCommandScopeAllGroupChats())
    await bot.set_my_commands(commands[1:], scope)
    assert telegram.commands() == {"avatar": "Draw", "caption": "Write"}
    assert telegram.commands(language="de") == {"avatar": "Draw"}
    assert telegram.commands("all_group_chats") == {"caption": "Write"}
    assert telegram.commands(f"chat_member {group.id} {bob.id}") == {"caption": "Write"}
    assert await bot.get_my_commands(language_code="de") == (commands[0],)
    await bot.delete_my_commands(scope)
    assert await bot.get_my_commands(scope) == ()
    with _refused(BadRequest, "BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand("Avatar", "Draw")])
    with _refused(BadRequest, "invalid language code"):
        await bot.set_my_commands(commands, language_code="zh-hans")


async def test_a_wrong_token_and_an_unknown_method_are_told_apart() -> None:
    async with StandIn() as telegram:
        with pytest.raises(InvalidToken):
            async with Bot("123456789:wrong", base_url=telegram.base_url):
                pass
        status, body = await _raw(telegram, "getYou")
        assert (status, body["description"]) == (404, "Not Found")
        assert [asked.status for asked in telegram.asked()] == [401, 404]


# ------------------------------------------------------------------------------------------- judging


@needs_spec
async def test_what_breaks_the_description_is_noted() -> None:
    async with StandIn() as telegram:
        ann = telegram.user("Ann")
        assert (await _raw(telegram, "sendMessage", chat_id=ann.id, text="x", txt="y"))[0] == 200
        assert (await _raw(telegram, "sendMessage", chat_id=ann.id))[0] == 400
        assert (await _raw(telegram, "sendMessage", chat_id=[], text="x"))[0] == 400
        markup = {"inline_keyboard": [[{"text": "x", "callbackdata": "y"}]]}
        assert (await _raw(telegram, "sendMessage", chat_id=ann.id, text="x", reply_markup=markup))[0] == 400
        media = [{"type": "photo", "media": "attach://a"}, {"type": "image", "media": "x"}]
        assert (await _raw(telegram, "sendMediaGroup", chat_id=ann.id, media=media))[0] == 400
        assert (await _raw(telegram, "sendDice", chat_id=ann.id))[0] == 400
        telegram.world.updates.add("message", {"message_id": "1"})
        await _raw(telegram, "getUpdates", allowed_updates=["messages"])
        found = "\n".join(telegram.violations)
        for wanted in (
            "sendMessage: txt is unknown",
            "sendMessage: text is missing",
            "sendMessage.chat_id: [] is not of type",
            "sendMessage.reply_markup.inline_keyboard[0][0]: callbackdata is unknown",
            "sendMediaGroup: nothing is uploaded as a",
            "'image' is not ",
            "the stand-in does not do sendDice yet",
            "allowed_updates ['messages'] are not all known",
            "ours: Update.message: chat is missing",
        ):
            assert wanted in found


async def test_a_mistake_of_the_stand_in_is_noted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(METHODS, "getMe", lambda world, call: {}["none"])
    async with StandIn() as telegram:
        assert (await _raw(telegram, "getMe"))[0] == 500
        assert telegram.violations == ["ours: getMe: KeyError('none')"]


async def test_forms_are_read_by_the_declared_types(telegram, bot, ann) -> None:
    await bot.send_message(ann.id, "123", disable_notification=True)
    await bot.send_message(ann.id, '{"a": 1}')
    await bot.send_message(ann.id, "true")
    first, second, third = (asked.parameters for asked in telegram.asked("sendMessage"))
    assert (first["text"], second["text"], third["text"]) == ("123", '{"a": 1}', "true")
    assert (first["chat_id"], first["disable_notification"]) == (ann.id, True)
    await bot.send_document(ann.id, b"bytes", filename="a.txt")
    asked = telegram.asked("sendDocument")[0]
    assert (asked.files, asked.chat_id, asked.status) == ({"document": b"bytes"}, ann.id, 200)
    assert asked.answer["result"]["document"]["file_name"] == "a.txt"


# ------------------------------------------------------------------------------------------- limits and faults


async def test_a_chat_takes_one_message_a_second_and_the_wait_grows() -> None:
    async with StandIn(limits=Limits(scale=0.2)) as telegram, _bot(telegram) as bot:
        ann, bob = telegram.user("Ann"), telegram.user("Bob")
        await bot.send_message(ann.id, "one")
        sent = await bot.send_message(bob.id, "one")
        await bot.send_chat_action(ann.id, "typing")
        waits = []
        for _ in range(3):
            with pytest.raises(RetryAfter) as caught:
                await bot.send_message(ann.id, "two")
            waits.append(caught.value.retry_after.total_seconds())
        assert waits == [5, 10, 20]
        assert [asked.status for asked in telegram.floods] == [429] * 3
        with pytest.raises(RetryAfter):
            await sent.edit_text("two")
        assert [shown.text for shown in telegram.messages(ann.dm) + telegram.messages(bob.dm)] == ["one", "one"]


async def test_who_waits_as_told_may_go_on() -> None:
    async with StandIn(limits=Limits(scale=2)) as telegram, _bot(telegram) as bot:
        ann = telegram.user("Ann")
        await bot.send_message(ann.id, "one")
        await asyncio.sleep(0.51)
        await bot.send_message(ann.id, "two")
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(ann.id, "three")
        await asyncio.sleep(caught.value.retry_after.total_seconds())
        await bot.send_message(ann.id, "three")
        assert len(telegram.messages(ann.dm)) == 3


async def test_a_group_takes_twenty_messages_a_minute_and_an_album_counts_each_picture() -> None:
    async with StandIn(limits=Limits(scale=20)) as telegram, _bot(telegram) as bot:
        group = telegram.group()
        photo = (await bot.send_photo(group.id, png())).photo[-1].file_id
        for _ in range(2):
            await asyncio.sleep(0.06)
            await bot.send_media_group(group.id, [InputMediaPhoto(photo)] * 9)
        await asyncio.sleep(0.06)
        await bot.send_message(group.id, "twenty")
        await asyncio.sleep(0.06)
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(group.id, "one more")
        assert caught.value.retry_after.total_seconds() > 1
        assert len(telegram.floods) == 1


async def test_thirty_a_second_go_out_altogether() -> None:
    async with StandIn(limits=Limits(scale=0.1)) as telegram, _bot(telegram) as bot:
        people = [telegram.user(f"P{number}") for number in range(31)]
        for person in people[:30]:
            await bot.send_message(person.id, "hello")
        with pytest.raises(RetryAfter):
            await bot.send_message(people[30].id, "hello")


def test_a_window_slides() -> None:
    window = Window(2, 10.0)
    window.used.extend([100.0, 105.0])
    assert window.wait(106.0, 1) == pytest.approx(4.0)
    assert window.wait(106.0, 2) == pytest.approx(9.0)
    assert window.wait(110.0, 1) == 0


async def test_what_goes_wrong_on_demand(telegram, bot, ann) -> None:
    telegram.fail("sendMessage", 429, "Too Many Requests: retry after 7", retry_after=7)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(ann.id, "x")
    assert caught.value.retry_after.total_seconds() == 7
    telegram.fail("sendMessage", 400, "Bad Request: not today", times=2)
    for _ in range(2):
        with _refused(BadRequest, "not today"):
            await bot.send_message(ann.id, "x")
    assert telegram.messages(ann.dm) == []
    telegram.drop("sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(ann.id, "x")
    assert [shown.text for shown in telegram.messages(ann.dm)] == ["x"]
    telegram.hang("sendMessage", 0.3)
    with pytest.raises(NetworkError):
        await bot.send_message(ann.id, "y", read_timeout=0.1)
    await telegram.message(ann.dm, lambda shown: shown.text == "y")
    telegram.down = True
    with _refused(NetworkError, "Bad Gateway"):
        await bot.send_message(ann.id, "z")
    telegram.down = False
    await bot.send_message(ann.id, "z")
    assert [shown.text for shown in telegram.messages(ann.dm)] == ["x", "y", "z"]


async def test_waiting_in_vain_says_what_is_there_instead(telegram, bot, ann) -> None:
    await bot.send_message(ann.id, "hello")
    with pytest.raises(TimeoutError, match="hello"):
        await telegram.message(ann.dm, lambda shown: shown.photo, timeout=0.1)
    with pytest.raises(TimeoutError, match="hello"):
        await telegram.messages(ann.dm)[0].until(lambda shown: shown.deleted, timeout=0.1)


async def test_the_bot_of_the_framework_keeps_to_it_too(telegram, ann) -> None:
    async with ExtBot(telegram.token, base_url=telegram.base_url) as bot:
        sent = await bot.send_message(ann.id, "hello", reply_markup=_keys("Again"))
        assert sent.reply_markup.inline_keyboard[0][0].callback_data == "again"


# ------------------------------------------------------------------------------------------- many at once


async def test_a_crowd_counts_what_is_lost_late_and_twice(telegram, bot) -> None:
    crowd = Crowd(telegram, members=4, groups=2, requests=8, rate=200)

    async def answer() -> None:
        done = offset = 0
        while done < 8:
            for update in await bot.get_updates(offset, timeout=1):
                offset = update.update_id + 1
                if update.message and update.message.text:
                    await _reply(update, done)
                    done += 1

    async def _reply(update: Update, number: int) -> None:
        here = {"reply_to_message_id": update.message.message_id}
        sent = await bot.send_message(update.message.chat_id, "Drawing", **here)
        if number != 3:
            await sent.edit_media(InputMediaPhoto(png()))
        if number == 5:
            await bot.send_photo(update.message.chat_id, png(), **here)

    answering = asyncio.create_task(answer())
    report = await crowd.run(patience=1.0, settle=0.1)
    await answering
    assert (report.sent, report.delivered, report.lost, report.twice, report.floods) == (8, 7, 1, 1, 0)
    assert 0 < report.acknowledged_p50 <= report.acknowledged_p99 < 2
    assert report.finished_p50 < report.finished_p99 == float("inf")
    assert {len(telegram.from_bot(group)) for group in crowd.groups} == {4, 5}
