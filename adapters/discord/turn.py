"""One interaction: who asks, in which language, and the one way to answer."""

import asyncio
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self, cast

import discord

from adapters.chat.living import Living
from adapters.commandline import Offer
from adapters.discord.deps import DiscordDeps
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.outlet import Outlet
from adapters.discord.page import Page
from adapters.discord.parsing import modal_values, place_of, ranked, role_ids
from adapters.presentation import Choice, named
from adapters.voices import tones_on_offer
from bot.domain.community import CommunityRules
from bot.domain.errors import Reason
from bot.domain.identity import Origin
from bot.i18n import Translator, translator
from bot.usecases import community
from bot.usecases.submit import Desk

ACKNOWLEDGED = 40060
"""Discord's code for an interaction that was acknowledged before."""


@dataclass(frozen=True, slots=True)
class House:
    """What every handler works with."""

    deps: DiscordDeps
    outlet: Outlet
    living: Living[Page]
    messenger: DiscordMessenger
    under_way: set[asyncio.Task[Any]] = field(default_factory=set)
    """What is being answered now."""
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when Discord has said which servers there are."""


class Turn:
    """Begin it with `think` or `quietly` within three seconds, or answer at once with `say`, `show` or `ask`."""

    def __init__(self, interaction: discord.Interaction[Any], house: House) -> None:
        self.interaction = interaction
        self.house = house
        self.rules = CommunityRules()
        self._origin = place_of(interaction, house.deps.language)
        self._known = False
        self._thinking_in_public = False

    @classmethod
    def of(cls, interaction: discord.Interaction[Any]) -> Self:
        """The turn of an interaction; the same one each time, for it knows how far the answer is."""
        if "turn" not in interaction.extras:
            house: House = interaction.client.house
            interaction.extras["turn"] = cls(interaction, house)
            if task := asyncio.current_task():
                house.under_way.add(task)
                task.add_done_callback(house.under_way.discard)
        return cast(Self, interaction.extras["turn"])

    @property
    def deps(self) -> DiscordDeps:
        """What the adapter was given."""
        return self.house.deps

    @property
    def desk(self) -> Desk:
        """What taking a request needs."""
        return self.house.deps.desk

    @property
    def ephemeral(self) -> bool:
        """Whether the message whose button was pressed is for the asker's eyes alone: then so is what comes of it."""
        message = self.interaction.message
        return message is not None and message.flags.ephemeral

    @property
    def own_id(self) -> int:
        """The bot's own user."""
        return cast(discord.ClientUser, self.interaction.client.user).id

    @cached_property
    def words(self) -> Translator:
        """The asker's language, else the community's, else the house's."""
        return translator(self._origin.locale)

    @property
    def aloud(self) -> Translator:
        """The community's language: for what everybody reads. Known, as what follows, once `origin` was asked."""
        return translator(self.rules.language or self.deps.language)

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

    @property
    def values(self) -> list[str]:
        """What was chosen in a menu."""
        return list(cast(dict[str, Any], self.interaction.data).get("values", ()))

    @property
    def fields(self) -> dict[str, str]:
        """What was filled into a form, by field."""
        return modal_values(self.interaction.data)

    async def origin(self) -> Origin:
        """Who asks, with the rank that the community's rules give them."""
        if not self._known:
            self.rules = await community.rules(self._origin, self.desk.transactions)
            role = ranked(self._origin.role, role_ids(self.interaction), self.rules)
            place = place_of(self.interaction, self.rules.language or self.deps.language)
            known = self._origin
            self._origin = replace(place, role=role, message_id=known.message_id, private=known.private)
            self._known = True
            self.__dict__.pop("words", None)
        return self._origin

    async def think(self, *, ephemeral: bool) -> None:
        """Acknowledge with a message of our own that says 'thinking', seen by all or by the asker alone."""
        response = await self.interaction.response.defer(thinking=True, ephemeral=ephemeral)
        message_id = response.message_id if response else None
        if message_id is None:
            message_id = (await self.interaction.original_response()).id
        self._origin = replace(self._origin, message_id=str(message_id), private=ephemeral)
        self._thinking_in_public = not ephemeral

    async def quietly(self) -> None:
        """Acknowledge a button: the message it is on will be edited, and nothing is said meanwhile."""
        await self.interaction.response.defer()

    async def say(self, *reasons: Reason | str) -> None:
        """Sentences, seen by the asker alone."""
        await self.show(Page("\n".join(map(self._sentence, reasons))))

    def _sentence(self, reason: Reason | str) -> str:
        """With styles and tones by their names, and the channels where something is made by theirs."""
        reason = Reason(reason) if isinstance(reason, str) else reason
        text = self.words.text(named(reason, self.deps.choices(self.rules), self.words.locale))
        if reason.message == "channel-not-allowed":
            text = " ".join([text, *(f"<#{channel}>" for channel in sorted(self.rules.channels))])
        return text

    async def aside(self, page: Page) -> None:
        """Something for the asker alone, beside the answer that everybody sees."""
        await self.interaction.followup.send(**page.send(), ephemeral=True)

    async def show(self, page: Page) -> None:
        """A message that the asker alone sees, wherever the interaction stands."""
        response, interaction = self.interaction.response, self.interaction
        if not response.is_done():
            try:
                await response.send_message(**page.send(), ephemeral=True)
            except discord.HTTPException as error:
                if error.code != ACKNOWLEDGED:
                    raise
                # Discord took our 'thinking', though the connection broke before it could say so.
                await interaction.edit_original_response(**page.edit())
        elif self._thinking_in_public:
            # What comes first after a public 'thinking' is public too: that is spent, and then taken away.
            self._thinking_in_public = False
            await interaction.edit_original_response(content="…")
            await interaction.followup.send(**page.send(), ephemeral=True)
            await interaction.delete_original_response()
        elif response.type is discord.InteractionResponseType.deferred_channel_message:
            await interaction.edit_original_response(**page.edit())
        else:
            await interaction.followup.send(**page.send(), ephemeral=True)

    async def announce(self, page: Page) -> None:
        """A message that everybody in the channel sees, as the first answer."""
        await self.interaction.response.send_message(**page.send())

    async def turn_to(self, page: Page) -> None:
        """The message whose button was pressed becomes `page`."""
        if self.interaction.response.is_done():
            await self.interaction.edit_original_response(**page.edit())
        else:
            await self.interaction.response.edit_message(**page.edit())

    async def ask(self, modal: discord.ui.Modal) -> None:
        """A form; what comes back is answered from its custom_id, restart or not."""
        modal.stop()  # finished in discord.py's eyes, so that it keeps none of them
        await self.interaction.response.send_modal(modal)
