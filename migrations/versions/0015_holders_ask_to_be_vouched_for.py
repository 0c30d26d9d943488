"""holders ask to be vouched for"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("credentials_credential", schema=None) as batch_op:
        batch_op.add_column(sa.Column("vouch_asked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("credentials_credential", schema=None) as batch_op:
        batch_op.drop_column("vouch_asked_at")
