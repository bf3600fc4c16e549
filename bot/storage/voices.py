"""What was trained for communities' own voices, read from the folders that the training writes."""

import asyncio
import json
from pathlib import Path

from bot.domain.identity import Platform
from bot.domain.voice import TrainedVoice, voice_folder

CARD = "tone.json"
"""The training's own account of an adapter, in its folder; see engines/training/tone_evaluation.py."""


class FileVoices:
    """Adapters in `folder`, one folder for each community with one for each version in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def trained(self, platform: Platform, community_id: str) -> list[TrainedVoice]:
        """Every version that there is, newest first."""
        return await asyncio.to_thread(self._read, voice_folder(platform, community_id))

    def _read(self, community: str) -> list[TrainedVoice]:
        cards = sorted((self._folder / community).glob(f"[0-9]*/{CARD}"), reverse=True)
        found = (_voice(community, card) for card in cards)
        return [voice for voice in found if voice]


def _voice(community: str, card: Path) -> TrainedVoice | None:
    """What a card says; None where it cannot be read: captions are then written without it."""
    try:
        told = json.loads(card.read_text(encoding="utf-8"))
        return TrainedVoice(
            name=f"{community}/{card.parent.name}",
            version=card.parent.name,
            base=str(told["base"]),
            examples=int(told["examples"]),
            against=told["against"],
            perplexity={way: float(value) for way, value in told["perplexity"].items()},
            samples={way: tuple(each["samples"]) for way, each in told["figures"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
