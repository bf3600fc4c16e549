"""Moderation that communities can trust"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _text(name: str, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=nullable)


def _real(name: str, nullable: bool = False) -> "sa.Column[float]":
    return sa.Column(name, sa.Float(precision=53), nullable=nullable)


def upgrade() -> None:
    """Policies, every judgement instead of flags alone, strikes, sanctions, the moderators' tools, and an audit log."""
    op.create_table(
        "policies",
        _text("platform"),
        _text("community_id"),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        _real("created_at"),
        _text("created_by"),
        _text("note"),
        sa.PrimaryKeyConstraint("platform", "community_id", "version", name=op.f("pk_policies")),
    )
    op.create_table(
        "strikes",
        _text("id"),
        _text("member_id"),
        _text("community"),
        _text("category"),
        _text("case_id"),
        _real("at"),
        _real("lifted_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strikes")),
    )
    op.create_index(op.f("ix_strikes_member_id"), "strikes", ["member_id"])
    op.create_index(op.f("ix_strikes_case_id"), "strikes", ["case_id"])
    op.create_table(
        "sanctions",
        _text("id"),
        _text("member_id"),
        _text("community"),
        _text("kind"),
        _text("reason"),
        _text("made_by"),
        _real("at"),
        _real("until", nullable=True),
        _real("lifted_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanctions")),
    )
    op.create_index(op.f("ix_sanctions_member_id"), "sanctions", ["member_id"])
    op.create_table(
        "case_notes",
        _text("id"),
        _text("case_id"),
        _text("made_by"),
        _text("text"),
        _real("at"),
        sa.ForeignKeyConstraint(["case_id"], ["review_cases.id"], name=op.f("fk_case_notes_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notes")),
    )
    op.create_index(op.f("ix_case_notes_case_id"), "case_notes", ["case_id"])
    op.create_table(
        "opinions",
        _text("case_id"),
        _text("made_by"),
        sa.Column("approve", sa.Boolean(), nullable=False),
        _real("at"),
        sa.ForeignKeyConstraint(["case_id"], ["review_cases.id"], name=op.f("fk_opinions_case_id")),
        sa.PrimaryKeyConstraint("case_id", "made_by", name=op.f("pk_opinions")),
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        _real("at"),
        _text("actor"),
        _text("community"),
        _text("action"),
        _text("subject"),
        sa.Column("detail", sa.JSON(), nullable=False),
        _text("previous"),
        _text("hash"),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_community_at", "audit", ["community", "at"])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        _text("hash"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": ""}])
    _screenings()
    _cases()


def _screenings() -> None:
    """Flags become judgements; what was simply allowed until now is not known."""
    screenings = op.create_table(
        "screenings",
        _text("id"),
        _text("job_id", nullable=True),
        _text("member_id"),
        _text("platform"),
        _text("community_id"),
        _text("channel_kind"),
        _text("stage"),
        sa.Column("signals", sa.JSON(), nullable=False),
        _text("verdict"),
        sa.Column("policy_version", sa.BigInteger(), nullable=False),
        _real("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screenings")),
    )
    op.create_index(op.f("ix_screenings_member_id"), "screenings", ["member_id"])
    op.create_index(op.f("ix_screenings_job_id"), "screenings", ["job_id"])
    op.create_index("ix_screenings_platform_community_id_at", "screenings", ["platform", "community_id", "at"])
    op.create_index("ix_screenings_at", "screenings", ["at"])
    connection = op.get_bind()
    flags = sa.text("SELECT flags.*, jobs.origin FROM flags LEFT JOIN jobs ON jobs.id = flags.job_id")
    for flag in connection.execute(flags).mappings().all():
        # The driver of SQLite gives JSON as text, that of PostgreSQL may give what it means.
        origin = json.loads(flag["origin"]) if isinstance(flag["origin"], str) else flag["origin"] or {}
        community = origin.get("community_id")
        kind = "general" if community or not origin else "private"
        connection.execute(
            sa.insert(screenings).values(
                **{name: flag[name] for name in ("id", "job_id", "member_id", "platform", "stage", "verdict")},
                community_id=community or "",
                channel_kind="age-restricted" if community and origin.get("age_restricted") else kind,
                signals=[{name: flag[name] for name in ("category", "score", "source")}],
                policy_version=0,
                at=flag["created_at"],
            )
        )
    op.drop_table("flags")


def _cases() -> None:
    with op.batch_alter_table("review_cases", schema=None) as batch_op:
        batch_op.add_column(_text("reason", nullable=True))
        batch_op.add_column(sa.Column("strike", sa.Boolean(), nullable=False, server_default=sa.false()))
        for moment in ("settles_at", "settled_at", "overturned_at", "claimed_until", "escalated_at"):
            batch_op.add_column(_real(moment, nullable=True))
        for name in ("claimed_by", "second_wanted_by", "first_case_id"):
            batch_op.add_column(_text(name, nullable=True))
        batch_op.create_unique_constraint(op.f("uq_review_cases_first_case_id"), ["first_case_id"])
    with op.batch_alter_table("review_cases", schema=None) as batch_op:
        batch_op.alter_column("strike", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
    # Whatever was decided until now took effect at once.
    op.execute("UPDATE review_cases SET settled_at = decided_at WHERE decided_at IS NOT NULL")
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.add_column(_text("case_id", nullable=True))
        batch_op.create_index(op.f("ix_reports_case_id"), ["case_id"], unique=False)
