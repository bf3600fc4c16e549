"""Questions whose answer is words: asked with an open reply field, and known again after any number of restarts.

What was asked is a Draft without words. `asked` finds it by the message that was replied to, or in private by time.
"""

from dataclasses import replace

from adapters.telegram import drafts
from adapters.telegram.budget import Priority
from adapters.telegram.page import MARKUP, Page
from adapters.telegram.place import Place
from adapters.telegram.turn import Turn
from bot.domain.draft import Draft
from bot.domain.identity import Platform

RECENT = 900.0
"""Seconds for which what somebody writes in private is taken for the words that were asked for."""


async def ask(turn: Turn, draft: Draft, *lines: str) -> None:
    """Ask for the words; the answer comes as a reply, which also reaches a bot that may not read along."""
    message = turn.message if turn.query is None else turn.message.reply_to_message
    if message and message.from_user != turn.user:
        # The reply field opens for whom the question replies to or names.
        message = None
    if message is None and not turn.alone:
        lines = (MARKUP.person(str(turn.user.id), turn.user.full_name), *lines)
    sent = await turn.house.outlet.send(
        turn.place,
        Page(tuple(lines), ask=turn.words.text("telegram-reply-here")),
        Priority.ANSWER,
        message.message_id if message else None,
    )
    await drafts.keep(turn, replace(draft, asked_in=where(turn, sent.message_id)))


async def begin(turn: Turn, kind: str, about: str, *lines: str) -> None:
    """Ask for words about something that is there already."""
    await ask(turn, await drafts.begin(turn, kind, parent_id=about), *lines)


async def asked(turn: Turn) -> Draft | None:
    """What this person's words answer; None where nobody asked them."""
    replied = turn.message.reply_to_message
    async with turn.desk.transactions() as tx:
        draft = None
        if replied:
            draft = await tx.drafts.asked_in(Platform.TELEGRAM, where(turn, replied.message_id))
        elif turn.alone:
            since = turn.desk.clock.now() - RECENT
            draft = await tx.drafts.latest(Platform.TELEGRAM, str(turn.user.id), since)
            if draft and Place.of(draft.origin.channel_id) != turn.place:
                # What was begun in a group goes on there.
                draft = None
    return draft if draft and draft.origin.user_id == str(turn.user.id) else None


def where(turn: Turn, message_id: int) -> str:
    """A message of this chat as a Draft's `asked_in`."""
    return f"{turn.place.chat_id}:{message_id}"
