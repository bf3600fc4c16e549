"""What Discord knows: simcord's backend on a real clock, with an account of every message's changes.

simcord holds guilds, permissions, messages and commands, and checks what a message may be. Here it gets what a real
transport needs: real deadlines, guilds that the bot is not in, age-restricted channels, and bounds on what it keeps.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from simcord._clock import Clock
from simcord.backend import Backend, errors, serializers
from simcord.backend.models import Channel, Guild, Interaction, Message, Role
from simcord.enums import ChannelType

from tests.adapters.discord.wire.store import Store

KEPT = 4000
"""How many messages and interactions are remembered."""


class WallClock(Clock):
    """The real time."""

    def now(self) -> datetime:
        """Now."""
        return datetime.now(UTC) + timedelta(seconds=self.elapsed)


@dataclass(frozen=True)
class Change:
    """A message as it was created or edited at a moment of the monotonic clock."""

    at: float
    message: dict[str, Any]


class World(Backend):
    """simcord's backend, in real time and seen by one bot."""

    _last_id = 0

    def __init__(self, ack_limit: float, token_lifetime: float) -> None:
        super().__init__(clock=WallClock())
        self.ack_limit = ack_limit
        self.token_lifetime = token_lifetime
        self.cdn: Store = Store()
        self.http_requests = deque(maxlen=100)  # type: ignore[assignment]
        self.transcript = deque(maxlen=100)  # type: ignore[assignment]
        self.age_restricted: set[int] = set()
        self.closed_to_bot: set[int] = set()
        """Users whose direct messages are closed."""
        self.changes: dict[int, list[Change]] = {}
        self.places: dict[int, int] = {}
        """Which channel every message that is remembered was in, deleted ones too."""
        self._waiting: set[asyncio.Event] = set()

    def _allocate_at(self, milliseconds: int) -> int:
        self._last_id = max(self._last_id + 1, milliseconds << 22)
        return self._last_id

    # ------------------------------------------------------------- what the bot hears

    def emit(self, event: str, payload: Mapping[str, Any]) -> None:
        """Tell the bot, if it concerns the bot."""
        if self._concerns_bot(event, payload):
            if event in ("CHANNEL_CREATE", "CHANNEL_UPDATE"):
                payload = {**payload, "nsfw": int(payload["id"]) in self.age_restricted}
            self.tell(event, payload)

    def tell(self, event: str, payload: Mapping[str, Any]) -> None:
        """Tell the bot."""
        for listener in self.subscribers:
            listener(event, payload)

    def _concerns_bot(self, event: str, payload: Mapping[str, Any]) -> bool:
        guild_id = payload.get("id") if event.startswith("GUILD_") and "guild_id" not in payload else None
        guild_id = guild_id or payload.get("guild_id")
        if guild_id is not None:
            guild = self.guilds.get(int(guild_id))
            return guild is not None and self.bot_user.id in guild.members
        channel = self.channels.get(int(payload.get("channel_id", 0)))
        return channel is None or channel.id in self.dm_channels.values()

    def found(self, name: str, locale: str) -> Guild:
        """A guild that the bot is not in."""
        listeners, self.subscribers = self.subscribers, []
        guild = self.create_guild(name, preferred_locale=locale)
        self.subscribers = listeners
        del guild.members[self.bot_user.id]
        return guild

    def bot_joins(self, guild: Guild, permissions: int) -> None:
        """The bot is invited with permissions."""
        role = next(role for role in guild.roles.values() if role.managed)
        role.permissions = permissions
        self.add_member(guild.id, self.bot_user.id, roles=[role.id])
        self.tell("GUILD_CREATE", self.guild_payload(guild))

    def bot_leaves(self, guild: Guild) -> None:
        """The bot is removed; the guild goes on without it."""
        del guild.members[self.bot_user.id]
        self.tell("GUILD_DELETE", {"id": str(guild.id)})

    def bot_guilds(self) -> list[Guild]:
        """The guilds that the bot is in."""
        return [guild for guild in self.guilds.values() if self.bot_user.id in guild.members]

    def guild_payload(self, guild: Guild) -> dict[str, Any]:
        """A guild as GUILD_CREATE tells it."""
        payload = dict(serializers.guild_create_payload(self, guild))
        payload["channels"] = [self.channel_payload(self.channels[channel]) for channel in guild.channel_ids]
        return payload

    def channel_payload(self, channel: Channel) -> dict[str, Any]:
        """A channel, with its age restriction."""
        payload = dict(serializers.channel_payload(self, channel))
        if channel.guild_id is not None:
            payload["nsfw"] = channel.permission_channel_id() in self.age_restricted
        return payload

    def private_channel(self, *user_ids: int) -> Channel:
        """Where people talk that the bot does not hear."""
        channel = self.create_channel(None, None, type=ChannelType.DM)
        channel.recipient_ids = list(user_ids)
        return channel

    def role(self, guild: Guild, name: str, permissions: int) -> Role:
        """A role with permissions, above everyone."""
        return self.create_role(guild.id, name, permissions=permissions)

    # --------------------------------------------------------------- interactions

    def new_interaction(self, type: int, channel_id: int, user_id: int, guild_id: int | None) -> Interaction:
        """An interaction with the deadlines set here."""
        record = super().new_interaction(type, channel_id, user_id, guild_id)
        record.initial_response_deadline = self.iso_after(self.ack_limit)
        record.expires_at = self.iso_after(self.token_lifetime)
        if len(self.interactions) > KEPT:
            old = self.interactions.pop(next(iter(self.interactions)))
            del self.interaction_tokens[old.token]
        return record

    def interaction_by_token(self, token: str) -> Interaction:
        """An interaction whose webhook can be used now."""
        record = self.interactions.get(self.interaction_tokens.get(token, 0))
        if record is None:
            raise errors.unknown_webhook()
        if record.expires_at and self.now_iso() >= record.expires_at:
            raise errors.BackendError(401, 50027, "Invalid Webhook Token")
        if not record.responded:
            raise errors.unknown_webhook()
        return record

    # ------------------------------------------------------------------- messages

    def commit_message(self, message: Message, *, broadcast: bool = True) -> Message:
        """A message is there."""
        message = super().commit_message(message, broadcast=broadcast)
        self._remember(message)
        return message

    def edit_message(self, channel_id: int, message_id: int, fields: dict[str, Any]) -> Message:
        """A message changes."""
        message = super().edit_message(channel_id, message_id, fields)
        self._remember(message)
        return message

    def delete_message(self, channel_id: int, message_id: int) -> None:
        """A message goes."""
        super().delete_message(channel_id, message_id)
        self.stir()

    def _remember(self, message: Message) -> None:
        change = Change(time.monotonic(), dict(serializers.message_payload(self, message)))
        self.changes.setdefault(message.id, []).append(change)
        self.places[message.id] = message.channel_id
        if len(self.changes) > KEPT:
            self._forget(next(iter(self.changes)))
        self.stir()

    def _forget(self, message_id: int) -> None:
        for change in self.changes.pop(message_id):
            for attachment in change.message["attachments"]:
                self.cdn.remove(attachment["url"])
        self.messages.get(self.places.pop(message_id), {}).pop(message_id, None)

    # -------------------------------------------------------------------- waiting

    def stir(self) -> None:
        """Something happened: whoever waits looks again."""
        for event in self._waiting:
            event.set()

    async def until(self, holds: Callable[[], Any], timeout: float) -> Any:
        """What `holds` answers as soon as it is true; TimeoutError if that takes too long."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            async with asyncio.timeout(timeout):
                while not (held := holds()):
                    await event.wait()
                    event.clear()
                return held
        finally:
            self._waiting.discard(event)
