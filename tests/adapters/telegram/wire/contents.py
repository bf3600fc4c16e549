"""What a call puts into a message: words, pictures and files, checked as Telegram checks them."""

from typing import Any

from tests.adapters.telegram.wire.entities import length
from tests.adapters.telegram.wire.forms import Call, Upload
from tests.adapters.telegram.wire.markup import parsed
from tests.adapters.telegram.wire.refusals import Gap, Refusal, bad
from tests.adapters.telegram.wire.store import UPLOAD_LIMIT
from tests.adapters.telegram.wire.world import World

TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024
KINDS = {"photo": "photos", "document": "documents", "animation": "animations"}
"""What can be sent, and what the right to send it is called."""


def words(call: Call) -> dict[str, Any]:
    """A text message's content."""
    text, entities = parsed(call["text"], call.get("parse_mode"), call.get("entities"))
    if not text:
        raise bad("message text is empty")
    if length(text) > TEXT_LIMIT:
        raise bad("message is too long")
    return {"text": text} | ({"entities": entities} if entities else {})


def caption(given: dict[str, Any]) -> dict[str, Any]:
    """A caption, where there is one."""
    text, entities = parsed(given.get("caption") or "", given.get("parse_mode"), given.get("caption_entities"))
    if length(text) > CAPTION_LIMIT:
        raise bad("message caption is too long")
    told = {"caption": text} if text else {}
    return told | ({"caption_entities": entities} if entities else {})


def sent(world: World, call: Call, kind: str) -> dict[str, Any]:
    """The content of a message that sendPhoto and the like make."""
    upload = call.files.get(kind)
    return (
        file(world, kind, upload or call[kind], call.files) | spoiler(kind, call.parameters) | caption(call.parameters)
    )


def media(world: World, given: dict[str, Any], files: dict[str, Upload]) -> dict[str, Any]:
    """The content that an InputMedia describes."""
    kind = given.get("type", "")
    if kind not in KINDS:
        raise Gap(f"send {kind}")
    return file(world, kind, given.get("media"), files) | spoiler(kind, given) | caption(given)


def spoiler(kind: str, given: dict[str, Any]) -> dict[str, Any]:
    """Whether it is covered."""
    told = {"has_media_spoiler": True} if given.get("has_spoiler") and kind != "document" else {}
    return told | ({"show_caption_above_media": True} if given.get("show_caption_above_media") else {})


def file(world: World, kind: str, given: Any, files: dict[str, Upload]) -> dict[str, Any]:
    """An upload, or a file that was sent before."""
    if isinstance(given, str) and given.startswith("attach://"):
        given = files.get(given.removeprefix("attach://"))
    if isinstance(given, Upload):
        return _uploaded(world, kind, given)
    if not given or not isinstance(given, str):
        raise bad(f"there is no {kind} in the request")
    if kind == "photo":
        return {"photo": world.store.known_photo(given)}
    if kind == "document":
        return {"document": world.store.known("Document", given)}
    return _animation(world.store.known("Animation", given))


def _uploaded(world: World, kind: str, upload: Upload) -> dict[str, Any]:
    if not upload.data:
        raise bad("file must be non-empty")
    if len(upload.data) > UPLOAD_LIMIT:
        raise Refusal(413, "Request Entity Too Large")
    if kind == "photo":
        return {"photo": world.store.photo(upload.data)}
    if kind == "document":
        return {"document": world.store.document(upload.data, upload.name, upload.mime)}
    if kept := world.store.animation(upload.data, upload.name, upload.mime):
        return _animation(kept)
    # What does not move is a file like any other, whatever method sent it.
    return {"document": world.store.document(upload.data, upload.name, upload.mime)}


def _animation(told: dict[str, Any]) -> dict[str, Any]:
    """Old clients know animations only as documents."""
    plain = {name: value for name, value in told.items() if name not in ("width", "height", "duration")}
    return {"animation": told, "document": plain}
