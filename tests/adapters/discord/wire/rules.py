"""Discord's rules that simcord does not have."""

from typing import Any

from simcord.backend.errors import BackendError, missing_permissions
from simcord.enums import ChannelType

from tests.adapters.discord.wire.faults import Refusal
from tests.adapters.discord.wire.turns import CHOICES, EDIT, MODAL, REPLY, THINKING, THINKING_ON_IT
from tests.adapters.discord.wire.world import World

ALLOWED = {
    2: {REPLY, THINKING, MODAL},
    3: {REPLY, THINKING, THINKING_ON_IT, EDIT, MODAL},
    4: {CHOICES},
    5: {REPLY, THINKING, THINKING_ON_IT, EDIT},
}
"""Which callbacks answer which kind of interaction."""


def check_callback(interaction: int | None, callback: int) -> None:
    """A command cannot be answered with choices, nor a modal with a modal."""
    if interaction is not None and callback not in ALLOWED[interaction]:
        raise Refusal(400, 50035, "Invalid Form Body: type: this interaction cannot be answered so")


def check(world: World, method: str, path: str, body: Any, files: bool) -> None:
    """Refuse what Discord would refuse in a channel."""
    segments = path.strip("/").split("/")
    if segments[0] != "channels" or segments[2:3] != ["messages"] or method not in ("POST", "PATCH"):
        return
    channel = world.get_channel(int(segments[1]))
    if channel.type == ChannelType.DM and world.closed_to_bot.intersection(channel.recipient_ids):
        raise BackendError(403, 50007, "Cannot send messages to this user")
    if channel.guild_id is None:
        return
    names = ["attach_files"] * files + ["embed_links"] * bool((body or {}).get("embeds"))
    world.require_permissions(channel.guild_id, world.bot_user.id, channel.id, *names)
    thread = channel.thread_metadata
    if thread and thread.locked:
        raise missing_permissions()
    if thread and thread.archived:
        raise BackendError(400, 50083, "Thread is archived")


def nonce(path: str, body: Any) -> tuple[str, str] | None:
    """What makes two messages the same one, if the bot wants that enforced."""
    if not isinstance(body, dict) or not body.get("enforce_nonce") or body.get("nonce") is None:
        return None
    if len(str(body["nonce"])) > 25:
        raise Refusal(400, 50035, "Invalid Form Body: nonce: Must be 25 or fewer in length.")
    return path, str(body["nonce"])


def plain(path: str, body: Any) -> Any:
    """A body without the fields that simcord does not model and that change nothing here."""
    if path.endswith("/commands") and isinstance(body, list):
        return [{key: value for key, value in command.items() if key != "nsfw"} for command in body]
    return body
