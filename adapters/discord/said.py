"""Command names and descriptions in every language we have, for Discord to show each member theirs."""

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.i18n import FALLBACK, translator


def said(message: str, ending: str = "") -> locale_str:
    """A sentence of the catalogues as a text that Discord localises; `ending` follows it in every language."""
    return locale_str(translator(FALLBACK).text(message) + ending, id=message, ending=ending)


class Catalogues(app_commands.Translator):
    """Reads a locale's own catalogue; where there is none Discord shows English."""

    async def translate(
        self, string: locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """The text in a locale, None where it would be English again."""
        message = string.extras.get("id")
        words = translator(locale.value)
        if message is None or (words.locale == FALLBACK and not locale.value.startswith(FALLBACK)):
            return None
        return words.text(message) + str(string.extras.get("ending", ""))
