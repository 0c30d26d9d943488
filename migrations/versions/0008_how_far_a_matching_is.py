"""how far a matching is"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mentoring_matching", schema=None) as batch_op:
        batch_op.add_column(sa.Column("percent", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("mentoring_matching", schema=None) as batch_op:
        batch_op.drop_column("percent")
