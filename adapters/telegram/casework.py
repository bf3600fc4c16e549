"""What moderators do about a case before or after it is decided: take it, pass it on, talk about it, turn it round."""

from collections.abc import Awaitable, Callable
from typing import Any

from adapters.chat.buttons import CaseButton, Look
from adapters.chat.payload import Press
from adapters.telegram import casecard, drafts, questions
from adapters.telegram.casecard import drawn
from adapters.telegram.page import MARKUP
from adapters.telegram.reviewing import case_of, decide, sheet, show
from adapters.telegram.turn import Turn
from bot.domain.draft import Draft
from bot.domain.errors import NotFound
from bot.usecases import casework, review

NOTE = "note"
"""The kind of a question for a note."""


async def more(turn: Turn, press: Press) -> None:
    """The second keyboard."""
    await case_of(turn, press.target)
    await turn.acknowledge()
    await turn.change_buttons(casecard.more(await sheet(turn, press.target)))


async def claim(turn: Turn, press: Press) -> None:
    """It is this moderator's for a while."""
    await _work(turn, press.target, casework.claim)


async def unclaim(turn: Turn, press: Press) -> None:
    """It is anybody's again."""
    await _work(turn, press.target, casework.unclaim)


async def escalate(turn: Turn, press: Press) -> None:
    """Leave it to an owner."""
    await _work(turn, press.target, casework.escalate)


async def ask_second(turn: Turn, press: Press) -> None:
    """Say what one thinks, and leave the decision to somebody else."""
    approve = press.kind == "second-yes"

    def asking(case_id: str, by: str, transactions: Any, clock: Any) -> Awaitable[object]:
        return casework.ask_second(case_id, by, approve, transactions, clock)

    await _work(turn, press.target, asking)


async def ask_note(turn: Turn, press: Press) -> None:
    """Words for the other moderators."""
    await case_of(turn, press.target)
    await turn.acknowledge()
    await questions.begin(turn, NOTE, press.target, MARKUP.plain(turn.words.text("note-question")))


async def take_note(turn: Turn, draft: Draft, text: str) -> None:
    """They came; the card follows."""
    _, moderator = await case_of(turn, draft.parent_id or "")
    await casework.add_note(draft.parent_id or "", moderator.asker, text, turn.desk.transactions, turn.desk.clock)
    await drafts.forget(turn, draft)
    await turn.say("note-kept")


async def undo(turn: Turn, press: Press) -> None:
    """The decision was a slip: the case waits again."""
    _, moderator = await case_of(turn, press.target)
    desk = turn.desk
    ports = desk.transactions, desk.events, desk.clock
    await decide(turn, press.target, review.undo(press.target, moderator.asker, *ports, role=moderator.role))


async def ask_overturn(turn: Turn, press: Press) -> None:
    """It changes what a member was told, so ask first."""
    view, _ = await case_of(turn, press.target)
    if not view.case.decided:
        raise NotFound("old-button")
    words = turn.words
    await turn.acknowledge(words.text(f"overturn-question-{view.case.status.value}"))
    yes = CaseButton("overturned", "case-overturn", Look.DANGER, press.target)
    back = CaseButton("case", "back", Look.PLAIN, press.target)
    await turn.change_buttons(tuple((drawn(button, words.text(button.label)),) for button in (yes, back)))


async def overturned(turn: Turn, press: Press) -> None:
    """The decision is turned round."""
    _, moderator = await case_of(turn, press.target)
    desk = turn.desk
    ports = desk.transactions, desk.events, desk.clock
    turning = review.overturn(press.target, moderator.asker, *ports, desk.policy, role=moderator.role)
    await decide(turn, press.target, turning)


async def _work(turn: Turn, case_id: str, work: Callable[..., Awaitable[object]]) -> None:
    """Do it, and the card says so; also where somebody else was first, who is then named on it."""
    _, moderator = await case_of(turn, case_id)
    try:
        await work(case_id, moderator.asker, turn.desk.transactions, turn.desk.clock)
        await turn.acknowledge()
    finally:
        await show(turn, case_id)


HANDLERS = {
    "claim": claim,
    "escalate": escalate,
    "more": more,
    "note": ask_note,
    "overturn": ask_overturn,
    "overturned": overturned,
    "second-no": ask_second,
    "second-yes": ask_second,
    "unclaim": unclaim,
    "undo": undo,
}
