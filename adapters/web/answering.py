"""What a button or a form leads to: a new message in the channel, or a sentence why not."""

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData, UploadFile

from adapters.presentation import of_outcome
from adapters.web.site import Site, is_away, is_htmx, problem, to_channel
from adapters.web.visitor import Visitor
from bot.domain.outcomes import Outcome, Refused
from bot.domain.requests import IMAGE_LIMIT
from bot.ports import JobEvent
from bot.usecases import account

REFUSED = 422
"""The status of 'not this way': the page shows the sentence and keeps what was typed."""


async def answer(request: Request, site: Site, me: Visitor, outcome: Outcome) -> Response:
    """A refusal as a sentence, anything else as a new message."""
    if isinstance(outcome, Refused):
        return problem(request, site, me, of_outcome(outcome).message, REFUSED)
    if is_away(request) or not is_htmx(request):
        return to_channel(request, outcome.job_id)
    return HTMLResponse(await added(site, me, outcome.job_id), headers={"HX-Trigger": "quota, close-viewer"})


async def added(site: Site, me: Visitor, job_id: str) -> str:
    """The new message of a job, for the end of the list."""
    view = await account.view(me.origin(), job_id, site.deps.desk.transactions)
    # The member's other open pages learn of it this way.
    site.deps.desk.events.publish(JobEvent(job_id, view.job.member_id, view.job.status))
    return append(await site.messages.render(me, view, fresh=True))


def append(message: str) -> str:
    """To the end of the message list, whatever the form itself replaces."""
    return f'<div hx-swap-oob="beforeend:#log">{message}</div>'


async def sent_image(form: FormData) -> bytes | None:
    """The picture that came along with a form."""
    upload = form.get("image")
    if isinstance(upload, UploadFile) and upload.filename:
        # One byte more than allowed is enough to know.
        return await upload.read(IMAGE_LIMIT + 1)
    return None
