"""What a member is told of work that did not pass: the rule, whether it counts against them, the way to appeal.

Where others read along, the message says only that it did not pass; why is behind a button that only its member uses.
"""

from dataclasses import replace

from adapters.actions import Action, ActionKind
from adapters.chat.standing import SANCTIONED
from adapters.presentation import Reply, of_view
from bot.domain.community_policy import DAY
from bot.domain.errors import Conflict, Reason
from bot.domain.identity import Origin
from bot.domain.jobs import JobStatus, JobView
from bot.usecases import account, appeals
from bot.usecases.submit import Desk

_REFUSED = (JobStatus.BLOCKED, JobStatus.REJECTED)


def telling(reason: Reason | str) -> bool:
    """Whether a sentence says something about somebody that others need not know."""
    return isinstance(reason, Reason) and ("category" in reason.values() or reason.message in SANCTIONED)


async def reply_to(view: JobView, desk: Desk) -> Reply:
    """The answer to a job as it stands, fit for everybody who reads it where it is shown."""
    full, job = await _full(view, desk), view.job
    told = telling(full.message)
    if job.status not in _REFUSED or job.request.private or not (told or full.notes):
        return full
    message = Reason(f"job-{job.status.value}") if told else full.message
    return replace(full, message=message, notes=(), actions=(Action(ActionKind.WHY, job.id), *full.actions))


async def why(origin: Origin, job_id: str, desk: Desk) -> Reply:
    """The whole answer, for the job's member alone; NotFound for anybody else."""
    view = await account.view(origin, job_id, desk.transactions)
    if view.job.status not in _REFUSED:
        raise Conflict("job-moved-on")
    full = await _full(view, desk)
    return replace(full, actions=tuple(action for action in full.actions if action.kind is ActionKind.APPEAL))


async def _full(view: JobView, desk: Desk) -> Reply:
    reply, job = of_view(view), view.job
    if job.status is not JobStatus.REJECTED:
        return reply
    prospects = await appeals.prospects(job, desk.transactions, desk.clock)
    notes, actions = [*reply.notes], [*reply.actions]
    if prospects.struck:
        notes.append(Reason.of("strike-told", days=round(prospects.decay / DAY)))
    if prospects.appealed:
        notes.append(Reason("appeal-under-way"))
    if prospects.appealable:
        if reply.message.message != "job-rejected-for":
            notes.append(Reason.of("appeal-how", days=round(appeals.WINDOW / DAY)))
        actions.append(Action(ActionKind.APPEAL, job.id))
    return replace(reply, notes=tuple(notes), actions=tuple(actions))
