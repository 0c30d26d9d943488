"""Welcome, contacts and newcomers"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "newcomers_contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_newcomers_contact_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["context_id"], ["people_context.id"], name=op.f("fk_newcomers_contact_context_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people_person.id"], name=op.f("fk_newcomers_contact_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newcomers_contact")),
        sa.UniqueConstraint(
            "context_id", "person_id", name=op.f("uq_newcomers_contact_context_id_person_id")
        ),
    )
    with op.batch_alter_table("newcomers_contact", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_newcomers_contact_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_newcomers_contact_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "newcomers_welcome",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("within_hours", sa.Integer(), nullable=False),
        sa.Column("most_each", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(length=300), nullable=False),
        sa.Column("groups", sa.Boolean(), nullable=False),
        sa.Column("facilitator_id", sa.Uuid(), nullable=True),
        sa.Column("call_every_days", sa.Integer(), nullable=False),
        sa.Column("last_call_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_newcomers_welcome_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["context_id"], ["people_context.id"], name=op.f("fk_newcomers_welcome_context_id")
        ),
        sa.ForeignKeyConstraint(
            ["facilitator_id"],
            ["people_person.id"],
            name=op.f("fk_newcomers_welcome_facilitator_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newcomers_welcome")),
        sa.UniqueConstraint("context_id", name=op.f("uq_newcomers_welcome_context_id")),
    )
    with op.batch_alter_table("newcomers_welcome", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_newcomers_welcome_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "newcomers_newcomer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "waiting",
                "accompanied",
                "graduated",
                "alone",
                name="stage",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("alive_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("group_week", sa.String(length=10), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_newcomers_newcomer_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["people_person.id"], name=op.f("fk_newcomers_newcomer_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["context_id"], ["people_context.id"], name=op.f("fk_newcomers_newcomer_context_id")
        ),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["people_external_identity.id"],
            name=op.f("fk_newcomers_newcomer_identity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people_person.id"], name=op.f("fk_newcomers_newcomer_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newcomers_newcomer")),
        sa.UniqueConstraint(
            "context_id", "identity_id", name=op.f("uq_newcomers_newcomer_context_id_identity_id")
        ),
        sa.UniqueConstraint("handle", name=op.f("uq_newcomers_newcomer_handle")),
    )
    with op.batch_alter_table("newcomers_newcomer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_newcomers_newcomer_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_newcomers_newcomer_contact_id"), ["contact_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_newcomers_newcomer_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            "ix_newcomers_newcomer_stage", ["context_id", "stage", "due_at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("newcomers_newcomer", schema=None) as batch_op:
        batch_op.drop_index("ix_newcomers_newcomer_stage")
        batch_op.drop_index(batch_op.f("ix_newcomers_newcomer_person_id"))
        batch_op.drop_index(batch_op.f("ix_newcomers_newcomer_contact_id"))
        batch_op.drop_index(batch_op.f("ix_newcomers_newcomer_community_id"))

    op.drop_table("newcomers_newcomer")
    with op.batch_alter_table("newcomers_welcome", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_newcomers_welcome_community_id"))

    op.drop_table("newcomers_welcome")
    with op.batch_alter_table("newcomers_contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_newcomers_contact_person_id"))
        batch_op.drop_index(batch_op.f("ix_newcomers_contact_community_id"))

    op.drop_table("newcomers_contact")
