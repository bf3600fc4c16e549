"""One transaction over all repositories: commit, or everything rolls back."""

from types import TracebackType
from typing import Self

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as QueueTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records import (
    Artifacts,
    Cards,
    Communities,
    Consents,
    Deliveries,
    Jobs,
    Members,
    Quotas,
    Reports,
    Reviews,
)
from bot.storage.card_repository import SqlCards
from bot.storage.community_repository import SqlCommunities
from bot.storage.consent_repository import SqlConsents
from bot.storage.database import storage_error
from bot.storage.delivery_repository import SqlDeliveries
from bot.storage.job_repository import SqlJobs
from bot.storage.quota_repository import SqlQuotas
from bot.storage.report_repository import SqlReports
from bot.storage.repositories import SqlArtifacts, SqlMembers
from bot.storage.review_repository import SqlReviews
from bot.storage.session import PatientSession


class SqlUnitOfWork:
    """A transaction on a database; open it with `async with`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._session = PatientSession(engine, expire_on_commit=False)
        self.members: Members = SqlMembers(self._session)
        self.quotas: Quotas = SqlQuotas(self._session)
        self.jobs: Jobs = SqlJobs(self._session)
        self.artifacts: Artifacts = SqlArtifacts(self._session)
        self.deliveries: Deliveries = SqlDeliveries(self._session)
        self.reviews: Reviews = SqlReviews(self._session)
        self.cards: Cards = SqlCards(self._session)
        self.reports: Reports = SqlReports(self._session)
        self.communities: Communities = SqlCommunities(self._session)
        self.consents: Consents = SqlConsents(self._session)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()
        if isinstance(error, DBAPIError | QueueTimeout) and not isinstance(error, IntegrityError):
            raise storage_error(error) from error

    async def commit(self) -> None:
        """Make it so."""
        await self._session.commit()
