"""One message or press: who asks, in which language, and the one way to answer."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from telegram import CallbackQuery, Message, User
from telegram.constants import ChatAction
from telegram.error import TelegramError

from adapters.chat.living import Living
from adapters.chat.refusals import telling
from adapters.commandline import Offer
from adapters.presentation import Choice, named
from adapters.telegram.answer import Answers
from adapters.telegram.budget import Priority
from adapters.telegram.deps import TelegramDeps
from adapters.telegram.messenger import TelegramMessenger
from adapters.telegram.outlet import MessageGone, Outlet
from adapters.telegram.page import ANSWER_LIMIT, MARKUP, Keyboard, Page
from adapters.telegram.place import Place, origin_of, place_of, token_of
from adapters.telegram.ranks import Ranks
from adapters.voices import tones_on_offer
from bot.domain.community import CommunityRules
from bot.domain.errors import Reason
from bot.domain.identity import Origin, Role
from bot.domain.jobs import Artifact, Job, JobView
from bot.i18n import Translator, translator
from bot.ports import AddresseeGone, PlatformBusy
from bot.usecases import community
from bot.usecases.submit import Desk


@dataclass(frozen=True, slots=True)
class House:
    """What every handler works with."""

    deps: TelegramDeps
    outlet: Outlet
    answers: Answers
    living: Living[Page]
    messenger: TelegramMessenger
    ranks: Ranks
    under_way: set[asyncio.Task[Any]] = field(default_factory=set)
    """What is being answered now."""

    def begin(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Do something beside whatever goes on; it is finished before the bot leaves."""
        task = asyncio.create_task(work)
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)
        return task


class Turn:
    """A message of somebody's, or with `query` a press of a button under `message`, which is ours then."""

    def __init__(self, house: House, user: User, message: Message, query: CallbackQuery | None = None) -> None:
        self.house = house
        self.user = user
        self.message = message
        self.query = query
        self.place = place_of(message)
        self.rules = CommunityRules()
        token = token_of(message, query.id if query else "")
        self._origin = origin_of(user, self.place, token, house.deps.language)
        self._known = False
        self._answered = False

    @property
    def deps(self) -> TelegramDeps:
        """What the adapter was given."""
        return self.house.deps

    @property
    def desk(self) -> Desk:
        """What taking a request needs."""
        return self.house.deps.desk

    @property
    def alone(self) -> bool:
        """Whether nobody reads along."""
        return not self.place.is_group

    @cached_property
    def words(self) -> Translator:
        """The asker's language, else the community's, else the house's."""
        return translator(self._origin.locale)

    @property
    def styles(self) -> list[Choice]:
        """The styles on offer here."""
        return [style for style in self.deps.styles if self.rules.offers_style(style.key)]

    @property
    def tones(self) -> list[Choice]:
        """The tones on offer here."""
        return tones_on_offer(self.deps.tones, self.rules)

    @property
    def offer(self) -> Offer:
        """The names that may be given here."""
        return self.deps.offer(self.rules)

    async def origin(self, *, freshly: bool = False) -> Origin:
        """Who asks, with the rank that they have in the group; `freshly` where a decision hangs on it."""
        if not self._known:
            self.rules = await community.rules(self._origin, self.desk.transactions)
            language = self.rules.language or self.deps.language
            place = origin_of(self.user, self.place, self._origin.token, language)
            self._origin = replace(place, role=Role.MEMBER)
            self.__dict__.pop("words", None)
        if self.place.is_group and (freshly or not self._known):
            role = await self.house.ranks.of(self.place.chat_id, self.user.id, freshly=freshly)
            self._origin = replace(self._origin, role=role)
        self._known = True
        return self._origin

    async def say(self, *reasons: Reason | str) -> None:
        """Sentences: over the chat for who pressed a button, else as a reply.

        What somebody's words look like is nobody else's business: in a group only they read it.
        """
        text = "\n".join(map(self.sentence, reasons))
        if len(text) <= ANSWER_LIMIT and await self.acknowledge(text):
            return
        if self.alone or not any(map(telling, reasons)):
            await self.show(Page((MARKUP.plain(text),)))
            return
        await self.confide(*reasons)
        if not await self.acknowledge(self.sentence("blocked-public")):
            await self.say("blocked-public")

    async def confide(self, *reasons: Reason | str) -> None:
        """Sentences in the private chat, if there is one."""
        await self.confide_page(Page((MARKUP.plain("\n".join(map(self.sentence, reasons))),)))

    async def confide_page(self, page: Page) -> bool:
        """A message in the private chat; False where there is none."""
        with suppress(AddresseeGone, PlatformBusy):
            await self.house.outlet.send(self.home, page, Priority.ANSWER)
            return True
        return False

    async def lead(self, what: str) -> None:
        """The press opens the private chat, at `what`; where it is too old for that, a sentence says what to do."""
        if self.query is not None and not self._answered:
            self._answered = True
            with suppress(TelegramError):
                await self.house.outlet.bot.answer_callback_query(self.query.id, url=self.in_private(what))
                return
        await self.say("telegram-ask-private")

    def sentence(self, reason: Reason | str) -> str:
        """With styles and tones by their names."""
        reason = Reason(reason) if isinstance(reason, str) else reason
        return self.words.text(named(reason, self.deps.choices(self.rules), self.words.locale))

    async def acknowledge(self, text: str | None = None) -> bool:
        """The button stops turning; once for each press, and best soon. A longer sentence waits to be read.

        False where nobody reads the text: it is no press, was acknowledged before, or is too old.
        """
        if self.query is None or self._answered:
            return False
        self._answered = True
        try:
            await self.house.outlet.bot.answer_callback_query(
                self.query.id, text=text, show_alert=bool(text and len(text) > 60) or None
            )
        except TelegramError:
            # Too old a press: whoever pressed sees what follows all the same.
            return False
        return True

    async def show(self, page: Page) -> Message:
        """A message that replies to the one that asked."""
        return await self.house.outlet.send(self.place, page, Priority.ANSWER, self.message.message_id)

    async def show_picture(self, job: Job, artifact: Artifact) -> None:
        """One of somebody's own pictures, with all that can be done with it; Telegram has it from then on."""
        messenger = self.house.messenger
        await messenger.learn([artifact], [await self.show(await messenger.page(JobView(job, (artifact,))))])

    async def think(self) -> None:
        """'is typing…', where there is room for that: something has to be looked at first."""
        with suppress(PlatformBusy, TelegramError):
            await self.house.outlet.bot.send_chat_action(
                self.place.chat_id, ChatAction.TYPING, self.place.thread_id, rate_limit_args=Priority.PROGRESS
            )

    async def turn_to(self, page: Page) -> None:
        """The message whose button was pressed becomes `page`; where it is gone there is a new one."""
        try:
            await self.house.outlet.edit(self.place, self.message.message_id, page, Priority.ANSWER)
        except MessageGone:
            await self.house.outlet.send(self.place, page, Priority.ANSWER)

    async def change_buttons(self, keyboard: Keyboard) -> None:
        """Other buttons under the same message."""
        await self.house.outlet.buttons(self.place, self.message.message_id, Page((), keyboard=keyboard))

    def in_private(self, what: str) -> str:
        """The address that opens a chat with the bot alone, at `what`."""
        return f"https://t.me/{self.house.outlet.bot.username}?start={what}"

    @property
    def home(self) -> Place:
        """Where the asker and the bot are alone."""
        return Place(self.user.id)
