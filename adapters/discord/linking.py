"""`/link`: a code for the member's account elsewhere, or one from there; and the way apart."""

from dataclasses import replace
from typing import Any

import discord
from discord import ButtonStyle

from adapters.chat.payload import Press, pack
from adapters.discord.page import Page, inert
from adapters.discord.turn import Turn
from adapters.linking import of_linked, typed
from bot.usecases import link


async def show(turn: Turn) -> None:
    """A code, and what is linked already."""
    await turn.think(ephemeral=True)
    words = turn.words
    said = await typed("", await turn.origin(), turn.desk, words)
    items = (_button(turn, "unlink", ButtonStyle.secondary),) if len(said) > 1 else ()
    await turn.show(Page("\n".join(map(words.text, said)), items=items))


async def take(turn: Turn, code: str) -> None:
    """A code from another platform."""
    await turn.think(ephemeral=True)
    origin, desk = await turn.origin(), turn.desk
    linked = await link.redeem(origin, code, desk.transactions, desk.clock)
    await turn.say(of_linked(replace(linked, name=inert(linked.name)), turn.words))


async def unlink(turn: Turn, press: Press) -> None:
    """Ask first."""
    await turn.origin()
    question = turn.words.text("link-unlink-question")
    await turn.show(Page(question, items=(_button(turn, "unlinked", ButtonStyle.danger),)))


async def unlinked(turn: Turn, press: Press) -> None:
    """This account is on its own again."""
    await turn.quietly()
    await link.unlink(await turn.origin(), turn.desk.transactions, turn.desk.clock)
    await turn.turn_to(Page(turn.words.text("link-unlinked")))


def _button(turn: Turn, kind: str, style: ButtonStyle) -> discord.ui.Button[Any]:
    return discord.ui.Button(label=turn.words.text("link-unlink"), style=style, custom_id=pack(kind))


HANDLERS = {"unlink": unlink, "unlinked": unlinked}
