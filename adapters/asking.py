"""A typed line to a request, with the member's own pictures by the names that they gave them."""

from adapters.commandline import CommandLine, Offer, build, picture_names
from bot.domain.errors import InvalidRequest
from bot.domain.identity import Origin
from bot.domain.requests import MemberRequest
from bot.usecases.pick import picked
from bot.usecases.submit import Desk


async def request_from(
    line: CommandLine, offer: Offer, origin: Origin, desk: Desk, image: bytes | None = None
) -> MemberRequest:
    """A valid request; InvalidRequest or NotFound with the sentence that says what to change.

    `image` came along with the line.
    """
    names, text = picture_names(line, sent=int(image is not None))
    pictures = await picked(origin, names, desk.transactions)
    options = dict(line.options)
    if name := options.get("picture"):
        if image is not None:
            raise InvalidRequest("picture-twice")
        (base,) = await picked(origin, [name], desk.transactions)
        options["picture"] = base.artifact_id or ""
    return build(line.name or "avatar", text, options, offer, image, pictures)
