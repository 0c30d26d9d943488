"""Newness of forum accounts, requests from topics, who opted out"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "discourse_hooks_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=100), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_discourse_hooks_account_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["discourse_hooks_connection.id"],
            name=op.f("fk_discourse_hooks_account_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discourse_hooks_account")),
        sa.UniqueConstraint(
            "connection_id",
            "user_id",
            name=op.f("uq_discourse_hooks_account_connection_id_user_id"),
        ),
    )
    with op.batch_alter_table("discourse_hooks_account", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discourse_hooks_account_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "discourse_hooks_like_seen",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("post_number", sa.Integer(), nullable=False),
        sa.Column("liker_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_discourse_hooks_like_seen_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["discourse_hooks_connection.id"],
            name=op.f("fk_discourse_hooks_like_seen_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discourse_hooks_like_seen")),
        sa.UniqueConstraint(
            "connection_id",
            "topic_id",
            "post_number",
            "liker_id",
            name=op.f("uq_discourse_hooks_like_seen_connection_id_topic_id_post_number_liker_id"),
        ),
    )
    with op.batch_alter_table("discourse_hooks_like_seen", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discourse_hooks_like_seen_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "discourse_hooks_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("wanted_state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_discourse_hooks_request_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["discourse_hooks_connection.id"],
            name=op.f("fk_discourse_hooks_request_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discourse_hooks_request")),
        sa.UniqueConstraint(
            "connection_id",
            "topic_id",
            name=op.f("uq_discourse_hooks_request_connection_id_topic_id"),
        ),
    )
    with op.batch_alter_table("discourse_hooks_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discourse_hooks_request_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_discourse_hooks_request_key"), ["key"], unique=False)

    op.create_table(
        "discourse_hooks_request_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("tag", sa.String(length=100), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_discourse_hooks_request_rule_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["discourse_hooks_connection.id"],
            name=op.f("fk_discourse_hooks_request_rule_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discourse_hooks_request_rule")),
        sa.UniqueConstraint(
            "connection_id",
            "kind",
            "tag",
            "category_id",
            name=op.f("uq_discourse_hooks_request_rule_connection_id_kind_tag_category_id"),
        ),
    )
    with op.batch_alter_table("discourse_hooks_request_rule", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discourse_hooks_request_rule_community_id"),
            ["community_id"],
            unique=False,
        )

    op.create_table(
        "expertise_opt_out",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_expertise_opt_out_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people_person.id"],
            name=op.f("fk_expertise_opt_out_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expertise_opt_out")),
        sa.UniqueConstraint("person_id", name=op.f("uq_expertise_opt_out_person_id")),
    )
    with op.batch_alter_table("expertise_opt_out", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_expertise_opt_out_community_id"), ["community_id"], unique=False
        )

    with op.batch_alter_table("expertise_contribution", schema=None) as batch_op:
        batch_op.add_column(sa.Column("value", sa.Double(), nullable=True))
        batch_op.add_column(
            sa.Column("held_back", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    with op.batch_alter_table("expertise_contribution", schema=None) as batch_op:
        batch_op.alter_column("held_back", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("expertise_contribution", schema=None) as batch_op:
        batch_op.drop_column("held_back")
        batch_op.drop_column("value")

    with op.batch_alter_table("expertise_opt_out", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_expertise_opt_out_community_id"))

    op.drop_table("expertise_opt_out")
    with op.batch_alter_table("discourse_hooks_request_rule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discourse_hooks_request_rule_community_id"))

    op.drop_table("discourse_hooks_request_rule")
    with op.batch_alter_table("discourse_hooks_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discourse_hooks_request_key"))
        batch_op.drop_index(batch_op.f("ix_discourse_hooks_request_community_id"))

    op.drop_table("discourse_hooks_request")
    with op.batch_alter_table("discourse_hooks_like_seen", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discourse_hooks_like_seen_community_id"))

    op.drop_table("discourse_hooks_like_seen")
    with op.batch_alter_table("discourse_hooks_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discourse_hooks_account_community_id"))

    op.drop_table("discourse_hooks_account")
