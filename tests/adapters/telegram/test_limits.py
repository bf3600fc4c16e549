"""What we allow ourselves stays below what Telegram allows, whatever is wished for and however long it takes."""

import heapq
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.limits import Limits, Windows

LIMITS = Limits()
CHATS = (1, 2, -1, -2, None)


@dataclass(frozen=True)
class Wish:
    """So many messages for a chat, so long after the one before; how long it takes, and when in that it arrives."""

    chat: int | None
    messages: int
    after: float
    takes: float
    arrives: float


@dataclass
class Sender:
    """Lets wishes in as Windows says, in turn, one at a time in each chat, and notes when each arrives."""

    windows: Windows
    now: float = 1000.0
    arrivals: list[tuple[float, Wish]] = field(default_factory=list)
    _under_way: list[tuple[float, int, Wish]] = field(default_factory=list)

    def send(self, wish: Wish) -> float:
        """Send one as soon as that is allowed; answers how long it had to wait."""
        self.now += wish.after
        wished_at = self.now
        self._land()
        while True:
            wait = self.windows.wait(wish.chat, wish.messages, self.now)
            busy = wish.messages and any(other.chat == wish.chat and other.messages for *_, other in self._under_way)
            if not wait and not busy and not self.windows.full:
                break
            landing = self._under_way[0][0] if self._under_way else float("inf")
            # A little later than said, as a timer would be.
            self.now = min(landing, self.now + wait + 0.001 if wait else landing)
            assert self.now < float("inf"), "nothing would ever let it go"
            self._land()
        self.windows.begin()
        self.arrivals.append((self.now + wish.takes * wish.arrives, wish))
        heapq.heappush(self._under_way, (self.now + wish.takes, len(self.arrivals), wish))
        return self.now - wished_at

    def _land(self) -> None:
        while self._under_way and self._under_way[0][0] <= self.now:
            at, _, wish = heapq.heappop(self._under_way)
            self.windows.end(wish.chat, wish.messages, at)
            self.windows.forget(at)


def most(times: list[float], window: float) -> int:
    """The most that ever fell into one window."""
    times = sorted(times)
    return max((sum(1 for other in times if at <= other < at + window) for at in times), default=0)


wishes = st.builds(
    Wish,
    chat=st.sampled_from(CHATS),
    messages=st.sampled_from((0, 1, 1, 1, 4, 10)),
    after=st.sampled_from((0.0, 0.0, 0.0, 0.01, 0.3, 2.0)),
    takes=st.sampled_from((0.01, 0.1, 0.9, 3.0)),
    arrives=st.floats(0, 1),
)


def _check(arrivals: list[tuple[float, Wish]]) -> None:
    assert most([at for at, _ in arrivals], 1.0) <= 30
    for chat in {wish.chat for _, wish in arrivals} - {None}:
        here = [(at, wish) for at, wish in arrivals if wish.chat == chat and wish.messages]
        assert most([at for at, _ in here], 1.0) <= 1
        if chat is not None and chat < 0:
            assert most([at for at, wish in here for _ in range(wish.messages)], 60.0) <= 20


@given(st.lists(wishes, max_size=120))
def test_whatever_is_wished_for_arrives_within_telegrams_limits(wished: list[Wish]) -> None:
    sender = Sender(Windows(LIMITS))
    for wish in wished:
        sender.send(wish)
    _check(sender.arrivals)


@given(st.lists(st.tuples(st.sampled_from((0.01, 0.4, 1.5)), st.floats(0, 1)), min_size=60, max_size=120))
def test_many_chats_at_once_stay_below_thirty_a_second(ways: list[tuple[float, float]]) -> None:
    sender = Sender(Windows(LIMITS))
    for chat, (takes, arrives) in enumerate(ways, 1):
        sender.send(Wish(chat, 1, 0.0, takes, arrives))
    _check(sender.arrivals)


@given(st.lists(wishes, max_size=60))
def test_nothing_waits_longer_than_a_groups_minute(wished: list[Wish]) -> None:
    sender = Sender(Windows(LIMITS))
    for wish in wished:
        waited = sender.send(wish)
        assert waited <= LIMITS.minute + 10 * LIMITS.second + 3.1


def test_an_album_counts_as_what_it_is_made_of() -> None:
    windows = Windows(LIMITS)
    windows.sent(-1, 10, 0.0)
    assert windows.wait(-1, 1, 0.0) == pytest.approx(10 * LIMITS.second)
    assert windows.wait(-1, 9, 20.0) == 0
    assert windows.wait(-1, 10, 20.0) == pytest.approx(LIMITS.minute - 20.0)
    assert windows.room(-1, 20.0) == pytest.approx(9 / 19)


def test_what_is_on_its_way_counts_until_it_is_answered() -> None:
    windows = Windows(LIMITS)
    for chat in range(1, LIMITS.all_chats):
        windows.sent(chat, 1, 1000.0)
    assert windows.wait(99, 1, 1000.5) == 0
    windows.begin()
    assert windows.wait(100, 1, 1000.5) == pytest.approx(LIMITS.second - 0.5)
    windows.end(99, 1, 1000.9)
    assert windows.wait(100, 1, 1000.9) == pytest.approx(LIMITS.second - 0.9) and not windows.full


def test_a_private_chat_has_no_minute() -> None:
    windows = Windows(LIMITS)
    for number in range(100):
        windows.sent(1, 1, number * 1.1)
    assert windows.wait(1, 1, 200.0) == 0 and windows.room(1, 110.0) == 1.0


def test_silence_is_for_a_chat_or_for_all() -> None:
    windows = Windows(LIMITS)
    windows.silence(1, 50.0)
    assert windows.wait(1, 1, 10.0) == 40.0 and windows.wait(2, 1, 10.0) == 0
    windows.silence(1, 20.0)
    assert windows.wait(1, 1, 10.0) == 40.0, "a shorter one ends no longer one"
    windows.silence(None, 30.0)
    assert windows.wait(2, 1, 10.0) == windows.wait(None, 0, 10.0) == 20.0


def test_chats_that_fell_silent_take_no_memory() -> None:
    windows = Windows(LIMITS)
    for chat in range(-50, 50):
        windows.sent(chat, 1, 0.0)
        windows.silence(chat, 5.0)
    windows.forget(LIMITS.minute + 1)
    assert not windows._last and not windows._groups and not windows._silent


def test_faster_is_the_same_in_less_time() -> None:
    assert Limits(all_chats=25, second=1.0, group=19, minute=60.0).faster(10) == Limits(25, 0.1, 19, 6.0)
