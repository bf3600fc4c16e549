"""Who is who in a group: asked of Telegram each time that it matters, remembered briefly where it does not."""

import time

from telegram import ChatMember, ChatMemberAdministrator, ChatMemberOwner
from telegram.error import BadRequest, Forbidden

from adapters.telegram.outlet import Bot, trouble
from bot.domain.identity import Role
from bot.ports import PlatformBusy
from telegram.error import TelegramError

BRIEFLY = 300.0
"""Seconds for which a rank is remembered where it decides no more than how many units somebody has."""
MANY = 10_000


class Ranks:
    """Members' ranks by group and user."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._known: dict[tuple[int, int], tuple[Role, float]] = {}

    async def of(self, chat_id: int, user_id: int, *, freshly: bool = False) -> Role:
        """A member's rank; with `freshly` as it is now. Who cannot be looked up is a member like any other.

        Raises PlatformBusy when it matters and Telegram does not answer.
        """
        key = chat_id, user_id
        role, known_at = self._known.get(key, (Role.MEMBER, -BRIEFLY))
        if not freshly and time.monotonic() - known_at < BRIEFLY:
            return role
        try:
            role = rank(await self._bot.get_chat_member(chat_id, user_id))
        except (BadRequest, Forbidden):
            role = Role.MEMBER
        except TelegramError as error:
            if freshly:
                raise trouble(error) from error
            return role
        if len(self._known) > MANY:
            self._known.clear()
        self._known[key] = role, time.monotonic()
        return role

    async def belongs(self, chat_id: int, user_id: int) -> bool:
        """Whether somebody is in a group now."""
        try:
            member = await self._bot.get_chat_member(chat_id, user_id)
        except (BadRequest, Forbidden):
            return False
        except TelegramError as error:
            raise trouble(error) from error
        return member.status in (ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER) or (
            member.status == ChatMember.RESTRICTED and bool(getattr(member, "is_member", False))
        )


def rank(member: ChatMember) -> Role:
    """The rank that a member's rights in a group amount to."""
    match member:
        case ChatMemberOwner():
            return Role.OWNER
        case ChatMemberAdministrator() if member.can_change_info:
            return Role.OWNER
        case ChatMemberAdministrator() if member.can_delete_messages or member.can_restrict_members:
            return Role.MODERATOR
    return Role.MEMBER
