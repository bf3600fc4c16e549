"""One transaction over all repositories: commit, or everything rolls back."""

from types import TracebackType
from typing import Self

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as QueueTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records import (
    Artifacts,
    AuditLog,
    Cards,
    Casework,
    Communities,
    Consents,
    Deliveries,
    Drafts,
    Handles,
    Jobs,
    Links,
    Members,
    Policies,
    Quotas,
    Reports,
    Reviews,
    Sanctions,
    Screenings,
    ToneExamples,
    Vectors,
)
from bot.storage.audit_repository import SqlAuditLog
from bot.storage.card_repository import SqlCards
from bot.storage.casework_repository import SqlCasework
from bot.storage.community_repository import SqlCommunities
from bot.storage.connection import PatientConnection
from bot.storage.consent_repository import SqlConsents
from bot.storage.database import storage_error
from bot.storage.delivery_repository import SqlDeliveries
from bot.storage.draft_repository import SqlDrafts
from bot.storage.handle_repository import SqlHandles
from bot.storage.job_repository import SqlJobs
from bot.storage.link_repository import SqlLinks
from bot.storage.policy_repository import SqlPolicies
from bot.storage.quota_repository import SqlQuotas
from bot.storage.report_repository import SqlReports
from bot.storage.repositories import SqlArtifacts, SqlMembers
from bot.storage.review_repository import SqlReviews
from bot.storage.sanction_repository import SqlSanctions
from bot.storage.screening_repository import SqlScreenings
from bot.storage.tone_repository import SqlToneExamples
from bot.storage.vector_repository import SqlVectors


class SqlUnitOfWork:
    """A transaction on a database; open it with `async with`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._connection = PatientConnection(engine)
        self.members: Members = SqlMembers(self._connection)
        self.links: Links = SqlLinks(self._connection)
        self.quotas: Quotas = SqlQuotas(self._connection)
        self.jobs: Jobs = SqlJobs(self._connection)
        self.artifacts: Artifacts = SqlArtifacts(self._connection)
        self.vectors: Vectors = SqlVectors(self._connection)
        self.handles: Handles = SqlHandles(self._connection)
        self.deliveries: Deliveries = SqlDeliveries(self._connection)
        self.reviews: Reviews = SqlReviews(self._connection)
        self.casework: Casework = SqlCasework(self._connection)
        self.cards: Cards = SqlCards(self._connection)
        self.reports: Reports = SqlReports(self._connection)
        self.communities: Communities = SqlCommunities(self._connection)
        self.consents: Consents = SqlConsents(self._connection)
        self.drafts: Drafts = SqlDrafts(self._connection)
        self.policies: Policies = SqlPolicies(self._connection)
        self.screenings: Screenings = SqlScreenings(self._connection)
        self.sanctions: Sanctions = SqlSanctions(self._connection)
        self.tone_examples: ToneExamples = SqlToneExamples(self._connection)
        self.audit: AuditLog = SqlAuditLog(self._connection)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._connection.close()
        if isinstance(error, DBAPIError | QueueTimeout) and not isinstance(error, IntegrityError):
            raise storage_error(error) from error

    async def commit(self) -> None:
        """Make it so."""
        await self._connection.commit()
