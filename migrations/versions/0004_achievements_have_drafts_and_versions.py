"""achievements have drafts, versions, frameworks and pathways"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credentials_framework",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_framework_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_framework")),
        sa.UniqueConstraint("handle", name=op.f("uq_credentials_framework_handle")),
    )
    with op.batch_alter_table("credentials_framework", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_framework_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "credentials_pathway",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("standard", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_pathway_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_pathway")),
        sa.UniqueConstraint(
            "community_id", "standard", name=op.f("uq_credentials_pathway_community_id_standard")
        ),
        sa.UniqueConstraint("handle", name=op.f("uq_credentials_pathway_handle")),
    )
    with op.batch_alter_table("credentials_pathway", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_pathway_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "credentials_achievement_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("note", sa.String(length=600), nullable=False),
        sa.ForeignKeyConstraint(
            ["achievement_id"],
            ["credentials_achievement.id"],
            name=op.f("fk_credentials_achievement_text_achievement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_achievement_text_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_achievement_text")),
        sa.UniqueConstraint(
            "achievement_id",
            "locale",
            name=op.f("uq_credentials_achievement_text_achievement_id_locale"),
        ),
    )
    with op.batch_alter_table("credentials_achievement_text", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_achievement_text_community_id"),
            ["community_id"],
            unique=False,
        )

    op.create_table(
        "credentials_achievement_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["achievement_id"],
            ["credentials_achievement.id"],
            name=op.f("fk_credentials_achievement_version_achievement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_achievement_version_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_achievement_version")),
        sa.UniqueConstraint(
            "achievement_id",
            "number",
            name=op.f("uq_credentials_achievement_version_achievement_id_number"),
        ),
    )
    with op.batch_alter_table("credentials_achievement_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_achievement_version_community_id"),
            ["community_id"],
            unique=False,
        )

    op.create_table(
        "credentials_competency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_competency_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["framework_id"],
            ["credentials_framework.id"],
            name=op.f("fk_credentials_competency_framework_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_competency")),
        sa.UniqueConstraint(
            "framework_id", "code", name=op.f("uq_credentials_competency_framework_id_code")
        ),
    )
    with op.batch_alter_table("credentials_competency", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_competency_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "credentials_course_score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["achievement_id"],
            ["credentials_achievement.id"],
            name=op.f("fk_credentials_course_score_achievement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_course_score_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_course_score")),
        sa.UniqueConstraint(
            "achievement_id",
            "context_id",
            name=op.f("uq_credentials_course_score_achievement_id_context_id"),
        ),
    )
    with op.batch_alter_table("credentials_course_score", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_course_score_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_course_score_context_id"), ["context_id"], unique=False
        )

    op.create_table(
        "credentials_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("evidence_key", sa.String(length=200), nullable=False),
        sa.Column("evidence_ids", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["achievement_id"],
            ["credentials_achievement.id"],
            name=op.f("fk_credentials_proposal_achievement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_proposal_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_proposal")),
        sa.UniqueConstraint("handle", name=op.f("uq_credentials_proposal_handle")),
        sa.UniqueConstraint(
            "person_id",
            "achievement_id",
            "evidence_key",
            name=op.f("uq_credentials_proposal_person_id_achievement_id_evidence_key"),
        ),
    )
    with op.batch_alter_table("credentials_proposal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_proposal_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            "ix_credentials_proposal_open", ["achievement_id", "state"], unique=False
        )

    op.create_table(
        "credentials_stage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("pathway_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("expectation", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_stage_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["pathway_id"],
            ["credentials_pathway.id"],
            name=op.f("fk_credentials_stage_pathway_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_stage")),
        sa.UniqueConstraint(
            "pathway_id", "position", name=op.f("uq_credentials_stage_pathway_id_position")
        ),
    )
    with op.batch_alter_table("credentials_stage", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_stage_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "credentials_alignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("competency_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["achievement_id"],
            ["credentials_achievement.id"],
            name=op.f("fk_credentials_alignment_achievement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_alignment_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["competency_id"],
            ["credentials_competency.id"],
            name=op.f("fk_credentials_alignment_competency_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_alignment")),
        sa.UniqueConstraint(
            "achievement_id",
            "competency_id",
            name=op.f("uq_credentials_alignment_achievement_id_competency_id"),
        ),
    )
    with op.batch_alter_table("credentials_alignment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_alignment_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_alignment_competency_id"), ["competency_id"], unique=False
        )

    op.create_table(
        "credentials_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["achievement_id"],
            ["credentials_achievement.id"],
            name=op.f("fk_credentials_step_achievement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_step_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["stage_id"],
            ["credentials_stage.id"],
            name=op.f("fk_credentials_step_stage_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_step")),
        sa.UniqueConstraint(
            "stage_id", "achievement_id", name=op.f("uq_credentials_step_stage_id_achievement_id")
        ),
    )
    with op.batch_alter_table("credentials_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_step_achievement_id"), ["achievement_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_step_community_id"), ["community_id"], unique=False
        )

    with op.batch_alter_table("credentials_achievement", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("note", sa.String(length=600), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("mode", sa.String(length=20), server_default="automatic", nullable=False)
        )
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("colour", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("image_sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column("image_type", sa.String(length=40), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("pending", sa.JSON(), nullable=True))

    with op.batch_alter_table("credentials_award", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("achievement_version", sa.Integer(), server_default="1", nullable=False)
        )
    # What was there was published on its first day.
    op.execute(
        sa.text(
            "UPDATE credentials_achievement SET published_at = created_at WHERE published_at IS NULL"
        )
    )


def downgrade() -> None:
    with op.batch_alter_table("credentials_award", schema=None) as batch_op:
        batch_op.drop_column("achievement_version")

    with op.batch_alter_table("credentials_achievement", schema=None) as batch_op:
        batch_op.drop_column("pending")
        batch_op.drop_column("image_type")
        batch_op.drop_column("image_sha256")
        batch_op.drop_column("colour")
        batch_op.drop_column("published_at")
        batch_op.drop_column("version")
        batch_op.drop_column("mode")
        batch_op.drop_column("note")

    with op.batch_alter_table("credentials_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_step_community_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_step_achievement_id"))

    op.drop_table("credentials_step")
    with op.batch_alter_table("credentials_alignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_alignment_competency_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_alignment_community_id"))

    op.drop_table("credentials_alignment")
    with op.batch_alter_table("credentials_stage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_stage_community_id"))

    op.drop_table("credentials_stage")
    with op.batch_alter_table("credentials_proposal", schema=None) as batch_op:
        batch_op.drop_index("ix_credentials_proposal_open")
        batch_op.drop_index(batch_op.f("ix_credentials_proposal_community_id"))

    op.drop_table("credentials_proposal")
    with op.batch_alter_table("credentials_course_score", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_course_score_context_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_course_score_community_id"))

    op.drop_table("credentials_course_score")
    with op.batch_alter_table("credentials_competency", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_competency_community_id"))

    op.drop_table("credentials_competency")
    with op.batch_alter_table("credentials_achievement_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_achievement_version_community_id"))

    op.drop_table("credentials_achievement_version")
    with op.batch_alter_table("credentials_achievement_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_achievement_text_community_id"))

    op.drop_table("credentials_achievement_text")
    with op.batch_alter_table("credentials_pathway", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_pathway_community_id"))

    op.drop_table("credentials_pathway")
    with op.batch_alter_table("credentials_framework", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_framework_community_id"))

    op.drop_table("credentials_framework")
