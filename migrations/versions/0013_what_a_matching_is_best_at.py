"""what a matching is best at"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mentoring_matching", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("aim", sa.String(length=10), nullable=False, server_default="total")
        )


def downgrade() -> None:
    with op.batch_alter_table("mentoring_matching", schema=None) as batch_op:
        batch_op.drop_column("aim")
