"""What is remembered of policies, judgements, sanctions and who did what, as Protocols."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.domain.audit import Detail, Entry
from bot.domain.community_policy import CommunityPolicy, PolicyVersion
from bot.domain.identity import Platform
from bot.domain.jobs import Job
from bot.domain.moderation import Verdict
from bot.domain.sanctions import Sanction, SanctionKind, Strike
from bot.domain.screenings import Screening


class Policies(Protocol):
    """Every policy that a community ever had; community_id None is a platform's private chats."""

    async def current(self, platform: Platform, community_id: str | None) -> CommunityPolicy | None:
        """The newest; None where nobody made any."""
        ...

    async def version(self, platform: Platform, community_id: str | None, version: int) -> CommunityPolicy | None:
        """One of them by its number."""
        ...

    async def versions(self, platform: Platform, community_id: str | None) -> list[PolicyVersion]:
        """All of them, newest first."""
        ...

    async def add(
        self, platform: Platform, community_id: str | None, policy: CommunityPolicy, by: str, note: str, now: float
    ) -> bool:
        """Append it under the version it carries; False when somebody else took that number."""
        ...


class Screenings(Protocol):
    """Every judgement of the screens."""

    async def add(self, screening: Screening) -> None:
        """Remember a judgement; of its job's member, where the job is another's by now."""
        ...

    async def within(self, platform: Platform, community_id: str | None, since: float, until: float) -> list[Screening]:
        """A community's judgements from `since` to before `until`, oldest first."""
        ...

    async def of_member(self, member_id: str, platform: Platform, community_id: str | None) -> dict[Verdict, int]:
        """How a member's were judged in a community."""
        ...

    async def places(self) -> list[tuple[Platform, str | None]]:
        """Every community, and with None every platform's private chats, of which there are any."""
        ...

    async def forget_before(self, moment: float) -> None:
        """Forget older ones."""
        ...


class Sanctions(Protocol):
    """Strikes and what followed from them; an empty community is everywhere."""

    async def strike(self, strike: Strike) -> None:
        """Add a strike."""
        ...

    async def lift_strikes(self, case_id: str, now: float) -> None:
        """The strikes of a case count no more."""
        ...

    async def strikes(self, member_id: str, community: str) -> list[Strike]:
        """A member's strikes that count in a community, newest first, lifted and decayed ones too."""
        ...

    async def add(self, sanction: Sanction) -> None:
        """Add a sanction."""
        ...

    async def get(self, sanction_id: str) -> Sanction | None:
        """A sanction by id."""
        ...

    async def lift(
        self, member_id: str, community: str, kind: SanctionKind | None, now: float, by: str | None = None
    ) -> int:
        """End those in force exactly there, of one kind or of all, made by one or by anybody; answers how many."""
        ...

    async def of(self, member_id: str, platform: Platform, community: str) -> list[Sanction]:
        """A member's sanctions that count in a community of a platform, or with '' in private chats there.

        Those of the person's other platforms count, too: nobody escapes one by a linked account.
        Newest first, lifted and past ones too.
        """
        ...

    async def untold(self, platform: Platform, now: float, limit: int) -> list[Sanction]:
        """Sanctions in force in a platform's communities of which their members were not told, oldest first."""
        ...

    async def told(self, sanction_id: str, now: float) -> None:
        """The member was told."""
        ...

    async def barred(self, now: float) -> list[Job]:
        """Jobs of banned members that wait, run or are held where the ban counts."""
        ...


class AuditLog(Protocol):
    """Who did what."""

    async def append(
        self, at: float, actor: str, community: str, action: str, subject: str, detail: Mapping[str, Detail]
    ) -> Entry:
        """Add an entry behind the last one; until the transaction ends nobody else adds one."""
        ...

    async def head(self) -> tuple[int, str]:
        """Number and hash of the last entry."""
        ...

    async def entries(
        self, after: int, limit: int, since: float = 0.0, community: str | None = None
    ) -> Sequence[Entry]:
        """Entries behind number `after`, in order, of everywhere or of one community."""
        ...
