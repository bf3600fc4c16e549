"""What moderators do about a case before or after it is decided: take it, pass it on, talk about it, turn it round."""

from collections.abc import Awaitable, Callable
from typing import Any

from adapters.chat.buttons import CaseButton, Look
from adapters.chat.payload import Press, unpack
from adapters.discord import measuring
from adapters.discord.casecard import drawn
from adapters.discord.forms import note_form
from adapters.discord.page import Page
from adapters.discord.reviewing import decide, judge, show
from adapters.discord.turn import Turn
from bot.domain.errors import NotFound
from bot.usecases import casework, review

Handler = Callable[[Turn, Press], Awaitable[None]]


async def more(turn: Turn, press: Press) -> None:
    """What was chosen in the menu is a press of its own."""
    chosen = unpack(turn.values[0])
    if chosen is None or chosen.kind not in MORE:
        raise NotFound("old-button")
    await MORE[chosen.kind](turn, chosen)


async def claim(turn: Turn, press: Press) -> None:
    """It is this moderator's for a while."""
    await _work(turn, press, casework.claim)


async def unclaim(turn: Turn, press: Press) -> None:
    """It is anybody's again."""
    await _work(turn, press, casework.unclaim)


async def escalate(turn: Turn, press: Press) -> None:
    """Leave it to an owner."""
    await _work(turn, press, casework.escalate)


async def ask_second(turn: Turn, press: Press) -> None:
    """Say what one thinks, and leave the decision to somebody else."""
    approve = press.kind == "second-yes"

    def asking(case_id: str, by: str, transactions: Any, clock: Any) -> Awaitable[object]:
        return casework.ask_second(case_id, by, approve, transactions, clock)

    await _work(turn, press, asking)


async def ask_note(turn: Turn, press: Press) -> None:
    """Words for the other moderators, in a form."""
    await judge(turn, press)
    await turn.ask(note_form(turn.words, "review-note", "noted", press.target))


async def noted(turn: Turn, press: Press) -> None:
    """The form comes back."""
    text = turn.fields.get("note", "")

    def noting(case_id: str, by: str, transactions: Any, clock: Any) -> Awaitable[object]:
        return casework.add_note(case_id, by, text, transactions, clock)

    await _work(turn, press, noting)


async def undo(turn: Turn, press: Press) -> None:
    """The decision was a slip: the case waits again."""
    await turn.quietly()
    moderator, desk = await judge(turn, press), turn.desk
    ports = desk.transactions, desk.events, desk.clock
    await decide(turn, press.target, review.undo(press.target, moderator.asker, *ports, role=moderator.role))


async def ask_overturn(turn: Turn, press: Press) -> None:
    """It changes what a member was told, so ask first."""
    view = await review.for_moderator(press.target, await turn.origin(), turn.desk.transactions)
    if not view.case.decided:
        raise NotFound("old-button")
    yes = CaseButton("overturned", "case-overturn", Look.DANGER, press.target)
    question = turn.words.text(f"overturn-question-{view.case.status.value}")
    await turn.show(Page(question, items=(drawn(yes, turn.words.text(yes.label)),)))


async def overturned(turn: Turn, press: Press) -> None:
    """The decision is turned round; the card in the channel follows."""
    await turn.quietly()
    moderator, desk = await judge(turn, press), turn.desk
    ports = desk.transactions, desk.events, desk.clock
    turning = review.overturn(press.target, moderator.asker, *ports, desk.policy, role=moderator.role)
    await decide(turn, press.target, turning)


async def _work(turn: Turn, press: Press, work: Callable[..., Awaitable[object]]) -> None:
    """Do it, and the card says so; also where somebody else was first, who is then named on it."""
    await turn.quietly()
    moderator, desk = await judge(turn, press), turn.desk
    try:
        await work(press.target, moderator.asker, desk.transactions, desk.clock)
    finally:
        await show(turn, press.target)


MORE: dict[str, Handler] = {
    "escalate": escalate,
    "note": ask_note,
    "overturn": ask_overturn,
    "second-no": ask_second,
    "second-yes": ask_second,
    "undo": undo,
    **measuring.ASKING,
}
HANDLERS: dict[str, Handler] = {
    "claim": claim,
    "more": more,
    "noted": noted,
    "overturned": overturned,
    "unclaim": unclaim,
}
