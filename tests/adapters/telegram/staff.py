"""Owners and moderators of a group, and what they do most."""

import asyncio
from typing import Any

from bot.domain.identity import Origin, Platform, Role
from bot.usecases import community, review
from bot.usecases.review import CaseView
from tests.adapters.telegram.bot import Bot
from tests.adapters.telegram.wire import Group, Person, Shown, StandIn


async def rules(bot: Bot, group: Any) -> Any:
    """What a group decided."""
    return await community.rules(Origin(Platform.TELEGRAM, "1", "", str(group.id)), bot.house.transaction)


async def decide(bot: Bot, group: Any, **changes: Any) -> None:
    """The owner's rules, without the panel."""
    origin = Origin(Platform.TELEGRAM, "1", "", str(group.id), role=Role.OWNER)
    await community.change(origin, bot.house.transaction, bot.house.clock, languages=("de",), **changes)


async def held(telegram: StandIn, person: Person, chat: Any, words: str = "please hold me") -> Shown:
    """Ask for something that waits for a moderator."""
    said = await person.says(chat, f"/avatar {words}")
    return await telegram.message(chat, lambda shown: shown.reply_to == said.id and "moderator" in shown.text)


async def case(bot: Bot) -> CaseView:
    """The newest open case, once there is one."""
    async with asyncio.timeout(5):
        while not (found := await review.cases(bot.house.transaction)):
            await asyncio.sleep(0.02)
    return found[-1]


async def card(telegram: StandIn, chat: Any, *words: str) -> Shown:
    """A message of the bot's that says these words."""
    return await telegram.message(chat, lambda shown: all(word in shown.text for word in words or ("Waiting",)))


async def told(person: Person, shown: Shown, button: str) -> str:
    """What comes up over the chat for whoever presses a button."""
    return (await (await person.press(shown, button)).answer()).text


async def forged(person: Person, shown: Shown, data: str) -> str:
    """What comes up for a button that is not under the message now, as one of an earlier version would be."""
    shown._message.markup = {"inline_keyboard": [[{"text": data, "callback_data": data}]]}
    return (await (await person.presses_raw(shown, data)).answer()).text


def moderators(telegram: StandIn, *people: Person) -> Group:
    """A group that only they are in, and the bot."""
    chat = telegram.group("Moderators")
    for person in people:
        chat.add(person)
    return chat
