"""What `submit` answers. Overload and refusal are typed answers, not exceptions."""

from dataclasses import dataclass

from bot.domain.errors import Reason
from bot.domain.jobs import QueuePlace
from bot.domain.quota import QuotaState


@dataclass(frozen=True, slots=True)
class Accepted:
    """The job waits at `place`; `quota` is what is left after the reservation."""

    job_id: str
    place: QueuePlace
    quota: QuotaState
    units: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was queued and nothing charged."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Held:
    """A moderator must look at the prompt first; the units stay reserved until then."""

    job_id: str
    case_id: str
    reason: Reason


Outcome = Accepted | Refused | Held
