"""A typed line to a request, with the member's own pictures by the names that they gave them."""

from collections.abc import Sequence

from adapters.commandline import CommandLine, Offer, build, picture_names
from bot.domain.errors import InvalidRequest
from bot.domain.identity import Origin
from bot.domain.requests import MemberRequest
from bot.usecases.pick import picked
from bot.usecases.submit import Desk

BEGINNING = frozenset({"avatar", "caption"})
"""Commands that can begin from one picture, and need none."""


async def request_from(
    line: CommandLine,
    offer: Offer,
    origin: Origin,
    desk: Desk,
    image: bytes | None = None,
    chosen: Sequence[str] = (),
) -> MemberRequest:
    """A valid request; InvalidRequest or NotFound with the sentence that says what to change.

    `image` came along with the line; `chosen` are ids of the member's own pictures, which go before those named in it.
    """
    options = dict(line.options)
    if (line.name or "avatar") in BEGINNING and chosen and image is None and not options.get("picture"):
        options["picture"] = chosen[0]
    names, text = picture_names(line, sent=len(chosen) + (image is not None))
    pictures = await picked(origin, (*chosen, *names), desk.transactions)
    if name := options.get("picture"):
        if image is not None:
            raise InvalidRequest("picture-twice")
        (base,) = await picked(origin, [name], desk.transactions)
        options["picture"] = base.artifact_id or ""
    return build(line.name or "avatar", text, options, offer, image, pictures)
