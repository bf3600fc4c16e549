"""Everything that Telegram knows, as seen by one bot."""

import asyncio
import contextlib
import itertools
import re
import time
from collections.abc import Callable
from typing import Any

from tests.adapters.telegram.wire.chats import Chat, Member, User
from tests.adapters.telegram.wire.hearing import hears
from tests.adapters.telegram.wire.messages import Message
from tests.adapters.telegram.wire.payloads import message_payload
from tests.adapters.telegram.wire.store import Store
from tests.adapters.telegram.wire.updates import Updates

FIRST_USER, FIRST_GROUP, FIRST_SUPERGROUP = 5_000_000_001, -4_000_000_001, -1_002_000_000_001
ANONYMOUS = User(1087968824, "Group", "GroupAnonymousBot", is_bot=True)
CHANNEL = User(136817688, "Channel", "Channel_Bot", is_bot=True)
LOOK = 0.02
"""How often somebody who waits looks, even if nothing happened here."""


class World:
    """Users, chats, messages, files, and what the bot has still to hear."""

    def __init__(self, bot: User, updates: Updates, query_lifetime: float) -> None:
        self.bot, self.updates, self.query_lifetime = bot, updates, query_lifetime
        self.users: dict[int, User] = {user.id: user for user in (bot, ANONYMOUS, CHANNEL)}
        self.chats: dict[int, Chat] = {}
        self.store = Store()
        self.pressed: dict[str, Any] = {}
        self.queried: dict[str, Any] = {}
        self.profile: dict[tuple[str, str, str], Any] = {}
        """Commands, names and descriptions, by what, scope and language."""
        self.actions: list[tuple[float, int, str]] = []
        """Chat actions: when, where, what."""
        self._numbers = itertools.count()
        self._waiting: set[asyncio.Event] = set()

    # ------------------------------------------------------------- who and where

    def new_user(self, name: str, language: str) -> User:
        """Somebody opens an account; their conversation with the bot is there, but not begun."""
        number = next(self._numbers)
        slug = re.sub(r"\W", "", name, flags=re.ASCII).lower() or "user"
        user = User(FIRST_USER + number, name, f"{slug}_{number:04}", language)
        self.users[user.id] = user
        self.chats[user.id] = Chat(user.id, "private", name, user.username, members={user.id: Member()})
        return user

    def new_chat(self, kind: str, title: str, *, forum: bool = False, privacy: bool = True) -> Chat:
        """A group or a channel without anybody."""
        first = FIRST_GROUP if kind == "group" else FIRST_SUPERGROUP
        chat = Chat(first - next(self._numbers), kind, title, forum=forum, privacy=privacy)
        self.chats[chat.id] = chat
        return chat

    def tell_member(self, chat: Chat, user: User, old: Member, by: User) -> None:
        """Tell the bot that somebody now stands differently in a chat."""
        change = {
            "chat": chat.payload(),
            "from": by.payload(),
            "date": int(time.time()),
            "old_chat_member": old.payload(user),
            "new_chat_member": chat.member(user.id).payload(user),
        }
        if user is self.bot:
            self.updates.add("my_chat_member", change)
        elif chat.member(self.bot.id).status == "administrator":
            self.updates.add("chat_member", change)
        self.stir()

    # ------------------------------------------------------------------- messages

    def post(self, message: Message) -> Message:
        """A message is there; the bot hears of it if it may."""
        chat = self.chats[message.chat_id]
        chat.last_id += 1
        message.id = chat.last_id
        chat.messages[message.id] = message
        if message.reply_to and message.sender_id == self.bot.id:
            chat.answers.setdefault(message.reply_to, []).append(message)
        self.deliver("channel_post" if chat.type == "channel" else "message", message)
        return message

    def change(self, message: Message, content: dict[str, Any]) -> None:
        """A message holds something else."""
        message.content = content
        message.edited = int(time.time())
        message.note()
        chat = self.chats[message.chat_id]
        self.deliver("edited_channel_post" if chat.type == "channel" else "edited_message", message)

    def delete(self, message: Message) -> None:
        """A message goes; bots do not hear of it."""
        message.deleted = True
        self.stir()

    def act(self, chat_id: int, action: str) -> None:
        """The bot shows that it does something."""
        self.actions.append((time.monotonic(), chat_id, action))
        self.stir()

    def deliver(self, kind: str, message: Message) -> None:
        """Tell the bot, if it may hear it, and everybody who waits."""
        chat = self.chats[message.chat_id]
        if hears(self.bot, chat, message):
            self.updates.add(kind, message_payload(self, message))
        self.stir()

    # -------------------------------------------------------------------- waiting

    def stir(self) -> None:
        """Something happened: whoever waits looks again."""
        for event in self._waiting:
            event.set()

    async def until(self, holds: Callable[[], Any], timeout: float) -> Any:
        """What `holds` answers as soon as it is true; TimeoutError if that takes too long."""
        event = asyncio.Event()
        self._waiting.add(event)
        deadline = time.monotonic() + timeout
        try:
            while not (held := holds()):
                if time.monotonic() > deadline:
                    raise TimeoutError(f"not within {timeout} s")
                event.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(event.wait(), LOOK)
            return held
        finally:
            self._waiting.discard(event)
