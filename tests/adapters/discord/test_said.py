"""Names and descriptions that Discord takes, in every language."""

import re
from collections.abc import Iterator
from typing import Any

import discord
import pytest
from discord import app_commands

from adapters.discord.commands import all_commands
from adapters.discord.forms import LABEL_LIMIT
from adapters.discord.said import Catalogues
from bot.domain.identity import Role
from bot.i18n import catalogue, locales, translator

# Discord's own rule (docs, Application Command Naming), with the scripts it names and lower case where there is one.
NAME = re.compile(r"^[-_'\w]{1,32}$")
TITLES = (
    *("action-edit", "action-base", "action-restyle", "action-report", "discord-menu-portrait"),
    *("describe-picture", "review-reject", "set-quota"),
)


async def payloads() -> list[dict[str, Any]]:
    """Every command as Discord is told it."""
    client = discord.Client(intents=discord.Intents.none())
    tree = app_commands.CommandTree(client)
    translations = Catalogues()
    return [await command.get_translated_payload(tree, translations) for command in all_commands()]


def names(items: list[dict[str, Any]]) -> Iterator[list[str]]:
    """The names that stand beside each other, a list for each language."""
    tags = {tag for item in items for tag in item["name_localizations"]}
    yield [item["name"] for item in items]
    for tag in sorted(tags):
        yield [item["name_localizations"].get(tag, item["name"]) for item in items]


async def test_names_are_as_discord_wants_them_and_no_two_are_alike() -> None:
    commands = [payload for payload in await payloads() if payload["type"] == 1]
    for group in (commands, *(command["options"] for command in commands)):
        for beside in names(group):
            assert len(set(beside)) == len(beside), beside
            for name in beside:
                assert NAME.match(name) and name == name.lower(), name


async def test_menus_are_short_and_descriptions_fit() -> None:
    for payload in await payloads():
        if payload["type"] != 1:
            assert all(len(name) <= 32 for name in (payload["name"], *payload["name_localizations"].values()))
            continue
        for item in (payload, *payload["options"]):
            texts = (item["description"], *item["description_localizations"].values())
            assert all(1 <= len(text) <= 100 for text in texts), texts


async def test_every_language_of_ours_that_discord_has_is_told() -> None:
    known = {locale.value for locale in discord.Locale}
    ours = {tag for tag in known if translator(tag).locale != "en"}
    assert len({translator(tag).locale for tag in ours}) == len(locales()) - 1
    for payload in await payloads():
        assert set(payload["name_localizations"]) >= ours


@pytest.mark.parametrize("locale", locales())
def test_titles_labels_and_buttons_are_not_cut(locale: str) -> None:
    words = translator(locale)
    for title in TITLES:
        assert len(words.text(title)) <= LABEL_LIMIT, words.text(title)
    for message in catalogue(locale):
        name = message.id[0] if isinstance(message.id, tuple) else message.id
        if name.startswith("option-") or name in {f"role-{role.value}" for role in Role}:
            assert len(words.text(name)) <= LABEL_LIMIT, name
        if name.startswith("action-"):
            assert len(words.text(name)) <= 76, name
