"""The tables. Times are seconds since 1970 as floats; structured values are JSON made by mapping.py."""

from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Float,
    ForeignKey,
    Index,
    MetaData,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Constraint names are fixed, so that migrations can name them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {dict[str, Any]: JSON, str: Text, float: Float(53), int: BigInteger}


class MemberRow(Base):
    """A person; `served_at` is when the queue last took a job of theirs, for fairness."""

    __tablename__ = "members"
    id: Mapped[str] = mapped_column(primary_key=True)
    locale: Mapped[str]
    display_name: Mapped[str]
    served_at: Mapped[float] = mapped_column(default=0.0)


class AccountRow(Base):
    """A person's account on a platform."""

    __tablename__ = "accounts"
    platform: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"), index=True)


class JobRow(Base):
    """The queue and its history. `token` is unique a platform: a replayed message makes no second job."""

    __tablename__ = "jobs"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    member_id: Mapped[str] = mapped_column(ForeignKey("members.id"))
    platform: Mapped[str]
    token: Mapped[str | None]
    origin: Mapped[dict[str, Any]]
    request: Mapped[dict[str, Any]]
    upload: Mapped[str | None]
    units: Mapped[int]
    status: Mapped[str]
    settlement: Mapped[str]
    created_at: Mapped[float]
    deadline_at: Mapped[float]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None]
    lease_until: Mapped[float | None]
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    approved: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[float | None]
    finished_at: Mapped[float | None]
    result: Mapped[dict[str, Any] | None]
    error: Mapped[dict[str, Any] | None]
    parent_id: Mapped[str | None]
    __table_args__ = (
        UniqueConstraint("platform", "token"),
        Index("ix_jobs_status_created_at", "status", "created_at"),
        Index("ix_jobs_member_id_created_at", "member_id", "created_at"),
        Index("ix_jobs_kind_finished_at", "kind", "finished_at"),
    )


class UsageRow(Base):
    """Units used by an account in a window: the one row that a reservation updates."""

    __tablename__ = "quota_usage"
    account: Mapped[str] = mapped_column(primary_key=True)
    window: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[int] = mapped_column(primary_key=True)
    used: Mapped[int]


class LedgerRow(Base):
    """Append-only: what was reserved, settled, released or refunded for a job, account by account."""

    __tablename__ = "quota_ledger"
    job_id: Mapped[str] = mapped_column(primary_key=True)
    entry: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    window: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[int]
    units: Mapped[int]


class ArtifactRow(Base):
    """A picture; the file is in the artifact store under `name`."""

    __tablename__ = "artifacts"
    id: Mapped[str] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), index=True)
    member_id: Mapped[str]
    position: Mapped[int]
    name: Mapped[str] = mapped_column(index=True)
    media_type: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    seed: Mapped[int]
    created_at: Mapped[float]
    deleted_at: Mapped[float | None]
    __table_args__ = (Index("ix_artifacts_member_id_created_at", "member_id", "created_at"),)


class DeliveryRow(Base):
    """The outbox: one row for each thing to tell, at most one a job and status."""

    __tablename__ = "deliveries"
    id: Mapped[str] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"))
    told: Mapped[str]
    platform: Mapped[str]
    status: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[float]
    created_at: Mapped[float]
    finished_at: Mapped[float | None]
    __table_args__ = (
        UniqueConstraint("job_id", "told"),
        Index("ix_deliveries_status_next_attempt_at", "status", "next_attempt_at"),
    )


class CaseRow(Base):
    """Something held for a human; the card is the message in which a platform's moderators see it."""

    __tablename__ = "review_cases"
    id: Mapped[str] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), index=True)
    stage: Mapped[str]
    cause: Mapped[dict[str, Any]]
    status: Mapped[str]
    opened_at: Mapped[float]
    decided_at: Mapped[float | None]
    decided_by: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")
    card_channel: Mapped[str | None]
    card_message: Mapped[str | None]
    card_status: Mapped[str | None]
    __table_args__ = (Index("ix_review_cases_status_opened_at", "status", "opened_at"),)


class FlagRow(Base):
    """Why something was not simply allowed; `job_id` is empty where nothing was queued."""

    __tablename__ = "flags"
    id: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[str] = mapped_column(index=True)
    job_id: Mapped[str | None]
    stage: Mapped[str]
    verdict: Mapped[str]
    category: Mapped[str]
    score: Mapped[float]
    source: Mapped[str]
    created_at: Mapped[float]


class ReportRow(Base):
    """A member's report of what another was shown; one a job."""

    __tablename__ = "reports"
    id: Mapped[str] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"))
    member_id: Mapped[str]
    note: Mapped[str]
    created_at: Mapped[float]
    __table_args__ = (
        UniqueConstraint("job_id", "member_id"),
        Index("ix_reports_member_id_created_at", "member_id", "created_at"),
    )


class CommunityRow(Base):
    """What the owner of a community decided for it."""

    __tablename__ = "communities"
    platform: Mapped[str] = mapped_column(primary_key=True)
    community_id: Mapped[str] = mapped_column(primary_key=True)
    rules: Mapped[dict[str, Any]]
    updated_at: Mapped[float]
    updated_by: Mapped[str]


class ConsentRow(Base):
    """A question to somebody whether their picture may be used, with the request that waits for the answer."""

    __tablename__ = "consents"
    id: Mapped[str] = mapped_column(primary_key=True)
    platform: Mapped[str]
    asker_user_id: Mapped[str]
    subject_user_id: Mapped[str]
    origin: Mapped[dict[str, Any]]
    request: Mapped[dict[str, Any]]
    created_at: Mapped[float]
    answered_at: Mapped[float | None]
    answer: Mapped[str | None]
    __table_args__ = (Index("ix_consents_asker_user_id_created_at", "asker_user_id", "created_at"),)


class RefusalRow(Base):
    """Somebody who never wants to be asked for their picture."""

    __tablename__ = "refusals"
    platform: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[float]
