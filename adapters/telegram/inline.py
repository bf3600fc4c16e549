"""Inline mode: `@bot a knight` in any chat offers the member's own pictures, and the way to a new one."""

from telegram import InlineQuery, InlineQueryResultCachedPhoto, InlineQueryResultsButton
from telegram.error import TelegramError

from adapters.presentation import named_by
from adapters.telegram.panels import DRAW, GALLERY
from adapters.telegram.place import Place, origin_of
from adapters.telegram.turn import House
from bot.domain.draft import Draft
from bot.domain.identity import Origin, Platform
from bot.domain.requests import PROMPT_LIMIT, clean_text
from bot.i18n import translator
from bot.usecases import account

SHELF = 50
"""Results that Telegram shows at most."""
SEARCHED = 500
"""A member's newest pictures, among which words are looked for."""
FRESH = 5
"""Seconds for which Telegram may repeat an answer to the same member."""


async def answer(query: InlineQuery, house: House) -> None:
    """The pictures whose words hold what was typed, all of them where nothing was."""
    desk, user = house.deps.desk, query.from_user
    origin = origin_of(user, Place(user.id), "", house.deps.language)
    sought = clean_text(query.query)[:PROMPT_LIMIT]
    found = await account.gallery(origin, desk.transactions, SEARCHED)
    async with desk.transactions() as tx:
        handles = await tx.handles.of(Platform.TELEGRAM, [artifact.id for artifact, _ in found])
    offset = int(query.offset) if query.offset.isdecimal() else 0
    matching = [
        (artifact, job)
        for artifact, job in found
        # Telegram covers nothing there, and takes still pictures here.
        if artifact.id in handles
        and not (job.covered or artifact.animated)
        and sought.casefold() in named_by(artifact, job).casefold()
    ]
    results = [
        InlineQueryResultCachedPhoto(artifact.id, handles[artifact.id], title=named_by(artifact, job)[:64])
        for artifact, job in matching[offset : offset + SHELF]
    ]
    more = str(offset + SHELF) if len(matching) > offset + SHELF else ""
    words = translator(origin.locale)
    label = words.text("telegram-draw-this" if sought else "telegram-open-private")
    start = f"{DRAW}{await _draft(house, origin, sought)}" if sought and not offset else GALLERY
    button = None if offset else InlineQueryResultsButton(label, start_parameter=start)
    try:
        await query.answer(results, cache_time=FRESH, is_personal=True, next_offset=more, button=button)
    except TelegramError:
        # Whoever typed on has asked anew already.
        return


async def _draft(house: House, origin: Origin, text: str) -> str:
    """The words as something to go on with in private; one for each member, for every letter typed asks anew."""
    draft = Draft(f"inline{origin.user_id}", origin, "avatar", text, created_at=house.deps.desk.clock.now())
    async with house.deps.desk.transactions() as tx:
        if await tx.drafts.get(draft.id):
            await tx.drafts.put(draft)
        else:
            await tx.drafts.add(draft)
        await tx.commit()
    return draft.id
