"""what was given every week stays written down"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workload_served",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_workload_served_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people_person.id"], name=op.f("fk_workload_served_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workload_served")),
        sa.UniqueConstraint(
            "community_id", "key", name=op.f("uq_workload_served_community_id_key")
        ),
    )
    with op.batch_alter_table("workload_served", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workload_served_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_workload_served_person_id"), ["person_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("workload_served", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workload_served_person_id"))
        batch_op.drop_index(batch_op.f("ix_workload_served_community_id"))

    op.drop_table("workload_served")
