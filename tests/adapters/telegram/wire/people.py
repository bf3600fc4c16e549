"""Somebody who uses Telegram, and what they do to the bot."""

import itertools
from typing import Any

from tests.adapters.telegram.wire.chats import Chat, Member, User
from tests.adapters.telegram.wire.messages import Message
from tests.adapters.telegram.wire.payloads import message_payload
from tests.adapters.telegram.wire.queries import Pressed, Queried
from tests.adapters.telegram.wire.said import Said, captioned, spoken
from tests.adapters.telegram.wire.shown import Shown
from tests.adapters.telegram.wire.world import ANONYMOUS, CHANNEL, World

IDS = itertools.count(4_000_000_000_000_001)


class Person:
    """A user with a phone in their hand. A chat is a `Group`, a `Person.dm` or a channel."""

    def __init__(self, world: World, user: User) -> None:
        self._world, self.user = world, user
        self.id, self.name, self.username = user.id, user.first_name, user.username

    @property
    def dm(self) -> Chat:
        """Their conversation with the bot."""
        return self._world.chats[self.id]

    # --------------------------------------------------------------------- talking

    async def says(self, chat: Any, text: str, *, reply_to: Any = None, topic: int | None = None) -> Said:
        """Words."""
        return self._post(chat, spoken(text), reply_to=reply_to, topic=topic)

    async def sends_photo(
        self,
        chat: Any,
        data: bytes,
        caption: str = "",
        reply_to: Any = None,
        spoiler: bool = False,
        topic: int | None = None,
    ) -> Said:
        """A picture."""
        content = {"photo": self._world.store.photo(data)} | captioned(caption)
        content |= {"has_media_spoiler": True} if spoiler else {}
        return self._post(chat, content, reply_to=reply_to, topic=topic)

    async def sends_document(
        self, chat: Any, data: bytes, name: str, mime: str, caption: str = "", reply_to: Any = None
    ) -> Said:
        """A file."""
        content = {"document": self._world.store.document(data, name, mime)} | captioned(caption)
        return self._post(chat, content, reply_to=reply_to)

    async def sends_sticker(self, chat: Any, animated: bool = False, data: bytes = b"webp") -> Said:
        """A sticker."""
        told = {"type": "regular", "width": 512, "height": 512, "is_animated": animated, "is_video": False}
        suffix = ".tgs" if animated else ".webp"
        sticker = self._world.store.keep("Sticker", data, "stickers", suffix, **told, emoji="🙂")
        return self._post(chat, {"sticker": sticker})

    async def sends_video_note(self, chat: Any) -> Said:
        """A round video."""
        told = self._world.store.keep("VideoNote", b"mp4", "video_notes", ".mp4", length=240, duration=3)
        return self._post(chat, {"video_note": told})

    async def sends_album(self, chat: Any, pictures: list[bytes], caption: str = "") -> list[Said]:
        """Pictures at once; the words are on the first."""
        album = str(next(IDS))
        contents = [{"photo": self._world.store.photo(data)} for data in pictures]
        contents[0] |= captioned(caption)
        return [self._post(chat, content, album=album) for content in contents]

    async def forwards(self, chat: Any, said: Said | Shown) -> Said:
        """Somebody else's message, or an own one."""
        message = self._world.chats[said.chat_id].messages[said.id]
        return self._post(chat, message.content, origin=message.origin or self._origin(message))

    async def edits(self, said: Said, text: str) -> None:
        """Other words."""
        self._world.change(said.message, spoken(text))

    async def edits_caption(self, said: Said, caption: str) -> None:
        """Other words below a picture."""
        kept = {key: value for key, value in said.message.content.items() if not key.startswith("caption")}
        self._world.change(said.message, kept | captioned(caption))

    async def deletes(self, said: Said | Shown) -> None:
        """Take a message away."""
        self._world.delete(self._world.chats[said.chat_id].messages[said.id])

    async def speaks_anonymously(
        self, group: Any, text: str, *, reply_to: Any = None, topic: int | None = None
    ) -> Said:
        """As an administrator who hides behind the group."""
        message = Message(group.id, ANONYMOUS.id, spoken(text), sender_chat_id=group.id, topic=topic)
        return self._said(message, reply_to)

    async def speaks_as_channel(self, group: Any, text: str, *, reply_to: Any = None) -> Said:
        """As a channel of their own."""
        channel = self._world.new_chat("channel", f"{self.name}'s channel")
        return self._said(Message(group.id, CHANNEL.id, spoken(text), sender_chat_id=channel.id), reply_to)

    # ------------------------------------------------------------- buttons, inline

    async def press(self, shown: Shown, name: str) -> Pressed:
        """The button whose words contain this, or whose data is this."""
        button = shown.button(name)
        if "callback_data" not in button:
            raise LookupError(f"{button} tells the bot nothing")
        return await self.presses_raw(shown, button["callback_data"])

    async def presses_raw(self, shown: Shown, data: str) -> Pressed:
        """What an altered app could send: any data, on any message."""
        chat = self._world.chats[shown.chat_id]
        message = chat.messages[shown.id]
        seen = message_payload(self._world, message)
        if message.deleted:
            seen = {"chat": chat.payload(), "message_id": message.id, "date": 0}
        pressed = Pressed(self._world, str(next(IDS)), self.id)
        self._world.pressed[pressed.id] = pressed
        told = {"id": pressed.id, "from": self.user.payload(), "message": seen}
        self._world.updates.add("callback_query", told | {"chat_instance": str(hash(chat.id)), "data": data})
        return pressed

    async def queries(self, text: str, offset: str = "", chat_type: str = "supergroup") -> Queried:
        """Type the bot's name and some words in any chat."""
        queried = Queried(self._world, str(next(IDS)), self.id)
        self._world.queried[queried.id] = queried
        told = {"id": queried.id, "from": self.user.payload(), "query": text, "offset": offset}
        self._world.updates.add("inline_query", told | {"chat_type": chat_type})
        return queried

    async def picks(self, chat: Any, queried: Queried, index: int = 0) -> Said:
        """Send one of the results of an inline query."""
        return self._said(queried.picked(chat.id, index), None)

    # -------------------------------------------------------------------- the bot

    async def blocks_bot(self) -> None:
        """Nothing more from it."""
        self._stand("kicked")

    async def unblocks_bot(self) -> None:
        """It may write again."""
        self._stand("member")

    def has_photo(self, data: bytes) -> None:
        """They show a picture of themselves."""
        self.user.photos.insert(0, self._world.store.photo(data))

    def _origin(self, message: Message) -> dict[str, Any]:
        if message.sender_chat_id is None:
            author = self._world.users[message.sender_id].payload()
            return {"type": "user", "date": message.date, "sender_user": author}
        chat = self._world.chats[message.sender_chat_id].payload()
        if chat["type"] == "channel":
            return {"type": "channel", "date": message.date, "chat": chat, "message_id": message.id}
        return {"type": "chat", "date": message.date, "sender_chat": chat}

    def _stand(self, status: str) -> None:
        old = self.dm.member(self._world.bot.id)
        self.dm.members[self._world.bot.id] = Member(status)
        self._world.tell_member(self.dm, self._world.bot, old, self.user)

    def _post(self, chat: Any, content: dict[str, Any], *, reply_to: Any = None, **how: Any) -> Said:
        return self._said(Message(chat.id, self.id, content, **how), reply_to)

    def _said(self, message: Message, reply_to: Any) -> Said:
        chat = self._world.chats[message.chat_id]
        if message.sender_id == self.id and not chat.has(self.id):
            raise LookupError(f"{self.name} is not in {chat.title}")
        if chat.type == "private" and chat.member(self._world.bot.id).status == "kicked":
            raise LookupError(f"{self.name} has blocked the bot")
        if chat.type == "private":
            chat.members[self._world.bot.id] = Member()
        if reply_to is not None:
            message.reply_to = reply_to if isinstance(reply_to, int) else reply_to.id
            message.topic = message.topic or chat.messages[message.reply_to].topic
        return Said(self._world, self._world.post(message))
