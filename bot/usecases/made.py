"""What an engine made of a request, screened, before it is kept."""

from dataclasses import dataclass

from bot.domain.jobs import JobResult
from bot.domain.moderation import Decision, Stage


@dataclass(frozen=True, slots=True)
class Picture:
    """Encoded bytes with what the gallery wants to know; sizes in pixels."""

    data: bytes
    suffix: str
    media_type: str
    width: int
    height: int
    seed: int


@dataclass(frozen=True, slots=True)
class Made:
    """The result, its pictures, and what the screens say of it at `stage`; `judgements` are all that led to that."""

    result: JobResult
    decision: Decision
    stage: Stage
    pictures: tuple[Picture, ...] = ()
    judgements: tuple[Decision, ...] = ()
