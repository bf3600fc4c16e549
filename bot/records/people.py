"""What communities and people decided for themselves, as Protocols."""

from typing import Protocol

from bot.domain.community import CommunityRules
from bot.domain.consent import Answer, Consent
from bot.domain.identity import Origin, Platform


class Communities(Protocol):
    """The rules that owners made."""

    async def get(self, platform: Platform, community_id: str, *, to_change: bool = False) -> CommunityRules:
        """A community's rules, the defaults where nobody made any.

        With `to_change` nobody else can change them until the transaction ends.
        """
        ...

    async def put(self, platform: Platform, community_id: str, rules: CommunityRules, by: str, now: float) -> None:
        """Replace them."""
        ...

    async def move(self, platform: Platform, old_id: str, new_id: str) -> None:
        """A community has another id now: its rules, and whatever names it as a place, follow."""
        ...

    async def reviewed_in(self, platform: Platform, channel_id: str) -> list[str]:
        """The communities whose moderators see their cases in this channel."""
        ...


class Consents(Protocol):
    """Questions for somebody's picture, and who never wants to be asked."""

    async def add(self, consent: Consent) -> None:
        """Store a question."""
        ...

    async def get(self, consent_id: str) -> Consent | None:
        """A question by id."""
        ...

    async def unanswered(self, asker: Origin, since: float) -> int:
        """How many questions of this asker wait for an answer."""
        ...

    async def answer(self, consent_id: str, answer: Answer, now: float) -> bool:
        """Answer an open question; False when it already was."""
        ...

    async def refuse(self, platform: Platform, user_id: str, now: float) -> None:
        """Remember that this person never wants to be asked."""
        ...

    async def refused(self, platform: Platform, user_id: str) -> bool:
        """Whether this person never wants to be asked."""
        ...

    async def forget_refusal(self, platform: Platform, user_id: str) -> bool:
        """This person may be asked again; False when they always could."""
        ...
