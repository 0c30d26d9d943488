"""one key finds the same delivery again; the index of what is open holds nothing else"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('waiting', 'parked')")


def upgrade() -> None:
    with op.batch_alter_table("discourse_hooks_inbox_message", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("same_key", sa.BigInteger(), nullable=False, server_default="0")
        )
        batch_op.drop_constraint(
            "fk_discourse_hooks_inbox_message_connection_id", type_="foreignkey"
        )
        batch_op.drop_index("ix_discourse_hooks_inbox_due")
        batch_op.drop_index("ix_discourse_hooks_inbox_same")
    with op.batch_alter_table("discourse_hooks_inbox_message", schema=None) as batch_op:
        batch_op.alter_column("same_key", server_default=None)
        batch_op.create_index("ix_discourse_hooks_inbox_same", ["same_key"], unique=False)
        batch_op.create_index(
            "ix_discourse_hooks_inbox_open",
            ["state", "next_attempt_at", "id"],
            unique=False,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )
    with op.batch_alter_table("discourse_hooks_connection", schema=None) as batch_op:
        batch_op.add_column(sa.Column("content_ping_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("people_ping_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("discourse_hooks_connection", schema=None) as batch_op:
        batch_op.drop_column("people_ping_at")
        batch_op.drop_column("content_ping_at")
    with op.batch_alter_table("discourse_hooks_inbox_message", schema=None) as batch_op:
        batch_op.drop_index("ix_discourse_hooks_inbox_open", sqlite_where=OPEN)
        batch_op.drop_index("ix_discourse_hooks_inbox_same")
        batch_op.drop_column("same_key")
    with op.batch_alter_table("discourse_hooks_inbox_message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_discourse_hooks_inbox_due", ["state", "next_attempt_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_discourse_hooks_inbox_same",
            ["connection_id", "body_sha256", "event_name"],
            unique=False,
        )
        batch_op.create_foreign_key(
            "fk_discourse_hooks_inbox_message_connection_id",
            "discourse_hooks_connection",
            ["connection_id"],
            ["id"],
            ondelete="CASCADE",
        )
