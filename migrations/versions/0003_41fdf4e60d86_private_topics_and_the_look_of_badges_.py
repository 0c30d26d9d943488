"""Private topics and the look of badges are remembered"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("discourse_hooks_forum_badge", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("made_here", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("look", sa.String(length=64), nullable=False, server_default="")
        )

    with op.batch_alter_table("discourse_hooks_forum_space", schema=None) as batch_op:
        batch_op.add_column(sa.Column("group_id", sa.Integer(), nullable=True))

    with op.batch_alter_table("discourse_hooks_forum_badge", schema=None) as batch_op:
        batch_op.alter_column("made_here", server_default=None)
        batch_op.alter_column("look", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("discourse_hooks_forum_space", schema=None) as batch_op:
        batch_op.drop_column("group_id")

    with op.batch_alter_table("discourse_hooks_forum_badge", schema=None) as batch_op:
        batch_op.drop_column("look")
        batch_op.drop_column("made_here")
