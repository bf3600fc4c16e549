"""The CDN's files: what was uploaded, byte for byte, at an address that the bot can load."""

import io
import mimetypes
from typing import Any
from urllib.parse import urlsplit

from PIL import Image, UnidentifiedImageError


class Store:
    """Files by the path of their address. It offers what simcord asks of its own store."""

    def __init__(self) -> None:
        self.base = ""
        self._files: dict[str, bytes] = {}

    def store_attachment(
        self, attachment_id: int, channel_id: int, filename: str, data: bytes, description: str | None
    ) -> dict[str, Any]:
        """Keep a file; what Discord says about it in a message."""
        path = f"/attachments/{channel_id}/{attachment_id}/{filename}"
        self._files[path] = data
        url = f"{self.base}{path}?ex=6a0b&is=6a0a&hm={attachment_id:x}&"
        return {
            "id": str(attachment_id),
            "filename": filename,
            "size": len(data),
            "url": url,
            "proxy_url": url,
            "content_type": mimetypes.guess_type(filename)[0] or "application/octet-stream",
            **({"description": description} if description is not None else {}),
            **_measures(data),
        }

    def get(self, url: str) -> bytes | None:
        """The bytes at an address, or at its path."""
        return self._files.get(urlsplit(url).path.removeprefix("/cdn"))

    def remove(self, url: str) -> None:
        """The file is gone."""
        self._files.pop(urlsplit(url).path.removeprefix("/cdn"), None)


def _measures(data: bytes) -> dict[str, int]:
    try:
        with Image.open(io.BytesIO(data)) as image:
            return {"width": image.width, "height": image.height}
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError):
        return {}
