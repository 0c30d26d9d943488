"""a login may be proved by the platform's storage; whose pages frame ours"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("lti_login_state", schema=None) as batch_op:
        batch_op.add_column(sa.Column("storage_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("arrival_hash", sa.String(length=64), nullable=True))
    with op.batch_alter_table("lti_deployment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("frame_origin", sa.String(length=255), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("lti_deployment", schema=None) as batch_op:
        batch_op.drop_column("frame_origin")
    with op.batch_alter_table("lti_login_state", schema=None) as batch_op:
        batch_op.drop_column("arrival_hash")
        batch_op.drop_column("storage_hash")
