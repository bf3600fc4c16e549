"""Questions whose answer is words: asked with an open reply field, and known again after any number of restarts.

What was asked is a Draft without words. `asked` finds it by the message that was replied to, or in private by time.
"""

import secrets
from dataclasses import replace

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
    async with turn.desk.transactions() as tx:
        await tx.drafts.put(replace(draft, asked_in=_where(turn, sent.message_id)))
        await tx.commit()


async def begin(turn: Turn, kind: str, about: str, *lines: str) -> None:
    """Ask for words about something that is there already."""
    draft = Draft(
        id=secrets.token_hex(6),
        origin=await turn.origin(),
        kind=kind,
        parent_id=about,
        created_at=turn.desk.clock.now(),
    )
    async with turn.desk.transactions() as tx:
        await tx.drafts.add(draft)
        await tx.commit()
    await ask(turn, draft, *lines)


async def asked(turn: Turn) -> Draft | None:
    """What this person's words answer; None where nobody asked them."""
    replied = turn.message.reply_to_message
    async with turn.desk.transactions() as tx:
        draft = None
        if replied:
            draft = await tx.drafts.asked_in(Platform.TELEGRAM, _where(turn, replied.message_id))
        elif turn.alone:
            since = turn.desk.clock.now() - RECENT
            draft = await tx.drafts.latest(Platform.TELEGRAM, str(turn.user.id), since)
            if draft and Place.of(draft.origin.channel_id) != turn.place:
                # What was begun in a group goes on there.
                draft = None
    return draft if draft and draft.origin.user_id == str(turn.user.id) else None


async def forget(turn: Turn, draft: Draft) -> None:
    """It is answered."""
    async with turn.desk.transactions() as tx:
        await tx.drafts.delete(draft.id)
        await tx.commit()


def _where(turn: Turn, message_id: int) -> str:
    return f"{turn.place.chat_id}:{message_id}"
