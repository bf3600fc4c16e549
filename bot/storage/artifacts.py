"""Files named by their content, written so that a reader never sees half of one."""

import asyncio
import errno
import hashlib
import os
import tempfile
from pathlib import Path

from bot.domain.errors import NotFound, StorageUnavailable
from bot.ports import StoredFile


class FileArtifacts:
    """An artifact store in a folder; two-letter subfolders keep directories small."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, data: bytes, suffix: str) -> StoredFile:
        """Write durably (the name follows from the content) and return where."""
        return await asyncio.to_thread(self._put, data, suffix)

    async def get(self, name: str) -> bytes:
        """The content; NotFound when it is gone."""
        try:
            return await asyncio.to_thread(self._path(name).read_bytes)
        except FileNotFoundError as error:
            raise NotFound("picture-not-found") from error

    async def delete(self, name: str) -> None:
        """Remove the file if it is there."""
        await asyncio.to_thread(self._path(name).unlink, True)

    async def names_older_than(self, moment: float) -> list[str]:
        """Files last written before `moment`."""
        return await asyncio.to_thread(self._older_than, moment)

    def _path(self, name: str) -> Path:
        if os.sep in name or name.startswith(".") or len(name) < 3:
            raise NotFound("picture-not-found")
        return self._folder / name[:2] / name

    def _put(self, data: bytes, suffix: str) -> StoredFile:
        digest = hashlib.sha256(data).hexdigest()
        target = self._path(digest + suffix)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as file:
                try:
                    file.write(data)
                    file.flush()
                    # The row that names this file commits next; a file that a crash emptied would be a lie.
                    os.fsync(file.fileno())
                    Path(file.name).replace(target)
                except BaseException:
                    Path(file.name).unlink(missing_ok=True)
                    raise
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            raise StorageUnavailable("disk-full" if full else "disk-not-writable", folder=str(self._folder)) from error
        return StoredFile(target.name, digest, len(data))

    def _older_than(self, moment: float) -> list[str]:
        files = (path for path in self._folder.glob("??/*") if path.is_file())
        return [path.name for path in files if path.stat().st_mtime < moment]
