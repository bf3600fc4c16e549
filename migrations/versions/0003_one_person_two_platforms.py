"""One person, two platforms"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Codes that link accounts, drafts of requests, platforms' handles of pictures, and whose account a flag is of."""
    op.create_table(
        "drafts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("origin", sa.JSON(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("upload", sa.Text(), nullable=True),
        sa.Column("asked_in", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index("ix_drafts_platform_asked_in", ["platform", "asked_in"], unique=False)
        batch_op.create_index("ix_drafts_platform_user_id", ["platform", "user_id"], unique=False)

    op.create_table(
        "picture_handles",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("artifact_id", sa.Text(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["artifact_id"], ["artifacts.id"], name=op.f("fk_picture_handles_artifact_id")),
        sa.PrimaryKeyConstraint("platform", "artifact_id", name=op.f("pk_picture_handles")),
    )
    op.create_table(
        "link_codes",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Float(precision=53), nullable=False),
        sa.Column("expires_at", sa.Float(precision=53), nullable=False),
        sa.Column("ended_at", sa.Float(precision=53), nullable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_link_codes")),
    )
    with op.batch_alter_table("link_codes", schema=None) as batch_op:
        batch_op.create_index("ix_link_codes_platform_user_id", ["platform", "user_id"], unique=False)

    op.create_table(
        "link_tries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("tried_at", sa.Float(precision=53), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_tries")),
    )
    with op.batch_alter_table("link_tries", schema=None) as batch_op:
        batch_op.create_index("ix_link_tries_platform_user_id", ["platform", "user_id"], unique=False)

    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.add_column(sa.Column("platform", sa.Text(), nullable=True))
    # Until now nobody could have a second account.
    op.execute("UPDATE flags SET platform = (SELECT platform FROM accounts WHERE accounts.member_id = flags.member_id)")
    op.execute("DELETE FROM flags WHERE platform IS NULL")
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.alter_column("platform", existing_type=sa.Text(), nullable=False)
