"""The files that Telegram keeps, byte for byte, and how it describes them."""

import base64
import hashlib
import io
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageSequence

from tests.adapters.telegram.wire.refusals import bad

PHOTO_LIMIT, UPLOAD_LIMIT, DOWNLOAD_LIMIT = 10 * 2**20, 50 * 2**20, 20 * 2**20
THUMBNAIL = 90
HEADS = {"Photo": "AgACAgIAAxkB", "Document": "BQACAgIAAxkB", "Animation": "CgACAgIAAxkB", "Sticker": "CAACAgIAAxkB"}


@dataclass(frozen=True)
class Stored:
    """A file, with what a message says about it."""

    kind: str
    data: bytes
    path: str
    told: dict[str, Any]


class Store:
    """Everything that was ever uploaded."""

    def __init__(self) -> None:
        self._files: dict[str, Stored] = {}
        self._photos: dict[str, list[dict[str, Any]]] = {}

    def photo(self, data: bytes) -> list[dict[str, Any]]:
        """Keep a picture: its sizes, the smallest first."""
        if len(data) > PHOTO_LIMIT:
            raise bad(f"file of size {len(data)} bytes is too big for a photo; the maximum size is {PHOTO_LIMIT} bytes")
        try:
            picture = Image.open(io.BytesIO(data))
            picture.load()
        except (OSError, ValueError, SyntaxError):
            raise bad("IMAGE_PROCESS_FAILED") from None
        if sum(picture.size) > 10_000 or max(picture.size) > 20 * min(picture.size):
            raise bad("PHOTO_INVALID_DIMENSIONS")
        small = picture.convert("RGB")
        small.thumbnail((min(THUMBNAIL, max(1, picture.width // 2)), min(THUMBNAIL, max(1, picture.height // 2))))
        buffer = io.BytesIO()
        small.save(buffer, "JPEG")
        sizes = [
            self.keep("Photo", content, "photos", ".jpg", width=size[0], height=size[1])
            for content, size in ((buffer.getvalue(), small.size), (data, picture.size))
        ]
        for size in sizes:
            self._photos[size["file_id"]] = sizes
        return sizes

    def document(self, data: bytes, name: str, mime: str) -> dict[str, Any]:
        """Keep a file that is sent as such."""
        return self.keep("Document", data, "documents", "." + name.rpartition(".")[2], file_name=name, mime_type=mime)

    def animation(self, data: bytes, name: str, mime: str) -> dict[str, Any] | None:
        """Keep a GIF that moves, or an MP4; None for anything else, be it a WebP that moves."""
        told: dict[str, Any] = {"width": 320, "height": 320, "duration": 1}
        suffix = ".mp4"
        if data[4:8] != b"ftyp":
            try:
                moving = Image.open(io.BytesIO(data))
                frames = [frame.info.get("duration", 0) for frame in ImageSequence.Iterator(moving)]
            except (OSError, ValueError, SyntaxError):
                return None
            if moving.format != "GIF" or len(frames) < 2:
                return None
            told = {"width": moving.width, "height": moving.height, "duration": max(1, round(sum(frames) / 1000))}
            suffix = ".gif"
        return self.keep("Animation", data, "animations", suffix, **told, file_name=name, mime_type=mime)

    def keep(self, kind: str, data: bytes, folder: str, suffix: str, **told: Any) -> dict[str, Any]:
        """Keep any file: how a message describes it."""
        number = len(self._files)
        digest = hashlib.sha256(f"{number}".encode() + data).digest()
        file_id = HEADS.get(kind, "DQACAgIAAxkB") + base64.urlsafe_b64encode(digest * 2)[:60].decode()
        unique = "AQAD" + base64.urlsafe_b64encode(hashlib.sha256(data).digest())[:12].decode()
        told = {"file_id": file_id, "file_unique_id": unique, "file_size": len(data)} | told
        self._files[file_id] = Stored(kind, data, f"{folder}/file_{number}{suffix}", told)
        return told

    def known_photo(self, file_id: str) -> list[dict[str, Any]]:
        """A picture that was sent before, to send it again."""
        self._as("Photo", file_id)
        return self._photos[file_id]

    def known(self, kind: str, file_id: str) -> dict[str, Any]:
        """A file that was sent before, to send it again."""
        return self._as(kind, file_id).told

    def get(self, file_id: str) -> Stored:
        """Any file."""
        try:
            return self._files[file_id]
        except KeyError:
            raise bad("invalid file_id") from None

    def at(self, path: str) -> bytes | None:
        """What can be downloaded from a path."""
        return next((stored.data for stored in self._files.values() if stored.path == path), None)

    def _as(self, kind: str, file_id: str) -> Stored:
        if file_id.startswith(("http://", "https://")):
            raise bad("failed to get HTTP URL content")
        if file_id not in self._files:
            raise bad("wrong file identifier/HTTP URL specified")
        if self._files[file_id].kind != kind:
            raise bad(f"can't use file of type {self._files[file_id].kind} as {kind}")
        return self._files[file_id]
