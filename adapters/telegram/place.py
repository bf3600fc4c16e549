"""Pure: Telegram's chats, topics and people as an Origin, and back."""

from dataclasses import dataclass, replace

from telegram import Chat, Message, User

from bot.domain.identity import Origin, Platform
from bot.i18n import negotiate

GROUPS = ("group", "supergroup")


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, and the topic in it where there is one."""

    chat_id: int
    thread_id: int | None = None

    @classmethod
    def of(cls, channel_id: str) -> "Place":
        """What an Origin's `channel_id` says."""
        chat, _, thread = channel_id.partition("/")
        return cls(int(chat), int(thread) if thread else None)

    @property
    def channel_id(self) -> str:
        """As an Origin has it."""
        return f"{self.chat_id}/{self.thread_id}" if self.thread_id else str(self.chat_id)

    @property
    def is_group(self) -> bool:
        """Whether others read along."""
        return self.chat_id < 0


def place_of(message: Message) -> Place:
    """Where a message stands. Outside forums the thread is only a chain of replies, which one cannot write to."""
    thread = message.message_thread_id if message.is_topic_message else None
    return Place(message.chat.id, thread)


def origin_of(user: User, place: Place, token: str, language: str) -> Origin:
    """Who asks and where, before the community's rules are known."""
    return Origin(
        platform=Platform.TELEGRAM,
        user_id=str(user.id),
        channel_id=place.channel_id,
        community_id=str(place.chat_id) if place.is_group else None,
        display_name=user.full_name,
        locale=negotiate(f"{user.language_code or language},{language}"),
        token=token,
        private=not place.is_group,
        parent_channel_id=str(place.chat_id) if place.thread_id else None,
    )


def token_of(message: Message, press: str = "") -> str:
    """What makes a request unmistakable: a message, or a press of a button under it. A replay has the same."""
    token = f"{message.chat.id}:{message.message_id}"
    return f"{token}:{press}" if press else token


def replied_to(origin: Origin) -> int | None:
    """The message that the answer replies to: the command, or the one whose button was pressed."""
    parts = origin.token.split(":")
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() and _here(origin) else None


def message_ids(origin: Origin) -> list[int]:
    """The messages in which the answer stands: the one with the words first, then an album's."""
    return [int(part) for part in origin.message_id.split(",") if part] if _here(origin) else []


def _here(origin: Origin) -> bool:
    """Whether message ids are of Telegram at all, and still those of this chat: a supergroup counts anew."""
    if origin.platform is not Platform.TELEGRAM:
        return False
    chat = origin.token.partition(":")[0]
    return not chat or chat == str(Place.of(origin.channel_id).chat_id)


def standing(origin: Origin, place: Place, ids: list[int]) -> Origin:
    """The origin of an answer that stands in these messages, the one with the words first."""
    token = origin.token if place.chat_id == Place.of(origin.channel_id).chat_id and _here(origin) else ""
    return replace(
        origin,
        channel_id=place.channel_id,
        message_id=",".join(map(str, ids)),
        token=token or f"{place.chat_id}:{ids[0]}",
    )


def stands_in(origin: Origin, message: Message) -> bool:
    """Whether a message is one of those in which the answer stands."""
    here = message.message_id in message_ids(origin)
    return here and Place.of(origin.channel_id).chat_id == message.chat.id


def is_community(chat: Chat) -> bool:
    """Whether a chat is a group."""
    return chat.type in GROUPS
