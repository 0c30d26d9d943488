"""what a link names and what it opens, and the courses that a course came from"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("lti_resource_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("named", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("token", sa.String(length=200), nullable=True))
        batch_op.create_index(batch_op.f("ix_lti_resource_link_token"), ["token"], unique=False)
    # Links that are there stay with what they open; a copy made from now on is told by its name.
    op.execute("UPDATE lti_resource_link SET named = resource, token = resource")
    with op.batch_alter_table("lti_context_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origins", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("lti_context_link", schema=None) as batch_op:
        batch_op.drop_column("origins")
    with op.batch_alter_table("lti_resource_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_resource_link_token"))
        batch_op.drop_column("token")
        batch_op.drop_column("named")
