"""Members are told of sanctions"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """When a member was told of a sanction; of those from before, nobody is told late."""
    with op.batch_alter_table("sanctions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_at", sa.Float(precision=53), nullable=True))
    op.execute("UPDATE sanctions SET told_at = at")
