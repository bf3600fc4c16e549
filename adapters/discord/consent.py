"""An avatar from somebody's profile picture: only with their word, given by a button, this once."""

from dataclasses import replace
from typing import Any

import discord

from adapters.chat import refusals
from adapters.chat.decisions import NONE
from adapters.chat.payload import Press, pack
from adapters.commandline import build
from adapters.discord import asking
from adapters.discord.forms import portrait_form
from adapters.discord.page import Page, inert
from adapters.discord.render import compose
from adapters.discord.turn import Turn
from adapters.presentation import of_outcome
from bot.domain.consent import Consent
from bot.domain.errors import HuashenError, InvalidRequest, NotAllowed, Reason
from bot.domain.identity import Origin, Platform
from bot.domain.outcomes import Outcome, Refused
from bot.domain.requests import AvatarRequest
from bot.i18n import Translator, translator
from bot.usecases import consent
from bot.usecases.submit import submit

PORTRAIT_SIZE = 512
"""Pixels across the profile picture that is fetched."""


async def ask_what(turn: Turn, member: discord.User | discord.Member) -> None:
    """First the asker says what is to be drawn."""
    if member.bot:
        raise InvalidRequest("discord-bots-are-not-asked")
    await turn.origin()
    own = member.id == turn.interaction.user.id
    if not own and await consent.refuses(Platform.DISCORD, str(member.id), turn.desk.transactions):
        raise NotAllowed("portrait-refused")
    await turn.ask(portrait_form(member.id, turn.words, turn.styles, turn.rules.default_style))


async def wanted(turn: Turn, press: Press) -> None:
    """The form comes back: draw at once from one's own picture, or ask whose it is."""
    fields = turn.fields
    prompt = fields.pop("prompt", "")
    fields["style"] = "" if fields.get("style") == NONE else fields.get("style", "")
    request = build("avatar", prompt, fields, turn.offer)
    assert isinstance(request, AvatarRequest)
    if press.target == str(turn.interaction.user.id):

        async def make(origin: Origin) -> Outcome:
            return await submit(replace(request, image=await _profile_picture(turn)), origin, turn.desk)

        await asking.remake(turn, make)
        return
    asked = await consent.ask(request, await turn.origin(), press.target, turn.desk)
    await turn.announce(_question(asked.id, press.target, request, turn))


async def agree(turn: Turn, press: Press) -> None:
    """The person says yes: the asker's job begins, in a message of its own below."""
    await turn.quietly()
    await consent.question(press.target, await turn.origin(), turn.desk.transactions, turn.desk.clock)
    picture = await _profile_picture(turn)
    given = await _answer(turn, press, allowed=True)
    await turn.turn_to(_said(turn, "discord-portrait-allowed", asker=f"<@{given.origin.user_id}>"))
    words = translator(given.origin.locale)
    below = await turn.interaction.followup.send(**Page(words.text("queue-next")).send(), wait=True)
    # From here on it is the asker's: their units, their gallery, their language, and their affair if it is refused.
    origin = replace(given.origin, message_id=str(below.id), token=turn.interaction.token)
    try:
        outcome = await submit(replace(given.request, image=picture), origin, turn.desk)
    except HuashenError as error:
        outcome = Refused(error.reason)
    if isinstance(outcome, Refused):
        style, reply = await turn.house.messenger.style(origin), of_outcome(outcome)
        public = reply
        if refusals.telling(reply.message):
            # What was against it is for nobody else to read, nor for the person who was asked.
            public = replace(reply, message=Reason("blocked-public"), notes=())
            await asking.confide(turn, origin, reply, f"{origin.message_id}-why")
        await turn.house.outlet.edit(origin, compose(public, style))
        return
    await asking.follow(turn, origin, outcome)


async def decline(turn: Turn, press: Press) -> None:
    """Not this time."""
    await turn.quietly()
    await _answer(turn, press, allowed=False)
    await turn.turn_to(_said(turn, "discord-portrait-declined"))


async def never(turn: Turn, press: Press) -> None:
    """Never again, said to a question or before anybody asked; until they change their mind."""
    await turn.quietly()
    if press.target:
        await _answer(turn, press, allowed=False, for_good=True)
    else:
        await consent.refuse(await turn.origin(), turn.desk.transactions, turn.desk.clock)
    await turn.turn_to(replace(_said(turn, "discord-portrait-never"), items=(_back(turn, turn.aloud),)))


async def take_back(turn: Turn, press: Press) -> None:
    """They may be asked again."""
    if press.target != str(turn.interaction.user.id):
        raise InvalidRequest("consent-not-yours")
    await turn.quietly()
    await consent.take_back(await turn.origin(), turn.desk.transactions)
    await turn.turn_to(_said(turn, "discord-portrait-taken-back"))


async def stance(turn: Turn) -> discord.ui.Button[Any]:
    """To refuse everybody, or to take that back: whichever is open to the member."""
    if await consent.refuses(Platform.DISCORD, str(turn.interaction.user.id), turn.desk.transactions):
        return _back(turn, turn.words)
    style = discord.ButtonStyle.secondary
    return _button(turn.words, "discord-portrait-refuse-all", style, pack("portrait-never"))


async def _answer(turn: Turn, press: Press, *, allowed: bool, for_good: bool = False) -> Consent:
    origin, desk = await turn.origin(), turn.desk
    return await consent.answer(press.target, origin, desk.transactions, desk.clock, allowed=allowed, for_good=for_good)


async def _profile_picture(turn: Turn) -> bytes:
    """Of whoever pressed: it is theirs to give."""
    return await turn.interaction.user.display_avatar.replace(size=PORTRAIT_SIZE, format="png").read()


def _said(turn: Turn, message: str, **more: str) -> Page:
    """What the question becomes once it is answered."""
    return Page(turn.aloud.text(message, member=turn.interaction.user.mention, **more))


def _back(turn: Turn, words: Translator) -> discord.ui.Button[Any]:
    custom_id = pack("portrait-back", str(turn.interaction.user.id))
    return _button(words, "discord-portrait-take-back", discord.ButtonStyle.secondary, custom_id)


def _question(consent_id: str, subject: str, request: AvatarRequest, turn: Turn) -> Page:
    """In the community's language: the person asked has said nothing yet, so theirs is unknown."""
    words, styles = turn.aloud, discord.ButtonStyle
    text = words.text("discord-portrait-question", asker=turn.interaction.user.mention, member=f"<@{subject}>")
    items = (
        _button(words, "discord-portrait-agree", styles.success, pack("portrait-yes", consent_id)),
        _button(words, "discord-portrait-decline", styles.secondary, pack("portrait-no", consent_id)),
        _button(words, "discord-portrait-refuse", styles.danger, pack("portrait-never", consent_id)),
    )
    # The only message of ours that calls somebody: who is not called cannot answer.
    mentions = discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(int(subject))])
    return Page(f"{text}\n> {inert(request.prompt)}", items=items, mentions=mentions)


def _button(words: Translator, label: str, style: discord.ButtonStyle, custom_id: str) -> discord.ui.Button[Any]:
    return discord.ui.Button(label=words.text(label), style=style, custom_id=custom_id)


HANDLERS = {
    "portrait": wanted,
    "portrait-back": take_back,
    "portrait-never": never,
    "portrait-no": decline,
    "portrait-yes": agree,
}
