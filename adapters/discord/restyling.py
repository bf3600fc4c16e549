"""Painting a picture anew: what is seen in it is shown as words to change before anything is drawn."""

import asyncio
from uuid import uuid4

from adapters.chat.payload import Press, pack
from adapters.commandline import build
from adapters.discord import asking, choosing
from adapters.discord.choosing import PATIENCE, Place
from adapters.discord.declared import given, key
from adapters.discord.forms import PRIVATE, Form, restyle_form
from adapters.discord.turn import Turn
from bot.domain.draft import Draft
from bot.domain.errors import InvalidRequest, NoAnswer, NotFound, Reason
from bot.domain.identity import Origin
from bot.domain.outcomes import Outcome
from bot.domain.requests import MemberRequest, Source, prompt_of
from bot.usecases import account
from bot.usecases.describe import words_to_restyle
from bot.usecases.submit import submit

UNREAD = Reason("composer-restyle")
"""Beside words that nobody read in the picture, or none."""


async def ask(turn: Turn, press: Press) -> None:
    """From a button: in which style, and with which words."""
    await account.artwork(await turn.origin(), press.target, turn.desk.transactions)
    await ask_about(turn, (press.target, None), None, "", None)


async def ask_about(
    turn: Turn, place: Place, style: str | None, prompt: str, strength: float | None, *, private: bool = False
) -> None:
    """A form with the words for a picture that was named or sent: the given ones, its own, else those that are read.

    Where reading takes too long the words are left empty, and the job reads. Where not even the picture is here in
    time, the job begins without a form.
    """
    origin = await turn.origin()
    picture, words, about = Source(), prompt, UNREAD
    try:
        async with asyncio.timeout(PATIENCE):
            found = await choosing.chosen(turn, place)
            if not found:
                raise InvalidRequest("pictures-needed", command="/restyle", needed="1")
            (picture,) = found
            if not words:
                words, about = await _words(turn, picture, origin)
    except TimeoutError:
        pass
    chosen = key(turn.styles, style, turn) or _usual(turn)
    if picture == Source():
        await _at_once(turn, place, chosen, prompt, strength, private=private)
        return
    if picture.artifact_id is not None:
        custom_id = pack("restyled", picture.artifact_id, PRIVATE if private else "")
    else:
        custom_id = pack("restyled-sent", await _put_away(turn, picture, origin), PRIVATE if private else "")
    await turn.ask(_form(turn, custom_id, chosen, words, about, strength))


async def _words(turn: Turn, picture: Source, origin: Origin) -> tuple[str, Reason]:
    """What a picture was made from or shows, and the sentence that says what to do with it."""
    own = ""
    if picture.artifact_id is not None:
        artifact, job = await account.artwork(origin, picture.artifact_id, turn.desk.transactions)
        if words := prompt_of(job.request):
            return words, UNREAD
        own = artifact.alt
    try:
        return words_to_restyle(await choosing.seen(turn, picture)), Reason("restyle-offer")
    except NoAnswer:
        return own, UNREAD


def _usual(turn: Turn) -> str:
    """The community's style, else the first that it offers."""
    return turn.rules.default_style or next((style.key for style in turn.styles), "")


def _form(turn: Turn, custom_id: str, style: str, words: str, about: Reason, strength: float | None) -> Form:
    return restyle_form(turn.words, custom_id, turn.styles, style, words, strength, about)


async def _put_away(turn: Turn, picture: Source, origin: Origin) -> str:
    """Keep a picture that was sent until its form comes back; a form has no room for it."""
    desk = turn.desk
    file = await desk.artifacts.put(picture.image or b"", ".upload")
    draft = Draft(uuid4().hex, origin, "restyle", upload=file.name, created_at=desk.clock.now())
    async with desk.transactions() as tx:
        await tx.drafts.add(draft)
        await tx.commit()
    return draft.id


async def _at_once(turn: Turn, place: Place, style: str, prompt: str, strength: float | None, *, private: bool) -> None:
    async def wanted() -> MemberRequest:
        found = await choosing.chosen(turn, place)
        return build("restyle", prompt, given(style=style, strength=strength), turn.offer, pictures=found)

    await asking.request(turn, wanted, private=private)


async def restyled(turn: Turn, press: Press) -> None:
    """The form comes back, about a picture of the member's own."""
    fields = turn.fields
    text = fields.pop("prompt", "")

    async def wanted() -> MemberRequest:
        return build("restyle", text, fields, turn.offer, pictures=(Source(press.target),))

    await asking.request(turn, wanted, private=press.extra == PRIVATE or turn.ephemeral)


async def restyled_sent(turn: Turn, press: Press) -> None:
    """The form comes back, about a picture that was sent."""
    fields, desk = turn.fields, turn.desk
    text = fields.pop("prompt", "")

    async def make(origin: Origin) -> Outcome:
        async with desk.transactions() as tx:
            draft = await tx.drafts.get(press.target)
        if draft is None or draft.upload is None or draft.origin.user_id != origin.user_id:
            raise NotFound("upload-gone")
        picture = Source(image=await desk.artifacts.get(draft.upload))
        outcome = await submit(build("restyle", text, fields, turn.offer, pictures=(picture,)), origin, desk)
        async with desk.transactions() as tx:
            await tx.drafts.delete(draft.id)
            await tx.commit()
        return outcome

    await asking.remake(turn, make, private=press.extra == PRIVATE)


HANDLERS = {"restyled": restyled, "restyled-sent": restyled_sent}
