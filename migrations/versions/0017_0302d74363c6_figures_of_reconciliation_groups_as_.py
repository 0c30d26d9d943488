"""figures of reconciliation, groups as seen, what the check of a forum found, a pilot"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "discourse_hooks_group_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_discourse_hooks_group_member_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["discourse_hooks_connection.id"],
            name=op.f("fk_discourse_hooks_group_member_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discourse_hooks_group_member")),
        sa.UniqueConstraint(
            "connection_id",
            "group_id",
            "user_id",
            name=op.f("uq_discourse_hooks_group_member_connection_id_group_id_user_id"),
        ),
    )
    with op.batch_alter_table("discourse_hooks_group_member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discourse_hooks_group_member_community_id"),
            ["community_id"],
            unique=False,
        )

    op.create_table(
        "discourse_hooks_pilot_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("admitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_discourse_hooks_pilot_member_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["discourse_hooks_connection.id"],
            name=op.f("fk_discourse_hooks_pilot_member_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discourse_hooks_pilot_member")),
        sa.UniqueConstraint(
            "connection_id",
            "user_id",
            name=op.f("uq_discourse_hooks_pilot_member_connection_id_user_id"),
        ),
    )
    with op.batch_alter_table("discourse_hooks_pilot_member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discourse_hooks_pilot_member_community_id"),
            ["community_id"],
            unique=False,
        )

    op.create_table(
        "discourse_hooks_reconciliation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.Integer(), nullable=False),
        sa.Column("marked", sa.Integer(), nullable=False),
        sa.Column("repaired", sa.Integer(), nullable=False),
        sa.Column("redelivered", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["discourse_hooks_connection.id"],
            name=op.f("fk_discourse_hooks_reconciliation_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discourse_hooks_reconciliation")),
    )
    with op.batch_alter_table("discourse_hooks_reconciliation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_discourse_hooks_reconciliation_forum", ["connection_id", "started_at"], unique=False
        )

    with op.batch_alter_table("discourse_hooks_connection", schema=None) as batch_op:
        batch_op.add_column(sa.Column("accounts_until", sa.Uuid(), nullable=True))
        batch_op.add_column(
            sa.Column("posts_until", sa.BigInteger(), nullable=False, server_default="0")
        )
        batch_op.add_column(sa.Column("bot_user_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("badges_possible", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("key_entered_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("check_found", sa.JSON(), nullable=False, server_default="[]")
        )
        batch_op.add_column(sa.Column("pilot_category_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("pilot_people", sa.Integer(), nullable=False, server_default="0")
        )

    with op.batch_alter_table("discourse_hooks_forum_space", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_sign_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("discourse_hooks_touched", schema=None) as batch_op:
        batch_op.add_column(sa.Column("run_id", sa.Uuid(), nullable=True))
    with op.batch_alter_table("discourse_hooks_connection", schema=None) as batch_op:
        for column in ("posts_until", "check_found", "pilot_people"):
            batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("discourse_hooks_touched", schema=None) as batch_op:
        batch_op.drop_column("run_id")
    with op.batch_alter_table("discourse_hooks_forum_space", schema=None) as batch_op:
        batch_op.drop_column("last_sign_at")
    with op.batch_alter_table("discourse_hooks_connection", schema=None) as batch_op:
        for column in (
            "pilot_people",
            "pilot_category_id",
            "check_found",
            "checked_at",
            "key_entered_at",
            "badges_possible",
            "bot_user_id",
            "posts_until",
            "accounts_until",
        ):
            batch_op.drop_column(column)
    op.drop_table("discourse_hooks_reconciliation")
    op.drop_table("discourse_hooks_pilot_member")
    op.drop_table("discourse_hooks_group_member")
