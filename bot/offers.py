"""What members may choose from, as every platform shows it."""

from adapters.presentation import Choice
from bot import captions, prompting


def styles() -> tuple[Choice, ...]:
    """The styles of /avatar."""
    return tuple(Choice(style.key, style.names) for style in prompting.styles().values())


def tones() -> tuple[Choice, ...]:
    """The tones of /caption."""
    return tuple(Choice(tone.key, tone.names) for tone in captions.tones().values())
