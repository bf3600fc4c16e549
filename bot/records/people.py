"""What communities and people decided for themselves, as Protocols."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.community import CommunityRules
from bot.domain.consent import Answer, Consent
from bot.domain.identity import Origin, Platform
from bot.domain.link import Account
from bot.domain.voice import ToneExample


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


class Links(Protocol):
    """Codes by which accounts become one person, known by their hash alone, and wrong ones that were typed."""

    async def add(self, hashed: str, account: Account, now: float, expires_at: float) -> None:
        """Remember a code that an account shows."""
        ...

    async def shown_by(self, hashed: str) -> Account | None:
        """Whose code this is, or was."""
        ...

    async def use(self, hashed: str, now: float) -> bool:
        """Use a code; False when it has ended or was never there."""
        ...

    async def issued(self, accounts: Sequence[Account], since: float) -> int:
        """How many codes these accounts were given since then."""
        ...

    async def end(self, accounts: Sequence[Account], now: float) -> None:
        """No code of these accounts can be used any more."""
        ...

    async def failed(self, account: Account, now: float) -> None:
        """Remember that an account typed a wrong code."""
        ...

    async def failures(self, account: Account, since: float) -> int:
        """How many wrong codes an account typed since then."""
        ...

    async def forget_before(self, moment: float) -> None:
        """Forget codes and tries that limit nobody any more."""
        ...


class ToneExamples(Protocol):
    """What communities collected to show how they write."""

    async def all(self, platform: Platform, community_id: str) -> list[ToneExample]:
        """A community's examples, oldest first."""
        ...

    async def add(self, platform: Platform, community_id: str, example: ToneExample) -> None:
        """Store one."""
        ...

    async def change(self, platform: Platform, community_id: str, example: ToneExample) -> bool:
        """Other words for one; False when there is none of this id."""
        ...

    async def remove(self, platform: Platform, community_id: str, example_id: str) -> bool:
        """Forget one; False when there is none of this id."""
        ...
