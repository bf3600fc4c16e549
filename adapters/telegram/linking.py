"""`/link`: a code for the member's account elsewhere, or one from there; and the way apart. Codes are shown in private."""

from telegram import InlineKeyboardButton as Button

from adapters.chat.payload import Press, pack
from adapters.linking import of_linked, typed
from adapters.telegram.page import MARKUP, Page
from adapters.telegram.turn import Turn
from bot.domain.errors import NotFound
from bot.usecases import link

PRIVATE = "link"
"""What a link into the private chat says to go on there."""


async def show(turn: Turn, text: str = "") -> None:
    """A code and what is linked already, or with a code from another platform: link."""
    origin, desk, words = await turn.origin(), turn.desk, turn.words
    if text.strip():
        linked = await link.redeem(origin, text, desk.transactions, desk.clock)
        await turn.say(of_linked(linked, words))
        return
    if not turn.alone:
        # Whoever reads a code first could use it.
        open_ = Button(words.text("telegram-open-private"), url=turn.in_private(PRIVATE))
        await turn.show(Page((MARKUP.plain(words.text("telegram-link-private")),), keyboard=((open_,),)))
        return
    said = await typed("", origin, desk, words)
    rows = ((_button(turn, "unlink"),),) if len(said) > 1 else ()
    await turn.show(Page(tuple(MARKUP.plain(words.text(line)) for line in said), keyboard=rows))


async def unlink(turn: Turn, press: Press) -> None:
    """Ask first."""
    _own(turn, press)
    await turn.origin()
    await turn.acknowledge()
    question = MARKUP.plain(turn.words.text("link-unlink-question"))
    await turn.show(Page((question,), keyboard=((_button(turn, "unlinked"),),)))


async def unlinked(turn: Turn, press: Press) -> None:
    """This account is on its own again."""
    _own(turn, press)
    await link.unlink(await turn.origin(), turn.desk.transactions, turn.desk.clock)
    await turn.acknowledge()
    await turn.turn_to(Page((MARKUP.plain(turn.words.text("link-unlinked")),)))


def _button(turn: Turn, kind: str) -> Button:
    return Button(turn.words.text("link-unlink"), callback_data=pack(kind, str(turn.user.id)))


def _own(turn: Turn, press: Press) -> None:
    if press.target != str(turn.user.id):
        raise NotFound("not-yours")


HANDLERS = {"unlink": unlink, "unlinked": unlinked}
