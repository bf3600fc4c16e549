"""A community's own tone among those on offer, under the name that its owner gave it."""

from collections.abc import Sequence
from functools import cache

from adapters.presentation import Choice
from bot.domain.community import CommunityRules
from bot.domain.errors import Reason
from bot.domain.requests import OWN_TONE
from bot.domain.voice import FEWEST
from bot.i18n import locales, translator


def own_choice(name: str = "") -> Choice:
    """The own tone as a choice; without a name it is called 'Our voice' in everybody's language."""
    return Choice(OWN_TONE, {"en": name} if name else _unnamed())


def known_tones(tones: Sequence[Choice], rules: CommunityRules) -> tuple[Choice, ...]:
    """All tones that there are in a community, its own last, where it has one."""
    return (*tones, own_choice(rules.voice_name)) if rules.voice else tuple(tones)


def tones_on_offer(tones: Sequence[Choice], rules: CommunityRules) -> list[Choice]:
    """Those of them that its members may ask for."""
    return [tone for tone in known_tones(tones, rules) if rules.offers_tone(tone.key)]


@cache
def _unnamed() -> dict[str, str]:
    return {locale: translator(locale).text("tone-voice") for locale in locales()}


def collected(count: int) -> tuple[Reason, ...]:
    """What to say to whoever added an example, with how many there are now."""
    added = Reason.of("example-added", n=count)
    if count < FEWEST:
        return added, Reason.of("voice-needs", n=FEWEST - count)
    return (added, Reason.of("voice-ready")) if count == FEWEST else (added,)


def position(extra: str) -> int:
    """Which of an answer's captions a press means, from 0; -1, which none has, for what is no number."""
    if not extra:
        return 0
    return int(extra) - 1 if extra.isascii() and extra.isdecimal() and len(extra) < 3 else -1
