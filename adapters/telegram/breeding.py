"""What can be done with a grid of children: choose one, change how much comes from whom, and breed others."""

from adapters.chat.payload import Press
from adapters.presentation import attachment
from adapters.telegram import asking, grid
from adapters.telegram.page import Keyboard
from adapters.telegram.place import stands_in
from adapters.telegram.turn import Turn
from bot.domain.jobs import JobView
from bot.usecases import account, mix, remake


async def choose(turn: Turn, press: Press) -> None:
    """A child becomes an avatar as any other, and is shown with all that can be made of it."""
    origin, desk = await turn.origin(), turn.desk
    child = await mix.choose(origin, press.target, desk.transactions)
    await turn.acknowledge(turn.words.text("choose-done"))
    view = await account.view(origin, child.job_id, desk.transactions)
    if stands_in(view.job.origin, turn.message) and len(view.artifacts) > 1:
        await turn.change_buttons(_keyboard(turn, view, _shares(turn, view)))
    await turn.show_picture(view.job, child)


async def change_shares(turn: Turn, press: Press) -> None:
    """Another share of the second one, for the next children."""
    view = await account.view(await turn.origin(), press.target, turn.desk.transactions)
    shares = grid.unpacked(press)
    await turn.acknowledge()
    await turn.change_buttons(_keyboard(turn, view, shares))


async def breed(turn: Turn, press: Press) -> None:
    """Other children of the same two."""
    shares = grid.unpacked(press)
    coarse, middle, fine = (shares[scale] for scale in grid.SCALES)
    await asking.make(turn, lambda origin: remake.remix(press.target, coarse, middle, fine, origin, turn.desk))


def _keyboard(turn: Turn, view: JobView, shares: grid.Shares) -> Keyboard:
    children = [attachment(artifact, view.job) for artifact in view.artifacts]
    return grid.keyboard(view.job, children, turn.words, shares)


def _shares(turn: Turn, view: JobView) -> grid.Shares:
    markup = turn.message.reply_markup
    return grid.shares_under(markup.inline_keyboard if markup else (), view.job)


HANDLERS = {"choose": choose, grid.STEP: change_shares, grid.AGAIN: breed}
