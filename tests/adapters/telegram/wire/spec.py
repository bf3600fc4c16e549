"""Telegram's own description of its API, as a judge of what the bot asks and of what the stand-in answers."""

import functools
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).parents[5] / "shared/specs/telegram-bot-api-10.1.json"
PLAIN: dict[str, tuple[type, ...]] = {"String": (str,), "Boolean": (bool,), "Integer": (int,), "Float": (int, float)}
ARRAY = "Array of "
TAGS = ("type", "status", "source")
"""The fields whose fixed value tells the kinds of a union apart."""


class Specification:
    """Knows every method and type, and says what is wrong with a value."""

    def __init__(self, path: Path) -> None:
        document = json.loads(path.read_text("utf-8"))
        self._methods: dict[str, Any] = document["methods"]
        self._types: dict[str, Any] = document["types"]

    def knows(self, method: str) -> bool:
        """Whether there is such a method."""
        return method in self._methods

    def parameters(self, method: str) -> dict[str, Sequence[str]]:
        """The types of every parameter of a method."""
        return {field["name"]: field["types"] for field in self._methods[method].get("fields", ())}

    @property
    def update_kinds(self) -> set[str]:
        """What an update can be."""
        return {field["name"] for field in self._types["Update"]["fields"]} - {"update_id"}

    def wrong_request(self, method: str, parameters: dict[str, Any]) -> list[str]:
        """What is wrong with a request's parameters."""
        return self._fields(method, self._methods[method].get("fields", ()), parameters)

    def wrong_answer(self, method: str, result: Any) -> list[str]:
        """What is wrong with a method's result."""
        return self._any_of(method, self._methods[method]["returns"], result)

    def wrong(self, kind: str, value: Any) -> list[str]:
        """What is wrong with a value of a type."""
        return self._of(kind, kind, value)

    def _fields(self, at: str, fields: Any, value: dict[str, Any]) -> list[str]:
        known = {field["name"]: field for field in fields}
        found = [f"{at}: {name} is unknown" for name in value if name not in known]
        found += [
            f"{at}: {name} is missing" for name, field in known.items() if field["required"] and name not in value
        ]
        for name in value.keys() & known.keys():
            found += self._any_of(f"{at}.{name}", known[name]["types"], value[name])
        return found

    def _any_of(self, at: str, kinds: list[str], value: Any) -> list[str]:
        if isinstance(value, list) and len(kinds) > 1 and all(kind.startswith(ARRAY) for kind in kinds):
            # An album may mix what its type lists apart.
            inner = [kind.removeprefix(ARRAY) for kind in kinds]
            return [wrong for index, item in enumerate(value) for wrong in self._any_of(f"{at}[{index}]", inner, item)]
        return min((self._of(at, kind, value) for kind in kinds), key=len)

    def _of(self, at: str, kind: str, value: Any) -> list[str]:
        if kind.startswith(ARRAY):
            if not isinstance(value, list):
                return [f"{at}: {value!r:.80} is not an array"]
            inner = kind.removeprefix(ARRAY)
            return [wrong for index, item in enumerate(value) for wrong in self._of(f"{at}[{index}]", inner, item)]
        if kind in PLAIN:
            fits = isinstance(value, PLAIN[kind]) and (kind == "Boolean" or not isinstance(value, bool))
            return [] if fits else [f"{at}: {value!r:.80} is not of type {kind}"]
        if kind == "InputFile":
            return [] if isinstance(value, bytes) else [f"{at}: {value!r:.80} is not a file"]
        if not isinstance(value, dict):
            return [f"{at}: {value!r:.80} is not of type {kind}"]
        if "subtypes" in self._types[kind]:
            return self._union(at, kind, value)
        return self._tags(at, kind, value) + self._fields(at, self._types[kind].get("fields", ()), value)

    def _union(self, at: str, kind: str, value: dict[str, Any]) -> list[str]:
        subtypes = self._types[kind]["subtypes"]
        fitting = [subtype for subtype in subtypes if not self._tags(at, subtype, value)]
        return self._any_of(at, fitting or subtypes, value)

    def _tags(self, at: str, kind: str, value: dict[str, Any]) -> list[str]:
        return [
            f"{at}: {value.get(name)!r} is not {wanted}, as in {kind}"
            for name, wanted in self._fixed(kind).items()
            if value.get(name) != wanted
        ]

    @functools.cache  # noqa: B019  # one specification lives as long as the process
    def _fixed(self, kind: str) -> dict[str, str]:
        said = {
            field["name"]: re.search(r"(?:must be|always) [“\"*]?(\w+)", field["description"])
            for field in self._types[kind].get("fields", ())
            if field["name"] in TAGS
        }
        return {name: match[1] for name, match in said.items() if match}


@functools.cache
def specification() -> Specification | None:
    """The specification, where it is at hand."""
    return Specification(DOCUMENT) if DOCUMENT.exists() else None
