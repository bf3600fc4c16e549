"""/settings: what the administrators of a group decide for it, by menus under one message.

Every press is checked with Telegram: who was an administrator a minute ago may not be one now.
"""

import base64
import hashlib
import hmac
from dataclasses import replace
from typing import Any

from telegram import InlineKeyboardButton as Button

from adapters.chat.decisions import DECISIONS, GRANTED, Decision, Ground, named, quota_text, quotas
from adapters.chat.payload import Press, pack
from adapters.chat.safety import safety as moderation
from adapters.presentation import Choice
from adapters.telegram import safety
from adapters.telegram.page import MARKUP, Keyboard, Page
from adapters.telegram.panels import COSTS
from adapters.telegram.turn import Turn
from bot.domain.community import AgePolicy
from bot.domain.errors import InvalidRequest, NotAllowed, NotFound
from bot.domain.identity import Role
from bot.i18n import locales
from bot.usecases import community

SHARES = (0, 20, 50, 100, 200, 400)
"""Units a day to choose from; nobody types numbers into a menu."""
REVIEW_HERE = "review-"
"""What a link into another group says to make it the moderators' chat."""
HOUR = 3600


def _age_policies(ground: Ground) -> list[Choice]:
    """Telegram has no age-restricted chats: pictures are shown, or covered until tapped."""
    return [
        named(ground, AgePolicy.SAME.value, "age-policy-same"),
        named(ground, AgePolicy.SPOILER.value, "telegram-always-spoiler"),
    ]


CHOSEN: dict[str, Decision] = DECISIONS | {"age_policy": replace(DECISIONS["age_policy"], offered=_age_policies)}
"""What is chosen by name; topics, the moderators' chat and quotas have pages of their own."""
OTHERS = ("channels", "review_channel", "quota")
SAFETY = "safety"
"""How the community is moderated: a page of its own module."""


async def show(turn: Turn, text: str = "") -> None:
    """The panel, for everybody to see and administrators to use: a group has no other place."""
    if turn.alone:
        raise InvalidRequest("community-needed")
    await turn.origin()
    await turn.show(await panel(turn))


async def home(turn: Turn, press: Press) -> None:
    """Back to the panel."""
    await _owner(turn)
    await turn.acknowledge()
    await turn.turn_to(await panel(turn))


async def choose(turn: Turn, press: Press) -> None:
    """The page of one decision."""
    await _owner(turn)
    if press.target not in (*CHOSEN, *OTHERS, SAFETY):
        raise NotFound("old-button")
    await turn.acknowledge()
    await turn.turn_to(await safety.page(turn) if press.target == SAFETY else _page(turn, press.target))


async def change(turn: Turn, press: Press) -> None:
    """One of the choices was pressed: it is taken, or where there may be several, put in or out."""
    name, key = press.target, press.extra
    await _owner(turn)
    if name == "channels":
        changes: dict[str, Any] = {"channels": frozenset({key}) if key else frozenset()}
    elif name == "review_channel":
        changes = {"review_channel": None}
    elif name in CHOSEN:
        decision = CHOSEN[name]
        if key not in {choice.key for choice in decision.offered(turn)} | decision.chosen(turn):
            raise NotFound("old-button")
        chosen = decision.chosen(turn) ^ {key} if decision.several else frozenset({key})
        changes = {name: decision.value(sorted(chosen))}
    else:
        raise NotFound("old-button")
    await _change(turn, **changes)
    await turn.turn_to(_page(turn, name))


async def grant(turn: Turn, press: Press) -> None:
    """Units a day for a role."""
    role = press.target
    await _owner(turn)
    if role not in GRANTED or not press.extra.isdecimal():
        raise NotFound("old-button")
    units = int(press.extra)
    machine = turn.desk.policy.quota.member_day
    chosen = {key: value for key, value in turn.rules.member_day.items() if key != role}
    if units != machine[Role(role)]:
        chosen[Role(role)] = units
    await _change(turn, member_day=chosen)
    await turn.turn_to(_page(turn, "quota"))


async def ask_reset(turn: Turn, press: Press) -> None:
    """Really?"""
    await _owner(turn)
    await turn.acknowledge()
    really = Button(f"⚠️ {turn.words.text('set-reset')}", callback_data=pack("reset-rules"))
    text = MARKUP.plain(turn.words.text("set-reset-help"))
    await turn.turn_to(Page((text,), keyboard=((really,), (_back(turn),))))


async def reset(turn: Turn, press: Press) -> None:
    """Everything back to how it was when the bot came."""
    origin = await turn.origin(freshly=True)
    turn.rules = await community.reset(origin, turn.desk.transactions, turn.desk.clock)
    await turn.acknowledge(turn.words.text("set-saved"))
    await turn.turn_to(await panel(turn))


async def review_here(turn: Turn, code: str) -> None:
    """This chat becomes the moderators' chat of the group whose code this is, if its owner says so here."""
    await turn.origin()
    group = _group(turn, code)
    role = await turn.house.ranks.of(group, turn.user.id, freshly=True)
    asker = replace(await turn.origin(), community_id=str(group), role=role)
    await community.change(asker, turn.desk.transactions, turn.desk.clock, review_channel=turn.place.channel_id)
    await turn.say("telegram-review-here")


async def _owner(turn: Turn) -> None:
    if (await turn.origin(freshly=True)).role is not Role.OWNER:
        raise NotAllowed("owners-only")


async def _change(turn: Turn, **changes: Any) -> None:
    origin, desk = await turn.origin(), turn.desk
    turn.rules = await community.change(origin, desk.transactions, desk.clock, languages=locales(), **changes)
    await turn.acknowledge(turn.words.text("set-saved"))


async def panel(turn: Turn) -> Page:
    """Every decision in a line, and a button for each."""
    words = turn.words
    names = [*CHOSEN, *OTHERS]
    lines = [MARKUP.strong(words.text("command-settings"))]
    texts = {name: _read(turn, name) for name in names}
    texts[SAFETY] = (await moderation(await turn.origin(), turn.desk)).read(words)
    lines += [f"{MARKUP.strong(_title(turn, name))}: {MARKUP.plain(text)}" for name, text in texts.items()]
    lines.append(MARKUP.small(words.text(COSTS)))
    buttons = [Button(_title(turn, name), callback_data=pack("rule", name)) for name in texts]
    buttons.append(Button(f"⚠️ {words.text('set-reset')}", callback_data=pack("reset-ask")))
    rows = [tuple(buttons[index : index + 2]) for index in range(0, len(buttons), 2)]
    return Page(tuple(lines), keyboard=tuple(rows))


def _title(turn: Turn, name: str) -> str:
    own = {"channels": "telegram-set-topics", "review_channel": "telegram-set-review"}
    return turn.words.text(own.get(name, f"set-{name}"))


def _read(turn: Turn, name: str) -> str:
    words = turn.words
    if name == "quota":
        return quota_text(turn)
    if name == "channels":
        return words.text("telegram-one-topic" if turn.rules.channels else "all")
    if name == "review_channel":
        return words.text("telegram-chosen" if turn.rules.review_channel else "none")
    return CHOSEN[name].read(turn)


def _page(turn: Turn, name: str) -> Page:
    own = {"channels": "telegram-set-topics-help", "review_channel": "telegram-set-review-help"}
    about = own.get(name, "telegram-set-quota-help" if name == "quota" else f"set-{name}-help")
    lines = (
        f"{MARKUP.strong(_title(turn, name))}: {MARKUP.plain(_read(turn, name))}",
        MARKUP.plain(turn.words.text(about)),
    )
    return Page(lines, keyboard=(*_menu(turn, name), (_back(turn),)))


def _menu(turn: Turn, name: str) -> Keyboard:
    words = turn.words
    if name == "quota":
        return tuple(_shares(turn, role) for role in GRANTED if role is not Role.TRUSTED)
    if name == "channels":
        everywhere = Button(words.text("all"), callback_data=pack("set", name))
        here = Button(words.text("telegram-this-topic"), callback_data=pack("set", name, turn.place.channel_id))
        return ((everywhere, here),)
    if name == "review_channel":
        other = Button(words.text("telegram-choose-chat"), url=_into_a_group(turn))
        none = Button(words.text("none"), callback_data=pack("set", name))
        return ((other,), (none,))
    decision = CHOSEN[name]
    chosen, locale = decision.chosen(turn), words.locale
    buttons = [
        Button(
            f"{'✓ ' if choice.key in chosen else ''}{choice.label(locale)}",
            callback_data=pack("set", name, choice.key),
        )
        for choice in decision.offered(turn)
    ]
    return tuple(tuple(buttons[index : index + 2]) for index in range(0, len(buttons), 2))


def _shares(turn: Turn, role: Role) -> tuple[Button, ...]:
    now, most = quotas(turn)[role], turn.desk.policy.quota.member_day[role]
    shares = sorted({share for share in SHARES if share < most} | {most})
    first = Button(turn.words.text(f"role-{role.value}"), callback_data=pack("rule", "quota"))
    return first, *(
        Button(f"{'✓ ' if share == now else ''}{share}", callback_data=pack("grant", role.value, str(share)))
        for share in shares
    )


def _back(turn: Turn) -> Button:
    return Button(f"◀️ {turn.words.text('back')}", callback_data=pack("rules"))


def _into_a_group(turn: Turn) -> str:
    """A link that lets its reader pick a group, in which it says this group's code."""
    hour = int(turn.desk.clock.now()) // HOUR
    code = f"{turn.place.chat_id}_{hour}_{_signature(turn, turn.place.chat_id, hour)}"
    return f"https://t.me/{turn.house.outlet.bot.username}?startgroup={REVIEW_HERE}{code}"


def _group(turn: Turn, code: str) -> int:
    """The group that a code of this or the last hour is for."""
    group, _, rest = code.partition("_")
    hour, _, signature = rest.partition("_")
    now = int(turn.desk.clock.now()) // HOUR
    if hour in (str(now), str(now - 1)) and group.lstrip("-").isdigit():
        wanted = _signature(turn, int(group), int(hour))
        if hmac.compare_digest(signature, wanted):
            return int(group)
    raise NotFound("telegram-code-over")


def _signature(turn: Turn, group: int, hour: int) -> str:
    said = hmac.new(turn.deps.reach.token.encode(), f"review {group} {hour}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(said[:12]).decode()


HANDLERS = {
    "grant": grant,
    "reset-ask": ask_reset,
    "reset-rules": reset,
    "rule": choose,
    "rules": home,
    "set": change,
}
