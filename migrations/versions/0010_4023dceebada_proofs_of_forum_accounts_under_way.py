"""Proofs of forum accounts under way"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "discourse_hooks_link_proof",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("session_hash", sa.String(length=64), nullable=False),
        sa.Column("waiting_hash", sa.String(length=64), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("username", sa.String(length=100), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_discourse_hooks_link_proof_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["discourse_hooks_connection.id"],
            name=op.f("fk_discourse_hooks_link_proof_connection_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people_person.id"],
            name=op.f("fk_discourse_hooks_link_proof_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discourse_hooks_link_proof")),
        sa.UniqueConstraint(
            "waiting_hash", name=op.f("uq_discourse_hooks_link_proof_waiting_hash")
        ),
    )
    with op.batch_alter_table("discourse_hooks_link_proof", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discourse_hooks_link_proof_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_discourse_hooks_link_proof_person_id"), ["person_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("discourse_hooks_link_proof", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discourse_hooks_link_proof_person_id"))
        batch_op.drop_index(batch_op.f("ix_discourse_hooks_link_proof_community_id"))

    op.drop_table("discourse_hooks_link_proof")
