"""The repositories that use cases need, as Protocols, in one transaction; bot/storage is behind them."""

from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

from bot.records.moderation import AuditLog, Policies, Sanctions, Screenings
from bot.records.people import Communities, Consents, Links, ToneExamples
from bot.records.reviews import Cards, Casework, Reports, Reviews
from bot.records.work import Artifacts, Deliveries, Drafts, Handles, Jobs, Members, Quotas, Vectors

__all__ = [
    "Artifacts",
    "AuditLog",
    "Cards",
    "Casework",
    "Communities",
    "Consents",
    "Deliveries",
    "Drafts",
    "Handles",
    "Jobs",
    "Links",
    "Members",
    "Policies",
    "Quotas",
    "Reports",
    "Reviews",
    "Sanctions",
    "Screenings",
    "ToneExamples",
    "Transactions",
    "UnitOfWork",
    "Vectors",
]


class UnitOfWork(Protocol):
    """One transaction: `async with`, then `commit`, else everything rolls back."""

    members: Members
    links: Links
    quotas: Quotas
    jobs: Jobs
    artifacts: Artifacts
    vectors: Vectors
    handles: Handles
    deliveries: Deliveries
    reviews: Reviews
    casework: Casework
    cards: Cards
    reports: Reports
    communities: Communities
    consents: Consents
    drafts: Drafts
    policies: Policies
    screenings: Screenings
    sanctions: Sanctions
    tone_examples: ToneExamples
    audit: AuditLog

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def commit(self) -> None:
        """Make it so."""
        ...


Transactions = Callable[[], UnitOfWork]
"""Opens a new unit of work each time it is called."""
