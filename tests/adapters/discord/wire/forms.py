"""Filling in a modal, as Discord's client does: it holds people to the limits that the bot set."""

from collections.abc import Callable, Mapping
from typing import Any

from simcord.components import walk_components

ROW, TEXT_INPUT, LABEL, FILE_UPLOAD = 1, 4, 18, 19
MENU, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 3, 21, 22, 23
SEVERAL = (MENU, 5, 6, 7, 8, FILE_UPLOAD, CHECKBOX_GROUP)
CONTROLS = (TEXT_INPUT, RADIO_GROUP, CHECKBOX, *SEVERAL)


def fill(modal: Mapping[str, Any], answers: Mapping[str, Any], upload: Callable[[Any], str]) -> list[dict[str, Any]]:
    """The components of a submission. Answers go by custom_id or by label; `upload` makes a file's id."""
    left = dict(answers)

    def value(control: Mapping[str, Any], label: str) -> Any:
        name = next((name for name in (control["custom_id"], label, control.get("label")) if name in left), None)
        return left.pop(name) if name is not None else control.get("value", _chosen(control))

    def answer(control: Mapping[str, Any], label: str) -> dict[str, Any]:
        given, kind = value(control, label), control["type"]
        told = {"type": kind, "id": control.get("id", 0), "custom_id": control["custom_id"]}
        if kind in SEVERAL:
            chosen = [] if given is None else given if isinstance(given, list) else [given]
            if control.get("required", True) and not chosen:
                raise ValueError(f"{label or control['custom_id']} must be filled in")
            return told | {"values": [upload(file) for file in chosen] if kind == FILE_UPLOAD else chosen}
        if kind == TEXT_INPUT:
            _check_text(control, given or "")
            return told | {"value": given or ""}
        return told | {"value": given}

    def node(component: Mapping[str, Any]) -> dict[str, Any]:
        told = {"type": component["type"], "id": component.get("id", 0)}
        if component["type"] == LABEL:
            return told | {"component": answer(component["component"], component["label"])}
        if component["type"] == ROW:
            return told | {"components": [answer(control, "") for control in component["components"]]}
        return told

    filled = [node(component) for component in modal["components"]]
    if left:
        raise LookupError(f"the modal does not ask for {sorted(left)}, but for {asked(modal)}")
    return filled


def asked(modal: Mapping[str, Any]) -> list[str]:
    """The custom_ids that the modal asks for."""
    return [part["custom_id"] for part in walk_components(modal["components"]) if part["type"] in CONTROLS]


def _chosen(control: Mapping[str, Any]) -> list[str] | None:
    """What a menu begins with."""
    return [option["value"] for option in control.get("options", ()) if option.get("default")] or None


def _check_text(control: Mapping[str, Any], text: str) -> None:
    shortest = control.get("min_length") or 0
    required = control.get("required", True)
    if len(text) > (control.get("max_length") or 4000) or (required and not text) or (text and len(text) < shortest):
        raise ValueError(f"{control['custom_id']} does not take {len(text)} characters")
