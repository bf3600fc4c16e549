"""A member reads why something did not pass, and asks another moderator to look again, in the private chat."""

from adapters.chat import refusals
from adapters.chat.payload import Press
from adapters.chat.wording import quoted
from adapters.telegram import drafts, questions
from adapters.telegram.page import ANSWER_LIMIT, MARKUP, Page
from adapters.telegram.render import button
from adapters.telegram.turn import Turn
from bot.domain.draft import Draft
from bot.usecases import account, appeals

APPEAL = "appeal-"
"""What a link into the private chat says to appeal there."""
KIND = "appeal"
"""The kind of a question for the words of an appeal."""


async def tell_why(turn: Turn, press: Press) -> None:
    """The rule, over the chat or in private: for its member's eyes alone."""
    reply = await refusals.why(await turn.origin(), press.target, turn.desk)
    said = "\n".join(turn.words.text(line) for line in (reply.message, *reply.notes))
    if len(said) <= ANSWER_LIMIT and await turn.acknowledge(said):
        return
    rows = tuple((button(action, turn.words),) for action in reply.actions)
    page = Page((MARKUP.plain(said),), keyboard=rows)
    if turn.alone:
        await turn.acknowledge()
        await turn.show(page)
    elif await turn.confide_page(page):
        await turn.acknowledge(turn.words.text("told-in-private"))
    else:
        await turn.acknowledge(turn.words.text(reply.message))


async def ask_words(turn: Turn, press: Press) -> None:
    """What the member has to say; others need not read it."""
    await appeals.possible(await turn.origin(), press.target, turn.desk.transactions, turn.desk.clock)
    if turn.alone:
        await turn.acknowledge()
        await begin(turn, press.target)
    else:
        await turn.lead(f"{APPEAL}{press.target}")


async def begin(turn: Turn, job_id: str) -> None:
    """Ask in private."""
    job = await appeals.possible(await turn.origin(), job_id, turn.desk.transactions, turn.desk.clock)
    question = MARKUP.plain(turn.words.text("appeal-question"))
    await questions.begin(turn, KIND, job_id, quoted(job, MARKUP), question)


async def take(turn: Turn, draft: Draft, text: str) -> None:
    """The words came: another moderator will look."""
    origin, desk, job_id = await turn.origin(), turn.desk, draft.parent_id or ""
    await appeals.appeal(origin, job_id, text, desk.transactions, desk.clock, desk.events)
    await drafts.forget(turn, draft)
    await turn.say("appeal-received")
    await turn.house.messenger.refresh(await account.view(origin, job_id, desk.transactions))


HANDLERS = {"appeal": ask_words, "why": tell_why}
