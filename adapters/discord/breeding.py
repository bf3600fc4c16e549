"""Pictures made of several: which one to mix with, which ones to turn into, and a child that is chosen."""

from collections.abc import Sequence
from typing import Any

import discord

from adapters.chat.gallery import contents
from adapters.chat.making import BEGINNING
from adapters.chat.payload import Press, pack
from adapters.discord import asking, choosing
from adapters.discord.shelves import Hung, sheet, show_picture
from adapters.discord.turn import Turn
from bot.domain.errors import NotFound
from bot.domain.identity import Origin
from bot.domain.outcomes import Outcome
from bot.domain.requests import MemberRequest, MixRequest, MorphRequest, Source
from bot.domain.studio import MORPHED
from bot.usecases import account, remake
from bot.usecases.mix import choose as choose_child
from bot.usecases.pick import picked
from bot.usecases.submit import submit

OFFERED = 24
"""Pictures, the newest, beside which another one can be put."""
ALOUD = "aloud"
"""In a menu for the asker alone: what comes of it is for everybody, as the picture was that it began from."""
STEP = 0.25
"""How much further 'more of the first' goes."""
MIDDLE = 0.5
"""From where it goes when the share was left to chance."""
SCALES = ("coarse", "middle", "fine")
SIDES = ("first", "second")


async def choose(turn: Turn, press: Press) -> None:
    """A child becomes a picture of the member's own, and is shown with all that can be done with it."""
    await turn.think(ephemeral=True)
    artifact = await choose_child(await turn.origin(), press.target, turn.desk.transactions)
    await show_picture(turn, artifact.id)
    # Its number turns green.
    view = await account.view(await turn.origin(), artifact.job_id, turn.desk.transactions)
    await turn.house.messenger.refresh(view)


async def ask_second(turn: Turn, press: Press) -> None:
    """Which picture to mix one with."""
    await _ask(turn, press, "mixed", "choose-second", 1, BEGINNING)


async def ask_others(turn: Turn, press: Press) -> None:
    """Which pictures one shall turn into."""
    await _ask(turn, press, "morphed", "choose-others", MORPHED[1] - 1)


async def _ask(turn: Turn, press: Press, kind: str, sentence: str, most: int, characters: int | None = None) -> None:
    aloud = "" if turn.ephemeral else ALOUD
    await turn.think(ephemeral=True)
    origin, desk = await turn.origin(), turn.desk
    await account.artwork(origin, press.target, desk.transactions)
    recent = choosing.still(await account.gallery(origin, desk.transactions, OFFERED + 1))
    others = [(artifact, job) for artifact, job in recent if artifact.id != press.target][:OFFERED]
    images = await contents((artifact for artifact, _ in others), desk.artifacts)
    hung: Hung = [(artifact, job, images[artifact.id]) for artifact, job in others if artifact.id in images]
    if not hung:
        raise NotFound("no-other-pictures")
    options = [
        choosing.option(number, artifact, job, turn.words, artifact.id[:characters])
        for number, (artifact, job, _) in enumerate(hung, 1)
    ]
    menu = discord.ui.Select[Any](
        custom_id=pack(kind, press.target, aloud),
        placeholder=turn.words.text("choose-picture" if most == 1 else "choose-pictures"),
        options=options,
        max_values=min(most, len(options)),
    )
    await turn.show(await sheet(turn, turn.words.text(sentence), hung, (menu,)))


async def mixed(turn: Turn, press: Press) -> None:
    """The second one was chosen."""
    second = turn.values[0]
    await _remade(turn, press, lambda origin: remake.mix(press.target, second, origin, turn.desk))


async def morphed(turn: Turn, press: Press) -> None:
    """The others were chosen."""

    async def make(origin: Origin) -> Outcome:
        others = tuple(map(Source, turn.values))
        return await submit(MorphRequest((Source(press.target), *others)), origin, turn.desk)

    await _remade(turn, press, make)


async def _remade(turn: Turn, press: Press, make: asking.Making) -> None:
    await asking.remake(turn, make, private=turn.ephemeral and press.extra != ALOUD)


async def mix_together(turn: Turn, press: Press) -> None:
    """Two pictures that were marked in the gallery."""

    def wanted(pictures: Sequence[Source]) -> MemberRequest:
        first, second = pictures
        return MixRequest(first, second)

    await _together(turn, press, wanted)


async def morph_together(turn: Turn, press: Press) -> None:
    """Two to five pictures that were marked in the gallery."""
    await _together(turn, press, lambda pictures: MorphRequest(tuple(pictures)))


async def _together(turn: Turn, press: Press, wanted: Any) -> None:
    async def build() -> MemberRequest:
        request: MemberRequest = wanted(
            await picked(await turn.origin(), press.target.split(","), turn.desk.transactions)
        )
        return request

    await asking.request(turn, build, private=turn.ephemeral)


async def bred(turn: Turn, press: Press) -> None:
    """The same two again, with more of one of them, or with one scale as one of them has it."""
    asked = turn.values[0]

    async def make(origin: Origin) -> Outcome:
        before = (await account.view(origin, press.target, turn.desk.transactions)).job.request
        if not isinstance(before, MixRequest):
            raise NotFound("old-button")
        return await remake.remix(press.target, *leaning(before, asked), origin, turn.desk)

    await asking.remake(turn, make, private=turn.ephemeral)


def leaning(request: MixRequest, asked: str) -> tuple[float | None, float | None, float | None]:
    """Other shares of the second, coarse to fine: `first` and `second` go a step, `<scale>-<side>` sets one scale."""
    shares: dict[str, float | None] = {scale: getattr(request, scale) for scale in SCALES}
    scale, _, side = asked.rpartition("-")
    if asked == "chance":
        shares = dict.fromkeys(SCALES)
    elif asked in SIDES:
        step = STEP if asked == "second" else -STEP
        shares = {name: min(1.0, max(0.0, (MIDDLE if now is None else now) + step)) for name, now in shares.items()}
    elif scale in SCALES and side in SIDES:
        shares[scale] = float(SIDES.index(side))
    else:
        raise NotFound("old-button")
    coarse, middle, fine = (shares[name] for name in SCALES)
    return coarse, middle, fine


HANDLERS = {
    "bred": bred,
    "mix-together": mix_together,
    "mixed": mixed,
    "morph-together": morph_together,
    "morphed": morphed,
}
