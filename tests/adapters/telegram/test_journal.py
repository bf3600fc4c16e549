"""What the bot sent in its last minute outlives it."""

from pathlib import Path

import pytest

from adapters.telegram import journal
from adapters.telegram.journal import FILE, Journal

WINDOW = 61.0


def recalled(folder: Path, now: float) -> list[tuple[float, int, int]]:
    book = Journal(folder, WINDOW)
    found = list(book.recall(now))
    book.close()
    return found


def test_a_killed_process_is_remembered(tmp_path: Path) -> None:
    killed = Journal(tmp_path, WINDOW)
    killed.note(1000.0, -5, 1)
    killed.note(1001.5, 7, 10)
    assert recalled(tmp_path, 1002.0) == [(1000.0, -5, 1), (1001.5, 7, 10)]
    assert recalled(tmp_path, 1062.0) == [(1001.5, 7, 10)]
    killed.close()


def test_the_first_start_remembers_nothing(tmp_path: Path) -> None:
    assert recalled(tmp_path, 1000.0) == []


def test_a_clock_that_was_set_back_makes_nobody_wait(tmp_path: Path) -> None:
    before = Journal(tmp_path, WINDOW)
    before.note(5000.0, 7, 1)
    before.close()
    assert recalled(tmp_path, 4990.0) == [(4990.0, 7, 1)]
    assert recalled(tmp_path, 1000.0) == []


@pytest.mark.parametrize("damage", [b"1000.5 -5", b"1000.5", b"\xff\xfe\n", b"\0\0\0\0", b"a b c\n", b"1000.5 1 1 1\n"])
def test_a_line_that_was_cut_off_costs_only_itself(damage: bytes, tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_bytes(b"1000.000 7 1\n" + damage)
    assert recalled(tmp_path, 1001.0) == [(1000.0, 7, 1)]
    assert path.read_bytes() == b"1000.000000 7 1\n"


def test_it_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "LONGEST", 100)
    book = Journal(tmp_path, WINDOW)
    for second in range(1000):
        book.note(1000.0 + second, 7, 1)
        assert len((tmp_path / FILE).read_bytes().splitlines()) <= 100
    book.close()
    assert [when for when, _, _ in recalled(tmp_path, 1999.0)] == [1999.0 - second for second in range(60, -1, -1)]


def test_nobody_else_reads_who_was_written_to(tmp_path: Path) -> None:
    recalled(tmp_path, 1000.0)
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_a_full_disk_keeps_no_message_back(tmp_path: Path) -> None:
    book = Journal(tmp_path / "gone", WINDOW)
    book.note(1000.0, 7, 1)
    (tmp_path / "gone").mkdir()
    book.note(1001.0, 7, 1)
    book.close()
    assert recalled(tmp_path / "gone", 1002.0) == [(1001.0, 7, 1)]
