"""The link by which an owner invites the bot: with the permissions it uses and none besides."""

import base64
from urllib.parse import urlencode

import discord

from bot.domain.errors import InvalidRequest

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)
"""To answer in a channel after an interaction's fifteen minutes, to reply there, and to post cards for moderators."""
SCOPES = ("bot", "applications.commands")


def invite_link(token: str) -> str:
    """Discord's page that adds the bot to a server; InvalidRequest when the token is none of Discord's."""
    options = {"client_id": application_id(token), "permissions": NEEDED.value, "scope": " ".join(SCOPES)}
    return f"https://discord.com/oauth2/authorize?{urlencode(options)}"


def application_id(token: str) -> int:
    """Whose token it is: its first part is the bot's id in base64, so that nobody need be asked."""
    head = token.partition(".")[0]
    try:
        return int(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except ValueError:
        raise InvalidRequest("discord-token-wrong") from None


def permission_names(permissions: discord.Permissions) -> str:
    """As Discord's settings write them: View Channel, Send Messages."""
    return ", ".join(name.replace("_", " ").title() for name, granted in permissions if granted)
