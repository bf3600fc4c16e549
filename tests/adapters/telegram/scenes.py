"""What several tests of members' doings begin with or look for."""

from typing import Any

from adapters.telegram.page import Page
from adapters.telegram.place import Place
from tests.adapters.telegram.bot import Bot, finished
from tests.adapters.telegram.wire import Person, Shown, StandIn

LIVE = {"mention", "text_mention", "url", "email", "hashtag", "cashtag", "bot_command", "text_link", "phone_number"}
"""Entities that call somebody, lead somewhere or do something."""


async def written(telegram: StandIn, person: Person, chat: Any, words: str = "a sunset hike --tone funny") -> Shown:
    """The finished answer to /caption."""
    said = await person.says(chat, f"/caption {words}")
    return await telegram.message(chat, lambda shown: shown.reply_to == said.id and finished(shown))


async def several(telegram: StandIn, person: Person, chat: Any, words: str = "two foxes --count 2") -> Shown:
    """The words above the album that /avatar made."""
    said = await person.says(chat, f"/avatar {words}")
    return await telegram.message(chat, lambda shown: shown.reply_to == said.id and finished(shown))


def album(telegram: StandIn, chat: Any, words: Shown) -> list[Shown]:
    """The pictures below the words."""
    return [shown for shown in telegram.from_bot(chat) if shown.reply_to == words.id and shown.photo]


async def anew(telegram: StandIn, chat: Any, after: Shown) -> Shown:
    """The finished answer to a press of a button under a message."""
    return await telegram.message(chat, lambda shown: shown.reply_to == after.id and finished(shown))


async def newest(telegram: StandIn, chat: Any, after: Shown, wanted: Any = lambda shown: True) -> Shown:
    """The bot's first message below a message that is as wanted."""
    return await telegram.message(chat, lambda shown: shown.id > after.id and wanted(shown))


async def put_up(bot: Bot, telegram: StandIn, chat: Any, page: Page) -> Shown:
    """A message of the bot's with whatever on it: what an earlier version of it could have left."""
    await telegram.until(lambda: bot.connection._house.outlet.ready)
    sent = await bot.connection._house.outlet.send(Place(chat.id), page, 0)  # type: ignore[arg-type]
    return next(shown for shown in telegram.from_bot(chat) if shown.id == sent.message_id)


def answers(telegram: StandIn, query_id: str) -> int:
    """How often the bot answered a press."""
    asked = telegram.asked("answerCallbackQuery")
    return len([one for one in asked if one.parameters["callback_query_id"] == query_id])


def live(shown: Shown) -> list[str]:
    """The kinds of live entities in a message."""
    return [entity["type"] for entity in shown.entities if entity["type"] in LIVE]
