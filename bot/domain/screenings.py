"""What screens said and what was decided, without the words or pictures: what policies are tried on."""

from collections import Counter
from dataclasses import dataclass

from bot.domain.community_policy import ChannelKind, CommunityPolicy
from bot.domain.identity import Platform
from bot.domain.moderation import Signal, Stage, Verdict, decide


@dataclass(frozen=True, slots=True)
class Screening:
    """One judgement. `job_id` is None where nothing was queued; signals have no evidence, the cause is the first."""

    id: str
    job_id: str | None
    member_id: str
    platform: Platform
    community_id: str | None
    kind: ChannelKind
    stage: Stage
    signals: tuple[Signal, ...]
    verdict: Verdict
    policy_version: int
    at: float


@dataclass(frozen=True, slots=True)
class Flip:
    """A judgement that another policy would have made differently."""

    screening: Screening
    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True)
class Simulation:
    """A policy tried on `total` judgements of the past."""

    total: int
    flips: tuple[Flip, ...]

    @property
    def by_pair(self) -> Counter[tuple[Verdict, Verdict]]:
        """How many judgements would go from one verdict to another."""
        return Counter((flip.before, flip.after) for flip in self.flips)


def simulate(screenings: list[Screening], candidate: CommunityPolicy) -> Simulation:
    """What the candidate's thresholds would have made of them; its own terms cannot be tried, for no words are kept."""
    flips = []
    for screening in screenings:
        after = decide(screening.signals, candidate.at(screening.kind), screening.stage).verdict
        if after is not screening.verdict:
            flips.append(Flip(screening, screening.verdict, after))
    return Simulation(len(screenings), tuple(flips))
