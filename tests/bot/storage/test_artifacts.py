"""Files by content: whole or not at all, and errors that say what to do."""

import errno
import os
from pathlib import Path

import pytest

from bot.domain.errors import NotFound, StorageUnavailable
from bot.storage.artifacts import FileArtifacts
from tests.fakes import png


async def test_what_was_put_can_be_got_and_deleted(tmp_path: Path) -> None:
    store = FileArtifacts(tmp_path / "artifacts")
    file = await store.put(png(), ".png")
    assert await store.put(png(), ".png") == file
    assert await store.get(file.name) == png()
    await store.delete(file.name)
    await store.delete(file.name)
    with pytest.raises(NotFound):
        await store.get(file.name)


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "..", "", ".hidden"])
async def test_no_name_leads_out_of_the_store(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        await FileArtifacts(tmp_path).get(name)


async def test_a_full_disk_is_said_and_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageUnavailable, match="disk-full"):
        await FileArtifacts(tmp_path).put(png(), ".png")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageUnavailable, match="disk-not-writable"):
        await FileArtifacts(tmp_path / "file").put(png(), ".png")
