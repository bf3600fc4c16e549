"""Cases for moderators, in the chat that a group's owner made theirs: as cards, and one at a time behind /review.

Telegram has no roles beside administrators, so the chat is the role: whoever is in it moderates the groups that chose
it, and an administrator of such a group may decide there too. Both are asked of Telegram at each decision.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace

from telegram import InlineKeyboardButton as Button

from adapters import pictures
from adapters.chat.buttons import CaseButton, Look
from adapters.chat.casecard import REASONS, Sheet
from adapters.chat.payload import Press, pack
from adapters.telegram.budget import Priority
from adapters.telegram.casecard import card, drawn
from adapters.telegram.moderators import TelegramRanks
from adapters.telegram.page import MARKUP, Keyboard, Page, Photo
from adapters.telegram.turn import Turn
from bot.domain.errors import InvalidRequest, NotAllowed, NotFound
from bot.domain.identity import Origin, Platform, Role
from bot.domain.jobs import JobStatus
from bot.domain.moderation import CaseStatus, Category, Stage
from bot.ports import AddresseeGone
from bot.usecases import account, docket, review
from bot.usecases.review import CaseView
from bot.usecases.sanctions import NO_STRIKE

PAGE = "page-"
"""What a link into the private chat says to get the web page's address for a group there."""
STRICT, MILD = "1", "0"
"""In what a button carries: a rejection that counts against the member, or not."""


async def show_next(turn: Turn, text: str = "") -> None:
    """The oldest open case; where a group has no moderators' chat, in private, for everybody reads along."""
    if turn.alone:
        raise InvalidRequest("community-needed")
    page = await _next(turn, None)
    page = replace(page, keyboard=(*page.keyboard, *await _page_button(turn)))
    alone = turn.rules.review_channel is None and await _moderated(turn) == [str(turn.place.chat_id)]
    if not alone or not page.keyboard:
        await turn.show(page)
        return
    # In private nobody knows which group's next case is meant: /review in the group asks again.
    page = replace(page, keyboard=tuple(tuple(each for each in row if not _is_next(each)) for row in page.keyboard))
    try:
        await turn.house.outlet.send(turn.home, page, Priority.ANSWER)
    except AddresseeGone:
        start = Button(turn.words.text("telegram-open-private"), url=turn.in_private("review"))
        await turn.show(Page((MARKUP.plain(turn.words.text("telegram-in-private")),), keyboard=((start,),)))
        return
    await turn.say("telegram-in-private")


def _is_next(button: Button) -> bool:
    return isinstance(button.callback_data, str) and button.callback_data.startswith(pack("next"))


async def _page_button(turn: Turn) -> Keyboard:
    """The way to the same cases on the web page, by the private chat: its links are nobody else's."""
    if turn.deps.door is None:
        return ()
    found = await _moderated(turn)
    url = turn.in_private(f"{PAGE}{found[0]}")
    return ((Button(turn.words.text("review-page"), url=url),),) if len(found) == 1 else ()


async def next_case(turn: Turn, press: Press) -> None:
    """The next after one that was passed over."""
    page = await _next(turn, press)
    await turn.acknowledge()
    await turn.turn_to(page)


async def look(turn: Turn, press: Press) -> None:
    """The pictures of a case, behind a spoiler."""
    view, _ = await case_of(turn, press.target)
    if not view.pictures:
        raise NotFound("picture-not-found")
    await turn.acknowledge()
    images = [await turn.desk.artifacts.get(name) for name in view.pictures]
    seen = await asyncio.to_thread(pictures.grid, images)
    await turn.show(Page((), Photo(seen, "case.webp", spoiler=True)))


async def approve(turn: Turn, press: Press) -> None:
    """Let it go to its member."""
    _, moderator = await case_of(turn, press.target)
    desk = turn.desk
    ports = desk.transactions, desk.events, desk.clock
    deciding = review.approve(press.target, moderator.asker, *ports, desk.policy, role=moderator.role)
    await decide(turn, press.target, deciding)


async def ask_reason(turn: Turn, press: Press) -> None:
    """What it is refused for, by one press; whether that is a strike, by another before it."""
    view, _ = await case_of(turn, press.target)
    case = view.case
    if case.status is not CaseStatus.OPEN:
        await show(turn, case.id)
        return
    await turn.acknowledge()
    words = turn.words
    back = Button(f"◀️ {words.text('back')}", callback_data=pack("case", case.id))
    if case.stage is Stage.APPEAL:
        really = CaseButton("rejected", "review-deny", Look.DANGER, case.id)
        await turn.change_buttons(((drawn(really, words.text(really.label)),), (back,)))
        return
    mild = press.extra == MILD or (not press.extra and case.cause.category in NO_STRIKE)
    mark = MILD if mild else STRICT
    reasons = [
        Button(
            words.text(f"category-{category.value}"),
            callback_data=pack("rejected", case.id, f"{category.value}.{mark}"),
        )
        for category in REASONS
    ]
    rows = [tuple(reasons[index : index + 2]) for index in range(0, len(reasons), 2)]
    other = pack("reject", case.id, STRICT if mild else MILD)
    strike = Button(f"⚖️ {words.text('reject-no-strike' if mild else 'reject-strike')}", callback_data=other)
    none = Button(words.text("telegram-no-reason"), callback_data=pack("rejected", case.id, f".{mark}"))
    await turn.change_buttons(((strike,), *rows, (none, back)))


async def show_case(turn: Turn, press: Press) -> None:
    """Back to the case and what can be decided."""
    await case_of(turn, press.target)
    await turn.acknowledge()
    await show(turn, press.target)


async def reject(turn: Turn, press: Press) -> None:
    """Refuse it, and the member is told."""
    _, moderator = await case_of(turn, press.target)
    desk, (category, _, mark) = turn.desk, press.extra.partition(".")
    deciding = review.reject(
        press.target,
        moderator.asker,
        desk.transactions,
        desk.events,
        desk.clock,
        role=moderator.role,
        reason=Category(category) if category in set(Category) else None,
        strike=mark != MILD,
    )
    await decide(turn, press.target, deciding)


async def _next(turn: Turn, press: Press | None) -> Page:
    found = [view for group in await _moderated(turn) for view in await _open(turn, group)]
    found.sort(key=lambda view: (view.case.opened_at, view.case.id))
    words = turn.words
    if not found:
        return Page((MARKUP.plain(words.text("review-empty")),))
    passed = (float(press.target), press.extra) if press and press.target else (0.0, "")
    later = [view for view in found if (view.case.opened_at, view.case.id) > passed]
    # After the last one comes the first again: what was passed over still waits.
    view = (later or found)[0]
    page = card(await sheet(turn, view.case.id), passing=True)
    return replace(page, lines=(*page.lines, MARKUP.small(f"{found.index(view) + 1} / {len(found)}")))


async def _moderated(turn: Turn) -> list[str]:
    """The groups whose cases may be seen in this chat: those that chose it, and itself where it has no other."""
    await turn.origin()
    async with turn.desk.transactions() as tx:
        here = dict.fromkeys((str(turn.place.chat_id), turn.place.channel_id))
        groups = [group for place in here for group in await tx.communities.reviewed_in(Platform.TELEGRAM, place)]
    if groups:
        return groups
    if turn.rules.review_channel or not (await turn.origin(freshly=True)).role.at_least(Role.MODERATOR):
        raise NotAllowed("moderators-only")
    return [str(turn.place.chat_id)]


async def _open(turn: Turn, group: str) -> list[CaseView]:
    return await review.cases(turn.desk.transactions, community=(Platform.TELEGRAM, group))


async def case_of(turn: Turn, case_id: str) -> tuple[CaseView, Origin]:
    """A case with the moderator who may decide it, as they stand in its group at this moment."""
    await turn.origin()
    view = await review.show(case_id, turn.desk.transactions)
    group = view.job.origin.community_id
    if group is None or view.job.origin.platform is not Platform.TELEGRAM:
        raise NotAllowed("moderators-only")
    moderator = replace(await turn.origin(), community_id=group, role=await rank(turn, group))
    view = await review.for_moderator(case_id, moderator, turn.desk.transactions)
    # Telegram names nobody by their id alone: whoever is named on a card has to be known.
    await account.member(moderator, turn.desk.transactions)
    return view, moderator


async def rank(turn: Turn, group: str) -> Role:
    """What somebody may decide about a group: as its administrator, or as one of those in the chat that it chose."""
    ranks = TelegramRanks(turn.house.ranks, turn.desk.transactions)
    return await ranks.rank(Platform.TELEGRAM, group, str(turn.user.id))


async def decide(turn: Turn, case_id: str, deciding: Awaitable[CaseView]) -> None:
    """The card says what became of the case, also when somebody else was first; then this one is told so."""
    try:
        decided = await deciding
        await turn.acknowledge()
    finally:
        await show(turn, case_id)
    if decided.job.status is JobStatus.QUEUED:
        # The work begins only now, and the member sees that it does.
        answer = (await turn.house.answers.job(decided.job.id)).origin
        turn.house.living.begin(decided.job.id, answer, await turn.house.messenger.style(answer))


async def show(turn: Turn, case_id: str) -> None:
    """The card as the case stands now."""
    await turn.turn_to(card(await sheet(turn, case_id)))


async def sheet(turn: Turn, case_id: str) -> Sheet:
    """A case in the language of whoever asks."""
    found = await docket.docket(case_id, None, turn.desk.transactions, turn.desk.clock)
    return Sheet(found, turn.words, turn.desk.clock.now())


HANDLERS = {
    "approve": approve,
    "case": show_case,
    "look": look,
    "next": next_case,
    "reject": ask_reason,
    "rejected": reject,
}
