"""People: what a person can do with the bot in Discord's client."""

from typing import TYPE_CHECKING, Any

from simcord.backend import serializers
from simcord.backend.models import Channel as Place

from tests.adapters.discord.wire import forms
from tests.adapters.discord.wire.payloads import File, Scene
from tests.adapters.discord.wire.shown import Shown
from tests.adapters.discord.wire.turns import Turn

if TYPE_CHECKING:
    from tests.adapters.discord.wire.server import StandIn

COMMAND, COMPONENT, AUTOCOMPLETE, SUBMISSION = 2, 3, 4, 5
SLASH, USER_MENU, MESSAGE_MENU = 1, 2, 3


class Person:
    """Somebody with an account. Acts in `channel` unless told where."""

    def __init__(self, discord: "StandIn", user_id: int, locale: str, *, installed: bool) -> None:
        self.id = user_id
        self.locale = locale
        self.installed = installed
        """Whether they have added the app to their own account."""
        self.channel: Place | None = None
        self._discord = discord
        self._world = discord.world

    @property
    def mention(self) -> str:
        """How others write to them."""
        return f"<@{self.id}>"

    @property
    def name(self) -> str:
        """What they are called."""
        return self._world.get_user(self.id).name

    @property
    def dm(self) -> Place:
        """Where they and the bot talk alone."""
        return self._world.get_dm_channel(self.id)

    # ------------------------------------------------------------------- commands

    async def slash(self, path: str, where: Place | None = None, /, **values: Any) -> Turn:
        """Send a slash command; `"parent child"` for a subcommand, a File for an attachment."""
        scene = self._scene(where)
        return self._send(scene, COMMAND, scene.command_data(path, values, self._command(scene, path, SLASH)))

    async def complete(
        self, path: str, option: str, typed: str, where: Place | None = None, /, **values: Any
    ) -> list[dict[str, Any]]:
        """Type into an option that completes; what is offered."""
        scene = self._scene(where)
        command = self._command(scene, path, SLASH)
        data = scene.command_data(path, values, command | {"options": _optional(command)})
        innermost = data["options"]
        while innermost and "options" in innermost[0]:
            innermost = innermost[0]["options"]
        innermost.append({"name": option, "type": 3, "value": typed, "focused": True})
        turn = self._send(scene, AUTOCOMPLETE, data)
        await turn.acknowledged(self._world.ack_limit)
        return turn.choices or []

    async def user_menu(self, name: str, target: "Person", where: Place | None = None) -> Turn:
        """Choose one of the app's entries in somebody's menu."""
        scene = self._scene(where)
        resolved: dict[str, Any] = {}
        scene.resolve_user(target.id, resolved)
        return self._menu(scene, name, USER_MENU, target.id, resolved)

    async def message_menu(self, name: str, message: Shown) -> Turn:
        """Choose one of the app's entries in a message's menu."""
        scene = self._scene(self._world.get_channel(message.channel_id))
        return self._menu(scene, name, MESSAGE_MENU, message.id, {"messages": {str(message.id): message.payload}})

    def _menu(self, scene: Scene, name: str, kind: int, target: int, resolved: dict[str, Any]) -> Turn:
        command = self._command(scene, name, kind)
        data = {"id": command["id"], "name": name, "type": kind, "target_id": str(target), "resolved": resolved}
        return self._send(scene, COMMAND, data)

    def offered(self, path: str, where: Place | None = None, kind: int = SLASH) -> bool:
        """Whether Discord shows them the command here."""
        scene = self._scene(where)
        command = self._world.find_command(path.split()[0] if kind == SLASH else path, scene.channel.guild_id, kind)
        return command is not None and scene.offers(command)

    def _command(self, scene: Scene, path: str, kind: int) -> dict[str, Any]:
        command = self._world.find_command(path.split()[0] if kind == SLASH else path, scene.channel.guild_id, kind)
        if command is None or not scene.offers(command):
            raise LookupError(f"{self.name} is not offered {path!r} here; synchronised: {self._discord.command_names}")
        return command

    # ----------------------------------------------------------------- components

    async def press(self, message: Shown, button: str) -> Turn:
        """Press a button, by custom_id or by the words on it."""
        pressed = message.button(button)
        return self._touch(message, {"component_type": 2, "custom_id": pressed["custom_id"], "id": pressed["id"]})

    async def choose(self, message: Shown, *values: str, menu: str | None = None) -> Turn:
        """Choose in a menu, by value or label: without its name in the only one, or the only one that has them all."""
        used = message.menu_with(*values) if menu is None and len(message.menus) > 1 else message.menu(menu)
        known = {option["label"]: option["value"] for option in used.get("options", ())}
        chosen = [known.get(value, value) for value in values]
        if used["type"] == forms.MENU and set(chosen) - set(known.values()):
            raise LookupError(f"{values} not all among {list(known)}")
        if not used.get("min_values", 1) <= len(chosen) <= used.get("max_values", 1):
            raise LookupError(f"{len(chosen)} values are too few or too many")
        told = {"component_type": used["type"], "custom_id": used["custom_id"], "id": used["id"], "values": chosen}
        return self._touch(message, told)

    def _touch(self, message: Shown, data: dict[str, Any]) -> Turn:
        scene = self._scene(self._world.get_channel(message.channel_id))
        return self._send(scene, COMPONENT, data, message.id)

    async def submit(self, turn: Turn, answers: dict[str, Any]) -> Turn:
        """Fill in the modal that a turn opened, by custom_id or label, and send it."""
        if turn.modal is None:
            raise LookupError("no modal opened")
        scene = self._scene(self._world.get_channel(turn.record.channel_id))
        resolved: dict[str, Any] = {}

        def upload(file: File) -> str:
            file_id = self._world.snowflake()
            stored = self._world.cdn.store_attachment(file_id, scene.channel.id, file.name, file.data, None)
            resolved.setdefault("attachments", {})[str(file_id)] = stored | {"ephemeral": True}
            return str(file_id)

        components = forms.fill(turn.modal, answers, upload)
        data = {"custom_id": turn.modal["custom_id"], "components": components, "resolved": resolved}
        return self._send(scene, SUBMISSION, data, turn.record.source_message_id)

    # ----------------------------------------------------------------------- words

    async def say(self, text: str, where: Place | None = None, *files: File) -> Shown:
        """Write a message."""
        place = self._scene(where).channel
        attached = self._world.store_attachments(place.id, [(file.name, file.data) for file in files])
        message = self._world.create_message(place.id, self.id, text, attachments=attached)
        return Shown(self._world, place.id, message.id)

    def _scene(self, where: Place | None) -> Scene:
        place = where or self.channel or self.dm
        return Scene(self._world, self.id, self.locale, self.installed, place, self._discord.size_limit)

    def _send(self, scene: Scene, kind: int, data: dict[str, Any], message_id: int | None = None) -> Turn:
        record, payload = scene.interaction(kind, data)
        if kind == COMMAND:
            record.command_name, record.command_type = data["name"], data["type"]
            record.target_id, record.target_type = (
                (int(data["target_id"]), data["type"]) if "target_id" in data else (None, None)
            )
        if message_id is not None:
            record.source_message_id = message_id
            message = self._world.get_message(scene.channel.id, message_id)
            payload["message"] = dict(serializers.message_payload(self._world, message))
        turn = Turn(self._world, record, payload)
        self._discord.begin(turn)
        return turn


def _optional(command: dict[str, Any]) -> list[dict[str, Any]]:
    """The options with nothing required: what is typed so far need not be all."""
    return [
        option | {"required": False} | ({"options": _optional(option)} if option.get("options") else {})
        for option in command.get("options") or []
    ]
