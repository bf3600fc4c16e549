"""A message as people see it at this moment, and how it came to look so."""

from collections.abc import Iterator
from typing import Any

from simcord.backend import serializers
from simcord.backend.models import Message
from simcord.components import walk_components

from tests.adapters.discord.wire.world import Change, World

LOADING, EPHEMERAL = 1 << 7, 1 << 6
BUTTON, SELECTS, TEXT = 2, (3, 5, 6, 7, 8), 10


class Shown:
    """Looks at one message; every look is a fresh one."""

    def __init__(self, world: World, channel_id: int, message_id: int) -> None:
        self._world = world
        self.channel_id = channel_id
        self.id = message_id

    @property
    def _now(self) -> Message:
        return self._world.get_message(self.channel_id, self.id)

    @property
    def gone(self) -> bool:
        """Whether it was deleted."""
        return self.id not in self._world.messages.get(self.channel_id, {})

    @property
    def payload(self) -> dict[str, Any]:
        """As Discord sends it."""
        return dict(serializers.message_payload(self._world, self._now))

    @property
    def content(self) -> str:
        """The text outside embeds and components."""
        return self._now.content

    @property
    def embeds(self) -> list[dict[str, Any]]:
        """The embeds."""
        return self._now.embeds

    @property
    def text(self) -> str:
        """Every word that can be read on it, buttons left out."""
        parts = [self.content]
        for embed in self.embeds:
            parts += [embed.get("title", ""), embed.get("description", ""), embed.get("footer", {}).get("text", "")]
            parts += [f"{field['name']} {field['value']}" for field in embed.get("fields", ())]
        parts += [part["content"] for part in self._components() if part["type"] == TEXT]
        return "\n".join(part for part in parts if part)

    @property
    def loading(self) -> bool:
        """Whether the bot is still thinking."""
        return bool(self._now.flags & LOADING)

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return bool(self._now.flags & EPHEMERAL)

    @property
    def attachments(self) -> list[dict[str, Any]]:
        """What is attached, with alt text as `description`."""
        return self._now.attachments

    @property
    def files(self) -> list[bytes | None]:
        """The attachments' bytes; None for one that the CDN lost."""
        return [self._world.cdn.get(attachment["url"]) for attachment in self.attachments]

    @property
    def changes(self) -> list[Change]:
        """How it was created and edited, with times."""
        return self._world.changes.get(self.id, [])

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """Its buttons."""
        return [part for part in self._components() if part["type"] == BUTTON]

    @property
    def labels(self) -> list[str]:
        """What is written on its buttons that can be pressed."""
        return [button.get("label", "") for button in self.buttons if not button.get("disabled")]

    @property
    def menus(self) -> list[dict[str, Any]]:
        """Its select menus."""
        return [part for part in self._components() if part["type"] in SELECTS]

    def button(self, name: str) -> dict[str, Any]:
        """The button with this custom_id, or the words on it."""
        for button in self.buttons:
            if name in (button.get("custom_id"), button.get("label")) and not button.get("disabled"):
                return button
        raise LookupError(f"no button {name!r} that can be pressed among {self.labels}")

    def menu(self, name: str | None) -> dict[str, Any]:
        """The menu with this custom_id or placeholder, or the only one."""
        usable = [menu for menu in self.menus if not menu.get("disabled")]
        found = [menu for menu in usable if name in (None, menu["custom_id"], menu.get("placeholder"))]
        if len(found) != 1:
            raise LookupError(f"{len(found)} menus {name!r} among {[menu['custom_id'] for menu in usable]}")
        return found[0]

    def menu_with(self, *choices: str) -> dict[str, Any]:
        """The only menu that has all of these options, by value or label."""
        found = []
        for menu in self.menus:
            options = menu.get("options", ())
            known = {option["label"] for option in options} | {option["value"] for option in options}
            most = menu.get("max_values", 1)
            if known.issuperset(choices) and menu.get("min_values", 1) <= len(choices) <= most:
                found.append(menu)
        if len(found) != 1:
            raise LookupError(f"{len(found)} menus with {choices} among {[menu['custom_id'] for menu in self.menus]}")
        return found[0]

    def _components(self) -> Iterator[dict[str, Any]]:
        return walk_components(self._now.components)

    def __repr__(self) -> str:
        return f"<gone {self.id}>" if self.gone else f"<{self.text!r} {self.labels} {len(self.attachments)} files>"
