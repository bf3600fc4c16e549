"""Reads a request: a query, a form or JSON becomes typed parameters and files."""

import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from tests.adapters.telegram.wire.refusals import bad
from tests.adapters.telegram.wire.spec import Specification

WITHOUT_SPEC: dict[str, Sequence[str]] = {
    name: (kind,)
    for kind, names in {
        "Integer": (
            "chat_id",
            "message_id",
            "message_thread_id",
            "user_id",
            "offset",
            "limit",
            "timeout",
            "max_connections",
            "cache_time",
        ),
        "Boolean": (
            "show_alert",
            "has_spoiler",
            "disable_notification",
            "drop_pending_updates",
            "is_personal",
            "return_bots",
        ),
        "InputFile": ("photo", "document", "animation"),
        "Array of String": ("message_ids", "allowed_updates", "media", "results", "commands", "reaction", "entities"),
        "ReplyParameters": ("reply_parameters", "reply_markup", "button", "scope", "caption_entities"),
    }.items()
    for name in names
}
"""What is not a string, where the specification is not at hand to say so."""


@dataclass(frozen=True)
class Upload:
    """A file of a multipart request."""

    data: bytes
    name: str
    mime: str


@dataclass
class Call:
    """What the bot asks for."""

    method: str
    parameters: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        try:
            return self.parameters[name]
        except KeyError:
            raise bad(f'parameter "{name}" is required') from None

    def get(self, name: str, default: Any = None) -> Any:
        """A parameter, where it was given."""
        return self.parameters.get(name, default)

    @property
    def lacking(self) -> set[str]:
        """The uploads that are spoken of and are not there."""
        return attached(self.parameters) - self.files.keys()

    @property
    def unused(self) -> set[str]:
        """The uploads that nothing speaks of."""
        return self.files.keys() - attached(self.parameters) - self.parameters.keys()


async def read(request: web.Request, method: str, spec: Specification | None) -> Call:
    """The call."""
    call = Call(method)
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "multipart/form-data":
        given |= await _multipart(request, call)
    elif request.content_type == "application/json":
        given |= await request.json()
    else:
        given |= dict(await request.post())
    declared = spec.parameters(method) if spec and spec.knows(method) else WITHOUT_SPEC
    for name, value in given.items():
        call.parameters[name] = typed(value, declared.get(name, ())) if isinstance(value, str) else value
    for name, upload in call.files.items():
        if "InputFile" in declared.get(name, ()):
            call.parameters[name] = upload.data
    return call


async def _multipart(request: web.Request, call: Call) -> dict[str, str]:
    given: dict[str, str] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read())
        if part.filename is None:
            given[part.name or ""] = data.decode()
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            call.files[part.name or ""] = Upload(data, part.filename, mime)
    return given


def typed(value: str, kinds: Sequence[str]) -> Any:
    """A form's string as the first declared type that it can be; itself where it can be none."""
    for kind in kinds:
        if kind in ("String", "InputFile"):
            continue
        with contextlib.suppress(ValueError):
            read = json.loads(value)
            if not isinstance(read, str):
                return read
    return value


def attached(value: Any) -> set[str]:
    """The names after attach:// anywhere in a value."""
    if isinstance(value, dict):
        return set().union(*(attached(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(attached(inner) for inner in value))
    return {value.removeprefix("attach://")} if isinstance(value, str) and value.startswith("attach://") else set()
