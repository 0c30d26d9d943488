"""registrations are approved, named and invited; names that a platform stops giving disappear"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_STATUS = sa.Enum(
    "pending",
    "active",
    "blocked",
    name="registrationstatus",
    native_enum=False,
    length=40,
    create_constraint=True,
)


def upgrade() -> None:
    with op.batch_alter_table("lti_registration", schema=None) as batch_op:
        batch_op.add_column(sa.Column("community_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("status", _STATUS, nullable=False, server_default="active"))
        batch_op.add_column(
            sa.Column("name", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("admits_first", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.create_index(
            batch_op.f("ix_lti_registration_community_id"), ["community_id"], unique=False
        )
    # whose deployments lead to one community alone is looked after by it
    op.execute(
        """
        UPDATE lti_registration SET community_id = (
            SELECT d.community_id FROM lti_deployment d
            WHERE d.registration_id = lti_registration.id AND d.community_id IS NOT NULL
            ORDER BY d.id LIMIT 1
        ) WHERE (
            SELECT COUNT(DISTINCT d.community_id) FROM lti_deployment d
            WHERE d.registration_id = lti_registration.id
        ) = 1
        """
    )
    with op.batch_alter_table("lti_deployment", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("name", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("role_overrides", sa.JSON(), nullable=False, server_default="{}")
        )
        batch_op.add_column(sa.Column("seen_roles", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "lti_registration_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_token", sa.Text(), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.String(length=100), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("registration_id", sa.Uuid(), nullable=True),
        sa.Column("failure", sa.String(length=300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["lti_registration.id"],
            name=op.f("fk_lti_registration_invitation_registration_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_registration_invitation")),
        sa.UniqueConstraint("handle", name=op.f("uq_lti_registration_invitation_handle")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_lti_registration_invitation_token_hash")),
    )
    with op.batch_alter_table("lti_registration_invitation", schema=None) as batch_op:
        for column in ("community_id", "invited_by"):
            batch_op.create_index(
                batch_op.f(f"ix_lti_registration_invitation_{column}"), [column], unique=False
            )
    with op.batch_alter_table("people_external_identity", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_name", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("told_email", sa.String(length=320), nullable=True))
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("looking", sa.String(length=10), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.drop_column("looking")
    with op.batch_alter_table("people_external_identity", schema=None) as batch_op:
        batch_op.drop_column("told_email")
        batch_op.drop_column("told_name")
    op.drop_table("lti_registration_invitation")
    with op.batch_alter_table("lti_deployment", schema=None) as batch_op:
        batch_op.drop_column("seen_roles")
        batch_op.drop_column("role_overrides")
        batch_op.drop_column("name")
    with op.batch_alter_table("lti_registration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_registration_community_id"))
        batch_op.drop_constraint(
            batch_op.f("ck_lti_registration_registrationstatus"), type_="check"
        )
        batch_op.drop_column("admits_first")
        batch_op.drop_column("name")
        batch_op.drop_column("status")
        batch_op.drop_column("community_id")
