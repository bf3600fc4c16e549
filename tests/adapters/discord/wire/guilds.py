"""A guild as a test builds and changes it."""

from typing import TYPE_CHECKING

import discord
from simcord.backend.models import Channel as Place
from simcord.backend.models import Guild, Overwrite
from simcord.enums import OverwriteType

from tests.adapters.discord.wire.people import Person

if TYPE_CHECKING:
    from tests.adapters.discord.wire.server import StandIn


class Community:
    """A guild, and what its people and its owner do."""

    def __init__(self, stand_in: "StandIn", guild: Guild, permissions: int | None) -> None:
        self._world = stand_in.world
        self._discord = stand_in
        self.guild = guild
        self.id = guild.id
        self.general = self.channel("general")
        if permissions is not None:
            self._world.bot_joins(self.guild, permissions)

    def channel(self, name: str, *, nsfw: bool = False) -> Place:
        """A new text channel."""
        channel = self._world.create_channel(self.id, name, announce=False)
        if nsfw:
            self._world.age_restricted.add(channel.id)
        self._world.emit("CHANNEL_CREATE", self._world.channel_payload(channel))
        return channel

    def thread(self, parent: Place, name: str, *, archived: bool = False, locked: bool = False) -> Place:
        """A new thread."""
        thread = self._world.create_thread(parent.id, name, self.guild.owner_id)
        if archived or locked:
            self._world.edit_channel(thread.id, {}, thread_metadata={"archived": archived, "locked": locked})
        return thread

    def member(
        self,
        name: str,
        *,
        locale: str = "en-US",
        permissions: discord.Permissions | None = None,
        installed: bool = False,
    ) -> Person:
        """Somebody new, who acts in #general; `permissions` come with a role of their own."""
        person = self._discord.user(name, locale=locale, installed=installed)
        return self.add(person, permissions=permissions)

    def add(self, person: Person, *, permissions: discord.Permissions | None = None) -> Person:
        """Somebody joins."""
        roles = [self._world.role(self.guild, person.name, permissions.value).id] if permissions else []
        self._world.add_member(self.id, person.id, roles=roles, announce=True)
        person.channel = self.general
        return person

    def leave(self, person: Person) -> None:
        """Somebody leaves."""
        self._world.remove_member(self.id, person.id)

    def remove_bot(self) -> None:
        """The bot is thrown out."""
        self._world.bot_leaves(self.guild)

    def add_bot(self, permissions: discord.Permissions) -> None:
        """The bot is invited."""
        self._world.bot_joins(self.guild, permissions.value)

    def forbid(self, place: Place, **permissions: bool) -> None:
        """Take permissions from the bot in a channel: `forbid(general, attach_files=True)`."""
        bot = self._world.bot_user.id
        kept = [overwrite for overwrite in place.overwrites if overwrite.target_id != bot]
        denied = Overwrite(bot, OverwriteType.MEMBER, deny=discord.Permissions(**permissions).value)
        self._world.edit_channel(place.id, {}, overwrites=[*kept, denied])

    def delete_channel(self, place: Place) -> None:
        """A channel goes, with everything in it."""
        self._world.delete_channel(place.id)
        self._world.stir()
