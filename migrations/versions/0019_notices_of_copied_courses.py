"""the notification service that tells of copied courses"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("lti_deployment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notices_url", sa.String(length=2048), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("lti_deployment", schema=None) as batch_op:
        batch_op.drop_column("notices_url")
