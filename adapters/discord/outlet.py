"""The way out: where a job's answer stands, and how it is changed or sent anew.

An interaction's token lasts fifteen minutes. After that the bot writes as itself: in the channel, or where it may
not, to the member.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, TypeVar

import aiohttp
import discord
import structlog

from adapters.chat.wording import DEFAULT_LIMIT
from adapters.discord.page import Page
from bot.domain.identity import Origin
from bot.ports import AddresseeGone, Clock, PlatformBusy

log = structlog.get_logger()

TOKEN_LIFETIME = 15 * 60 - 20
"""Seconds that an interaction's token is used for: Discord's fifteen minutes, less a slow upload."""
_TOKEN_OVER = {10015, 50027}
"""Discord's codes for an unknown webhook and an invalid token."""
RECONNECT = 5.0
"""Seconds after which a message is tried again that Discord could not take."""
UNKNOWN = 60.0
"""The same where Discord does not know our token: it bans who asks that ten thousand times in ten minutes."""
SLOWEST = 120.0
"""Seconds that one message may take, with all the waiting that Discord asks for."""
T = TypeVar("T")


class Outlet:
    """Writes through whichever client is connected now."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.client: discord.Client | None = None

    def in_time(self, origin: Origin) -> bool:
        """Whether the interaction can still be answered, or a message of the bot's own stands in its place."""
        if not origin.message_id:
            return False
        asked = discord.utils.snowflake_time(int(origin.message_id)).timestamp()
        return not origin.token or self._clock.now() - asked < TOKEN_LIFETIME

    async def edit(self, origin: Origin, page: Page) -> bool:
        """Change the message that answers; False when that is no longer possible. Raises PlatformBusy."""
        if not origin.message_id:
            return False
        try:
            await _sent(self._edit(origin, page))
        except AddresseeGone:
            return False
        return True

    async def post(self, origin: Origin, page: Page, nonce: str, *, private: bool) -> Origin:
        """A new message, once for each nonce: to the channel, else to the member; answers where it stands now.

        Raises PlatformBusy, or AddresseeGone when the bot may write to neither.
        """
        if not private and origin.channel_id:
            try:
                return await _sent(self._to_channel(origin, page, nonce))
            except AddresseeGone:
                pass
        return await _sent(self._to_member(origin, page, nonce))

    def size_limit(self, origin: Origin) -> int:
        """Bytes of an attachment that a place takes, as far as the gateway has told."""
        guild = self.client.get_guild(int(origin.community_id)) if self.client and origin.community_id else None
        return guild.filesize_limit if guild else DEFAULT_LIMIT

    def name_of(self, community_id: str) -> str:
        """What a server is called, as far as the gateway has told."""
        guild = self.client.get_guild(int(community_id)) if self.client and community_id else None
        return guild.name if guild else ""

    async def tell(self, user_id: str, page: Page, nonce: str) -> None:
        """A message to somebody alone. Raises PlatformBusy or AddresseeGone."""
        await _sent(self._to_user(user_id, page, nonce))

    async def send_to(self, channel_id: str, page: Page, nonce: str) -> str:
        """A message of the bot's own in a channel; answers its id. Raises PlatformBusy or AddresseeGone."""
        channel = self._client().get_partial_messageable(int(channel_id))
        sent = await _sent(channel.send(**page.send(), nonce=nonce[:25]))
        return str(sent.id)

    async def change(self, channel_id: str, message_id: str, page: Page) -> None:
        """Change a message of the bot's own. Raises PlatformBusy or AddresseeGone."""
        message = self._client().get_partial_messageable(int(channel_id)).get_partial_message(int(message_id))
        await _sent(message.edit(**page.edit()))

    async def member(self, guild_id: int, user_id: int) -> discord.Member | None:
        """Somebody in a server, as Discord knows them now; None for who is not there. Raises PlatformBusy."""
        client = self._client()
        guild = client.get_guild(guild_id)
        if guild is None and not client.is_ready():
            raise PlatformBusy(RECONNECT)
        try:
            return await _sent(guild.fetch_member(user_id)) if guild else None
        except AddresseeGone:
            return None

    async def _edit(self, origin: Origin, page: Page) -> None:
        client, message_id = self._client(), int(origin.message_id)
        if origin.token and self.in_time(origin):
            try:
                hook = discord.Webhook.partial(client.application_id or 0, origin.token, client=client)
                await hook.edit_message(message_id, **page.edit())
                return
            except discord.HTTPException as error:
                if error.code not in _TOKEN_OVER and error.status != 401:
                    raise
        await client.get_partial_messageable(int(origin.channel_id)).get_partial_message(message_id).edit(**page.edit())

    async def _to_channel(self, origin: Origin, page: Page, nonce: str) -> Origin:
        client = self._client()
        channel = client.get_partial_messageable(int(origin.channel_id))
        given = page.send() | {"nonce": nonce[:25]}
        if origin.message_id:
            given["reference"] = discord.MessageReference(
                message_id=int(origin.message_id), channel_id=int(origin.channel_id), fail_if_not_exists=False
            )
        sent = await channel.send(**given)
        return replace(origin, message_id=str(sent.id), token="")

    async def _to_member(self, origin: Origin, page: Page, nonce: str) -> Origin:
        sent = await self._to_user(origin.user_id, page, nonce)
        return replace(origin, channel_id=str(sent.channel.id), message_id=str(sent.id), token="")

    async def _to_user(self, user_id: str, page: Page, nonce: str) -> discord.Message:
        channel = await self._client().create_dm(discord.Object(int(user_id)))
        return await channel.send(**page.send(), nonce=nonce[:25])

    def _client(self) -> discord.Client:
        if self.client is None or self.client.application_id is None or self.client.is_closed():
            raise PlatformBusy(RECONNECT)
        return self.client


async def _sent(sending: Coroutine[Any, Any, T]) -> T:
    """What Discord answered, or one of the two errors that the outbox understands."""
    try:
        async with asyncio.timeout(SLOWEST):
            return await sending
    except discord.RateLimited as error:
        raise PlatformBusy(error.retry_after) from error
    except discord.HTTPException as error:
        if error.status == 401:
            raise PlatformBusy(UNKNOWN) from error
        if error.status == 429 or error.status >= 500:
            raise PlatformBusy(RECONNECT) from error
        # Whatever Discord has against it here (deleted, forbidden, archived, too large, its own moderation), it may
        # take elsewhere.
        log.info("discord does not take a message", status=error.status, code=error.code)
        raise AddresseeGone(f"{error.status} {error.code}") from error
    except (aiohttp.ClientError, OSError, RuntimeError) as error:
        # RuntimeError is aiohttp's 'Session is closed', while the client is being replaced.
        raise PlatformBusy(RECONNECT) from error
