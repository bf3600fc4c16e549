"""Captions, pure: what the model is asked in which tone, and which of its candidates a member is shown.

1. `build` puts the tone's examples and the topic into a chat. 2. The engine writes several candidates.
3. `choose` repairs them, drops those that break a rule, and ranks the rest. 4. When none survives,
`fallback` says something short and honest. The tones are data: see tones/README.md to add one.
"""

from bot.captions.catalogue import Tone, fallback, tone, tones
from bot.captions.prompt import build, unsupported
from bot.captions.ranking import choose

__all__ = ["Tone", "build", "choose", "fallback", "tone", "tones", "unsupported"]
