"""Users and chats as Telegram knows them: who is in, with which rights."""

from dataclasses import dataclass, field
from typing import Any

from tests.adapters.telegram.wire.messages import Message

RIGHTS = [
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
]
PERMISSIONS = [
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
]
ADMINISTRATOR: dict[str, Any] = {
    name: name in ("can_manage_chat", "can_delete_messages", "can_invite_users") for name in RIGHTS
} | {"can_be_edited": False, "is_anonymous": False}
OUTSIDE = ("left", "kicked")


@dataclass
class User:
    """Somebody with an account, or a bot."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    photos: list[list[dict[str, Any]]] = field(default_factory=list)

    def payload(self) -> dict[str, Any]:
        """As updates carry it."""
        told = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        told |= {"username": self.username, "language_code": self.language_code}
        return {name: value for name, value in told.items() if value is not None}


@dataclass
class Member:
    """How somebody stands in a chat."""

    status: str = "member"
    rights: dict[str, Any] = field(default_factory=dict)

    def payload(self, user: User) -> dict[str, Any]:
        """As getChatMember tells it."""
        told: dict[str, Any] = {"status": self.status, "user": user.payload()}
        if self.status == "creator":
            told |= {"is_anonymous": False}
        elif self.status == "administrator":
            told |= ADMINISTRATOR
        elif self.status == "restricted":
            told |= {"is_member": True, "until_date": 0} | dict.fromkeys(PERMISSIONS, True)
        elif self.status == "kicked":
            told |= {"until_date": 0}
        return told | self.rights


@dataclass
class Chat:
    """A place where messages are."""

    id: int
    type: str
    title: str
    username: str | None = None
    forum: bool = False
    privacy: bool = True
    """Whether the bot hears only what is meant for it."""
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    answers: dict[int, list[Message]] = field(default_factory=dict)
    """The bot's messages by what they reply to."""
    upgraded_to: int | None = None
    last_id: int = 0

    @property
    def is_group(self) -> bool:
        """Whether many talk here."""
        return self.type in ("group", "supergroup")

    def payload(self) -> dict[str, Any]:
        """As updates carry it."""
        told: dict[str, Any] = {"id": self.id, "type": self.type}
        told["first_name" if self.type == "private" else "title"] = self.title
        if self.username:
            told["username"] = self.username
        if self.forum:
            told["is_forum"] = True
        return told

    def member(self, user_id: int) -> Member:
        """How somebody stands here."""
        return self.members.get(user_id, Member("left"))

    def has(self, user_id: int) -> bool:
        """Whether somebody is in."""
        return self.member(user_id).status not in OUTSIDE

    def standing(self, message_id: int) -> Message | None:
        """A message that was not deleted."""
        message = self.messages.get(message_id)
        return message if message and not message.deleted else None
