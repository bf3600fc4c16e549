"""The choice of threads by what others leave free."""

import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from engines.host.threads import Threads, Usage, choose, read_usage

START = Usage(100.0, 50.0, 10.0)


@pytest.mark.parametrize(
    ("busy", "own", "cores", "limit", "threads"),
    [
        (0.0, 0.0, 2, 2, 2),  # idle
        (2.0, 2.0, 2, 2, 2),  # all of it ourselves
        (0.2, 0.0, 2, 2, 2),  # somebody does a little
        (0.4, 0.0, 2, 2, 2),  # the bot and its screens, busy with what we draw
        (1.0, 0.0, 2, 2, 1),  # somebody has a core
        (2.0, 1.0, 2, 2, 1),
        (2.0, 0.0, 2, 2, 1),  # never none
        (30.0, 0.0, 64, 4, 4),  # a large machine, of which we may use four cores
    ],
)
def test_threads_by_what_is_free(busy: float, own: float, cores: int, limit: int, threads: int) -> None:
    seconds = 10.0
    after = Usage(START.wall + seconds, START.all + busy * seconds, START.own + own * seconds)
    assert choose(START, after, cores, limit) == threads


def test_torch_follows_and_readings_too_close_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    set_to: list[int] = []
    fake = SimpleNamespace(get_num_threads=lambda: ([2, *set_to])[-1], set_num_threads=set_to.append)
    monkeypatch.setitem(sys.modules, "torch", fake)
    busy, idle = Usage(110.0, 70.0, 10.0), Usage(120.0, 70.0, 10.0)
    readings: Iterator[Usage] = iter([START, busy, Usage(110.1, 70.0, 10.0), idle])
    threads = Threads(2, lambda: next(readings), cores=2)
    for _ in range(3):
        threads.adjust()
    assert set_to == [1, 2]


def test_this_machine_can_be_read() -> None:
    first, second = read_usage(), read_usage()
    assert second.wall >= first.wall and second.all >= first.all > 0 and second.own >= first.own > 0
