"""Many members of many groups at once: each sends commands, and sees what becomes of them."""

import asyncio
import itertools
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.adapters.telegram.wire.said import Said
from tests.adapters.telegram.wire.server import StandIn
from tests.adapters.telegram.wire.shown import Shown

WORDS = ("a knight", "a fox in the snow", "an old sailor", "a robot with flowers", "the sea at night")


@dataclass(frozen=True)
class Report:
    """What became of the commands. Times are seconds from the command; they are inf where there was none."""

    sent: int
    acknowledged: list[float]
    """Until the first message of the bot that replies, by command, sorted."""
    finished: list[float]
    """Until a reply was a result, sorted."""
    lost: int
    """Commands without a result."""
    twice: int
    """Commands with more than one."""
    floods: int

    @property
    def delivered(self) -> int:
        """Commands with a result."""
        return self.sent - self.lost

    @property
    def acknowledged_p50(self) -> float:
        """Half of the commands had an answer by then."""
        return percentile(self.acknowledged, 50)

    @property
    def acknowledged_p99(self) -> float:
        """Nearly all commands had an answer by then."""
        return percentile(self.acknowledged, 99)

    @property
    def finished_p50(self) -> float:
        """Half of the commands had a result by then."""
        return percentile(self.finished, 50)

    @property
    def finished_p99(self) -> float:
        """Nearly all commands had a result by then."""
        return percentile(self.finished, 99)


class Crowd:
    """Lets so many members in so many groups send so many commands, at a rate a second altogether."""

    def __init__(
        self,
        telegram: StandIn,
        *,
        members: int = 50,
        groups: int = 10,
        requests: int = 500,
        rate: float = 20.0,
        command: str = "/avatar",
        is_result: Callable[[Shown], object] = lambda shown: shown.photo is not None,
        seed: int = 1,
    ) -> None:
        self._telegram, self._is_result = telegram, is_result
        self._requests, self._rate, self._command = requests, rate, command
        self._random = random.Random(seed)
        self.groups = [telegram.group(f"Group {number}") for number in range(groups)]
        places = itertools.islice(itertools.cycle(self.groups), members)
        self._members = [(group.member(f"Member {number}"), group) for number, group in enumerate(places)]
        self._pending: dict[int, Said] = {}
        self._finished: dict[int, float] = {}
        self.said: list[Said] = []

    async def run(self, patience: float = 60.0, settle: float = 0.5) -> Report:
        """Send everything; wait so long for the last results, and then a little for results too many."""
        floods = len(self._telegram.floods)
        began = time.monotonic()
        for number in range(self._requests):
            await asyncio.sleep(max(0.0, began + number / self._rate - time.monotonic()))
            self._look()
            member, group = self._members[number % len(self._members)]
            said = await member.says(group, f"{self._command} {self._random.choice(WORDS)}")
            self._pending[len(self.said)] = said
            self.said.append(said)
        deadline = time.monotonic() + patience
        while self._pending and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
            self._look()
        await asyncio.sleep(settle)
        results = [self.results(said) for said in self.said]
        return Report(
            sent=len(self.said),
            acknowledged=sorted(self._acknowledged(said) for said in self.said),
            finished=sorted(self._finished.get(number, math.inf) for number in range(len(self.said))),
            lost=sum(not result for result in results),
            twice=sum(len(result) > 1 for result in results),
            floods=len(self._telegram.floods) - floods,
        )

    def results(self, said: Said) -> list[list[Shown]]:
        """The results that reply to a command; an album is one."""
        albums: dict[str, list[Shown]] = {}
        for shown in said.replies:
            if self._is_result(shown):
                albums.setdefault(shown.album or str(shown.id), []).append(shown)
        return list(albums.values())

    def _look(self) -> None:
        for number, said in list(self._pending.items()):
            if results := self.results(said):
                self._finished[number] = min(shown.changes[-1].at for shown in results[0]) - said.at
                del self._pending[number]

    def _acknowledged(self, said: Said) -> float:
        return min((shown.changes[0].at - said.at for shown in said.every_reply), default=math.inf)


def percentile(values: Sequence[float], share: int) -> float:
    """The value that so many percent of the sorted values do not exceed."""
    return values[max(0, math.ceil(len(values) * share / 100) - 1)] if values else math.inf
