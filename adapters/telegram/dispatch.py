"""Every update from Telegram to its handler: commands, presses, words to go on with; and silence for all the rest."""

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from telegram import CallbackQuery, ChatMemberUpdated, Message, MessageEntity, Update
from telegram.constants import ZERO_DATE
from telegram.error import TelegramError

from adapters.chat.payload import Press, unpack
from adapters.telegram import (
    actions,
    appealing,
    breeding,
    casework,
    choosing,
    commands,
    guide,
    inline,
    linking,
    measuring,
    panels,
    reviewing,
    rules,
    safety,
    studio,
)
from adapters.telegram.budget import Priority
from adapters.telegram.commands import ANONYMOUS, COMMANDS
from adapters.telegram.errors import explain
from adapters.telegram.page import MARKUP, Page
from adapters.telegram.place import Place, is_community, origin_of
from adapters.telegram.turn import House, Turn
from bot.domain.errors import InvalidRequest
from bot.i18n import translator
from bot.ports import AddresseeGone, PlatformBusy
from bot.usecases import community

log = structlog.get_logger()

Handler = Callable[[Turn, Press], Awaitable[None]]
KINDS = ["message", "edited_message", "callback_query", "inline_query", "my_chat_member"]
"""What we ask Telegram for; the rest is nobody's business here."""
DOUBLE_PRESS = 1.0
"""Seconds in which a second press of the same button by the same person, and of none between, is taken for a slip."""
HANDLERS: dict[str, Handler] = {
    **actions.HANDLERS,
    **appealing.HANDLERS,
    **breeding.HANDLERS,
    **casework.HANDLERS,
    **choosing.HANDLERS,
    **guide.HANDLERS,
    **linking.HANDLERS,
    **measuring.HANDLERS,
    **panels.HANDLERS,
    **reviewing.HANDLERS,
    **rules.HANDLERS,
    **safety.HANDLERS,
    **studio.HANDLERS,
}
_PRESENT = ("member", "administrator", "creator")


class Dispatch:
    """Answers updates, each whatever goes wrong with the others."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._pressed: dict[tuple[int, int, int], tuple[str, float]] = {}
        """What each person pressed last under a message, and when."""
        self._albums: dict[str, float] = {}

    async def __call__(self, update: Update) -> None:
        """Answer one; returns when what it asks for is safe in the database, or told to be impossible."""
        try:
            if update.callback_query:
                await self._press(update.callback_query)
            elif update.inline_query:
                await inline.answer(update.inline_query, self._house)
            elif update.my_chat_member:
                await self._welcome(update.my_chat_member)
            elif message := update.message or update.edited_message:
                await self._message(message, edited=update.message is None)
        except Exception:
            log.exception("an update failed")

    async def _message(self, message: Message, *, edited: bool) -> None:
        if message.migrate_to_chat_id:
            await self._house.outlet.moved(message.chat.id, message.migrate_to_chat_id)
        if message.from_user is None or message.via_bot or message.is_automatic_forward:
            return
        seen = self._of_seen_album(message)
        command = _command(message, self._house.outlet.bot.username)
        if command is None and _commands(message):
            # Another bot.
            return
        if command is None and is_community(message.chat) and not _answers_us(message, self._house.outlet.bot.id):
            return
        if edited and not (message.text or message.caption):
            # A place on its way, or the like.
            return
        turn = Turn(self._house, message.from_user, message)
        try:
            if edited and await self._known(turn):
                # It was answered as it stood; to ask for something else is a new message.
                return
            if command:
                await self._run(turn, *command)
            elif not message.from_user.is_bot and not seen:
                await self._words(turn)
        except Exception as error:
            await explain(turn, error)

    async def _run(self, turn: Turn, name: str, text: str, addressed: bool) -> None:
        """A command, if it is ours to answer and we can know who asks."""
        message = turn.message
        if message.forward_origin:
            # Somebody shows what somebody else asked for.
            return
        if turn.user.is_bot and not message.sender_chat:
            return
        if name not in COMMANDS:
            if addressed or turn.alone:
                raise InvalidRequest("command-unknown", command=f"/{name[:40]}")
            return
        if message.sender_chat and name not in ANONYMOUS:
            raise InvalidRequest("telegram-anonymous")
        await COMMANDS[name](turn, text)

    async def _words(self, turn: Turn) -> None:
        """No command: in private something to begin with, in a group only what answers a question of ours."""
        text = turn.message.text or turn.message.caption or ""
        if turn.alone:
            await commands.plain(turn, text)
        elif text and not turn.message.sender_chat:
            await turn.origin()
            await commands.answered(turn, text)

    async def _known(self, turn: Turn) -> bool:
        async with self._house.deps.desk.transactions() as tx:
            return await tx.jobs.by_token(await turn.origin()) is not None

    def _of_seen_album(self, message: Message) -> bool:
        """An album comes as several messages; the first one speaks for all."""
        album, now = message.media_group_id, time.monotonic()
        self._albums = {key: seen for key, seen in self._albums.items() if now - seen < 60}
        if album is None:
            return False
        seen = album in self._albums
        self._albums[album] = now
        return seen

    async def _press(self, query: CallbackQuery) -> None:
        message = query.message
        if message is None:
            # Under a message of inline mode: there is nothing of ours there.
            with suppress(TelegramError):
                await query.answer(translator(query.from_user.language_code or "").text("old-button"))
            return
        if not isinstance(message, Message):
            # So old that Telegram tells no more of it, or gone: what the button says is in the database all the same.
            message = Message(message.message_id, ZERO_DATE, message.chat)
        turn = Turn(self._house, query.from_user, message, query)
        press = unpack(query.data or "")
        handler = HANDLERS.get(press.kind) if press else None
        try:
            if press is None or handler is None:
                await turn.say("old-button")
            elif self._twice(query, message):
                await turn.say("already-on-it")
            elif message.is_accessible and not _offered(query, message):
                # The buttons changed meanwhile, or somebody altered their app to press what is not there.
                await turn.say("job-moved-on")
            else:
                await handler(turn, press)
        except Exception as error:
            await explain(turn, error)
        finally:
            await turn.acknowledge()

    def _twice(self, query: CallbackQuery, message: Message) -> bool:
        key, now = (query.from_user.id, message.chat.id, message.message_id), time.monotonic()
        self._pressed = {other: press for other, press in self._pressed.items() if now - press[1] < DOUBLE_PRESS}
        before, _ = self._pressed.get(key, ("", now))
        self._pressed[key] = query.data or "", now
        return before == query.data

    async def _welcome(self, change: ChatMemberUpdated) -> None:
        """Somebody took us into a group: say what we are for, once."""
        before, after = change.old_chat_member.status, change.new_chat_member.status
        if before in _PRESENT or after not in _PRESENT or not is_community(change.chat):
            return
        place = Place(change.chat.id)
        deps = self._house.deps
        chosen = await community.rules(origin_of(change.from_user, place, "", deps.language), deps.desk.transactions)
        words = translator(chosen.language or change.from_user.language_code or deps.language)
        page = Page((MARKUP.plain(words.text("telegram-hello")),))
        with suppress(PlatformBusy, AddresseeGone):
            await self._house.outlet.send(place, page, Priority.ANSWER)


def _command(message: Message, username: str) -> tuple[str, str, bool] | None:
    """Its name, what follows it, and whether it names us; None for what is no command or another bot's."""
    text, entities = message.text or message.caption or "", message.entities or message.caption_entities
    if not _commands(message):
        return None
    command, rest = text[1 : entities[0].length], text[entities[0].length :]
    name, _, addressee = command.partition("@")
    if addressee and addressee.lower() != username.lower():
        return None
    return name.lower(), " ".join(rest.split()), bool(addressee)


def _commands(message: Message) -> bool:
    """Whether it begins with a command, ours or not."""
    entities = message.entities or message.caption_entities
    return bool(entities) and entities[0].type == MessageEntity.BOT_COMMAND and entities[0].offset == 0


def _offered(query: CallbackQuery, message: Message) -> bool:
    """Whether the button that was pressed is under the message."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    return any(button.callback_data == query.data for row in rows for button in row)


def _answers_us(message: Message, own_id: int) -> bool:
    replied = message.reply_to_message
    return bool(replied and replied.from_user and replied.from_user.id == own_id)
