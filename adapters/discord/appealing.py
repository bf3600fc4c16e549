"""A member reads why something did not pass, and asks another moderator to look again."""

from adapters.chat import refusals
from adapters.chat.payload import Press
from adapters.discord.forms import appeal_form
from adapters.discord.page import Page
from adapters.discord.render import button
from adapters.discord.turn import Turn
from bot.usecases import account, appeals


async def tell_why(turn: Turn, press: Press) -> None:
    """The rule, for its member's eyes alone."""
    await turn.think(ephemeral=True)
    reply = await refusals.why(await turn.origin(), press.target, turn.desk)
    said = "\n".join(turn.words.text(line) for line in (reply.message, *reply.notes))
    await turn.show(Page(said, items=tuple(button(action, turn.words) for action in reply.actions)))


async def ask_words(turn: Turn, press: Press) -> None:
    """What the member has to say, in a form; where it is of no use any more, that is said at once."""
    await appeals.possible(await turn.origin(), press.target, turn.desk.transactions, turn.desk.clock)
    await turn.ask(appeal_form(turn.words, press.target))


async def appealed(turn: Turn, press: Press) -> None:
    """The form comes back: another moderator will look."""
    await turn.think(ephemeral=True)
    origin, desk = await turn.origin(), turn.desk
    words = turn.fields.get("appeal", "")
    await appeals.appeal(origin, press.target, words, desk.transactions, desk.clock, desk.events)
    await turn.say("appeal-received")
    await turn.house.messenger.refresh(await account.view(origin, press.target, desk.transactions))


HANDLERS = {"appeal": ask_words, "appealed": appealed, "why": tell_why}
