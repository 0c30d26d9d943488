"""links portfolios lists and thanks"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credentials_portfolio",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(length=1000), nullable=False),
        sa.Column("holder_name", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_portfolio_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_portfolio")),
        sa.UniqueConstraint("person_id", name=op.f("uq_credentials_portfolio_person_id")),
    )
    with op.batch_alter_table("credentials_portfolio", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_portfolio_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "credentials_giving_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["achievement_id"],
            ["credentials_achievement.id"],
            name=op.f("fk_credentials_giving_run_achievement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_giving_run_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_giving_run")),
        sa.UniqueConstraint("handle", name=op.f("uq_credentials_giving_run_handle")),
    )
    with op.batch_alter_table("credentials_giving_run", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_giving_run_achievement_id"), ["achievement_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_giving_run_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "credentials_thanks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("mentorship", sa.String(length=100), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("confirmed", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_thanks_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["from_id"], ["people_person.id"], name=op.f("fk_credentials_thanks_from_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_id"], ["people_person.id"], name=op.f("fk_credentials_thanks_to_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_thanks")),
        sa.UniqueConstraint(
            "mentorship", "from_id", name=op.f("uq_credentials_thanks_mentorship_from_id")
        ),
    )
    with op.batch_alter_table("credentials_thanks", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_thanks_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_thanks_from_id"), ["from_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_credentials_thanks_to_id"), ["to_id"], unique=False)

    op.create_table(
        "credentials_giving_row",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(length=400), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_giving_row_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["credentials_giving_run.id"],
            name=op.f("fk_credentials_giving_row_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_giving_row")),
        sa.UniqueConstraint("run_id", "line", name=op.f("uq_credentials_giving_row_run_id_line")),
    )
    with op.batch_alter_table("credentials_giving_row", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_giving_row_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_giving_row_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "credentials_portfolio_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("portfolio_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_portfolio_item_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credentials_credential.id"],
            name=op.f("fk_credentials_portfolio_item_credential_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["portfolio_id"],
            ["credentials_portfolio.id"],
            name=op.f("fk_credentials_portfolio_item_portfolio_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_portfolio_item")),
        sa.UniqueConstraint(
            "portfolio_id",
            "credential_id",
            name=op.f("uq_credentials_portfolio_item_portfolio_id_credential_id"),
        ),
    )
    with op.batch_alter_table("credentials_portfolio_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_portfolio_item_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_portfolio_item_credential_id"),
            ["credential_id"],
            unique=False,
        )

    op.create_table(
        "credentials_share_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=True),
        sa.Column("portfolio_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_share_link_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credentials_credential.id"],
            name=op.f("fk_credentials_share_link_credential_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["credentials_share_link.id"],
            name=op.f("fk_credentials_share_link_parent_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["portfolio_id"],
            ["credentials_portfolio.id"],
            name=op.f("fk_credentials_share_link_portfolio_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_share_link")),
        sa.UniqueConstraint("handle", name=op.f("uq_credentials_share_link_handle")),
    )
    with op.batch_alter_table("credentials_share_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_share_link_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_share_link_credential_id"), ["credential_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_share_link_parent_id"), ["parent_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_share_link_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_share_link_portfolio_id"), ["portfolio_id"], unique=False
        )

    with op.batch_alter_table("credentials_credential", schema=None) as batch_op:
        batch_op.add_column(sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("put_away_at", sa.DateTime(timezone=True), nullable=True))
    # Whoever shared it had chosen a name, or none.
    op.execute(
        sa.text(
            "UPDATE credentials_credential SET claimed_at = created_at "
            "WHERE shared_at IS NOT NULL OR holder_name <> ''"
        )
    )


def downgrade() -> None:
    with op.batch_alter_table("credentials_credential", schema=None) as batch_op:
        batch_op.drop_column("put_away_at")
        batch_op.drop_column("claimed_at")

    with op.batch_alter_table("credentials_share_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_share_link_portfolio_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_share_link_person_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_share_link_parent_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_share_link_credential_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_share_link_community_id"))

    op.drop_table("credentials_share_link")
    with op.batch_alter_table("credentials_portfolio_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_portfolio_item_credential_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_portfolio_item_community_id"))

    op.drop_table("credentials_portfolio_item")
    with op.batch_alter_table("credentials_giving_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_giving_row_person_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_giving_row_community_id"))

    op.drop_table("credentials_giving_row")
    with op.batch_alter_table("credentials_thanks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_thanks_to_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_thanks_from_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_thanks_community_id"))

    op.drop_table("credentials_thanks")
    with op.batch_alter_table("credentials_giving_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_giving_run_community_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_giving_run_achievement_id"))

    op.drop_table("credentials_giving_run")
    with op.batch_alter_table("credentials_portfolio", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_portfolio_community_id"))

    op.drop_table("credentials_portfolio")
