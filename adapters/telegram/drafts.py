"""What somebody is putting together, kept in the database: begun, found again by whom it belongs to, gone."""

import secrets
from collections.abc import Mapping

from adapters.chat.payload import Press
from adapters.telegram.turn import Turn
from bot.domain.draft import Draft
from bot.domain.errors import NotAllowed, NotFound


async def begin(
    turn: Turn,
    kind: str,
    text: str = "",
    *,
    options: Mapping[str, str] | None = None,
    upload: str | None = None,
    parent_id: str | None = None,
) -> Draft:
    """A new one, which belongs to who asks."""
    draft = Draft(
        id=secrets.token_hex(6),
        origin=await turn.origin(),
        kind=kind,
        text=text,
        options=options or {},
        upload=upload,
        parent_id=parent_id,
        created_at=turn.desk.clock.now(),
    )
    async with turn.desk.transactions() as tx:
        await tx.drafts.add(draft)
        await tx.commit()
    return draft


async def own(turn: Turn, press: Press) -> Draft:
    """The draft that a button is about, for nobody but whoever began it."""
    draft = await _found(turn, press.target)
    if draft is None:
        raise NotFound("old-button")
    if draft.origin.user_id != str(turn.user.id):
        raise NotAllowed("not-yours")
    return draft


async def led_to(turn: Turn, draft_id: str) -> Draft:
    """The draft that a link leads to; NotFound where it is gone or somebody else's."""
    draft = await _found(turn, draft_id)
    if draft is None or draft.origin.user_id != str(turn.user.id):
        raise NotFound("old-button")
    return draft


async def keep(turn: Turn, draft: Draft) -> None:
    """What was changed."""
    async with turn.desk.transactions() as tx:
        await tx.drafts.put(draft)
        await tx.commit()


async def forget(turn: Turn, draft: Draft) -> None:
    """It is done, or not wanted any more."""
    async with turn.desk.transactions() as tx:
        await tx.drafts.delete(draft.id)
        await tx.commit()


async def upload(turn: Turn, draft: Draft) -> bytes | None:
    """The picture that was sent for it; NotFound when it is kept no longer."""
    if draft.upload is None:
        return None
    try:
        return await turn.desk.artifacts.get(draft.upload)
    except NotFound:
        raise NotFound("upload-gone") from None


async def _found(turn: Turn, draft_id: str) -> Draft | None:
    await turn.origin()
    async with turn.desk.transactions() as tx:
        return await tx.drafts.get(draft_id)
