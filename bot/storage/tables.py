"""The tables. Times are seconds since 1970 as floats; structured values are JSON made by mapping.py."""

from functools import partial

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    true,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Constraint names are fixed, so that migrations can name them on both databases."""

_Given = partial(Column, nullable=False)
_Key = partial(Column, primary_key=True)
_REAL = Float(53)

members = Table(
    "members",
    metadata,
    _Key("id", Text),
    _Given("locale", Text),
    _Given("display_name", Text),
    _Given("served_at", _REAL, default=0.0),
)
"""People; `served_at` is when the queue last took a job of theirs, for fairness."""

accounts = Table(
    "accounts",
    metadata,
    _Key("platform", Text),
    _Key("user_id", Text),
    _Given("member_id", Text, ForeignKey("members.id"), index=True),
)
"""People's accounts on platforms."""

jobs = Table(
    "jobs",
    metadata,
    _Key("id", Text),
    _Given("kind", Text),
    _Given("member_id", Text, ForeignKey("members.id")),
    _Given("platform", Text),
    Column("token", Text),
    _Given("origin", JSON),
    _Given("request", JSON),
    Column("uploads", JSON(none_as_null=True)),
    _Given("units", BigInteger),
    _Given("status", Text),
    _Given("settlement", Text),
    _Given("created_at", _REAL),
    _Given("deadline_at", _REAL),
    _Given("attempts", BigInteger, default=0),
    Column("lease_owner", Text),
    Column("lease_until", _REAL),
    _Given("cancel_requested", Boolean, default=False),
    _Given("approved", Boolean, default=False),
    Column("started_at", _REAL),
    Column("finished_at", _REAL),
    Column("result", JSON),
    Column("error", JSON),
    Column("parent_id", Text),
    UniqueConstraint("platform", "token"),
    Index("ix_jobs_status_created_at", "status", "created_at"),
    Index("ix_jobs_member_id_created_at", "member_id", "created_at"),
    Index("ix_jobs_kind_finished_at", "kind", "finished_at"),
)
"""The queue and its history. `token` is unique a platform: a replayed message makes no second job."""

usage = Table(
    "quota_usage",
    metadata,
    _Key("account", Text),
    _Key("window", Text),
    _Key("window_start", BigInteger),
    _Given("used", BigInteger),
)
"""Units used by an account in a window: the one row that a reservation updates."""

ledger = Table(
    "quota_ledger",
    metadata,
    _Key("job_id", Text),
    _Key("entry", Text),
    _Key("account", Text),
    _Key("window", Text),
    _Given("window_start", BigInteger),
    _Given("units", BigInteger),
)
"""Append-only: what was reserved, settled, released or refunded for a job, account by account."""

artifacts = Table(
    "artifacts",
    metadata,
    _Key("id", Text),
    _Given("job_id", Text, ForeignKey("jobs.id"), index=True),
    _Given("member_id", Text),
    _Given("position", BigInteger),
    _Given("name", Text, index=True),
    _Given("media_type", Text),
    _Given("sha256", Text),
    _Given("size", BigInteger),
    _Given("width", BigInteger),
    _Given("height", BigInteger),
    _Given("seed", BigInteger),
    _Given("created_at", _REAL),
    Column("deleted_at", _REAL),
    _Given("alt", Text, server_default=""),
    _Given("kept", Boolean, server_default=true()),
    Index("ix_artifacts_member_id_created_at", "member_id", "created_at"),
)
"""Pictures; the files are in the artifact store under `name`. Those that are `kept` are in the gallery."""

parents = Table(
    "job_parents",
    metadata,
    _Key("job_id", Text, ForeignKey("jobs.id")),
    _Key("artifact_id", Text, ForeignKey("artifacts.id"), index=True),
)
"""Which pictures a job begins from: what it made are their children."""

vectors = Table(
    "picture_vectors",
    metadata,
    _Key("artifact_id", Text, ForeignKey("artifacts.id")),
    _Key("model", Text),
    _Given("vector", LargeBinary),
)
"""Where a dual encoder puts a picture: little-endian half-precision floats, once for each version of the model."""

deliveries = Table(
    "deliveries",
    metadata,
    _Key("id", Text),
    _Given("job_id", Text, ForeignKey("jobs.id")),
    _Given("told", Text),
    _Given("platform", Text),
    _Given("status", Text),
    _Given("attempts", BigInteger, default=0),
    _Given("next_attempt_at", _REAL),
    _Given("created_at", _REAL),
    Column("finished_at", _REAL),
    UniqueConstraint("job_id", "told"),
    Index("ix_deliveries_status_next_attempt_at", "status", "next_attempt_at"),
)
"""The outbox: one row for each thing to tell, at most one a job and status."""

cases = Table(
    "review_cases",
    metadata,
    _Key("id", Text),
    _Given("job_id", Text, ForeignKey("jobs.id"), index=True),
    _Given("stage", Text),
    _Given("cause", JSON),
    _Given("status", Text),
    _Given("opened_at", _REAL),
    Column("decided_at", _REAL),
    Column("decided_by", Text),
    _Given("note", Text, default=""),
    Column("reason", Text),
    _Given("strike", Boolean, default=False),
    Column("settles_at", _REAL),
    Column("settled_at", _REAL),
    Column("overturned_at", _REAL),
    Column("claimed_by", Text),
    Column("claimed_until", _REAL),
    Column("escalated_at", _REAL),
    Column("second_wanted_by", Text),
    Column("first_case_id", Text, unique=True),
    Column("card_channel", Text),
    Column("card_message", Text),
    Column("card_status", Text),
    Index("ix_review_cases_status_opened_at", "status", "opened_at"),
)
"""What was held for a human; the card is the message in which a platform's moderators see it.

`first_case_id` is unique: of what was decided once, a member asks for another look once.
"""

notes = Table(
    "case_notes",
    metadata,
    _Key("id", Text),
    _Given("case_id", Text, ForeignKey("review_cases.id"), index=True),
    _Given("made_by", Text),
    _Given("text", Text),
    _Given("at", _REAL),
)
"""What moderators tell each other about a case."""

opinions = Table(
    "opinions",
    metadata,
    _Key("case_id", Text, ForeignKey("review_cases.id")),
    _Key("made_by", Text),
    _Given("approve", Boolean),
    _Given("at", _REAL),
)
"""What each moderator thought of a case, the one who decided it among them."""

policies = Table(
    "policies",
    metadata,
    _Key("platform", Text),
    _Key("community_id", Text),
    _Key("version", BigInteger),
    _Given("policy", JSON),
    _Given("created_at", _REAL),
    _Given("created_by", Text),
    _Given("note", Text),
)
"""Append-only: every policy that a community ever had; an empty `community_id` is the platform's private chats."""

screenings = Table(
    "screenings",
    metadata,
    _Key("id", Text),
    Column("job_id", Text, index=True),
    _Given("member_id", Text, index=True),
    _Given("platform", Text),
    _Given("community_id", Text),
    _Given("channel_kind", Text),
    _Given("stage", Text),
    _Given("signals", JSON),
    _Given("verdict", Text),
    _Given("policy_version", BigInteger),
    _Given("at", _REAL),
    Index("ix_screenings_platform_community_id_at", "platform", "community_id", "at"),
    Index("ix_screenings_at", "at"),
)
"""Every judgement of the screens, without words; `job_id` is empty where nothing was queued.

With `platform` it is known whose it is when a person's accounts part: no person has two on one platform.
"""

strikes = Table(
    "strikes",
    metadata,
    _Key("id", Text),
    _Given("member_id", Text, index=True),
    _Given("community", Text),
    _Given("category", Text),
    _Given("case_id", Text, index=True),
    _Given("at", _REAL),
    Column("lifted_at", _REAL),
)
"""Rejections that count against a member; `community` is 'platform:id', empty for everywhere."""

sanctions = Table(
    "sanctions",
    metadata,
    _Key("id", Text),
    _Given("member_id", Text, index=True),
    _Given("community", Text),
    _Given("kind", Text),
    _Given("reason", Text),
    _Given("made_by", Text),
    _Given("at", _REAL),
    Column("until", _REAL),
    Column("lifted_at", _REAL),
    Column("told_at", _REAL),
)
"""What members may not do for a while, or for good."""

audit = Table(
    "audit",
    metadata,
    _Key("seq", BigInteger, autoincrement=False),
    _Given("at", _REAL),
    _Given("actor", Text),
    _Given("community", Text),
    _Given("action", Text),
    _Given("subject", Text),
    _Given("detail", JSON),
    _Given("previous", Text),
    _Given("hash", Text),
    Index("ix_audit_community_at", "community", "at"),
)
"""Append-only: each entry's hash covers the one before."""

audit_head = Table(
    "audit_head",
    metadata,
    _Key("id", BigInteger, autoincrement=False),
    _Given("seq", BigInteger),
    _Given("hash", Text),
)
"""One row, the last entry of `audit`: whoever adds one locks it, and what is cut off at the end is missed."""

reports = Table(
    "reports",
    metadata,
    _Key("id", Text),
    _Given("job_id", Text, ForeignKey("jobs.id")),
    _Given("member_id", Text),
    _Given("note", Text),
    _Given("created_at", _REAL),
    Column("case_id", Text, index=True),
    UniqueConstraint("job_id", "member_id"),
    Index("ix_reports_member_id_created_at", "member_id", "created_at"),
)
"""Members' reports of what another was shown, one a job, and the case that they led to once there is one."""

communities = Table(
    "communities",
    metadata,
    _Key("platform", Text),
    _Key("community_id", Text),
    _Given("rules", JSON),
    _Given("updated_at", _REAL),
    _Given("updated_by", Text),
)
"""What the owners of communities decided for them."""

consents = Table(
    "consents",
    metadata,
    _Key("id", Text),
    _Given("platform", Text),
    _Given("asker_user_id", Text),
    _Given("subject_user_id", Text),
    _Given("origin", JSON),
    _Given("request", JSON),
    _Given("created_at", _REAL),
    Column("answered_at", _REAL),
    Column("answer", Text),
    Index("ix_consents_asker_user_id_created_at", "asker_user_id", "created_at"),
)
"""Questions to somebody whether their picture may be used, with the request that waits for the answer."""

refusals = Table(
    "refusals",
    metadata,
    _Key("platform", Text),
    _Key("user_id", Text),
    _Given("created_at", _REAL),
)
"""People who never want to be asked for their picture."""

drafts = Table(
    "drafts",
    metadata,
    _Key("id", Text),
    _Given("platform", Text),
    _Given("user_id", Text),
    _Given("origin", JSON),
    _Given("kind", Text),
    _Given("text", Text),
    _Given("options", JSON),
    Column("upload", Text),
    _Given("asked_in", Text),
    Column("parent_id", Text),
    _Given("created_at", _REAL),
    Index("ix_drafts_platform_user_id", "platform", "user_id"),
    Index("ix_drafts_platform_asked_in", "platform", "asked_in"),
)
"""Requests that are being put together, step by step."""

handles = Table(
    "picture_handles",
    metadata,
    _Key("platform", Text),
    _Key("artifact_id", Text, ForeignKey("artifacts.id")),
    _Given("handle", Text),
)
"""What a platform calls a picture that it was sent, so that it is not sent again."""

link_codes = Table(
    "link_codes",
    metadata,
    _Key("hash", Text),
    _Given("platform", Text),
    _Given("user_id", Text),
    _Given("created_at", _REAL),
    _Given("expires_at", _REAL),
    Column("ended_at", _REAL),
    Index("ix_link_codes_platform_user_id", "platform", "user_id"),
)
"""Codes by which an account takes another in; `ended_at` is set when one was used, or a newer one took its place."""

link_tries = Table(
    "link_tries",
    metadata,
    _Key("id", Text),
    _Given("platform", Text),
    _Given("user_id", Text),
    _Given("tried_at", _REAL),
    Index("ix_link_tries_platform_user_id", "platform", "user_id"),
)
"""Codes that an account typed and that were none, so that nobody tries them all."""

tone_examples = Table(
    "tone_examples",
    metadata,
    _Key("id", Text),
    _Given("platform", Text),
    _Given("community_id", Text),
    _Given("topic", Text),
    _Given("caption", Text),
    _Given("added_by", Text),
    _Given("added_at", _REAL),
    Index("ix_tone_examples_platform_community_id", "platform", "community_id"),
)
"""Captions that sound like a community, as its owner and moderators collected them."""
