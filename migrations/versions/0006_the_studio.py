"""The studio"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Jobs begin from several pictures and know their parents; pictures say what they show and where they lie."""
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("uploads", sa.JSON(none_as_null=True), nullable=True))
    array = "json_build_array" if op.get_bind().dialect.name == "postgresql" else "json_array"
    op.execute(f"UPDATE jobs SET uploads = {array}(upload) WHERE upload IS NOT NULL")
    # Not in a batch: SQLite would build the table anew, which others refer to.
    op.execute("ALTER TABLE jobs DROP COLUMN upload")
    with op.batch_alter_table("artifacts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("alt", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("kept", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.create_table(
        "job_parents",
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("artifact_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_parents_job_id")),
        sa.ForeignKeyConstraint(["artifact_id"], ["artifacts.id"], name=op.f("fk_job_parents_artifact_id")),
        sa.PrimaryKeyConstraint("job_id", "artifact_id", name=op.f("pk_job_parents")),
    )
    op.create_index(op.f("ix_job_parents_artifact_id"), "job_parents", ["artifact_id"])
    op.create_table(
        "picture_vectors",
        sa.Column("artifact_id", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["artifact_id"], ["artifacts.id"], name=op.f("fk_picture_vectors_artifact_id")),
        sa.PrimaryKeyConstraint("artifact_id", "model", name=op.f("pk_picture_vectors")),
    )
