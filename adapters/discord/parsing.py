"""Pure: what Discord tells about an interaction, in the house's words."""

from typing import Any

import discord

from bot.domain.community import CommunityRules
from bot.domain.identity import Origin, Platform, Role
from bot.i18n import negotiate

CDN_HOSTS = ("https://cdn.discordapp.com", "https://media.discordapp.net")


def place_of(interaction: discord.Interaction[Any], language: str) -> Origin:
    """Who asks and where, before the community's rules are known: `role` is what Discord's permissions say."""
    channel = interaction.channel
    parent = getattr(channel, "parent_id", None)
    # Where only the member installed us, the guild is not a community of ours: its owner never asked for us.
    ours = interaction.is_guild_integration() or interaction.client.get_guild(interaction.guild_id or 0) is not None
    return Origin(
        platform=Platform.DISCORD,
        user_id=str(interaction.user.id),
        channel_id=str(interaction.channel_id or ""),
        community_id=str(interaction.guild_id) if ours else None,
        display_name=interaction.user.display_name,
        role=role_of(permissions_of(interaction)) if ours else Role.MEMBER,
        locale=negotiate(f"{interaction.locale},{language}"),
        token=interaction.token,
        age_restricted=bool(
            getattr(channel, "nsfw", False) or getattr(getattr(channel, "parent", None), "nsfw", False)
        ),
        parent_channel_id=str(parent) if parent else None,
    )


def permissions_of(interaction: discord.Interaction[Any]) -> discord.Permissions:
    """What the asker may do in the whole guild: whoever manages one channel only is no moderator of the community."""
    member = interaction.user
    if isinstance(member, discord.Member) and member.guild.default_role:
        return member.guild_permissions
    return interaction.permissions


def role_of(permissions: discord.Permissions) -> Role:
    """The rank that a member's permissions in a guild amount to."""
    if permissions.administrator or permissions.manage_guild:
        return Role.OWNER
    if permissions.manage_messages or permissions.moderate_members:
        return Role.MODERATOR
    return Role.MEMBER


def ranked(role: Role, role_ids: list[str], rules: CommunityRules) -> Role:
    """The higher of what Discord's permissions say and what the community gives to a member's roles."""
    given = [role]
    if rules.moderator_roles.intersection(role_ids):
        given.append(Role.MODERATOR)
    if rules.trusted_roles.intersection(role_ids):
        given.append(Role.TRUSTED)
    return max(given, key=list(Role).index)


def role_ids(interaction: discord.Interaction[Any]) -> list[str]:
    """The asker's roles in the guild."""
    return [str(role.id) for role in getattr(interaction.user, "roles", ())]


def attachment_address(url: str, cdn_base: str) -> str:
    """Where to fetch one of Discord's own files from: through the owner's proxy when there is one."""
    if cdn_base:
        for host in CDN_HOSTS:
            if url.startswith(f"{host}/"):
                return cdn_base.rstrip("/") + url.removeprefix(host)
    return url


def modal_values(data: Any) -> dict[str, str]:
    """A submitted form's fields by their custom_id; Discord nests them in rows or in labels."""
    found: dict[str, str] = {}
    for component in data.get("components", ()):
        inner = component.get("component")
        for item in component.get("components", ()) if inner is None else (inner,):
            if "values" in item:
                found[item["custom_id"]] = ",".join(item["values"])
            elif "value" in item:
                found[item["custom_id"]] = item["value"] or ""
    return found
