"""how credentials are signed, listed, endorsed and expire"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credentials_jwt_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("algorithm", sa.String(length=10), nullable=False),
        sa.Column("thumbprint", sa.String(length=80), nullable=False),
        sa.Column("public_jwk", sa.JSON(), nullable=False),
        sa.Column("sealed_key", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_jwt_key_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["credentials_issuer.id"], name=op.f("fk_credentials_jwt_key_issuer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_jwt_key")),
        sa.UniqueConstraint("thumbprint", name=op.f("uq_credentials_jwt_key_thumbprint")),
    )
    with op.batch_alter_table("credentials_jwt_key", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_jwt_key_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_jwt_key_issuer_id"), ["issuer_id"], unique=False
        )

    op.create_table(
        "credentials_status_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["achievement_id"],
            ["credentials_achievement.id"],
            name=op.f("fk_credentials_status_run_achievement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_status_run_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_status_run")),
        sa.UniqueConstraint("handle", name=op.f("uq_credentials_status_run_handle")),
    )
    with op.batch_alter_table("credentials_status_run", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_status_run_achievement_id"), ["achievement_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_status_run_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "credentials_endorsement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("endorser_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("uri", sa.String(length=60), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("signed", sa.LargeBinary(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_endorsement_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credentials_credential.id"],
            name=op.f("fk_credentials_endorsement_credential_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["endorser_id"],
            ["credentials_issuer.id"],
            name=op.f("fk_credentials_endorsement_endorser_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_endorsement")),
        sa.UniqueConstraint(
            "credential_id",
            "endorser_id",
            name=op.f("uq_credentials_endorsement_credential_id_endorser_id"),
        ),
        sa.UniqueConstraint("uri", name=op.f("uq_credentials_endorsement_uri")),
    )
    with op.batch_alter_table("credentials_endorsement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_endorsement_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_endorsement_endorser_id"), ["endorser_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_endorsement_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "credentials_status_run_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_status_run_item_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credentials_credential.id"],
            name=op.f("fk_credentials_status_run_item_credential_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["credentials_status_run.id"],
            name=op.f("fk_credentials_status_run_item_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_status_run_item")),
        sa.UniqueConstraint(
            "run_id",
            "credential_id",
            name=op.f("uq_credentials_status_run_item_run_id_credential_id"),
        ),
    )
    with op.batch_alter_table("credentials_status_run_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_status_run_item_community_id"),
            ["community_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_status_run_item_credential_id"),
            ["credential_id"],
            unique=False,
        )

    op.create_table(
        "credentials_spent_place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("status_list_id", sa.Uuid(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_spent_place_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["status_list_id"],
            ["credentials_status_list.id"],
            name=op.f("fk_credentials_spent_place_status_list_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_spent_place")),
        sa.UniqueConstraint(
            "status_list_id",
            "status_index",
            name=op.f("uq_credentials_spent_place_status_list_id_status_index"),
        ),
    )
    with op.batch_alter_table("credentials_spent_place", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_spent_place_community_id"), ["community_id"], unique=False
        )

    with op.batch_alter_table("credentials_achievement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("valid_months", sa.Integer(), nullable=True))

    with op.batch_alter_table("credentials_credential", schema=None) as batch_op:
        batch_op.add_column(sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("suspension_reason", sa.String(length=500), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("email_salt", sa.String(length=64), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("email_hash", sa.String(length=80), nullable=False, server_default="")
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_credential_expires_at"), ["expires_at"], unique=False
        )

    with op.batch_alter_table("credentials_issuer", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("signs_for", sa.String(length=40), nullable=False, server_default="community")
        )
        batch_op.add_column(sa.Column("person_id", sa.Uuid(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_credentials_issuer_community_id"), type_="unique")
        batch_op.create_index(
            batch_op.f("ix_credentials_issuer_person_id"), ["person_id"], unique=False
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_credentials_issuer_community_id_signs_for"),
            ["community_id", "signs_for"],
        )

    with op.batch_alter_table("credentials_status_list", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pair_id", sa.Uuid(), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_credentials_status_list_pair_id"), ["pair_id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_credentials_status_list_pair_id"),
            "credentials_status_list",
            ["pair_id"],
            ["id"],
        )


def downgrade() -> None:
    with op.batch_alter_table("credentials_spent_place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_spent_place_community_id"))

    op.drop_table("credentials_spent_place")
    with op.batch_alter_table("credentials_status_list", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_credentials_status_list_pair_id"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("uq_credentials_status_list_pair_id"), type_="unique")
        batch_op.drop_column("pair_id")

    with op.batch_alter_table("credentials_issuer", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("uq_credentials_issuer_community_id_signs_for"), type_="unique"
        )
        batch_op.drop_index(batch_op.f("ix_credentials_issuer_person_id"))
        batch_op.create_unique_constraint(
            batch_op.f("uq_credentials_issuer_community_id"), ["community_id"]
        )
        batch_op.drop_column("person_id")
        batch_op.drop_column("signs_for")

    with op.batch_alter_table("credentials_credential", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_credential_expires_at"))
        batch_op.drop_column("email_hash")
        batch_op.drop_column("email_salt")
        batch_op.drop_column("expires_at")
        batch_op.drop_column("suspension_reason")
        batch_op.drop_column("suspended_at")

    with op.batch_alter_table("credentials_achievement", schema=None) as batch_op:
        batch_op.drop_column("valid_months")

    with op.batch_alter_table("credentials_status_run_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_status_run_item_credential_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_status_run_item_community_id"))

    op.drop_table("credentials_status_run_item")
    with op.batch_alter_table("credentials_endorsement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_endorsement_person_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_endorsement_endorser_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_endorsement_community_id"))

    op.drop_table("credentials_endorsement")
    with op.batch_alter_table("credentials_status_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_status_run_community_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_status_run_achievement_id"))

    op.drop_table("credentials_status_run")
    with op.batch_alter_table("credentials_jwt_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_jwt_key_issuer_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_jwt_key_community_id"))

    op.drop_table("credentials_jwt_key")
