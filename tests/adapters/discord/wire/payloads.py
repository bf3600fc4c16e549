"""Interactions as Discord words them: who, where, with what rights, in which of the app's installations."""

from dataclasses import dataclass
from typing import Any

import discord
from simcord.backend import serializers
from simcord.backend.models import Channel, Interaction
from simcord.enums import OptionType
from simcord.interactions import check_options, nest_options, walk_to_subcommand

from tests.adapters.discord.wire.world import World

BY_A_USER = discord.Permissions(embed_links=True, attach_files=True, mention_everyone=True).value
"""What an app may do that only a user brought along."""
IN_A_DM = discord.Permissions(
    view_channel=True, send_messages=True, embed_links=True, attach_files=True, read_message_history=True
).value
GUILD, BOT_DM, PRIVATE_CHANNEL = 0, 1, 2
GUILD_INSTALL, USER_INSTALL = 0, 1


@dataclass(frozen=True)
class File:
    """A file that a person gives to a command."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Scene:
    """Who acts, and where."""

    world: World
    user_id: int
    locale: str
    installed: bool
    channel: Channel
    size_limit: int

    @property
    def context(self) -> int:
        """Discord's name for the kind of place."""
        if self.channel.guild_id is not None:
            return GUILD
        return BOT_DM if self.channel.id in self.world.dm_channels.values() else PRIVATE_CHANNEL

    @property
    def bot_present(self) -> bool:
        """Whether the app is installed in this guild."""
        guild = self.world.guilds.get(self.channel.guild_id or 0)
        return guild is not None and self.world.bot_user.id in guild.members

    @property
    def owners(self) -> dict[str, str]:
        """By whom the app got here, by kind of installation."""
        owners = {}
        if self.bot_present:
            owners[str(GUILD_INSTALL)] = str(self.channel.guild_id)
        elif self.context == BOT_DM:
            owners[str(GUILD_INSTALL)] = "0"
        if self.installed:
            owners[str(USER_INSTALL)] = str(self.user_id)
        return owners

    def offers(self, command: dict[str, Any]) -> bool:
        """Whether Discord shows a command to this person here."""
        contexts, kinds = command.get("contexts"), command.get("integration_types") or [GUILD_INSTALL]
        in_context = self.context in contexts if contexts is not None else self.context != PRIVATE_CHANNEL
        installed = any(str(kind) in self.owners for kind in kinds)
        return in_context and installed and self._permitted(int(command.get("default_member_permissions") or 0))

    def _permitted(self, needed: int) -> bool:
        if self.channel.guild_id is None:
            return True
        needed |= discord.Permissions.use_application_commands.flag
        has = self.world.compute_permissions(self.channel.guild_id, self.user_id, self.channel.id)
        return has & needed == needed

    def interaction(self, kind: int, data: dict[str, Any]) -> tuple[Interaction, dict[str, Any]]:
        """An interaction that begins now, and what the bot is told of it."""
        world, channel = self.world, self.channel
        record = world.new_interaction(kind, channel.id, self.user_id, channel.guild_id)
        payload: dict[str, Any] = {
            "id": str(record.id),
            "application_id": str(world.application_id),
            "type": kind,
            "token": record.token,
            "version": 1,
            "data": data,
            "channel_id": str(channel.id),
            "channel": world.channel_payload(channel),
            "locale": self.locale,
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": self.owners,
            "context": self.context,
            "attachment_size_limit": self.size_limit,
            "app_permissions": str(IN_A_DM),
        }
        if channel.guild_id is None:
            return record, payload | {"user": serializers.user_payload(world.get_user(self.user_id))}
        guild = world.get_guild(channel.guild_id)
        member: dict[str, Any] = dict(serializers.member_payload(world, guild, guild.members[self.user_id]))
        rights = world.compute_permissions(guild.id, self.user_id, channel.id)
        app_rights = BY_A_USER
        if self.bot_present:
            app_rights = world.compute_permissions(guild.id, world.bot_user.id, channel.id)
        payload["channel"]["permissions"] = str(rights)
        payload |= {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": guild.preferred_locale, "features": []},
            "guild_locale": guild.preferred_locale,
            "member": member | {"permissions": str(rights)},
            "app_permissions": str(app_rights),
        }
        return record, payload

    def command_data(self, path: str, values: dict[str, Any], command: dict[str, Any]) -> dict[str, Any]:
        """The data of a slash command; Discord's client refuses what the command does not take."""
        leaf, nesting = walk_to_subcommand(command, path.split()[1:])
        kinds = {option["name"]: option["type"] for option in leaf.get("options") or []}
        people = {name for name in values if kinds.get(name) == OptionType.USER}
        plain = {name: (value.name, value.data) if isinstance(value, File) else value for name, value in values.items()}
        spec = {**leaf, "options": [option for option in leaf.get("options") or [] if option["name"] not in people]}
        check_options(path, spec, {name: value for name, value in plain.items() if name not in people})
        resolved: dict[str, dict[str, Any]] = {}
        options = [
            {"name": name, "type": kinds[name], "value": self._resolve(value, resolved)}
            for name, value in values.items()
        ]
        data = {
            "id": command["id"],
            "name": command["name"],
            "type": 1,
            "options": nest_options(command, nesting, options),
        }
        if command.get("guild_id"):
            data["guild_id"] = command["guild_id"]
        return data | ({"resolved": resolved} if resolved else {})

    def _resolve(self, value: Any, resolved: dict[str, dict[str, Any]]) -> Any:
        if isinstance(value, File):
            file_id = self.world.snowflake()
            stored = self.world.cdn.store_attachment(file_id, self.channel.id, value.name, value.data, None)
            resolved.setdefault("attachments", {})[str(file_id)] = stored | {"ephemeral": True}
            return str(file_id)
        if hasattr(value, "id"):
            self.resolve_user(value.id, resolved)
            return str(value.id)
        return value

    def resolve_user(self, user_id: int, resolved: dict[str, dict[str, Any]]) -> None:
        """Tell the bot who is meant."""
        user = serializers.user_payload(self.world.get_user(user_id))
        resolved.setdefault("users", {})[str(user_id)] = user
        guild = self.world.guilds.get(self.channel.guild_id or 0)
        if guild and user_id in guild.members:
            member = dict(serializers.member_payload(self.world, guild, guild.members[user_id], with_user=False))
            member["permissions"] = str(self.world.compute_permissions(guild.id, user_id, self.channel.id))
            resolved.setdefault("members", {})[str(user_id)] = member
