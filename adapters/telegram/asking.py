"""From a member's wish to a job: submit, and let the answer live."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from adapters.chat.wording import Style
from adapters.presentation import of_outcome
from adapters.telegram.budget import Priority
from adapters.telegram.render import compose
from adapters.telegram.turn import House, Turn
from bot.domain.errors import Reason
from bot.domain.identity import Origin, Platform
from bot.domain.outcomes import Accepted, Held, Outcome, Refused
from bot.usecases import account

Making = Callable[[Origin], Awaitable[Outcome]]


async def make(turn: Turn, making: Making) -> None:
    """Have `making` submit something, and let its message live until it is done."""
    await follow(turn, await making(await turn.origin()))


async def follow(turn: Turn, outcome: Outcome) -> None:
    """Let the job's message live, or say why there is none."""
    origin = await turn.origin()
    match outcome:
        case Refused():
            reply = of_outcome(outcome)
            await turn.say(reply.message, *reply.notes)
        case Accepted(job_id=job_id):
            await turn.acknowledge()
            turn.house.living.begin(job_id, origin, Style.under(turn.rules, origin, turn.deps.choices(turn.rules)))
        case Held(job_id=job_id):
            await turn.acknowledge()
            style = Style.under(turn.rules, origin, turn.deps.choices(turn.rules))
            job = (await account.view(origin, job_id, turn.desk.transactions)).job
            reply = of_outcome(outcome)
            if not turn.alone:
                # Why is between the member and the moderators: everybody reads only that it waits.
                if reply.notes:
                    await turn.confide(reply.message, *reply.notes)
                reply = replace(reply, message=Reason.of("held-public"), notes=())
            page = compose(reply, style, job)
            placed, new = await turn.house.answers.place(job_id, job.origin, page, Priority.ANSWER)
            if not new:
                await turn.house.answers.show(job_id, placed, page, Priority.ANSWER)


async def resume(house: House) -> None:
    """After a restart, messages of jobs that wait or run live on."""
    for job in await account.unfinished(Platform.TELEGRAM, house.deps.desk.transactions):
        house.living.begin(job.id, job.origin, await house.messenger.style(job.origin))


def in_this_message(turn: Turn, origin: Origin) -> Origin:
    """The message whose button was pressed becomes the one in which the job is answered."""
    return replace(origin, message_id=str(turn.message.message_id))
