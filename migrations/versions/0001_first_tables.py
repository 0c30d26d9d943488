"""first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "administration_setup_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administration_setup_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_administration_setup_link_token_hash")),
    )
    op.create_table(
        "kernel_audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=120), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kernel_audit_entry")),
    )
    with op.batch_alter_table("kernel_audit_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_kernel_audit_entry_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "kernel_limit",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("window_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_kernel_limit")),
    )
    with op.batch_alter_table("kernel_limit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_kernel_limit_window_ends_at"), ["window_ends_at"], unique=False
        )

    op.create_table(
        "kernel_outbox_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kernel_outbox_message")),
    )
    with op.batch_alter_table("kernel_outbox_message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_kernel_outbox_message_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "kernel_schedule",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("next_run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_kernel_schedule")),
    )
    op.create_table(
        "lti_platform",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("family", sa.String(length=100), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_platform")),
        sa.UniqueConstraint("handle", name=op.f("uq_lti_platform_handle")),
        sa.UniqueConstraint("issuer", name=op.f("uq_lti_platform_issuer")),
    )
    op.create_table(
        "lti_tool_key",
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("sealed_private_key", sa.Text(), nullable=False),
        sa.Column("public_jwk", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_lti_tool_key")),
    )
    op.create_table(
        "lti_unknown_caller",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("client_id", sa.String(length=255), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_unknown_caller")),
        sa.UniqueConstraint(
            "issuer", "client_id", name=op.f("uq_lti_unknown_caller_issuer_client_id")
        ),
    )
    op.create_table(
        "notifications_signed_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications_signed_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_notifications_signed_link_token_hash")),
    )
    with op.batch_alter_table("notifications_signed_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notifications_signed_link_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_notifications_signed_link_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "people_community",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_community")),
        sa.UniqueConstraint("handle", name=op.f("uq_people_community_handle")),
    )
    op.create_table(
        "web_address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_address")),
        sa.UniqueConstraint(
            "address_hash", "person_id", name=op.f("uq_web_address_address_hash_person_id")
        ),
    )
    with op.batch_alter_table("web_address", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_web_address_address_hash"), ["address_hash"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_web_address_person_id"), ["person_id"], unique=False)

    op.create_table(
        "web_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=True),
        sa.Column("right", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("next_path", sa.String(length=1000), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_invitation")),
        sa.UniqueConstraint("handle", name=op.f("uq_web_invitation_handle")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_invitation_token_hash")),
    )
    with op.batch_alter_table("web_invitation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_web_invitation_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_web_invitation_invited_by"), ["invited_by"], unique=False
        )

    op.create_table(
        "web_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("frame_ancestors", sa.JSON(), nullable=False),
        sa.Column("said", sa.String(length=500), nullable=True),
        sa.Column("idle_seconds", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_session_token_hash")),
    )
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_session_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_web_session_person_id"), ["person_id"], unique=False)

    op.create_table(
        "credentials_achievement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("standard", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_achievement_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_achievement")),
        sa.UniqueConstraint(
            "community_id",
            "standard",
            name=op.f("uq_credentials_achievement_community_id_standard"),
        ),
        sa.UniqueConstraint("handle", name=op.f("uq_credentials_achievement_handle")),
    )
    with op.batch_alter_table("credentials_achievement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_achievement_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "credentials_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("source_key", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("identity_id", sa.Uuid(), nullable=True),
        sa.Column("context_id", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_evidence_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_evidence")),
        sa.UniqueConstraint(
            "community_id",
            "kind",
            "source_key",
            name=op.f("uq_credentials_evidence_community_id_kind_source_key"),
        ),
    )
    with op.batch_alter_table("credentials_evidence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_evidence_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_evidence_identity_id"), ["identity_id"], unique=False
        )
        batch_op.create_index("ix_credentials_evidence_person", ["person_id", "kind"], unique=False)

    op.create_table(
        "credentials_issuer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("base_url", sa.String(length=300), nullable=False),
        sa.Column("did", sa.String(length=400), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_issuer_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_issuer")),
        sa.UniqueConstraint("community_id", name=op.f("uq_credentials_issuer_community_id")),
        sa.UniqueConstraint("did", name=op.f("uq_credentials_issuer_did")),
        sa.UniqueConstraint("handle", name=op.f("uq_credentials_issuer_handle")),
    )
    with op.batch_alter_table("credentials_issuer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_issuer_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "credentials_public_address",
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_public_address_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_credentials_public_address")),
    )
    with op.batch_alter_table("credentials_public_address", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_public_address_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "discourse_hooks_connection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("base_url", sa.String(length=300), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("webhook_secrets", sa.JSON(), nullable=False),
        sa.Column("connect_secret", sa.Text(), nullable=False),
        sa.Column("api_key", sa.Text(), nullable=False),
        sa.Column("api_username", sa.String(length=100), nullable=False),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.Column("calls_per_minute", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_reconciled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reconciled_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sweep_page", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_discourse_hooks_connection_community_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discourse_hooks_connection")),
        sa.UniqueConstraint(
            "community_id",
            "base_url",
            name=op.f("uq_discourse_hooks_connection_community_id_base_url"),
        ),
        sa.UniqueConstraint("handle", name=op.f("uq_discourse_hooks_connection_handle")),
    )
    with op.batch_alter_table("discourse_hooks_connection", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discourse_hooks_connection_base_url"), ["base_url"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_discourse_hooks_connection_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "kernel_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("subscriber", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting", "done", "parked", name="deliverystate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["kernel_outbox_message.id"],
            name=op.f("fk_kernel_delivery_message_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kernel_delivery")),
        sa.UniqueConstraint(
            "message_id", "subscriber", name=op.f("uq_kernel_delivery_message_id_subscriber")
        ),
    )
    with op.batch_alter_table("kernel_delivery", schema=None) as batch_op:
        batch_op.create_index("ix_kernel_delivery_due", ["state", "next_attempt_at"], unique=False)

    op.create_table(
        "library_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("handle", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_library_item_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_item")),
        sa.UniqueConstraint(
            "community_id",
            "kind",
            "handle",
            "version",
            "locale",
            name=op.f("uq_library_item_community_id_kind_handle_version_locale"),
        ),
    )
    with op.batch_alter_table("library_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_library_item_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "lti_registration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("platform_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.String(length=255), nullable=False),
        sa.Column("auth_login_url", sa.String(length=2048), nullable=False),
        sa.Column("auth_token_url", sa.String(length=2048), nullable=False),
        sa.Column("key_set_url", sa.String(length=2048), nullable=False),
        sa.Column("token_audience", sa.String(length=2048), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["lti_platform.id"], name=op.f("fk_lti_registration_platform_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_registration")),
        sa.UniqueConstraint("handle", name=op.f("uq_lti_registration_handle")),
        sa.UniqueConstraint(
            "platform_id", "client_id", name=op.f("uq_lti_registration_platform_id_client_id")
        ),
    )
    op.create_table(
        "lti_score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=False),
        sa.Column("resource", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum("to send", "sent", "refused", name="scorestate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("conflicts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_lti_score_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_score")),
        sa.UniqueConstraint(
            "person_id",
            "context_id",
            "resource",
            name=op.f("uq_lti_score_person_id_context_id_resource"),
        ),
    )
    with op.batch_alter_table("lti_score", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lti_score_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_lti_score_person_id"), ["person_id"], unique=False)

    op.create_table(
        "people_context",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "course",
                "section",
                "forum",
                "category",
                "programme",
                name="contextkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("external_id", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_people_context_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_context")),
        sa.UniqueConstraint(
            "community_id",
            "issuer",
            "external_id",
            name=op.f("uq_people_context_community_id_issuer_external_id"),
        ),
        sa.UniqueConstraint("handle", name=op.f("uq_people_context_handle")),
    )
    with op.batch_alter_table("people_context", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_people_context_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "people_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_people_person_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["people_person.id"], name=op.f("fk_people_person_merged_into_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_person")),
        sa.UniqueConstraint("handle", name=op.f("uq_people_person_handle")),
    )
    with op.batch_alter_table("people_person", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_people_person_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "web_arrival",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("next_path", sa.String(length=1000), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["web_session.id"],
            name=op.f("fk_web_arrival_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_arrival")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_web_arrival_code_hash")),
    )
    with op.batch_alter_table("web_arrival", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_arrival_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_web_arrival_session_id"), ["session_id"], unique=False)

    op.create_table(
        "web_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["web_session.id"],
            name=op.f("fk_web_grant_session_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_grant")),
        sa.UniqueConstraint(
            "session_id", "context_id", "role", name=op.f("uq_web_grant_session_id_context_id_role")
        ),
    )
    with op.batch_alter_table("web_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_grant_session_id"), ["session_id"], unique=False)

    op.create_table(
        "web_mail_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("waiting_hash", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=True),
        sa.Column("community_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("next_path", sa.String(length=1000), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["web_invitation.id"],
            name=op.f("fk_web_mail_code_invitation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_mail_code")),
        sa.UniqueConstraint("waiting_hash", name=op.f("uq_web_mail_code_waiting_hash")),
    )
    with op.batch_alter_table("web_mail_code", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_web_mail_code_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_web_mail_code_person_id"), ["person_id"], unique=False)

    op.create_table(
        "credentials_award",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("evidence_key", sa.String(length=200), nullable=False),
        sa.Column("standing", sa.String(length=20), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["achievement_id"],
            ["credentials_achievement.id"],
            name=op.f("fk_credentials_award_achievement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_award_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_award")),
        sa.UniqueConstraint(
            "person_id",
            "achievement_id",
            "evidence_key",
            name=op.f("uq_credentials_award_person_id_achievement_id_evidence_key"),
        ),
        sa.UniqueConstraint(
            "person_id",
            "achievement_id",
            "standing",
            name=op.f("uq_credentials_award_person_id_achievement_id_standing"),
        ),
    )
    with op.batch_alter_table("credentials_award", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_award_achievement_id"), ["achievement_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_award_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "credentials_evidence_assessor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_evidence_assessor_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["credentials_evidence.id"],
            name=op.f("fk_credentials_evidence_assessor_evidence_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_evidence_assessor")),
        sa.UniqueConstraint(
            "evidence_id",
            "person_id",
            name=op.f("uq_credentials_evidence_assessor_evidence_id_person_id"),
        ),
    )
    with op.batch_alter_table("credentials_evidence_assessor", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_evidence_assessor_community_id"),
            ["community_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_evidence_assessor_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "credentials_issuer_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("multibase", sa.String(length=80), nullable=False),
        sa.Column("sealed_seed", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_issuer_key_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"],
            ["credentials_issuer.id"],
            name=op.f("fk_credentials_issuer_key_issuer_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_issuer_key")),
        sa.UniqueConstraint("multibase", name=op.f("uq_credentials_issuer_key_multibase")),
    )
    with op.batch_alter_table("credentials_issuer_key", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_issuer_key_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_issuer_key_issuer_id"), ["issuer_id"], unique=False
        )

    op.create_table(
        "credentials_status_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("signed", sa.LargeBinary(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_status_list_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"],
            ["credentials_issuer.id"],
            name=op.f("fk_credentials_status_list_issuer_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_status_list")),
        sa.UniqueConstraint("handle", name=op.f("uq_credentials_status_list_handle")),
    )
    with op.batch_alter_table("credentials_status_list", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_status_list_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_status_list_issuer_id"), ["issuer_id"], unique=False
        )

    op.create_table(
        "discourse_hooks_badge_in_waiting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("badge_name", sa.String(length=300), nullable=False),
        sa.Column("want", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_discourse_hooks_badge_in_waiting_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people_person.id"],
            name=op.f("fk_discourse_hooks_badge_in_waiting_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discourse_hooks_badge_in_waiting")),
        sa.UniqueConstraint(
            "person_id",
            "badge_name",
            name=op.f("uq_discourse_hooks_badge_in_waiting_person_id_badge_name"),
        ),
    )
    with op.batch_alter_table("discourse_hooks_badge_in_waiting", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discourse_hooks_badge_in_waiting_community_id"),
            ["community_id"],
            unique=False,
        )

    op.create_table(
        "discourse_hooks_badge_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("want_key", sa.String(length=200), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("username", sa.String(length=100), nullable=False),
        sa.Column("badge_name", sa.String(length=300), nullable=False),
        sa.Column("badge_id", sa.Integer(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("version", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remote_id", sa.Integer(), nullable=True),
        sa.Column("removed_there", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_discourse_hooks_badge_link_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["discourse_hooks_connection.id"],
            name=op.f("fk_discourse_hooks_badge_link_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discourse_hooks_badge_link")),
        sa.UniqueConstraint(
            "connection_id",
            "user_id",
            "badge_name",
            name=op.f("uq_discourse_hooks_badge_link_connection_id_user_id_badge_name"),
        ),
    )
    with op.batch_alter_table("discourse_hooks_badge_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discourse_hooks_badge_link_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            "ix_discourse_hooks_badge_link_remote", ["connection_id", "remote_id"], unique=False
        )

    op.create_table(
        "discourse_hooks_call_budget",
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("free_from", sa.Double(), nullable=False),
        sa.Column("closed_until", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["discourse_hooks_connection.id"],
            name=op.f("fk_discourse_hooks_call_budget_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("connection_id", name=op.f("pk_discourse_hooks_call_budget")),
    )
    op.create_table(
        "discourse_hooks_connect_nonce",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("nonce_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("next_url", sa.String(length=500), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=True),
        sa.Column("username", sa.String(length=100), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["discourse_hooks_connection.id"],
            name=op.f("fk_discourse_hooks_connect_nonce_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discourse_hooks_connect_nonce")),
        sa.UniqueConstraint("nonce_hash", name=op.f("uq_discourse_hooks_connect_nonce_nonce_hash")),
    )
    op.create_table(
        "discourse_hooks_forum_badge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("remote_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_discourse_hooks_forum_badge_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["discourse_hooks_connection.id"],
            name=op.f("fk_discourse_hooks_forum_badge_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discourse_hooks_forum_badge")),
        sa.UniqueConstraint(
            "connection_id", "name", name=op.f("uq_discourse_hooks_forum_badge_connection_id_name")
        ),
    )
    with op.batch_alter_table("discourse_hooks_forum_badge", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discourse_hooks_forum_badge_community_id"),
            ["community_id"],
            unique=False,
        )

    op.create_table(
        "discourse_hooks_forum_space",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("want_key", sa.String(length=200), nullable=False),
        sa.Column("external_id", sa.String(length=50), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("remote_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_discourse_hooks_forum_space_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["discourse_hooks_connection.id"],
            name=op.f("fk_discourse_hooks_forum_space_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discourse_hooks_forum_space")),
        sa.UniqueConstraint(
            "connection_id",
            "want_key",
            name=op.f("uq_discourse_hooks_forum_space_connection_id_want_key"),
        ),
    )
    with op.batch_alter_table("discourse_hooks_forum_space", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_discourse_hooks_forum_space_community_id"),
            ["community_id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_discourse_hooks_forum_space_remote", ["connection_id", "remote_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_discourse_hooks_forum_space_want_key"), ["want_key"], unique=False
        )

    op.create_table(
        "discourse_hooks_inbox_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("event_type", sa.String(length=64), nullable=False),
        sa.Column("event_name", sa.String(length=100), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "done",
                "ignored",
                "parked",
                name="inboxstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["discourse_hooks_connection.id"],
            name=op.f("fk_discourse_hooks_inbox_message_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discourse_hooks_inbox_message")),
        sa.UniqueConstraint(
            "connection_id",
            "event_id",
            name=op.f("uq_discourse_hooks_inbox_message_connection_id_event_id"),
        ),
    )
    with op.batch_alter_table("discourse_hooks_inbox_message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_discourse_hooks_inbox_due", ["state", "next_attempt_at", "id"], unique=False
        )
        batch_op.create_index("ix_discourse_hooks_inbox_received", ["received_at"], unique=False)
        batch_op.create_index(
            "ix_discourse_hooks_inbox_same",
            ["connection_id", "body_sha256", "event_name"],
            unique=False,
        )

    op.create_table(
        "discourse_hooks_touched",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("remote_id", sa.String(length=64), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("parked", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim", sa.Uuid(), nullable=True),
        sa.Column("last_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["discourse_hooks_connection.id"],
            name=op.f("fk_discourse_hooks_touched_connection_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discourse_hooks_touched")),
        sa.UniqueConstraint(
            "connection_id",
            "kind",
            "remote_id",
            name=op.f("uq_discourse_hooks_touched_connection_id_kind_remote_id"),
        ),
    )
    with op.batch_alter_table("discourse_hooks_touched", schema=None) as batch_op:
        batch_op.create_index(
            "ix_discourse_hooks_touched_due", ["waiting", "next_attempt_at"], unique=False
        )

    op.create_table(
        "expertise_claimed_skill",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("skill", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_expertise_claimed_skill_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people_person.id"],
            name=op.f("fk_expertise_claimed_skill_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expertise_claimed_skill")),
        sa.UniqueConstraint(
            "community_id",
            "person_id",
            "skill",
            name=op.f("uq_expertise_claimed_skill_community_id_person_id_skill"),
        ),
    )
    with op.batch_alter_table("expertise_claimed_skill", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_expertise_claimed_skill_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_expertise_claimed_skill_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_expertise_claimed_skill_skill"), ["skill"], unique=False
        )

    op.create_table(
        "lti_access_token",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("scopes_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_token", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["lti_registration.id"],
            name=op.f("fk_lti_access_token_registration_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", "scopes_hash", name=op.f("pk_lti_access_token")),
    )
    op.create_table(
        "lti_deployment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.String(length=255), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "active",
                "blocked",
                name="deploymentstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status <> 'active' OR community_id IS NOT NULL",
            name=op.f("ck_lti_deployment_active_leads"),
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["lti_registration.id"],
            name=op.f("fk_lti_deployment_registration_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_deployment")),
        sa.UniqueConstraint("handle", name=op.f("uq_lti_deployment_handle")),
        sa.UniqueConstraint(
            "registration_id",
            "deployment_id",
            name=op.f("uq_lti_deployment_registration_id_deployment_id"),
        ),
    )
    with op.batch_alter_table("lti_deployment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lti_deployment_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "lti_login_state",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce_hash", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.String(length=255), nullable=True),
        sa.Column("target_link_uri", sa.String(length=2048), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["lti_registration.id"],
            name=op.f("fk_lti_login_state_registration_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_lti_login_state")),
    )
    with op.batch_alter_table("lti_login_state", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lti_login_state_created_at"), ["created_at"], unique=False
        )

    op.create_table(
        "mentoring_programme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("safety_contact_id", sa.Uuid(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column(
            "format",
            sa.Enum("one_to_one", name="programmeformat", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("minutes_per_week", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "closed", name="programmestate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_mentoring_programme_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["context_id"],
            ["people_context.id"],
            name=op.f("fk_mentoring_programme_context_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["people_person.id"],
            name=op.f("fk_mentoring_programme_owner_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["safety_contact_id"],
            ["people_person.id"],
            name=op.f("fk_mentoring_programme_safety_contact_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_programme")),
        sa.UniqueConstraint("handle", name=op.f("uq_mentoring_programme_handle")),
    )
    with op.batch_alter_table("mentoring_programme", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentoring_programme_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentoring_programme_context_id"), ["context_id"], unique=False
        )

    op.create_table(
        "notifications_notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("message", sa.String(length=80), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting", "sent", "not_sent", name="noticestate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channels", sa.String(length=60), nullable=False),
        sa.Column("mail_id", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_notifications_notice_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people_person.id"], name=op.f("fk_notifications_notice_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications_notice")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_notifications_notice_person_id_key")),
    )
    with op.batch_alter_table("notifications_notice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notifications_notice_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_notifications_notice_mail_id"), ["mail_id"], unique=False
        )
        batch_op.create_index(
            "ix_notifications_notice_waiting", ["person_id", "state", "due_at"], unique=False
        )

    op.create_table(
        "notifications_preference",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("timing", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_notifications_preference_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people_person.id"], name=op.f("fk_notifications_preference_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications_preference")),
        sa.UniqueConstraint(
            "person_id",
            "kind",
            "channel",
            name=op.f("uq_notifications_preference_person_id_kind_channel"),
        ),
    )
    with op.batch_alter_table("notifications_preference", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notifications_preference_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "notifications_quiet_hours",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_notifications_quiet_hours_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people_person.id"], name=op.f("fk_notifications_quiet_hours_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications_quiet_hours")),
        sa.UniqueConstraint("person_id", name=op.f("uq_notifications_quiet_hours_person_id")),
    )
    with op.batch_alter_table("notifications_quiet_hours", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notifications_quiet_hours_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "people_consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_people_consent_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people_person.id"], name=op.f("fk_people_consent_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_consent")),
        sa.UniqueConstraint(
            "person_id", "kind", "version", name=op.f("uq_people_consent_person_id_kind_version")
        ),
    )
    with op.batch_alter_table("people_consent", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_people_consent_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "people_external_identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("username", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_people_external_identity_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people_person.id"], name=op.f("fk_people_external_identity_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_external_identity")),
        sa.UniqueConstraint(
            "community_id",
            "issuer",
            "subject",
            name=op.f("uq_people_external_identity_community_id_issuer_subject"),
        ),
    )
    with op.batch_alter_table("people_external_identity", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_people_external_identity_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            "ix_people_external_identity_person", ["person_id", "kind"], unique=False
        )

    op.create_table(
        "people_membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_people_membership_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["context_id"], ["people_context.id"], name=op.f("fk_people_membership_context_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people_person.id"], name=op.f("fk_people_membership_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_membership")),
        sa.UniqueConstraint(
            "context_id", "person_id", name=op.f("uq_people_membership_context_id_person_id")
        ),
    )
    with op.batch_alter_table("people_membership", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_people_membership_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_people_membership_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "people_relation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("a_id", sa.Uuid(), nullable=False),
        sa.Column("b_id", sa.Uuid(), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=True),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["a_id"], ["people_person.id"], name=op.f("fk_people_relation_a_id")
        ),
        sa.ForeignKeyConstraint(
            ["b_id"], ["people_person.id"], name=op.f("fk_people_relation_b_id")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_people_relation_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["context_id"], ["people_context.id"], name=op.f("fk_people_relation_context_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_relation")),
        sa.UniqueConstraint(
            "kind", "a_id", "b_id", "key", name=op.f("uq_people_relation_kind_a_id_b_id_key")
        ),
    )
    with op.batch_alter_table("people_relation", schema=None) as batch_op:
        batch_op.create_index("ix_people_relation_b", ["b_id", "kind"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_people_relation_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "people_staff_right",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=True),
        sa.Column("right", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_people_staff_right_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["context_id"], ["people_context.id"], name=op.f("fk_people_staff_right_context_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people_person.id"], name=op.f("fk_people_staff_right_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_staff_right")),
    )
    with op.batch_alter_table("people_staff_right", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_people_staff_right_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            "uq_people_staff_right_context",
            ["person_id", "right", "context_id"],
            unique=True,
            sqlite_where=sa.text("context_id IS NOT NULL"),
            postgresql_where=sa.text("context_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_people_staff_right_everywhere",
            ["person_id", "right"],
            unique=True,
            sqlite_where=sa.text("context_id IS NULL"),
            postgresql_where=sa.text("context_id IS NULL"),
        )

    op.create_table(
        "reviews_activity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("rubric_handle", sa.String(length=100), nullable=False),
        sa.Column("rubric", sa.JSON(), nullable=False),
        sa.Column("reviews_wanted", sa.Integer(), nullable=False),
        sa.Column("minutes_each", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_days", sa.Integer(), nullable=False),
        sa.Column(
            "anonymity",
            sa.Enum("none", "single", "double", name="anonymity", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("score_to_gradebook", sa.Boolean(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_reviews_activity_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["context_id"], ["people_context.id"], name=op.f("fk_reviews_activity_context_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people_person.id"], name=op.f("fk_reviews_activity_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews_activity")),
        sa.UniqueConstraint("handle", name=op.f("uq_reviews_activity_handle")),
    )
    with op.batch_alter_table("reviews_activity", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reviews_activity_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_reviews_activity_context_id"), ["context_id"], unique=False
        )

    op.create_table(
        "workload_capacity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("minutes_per_week", sa.Integer(), nullable=False),
        sa.Column("stated", sa.Boolean(), nullable=False),
        sa.Column("standing", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_to", sa.Time(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_workload_capacity_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people_person.id"], name=op.f("fk_workload_capacity_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workload_capacity")),
        sa.UniqueConstraint("person_id", name=op.f("uq_workload_capacity_person_id")),
    )
    with op.batch_alter_table("workload_capacity", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workload_capacity_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "workload_queue_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("queue", sa.String(length=100), nullable=False),
        sa.Column("item_key", sa.String(length=100), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "done", "withdrawn", name="itemstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("widen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("coordinator_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("places >= 0", name=op.f("ck_workload_queue_item_places_not_negative")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people_person.id"], name=op.f("fk_workload_queue_item_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_workload_queue_item_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workload_queue_item")),
        sa.UniqueConstraint(
            "community_id",
            "queue",
            "item_key",
            name=op.f("uq_workload_queue_item_community_id_queue_item_key"),
        ),
    )
    with op.batch_alter_table("workload_queue_item", schema=None) as batch_op:
        batch_op.create_index("ix_workload_queue_item_author", ["queue", "author_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_workload_queue_item_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            "ix_workload_queue_item_history", ["queue", "state", "done_at"], unique=False
        )
        batch_op.create_index(
            "ix_workload_queue_item_next",
            ["community_id", "queue", "rank", "entered_at", "id"],
            unique=False,
            sqlite_where=sa.text("places > 0"),
            postgresql_where=sa.text("places > 0"),
        )

    op.create_table(
        "workload_reservation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=True),
        sa.Column(
            "state",
            sa.Enum("held", "kept", name="reservationstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_workload_reservation_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people_person.id"], name=op.f("fk_workload_reservation_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workload_reservation")),
        sa.UniqueConstraint(
            "community_id", "key", name=op.f("uq_workload_reservation_community_id_key")
        ),
    )
    with op.batch_alter_table("workload_reservation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workload_reservation_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_workload_reservation_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_workload_reservation_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "workload_week",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_workload_week_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people_person.id"], name=op.f("fk_workload_week_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workload_week")),
        sa.UniqueConstraint("person_id", "week", name=op.f("uq_workload_week_person_id_week")),
    )
    with op.batch_alter_table("workload_week", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workload_week_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "credentials_award_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["award_id"],
            ["credentials_award.id"],
            name=op.f("fk_credentials_award_evidence_award_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_award_evidence_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"],
            ["credentials_evidence.id"],
            name=op.f("fk_credentials_award_evidence_evidence_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_award_evidence")),
        sa.UniqueConstraint(
            "award_id",
            "evidence_id",
            name=op.f("uq_credentials_award_evidence_award_id_evidence_id"),
        ),
    )
    with op.batch_alter_table("credentials_award_evidence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_award_evidence_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_award_evidence_evidence_id"), ["evidence_id"], unique=False
        )

    op.create_table(
        "credentials_credential",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("uri", sa.String(length=60), nullable=False),
        sa.Column("subject_uri", sa.String(length=60), nullable=False),
        sa.Column("status_list_id", sa.Uuid(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("holder_name", sa.String(length=200), nullable=False),
        sa.Column("shows_links", sa.Boolean(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revocation_reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["achievement_id"],
            ["credentials_achievement.id"],
            name=op.f("fk_credentials_credential_achievement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["award_id"], ["credentials_award.id"], name=op.f("fk_credentials_credential_award_id")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_credential_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"],
            ["credentials_issuer.id"],
            name=op.f("fk_credentials_credential_issuer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["status_list_id"],
            ["credentials_status_list.id"],
            name=op.f("fk_credentials_credential_status_list_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_credential")),
        sa.UniqueConstraint("award_id", name=op.f("uq_credentials_credential_award_id")),
        sa.UniqueConstraint("handle", name=op.f("uq_credentials_credential_handle")),
        sa.UniqueConstraint(
            "status_list_id",
            "status_index",
            name=op.f("uq_credentials_credential_status_list_id_status_index"),
        ),
        sa.UniqueConstraint("uri", name=op.f("uq_credentials_credential_uri")),
    )
    with op.batch_alter_table("credentials_credential", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_credential_achievement_id"), ["achievement_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_credential_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credentials_credential_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "expertise_contribution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("source_url", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_expertise_contribution_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["people_external_identity.id"],
            name=op.f("fk_expertise_contribution_identity_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expertise_contribution")),
        sa.UniqueConstraint(
            "community_id",
            "kind",
            "source_url",
            name=op.f("uq_expertise_contribution_community_id_kind_source_url"),
        ),
    )
    with op.batch_alter_table("expertise_contribution", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_expertise_contribution_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_expertise_contribution_identity_id"), ["identity_id"], unique=False
        )

    op.create_table(
        "lti_context_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=255), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=False),
        sa.Column("memberships_url", sa.String(length=2048), nullable=True),
        sa.Column("lineitems_url", sa.String(length=2048), nullable=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("roster_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("roster_error", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_lti_context_link_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["lti_deployment.id"], name=op.f("fk_lti_context_link_deployment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_context_link")),
        sa.UniqueConstraint(
            "deployment_id",
            "external_id",
            name=op.f("uq_lti_context_link_deployment_id_external_id"),
        ),
    )
    with op.batch_alter_table("lti_context_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lti_context_link_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_lti_context_link_context_id"), ["context_id"], unique=False
        )

    op.create_table(
        "lti_deep_linking_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("context_id", sa.Uuid(), nullable=True),
        sa.Column("return_url", sa.String(length=2048), nullable=False),
        sa.Column("accept_multiple", sa.Boolean(), nullable=False),
        sa.Column("accept_line_items", sa.Boolean(), nullable=False),
        sa.Column("accepts_links", sa.Boolean(), nullable=False),
        sa.Column("data", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_lti_deep_linking_request_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["lti_deployment.id"],
            name=op.f("fk_lti_deep_linking_request_deployment_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_deep_linking_request")),
        sa.UniqueConstraint("handle", name=op.f("uq_lti_deep_linking_request_handle")),
    )
    with op.batch_alter_table("lti_deep_linking_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lti_deep_linking_request_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_lti_deep_linking_request_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "mentoring_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("invited_by_id", sa.Uuid(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_mentoring_invitation_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"],
            ["people_person.id"],
            name=op.f("fk_mentoring_invitation_invited_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people_person.id"],
            name=op.f("fk_mentoring_invitation_person_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["mentoring_programme.id"],
            name=op.f("fk_mentoring_invitation_programme_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_invitation")),
        sa.UniqueConstraint(
            "programme_id", "email", name=op.f("uq_mentoring_invitation_programme_id_email")
        ),
    )
    with op.batch_alter_table("mentoring_invitation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentoring_invitation_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentoring_invitation_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentoring_invitation_programme_id"), ["programme_id"], unique=False
        )

    op.create_table(
        "mentoring_matching",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "computing",
                "draft",
                "publishing",
                "published",
                "undone",
                "discarded",
                "failed",
                name="matchingstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("progress", sa.String(length=40), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("solver", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("bound", sa.BigInteger(), nullable=False),
        sa.Column("compared", sa.BigInteger(), nullable=False),
        sa.Column("allowed", sa.BigInteger(), nullable=False),
        sa.Column("checked", sa.Boolean(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("unmatched", sa.JSON(), nullable=True),
        sa.Column("failure", sa.String(length=300), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=True),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replay_ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_mentoring_matching_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["mentoring_programme.id"],
            name=op.f("fk_mentoring_matching_programme_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"],
            ["people_person.id"],
            name=op.f("fk_mentoring_matching_published_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"],
            ["people_person.id"],
            name=op.f("fk_mentoring_matching_requested_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_matching")),
        sa.UniqueConstraint("handle", name=op.f("uq_mentoring_matching_handle")),
    )
    with op.batch_alter_table("mentoring_matching", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentoring_matching_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentoring_matching_programme_id"), ["programme_id"], unique=False
        )

    op.create_table(
        "mentoring_participation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("learn", "offer", name="side", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("sentence", sa.String(length=280), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("goals", sa.JSON(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_mentoring_participation_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people_person.id"],
            name=op.f("fk_mentoring_participation_person_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["mentoring_programme.id"],
            name=op.f("fk_mentoring_participation_programme_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_participation")),
        sa.UniqueConstraint("handle", name=op.f("uq_mentoring_participation_handle")),
        sa.UniqueConstraint(
            "programme_id",
            "person_id",
            name=op.f("uq_mentoring_participation_programme_id_person_id"),
        ),
    )
    with op.batch_alter_table("mentoring_participation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentoring_participation_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentoring_participation_person_id"), ["person_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentoring_participation_programme_id"), ["programme_id"], unique=False
        )

    op.create_table(
        "reviews_party",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("author", "reviewer", name="role", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["reviews_activity.id"], name=op.f("fk_reviews_party_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_reviews_party_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people_person.id"], name=op.f("fk_reviews_party_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews_party")),
        sa.UniqueConstraint(
            "activity_id",
            "person_id",
            "role",
            name=op.f("uq_reviews_party_activity_id_person_id_role"),
        ),
        sa.UniqueConstraint("handle", name=op.f("uq_reviews_party_handle")),
    )
    with op.batch_alter_table("reviews_party", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reviews_party_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_reviews_party_person_id"), ["person_id"], unique=False)

    op.create_table(
        "reviews_submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["reviews_activity.id"], name=op.f("fk_reviews_submission_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people_person.id"], name=op.f("fk_reviews_submission_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_reviews_submission_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews_submission")),
        sa.UniqueConstraint(
            "activity_id", "author_id", name=op.f("uq_reviews_submission_activity_id_author_id")
        ),
        sa.UniqueConstraint("handle", name=op.f("uq_reviews_submission_handle")),
    )
    with op.batch_alter_table("reviews_submission", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reviews_submission_author_id"), ["author_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_reviews_submission_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "workload_lease",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("queue", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "held",
                "expired",
                "returned",
                "finished",
                name="leasestate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("pair", sa.String(length=64), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_workload_lease_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["workload_queue_item.id"],
            name=op.f("fk_workload_lease_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people_person.id"], name=op.f("fk_workload_lease_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workload_lease")),
        sa.UniqueConstraint(
            "item_id", "person_id", name=op.f("uq_workload_lease_item_id_person_id")
        ),
        sa.UniqueConstraint("queue", "pair", name=op.f("uq_workload_lease_queue_pair")),
    )
    with op.batch_alter_table("workload_lease", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workload_lease_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index("ix_workload_lease_due", ["state", "until"], unique=False)
        batch_op.create_index(
            "ix_workload_lease_holder", ["person_id", "queue", "state"], unique=False
        )

    op.create_table(
        "workload_queue_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("queue", sa.String(length=100), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_workload_queue_event_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["workload_queue_item.id"],
            name=op.f("fk_workload_queue_event_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people_person.id"], name=op.f("fk_workload_queue_event_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workload_queue_event")),
    )
    with op.batch_alter_table("workload_queue_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_workload_queue_event_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            "ix_workload_queue_event_log", ["queue", "item_id", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_workload_queue_event_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "credentials_edition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claims", sa.JSON(), nullable=False),
        sa.Column("signed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_credentials_edition_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credentials_credential.id"],
            name=op.f("fk_credentials_edition_credential_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["credentials_issuer_key.id"], name=op.f("fk_credentials_edition_key_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_edition")),
        sa.UniqueConstraint(
            "credential_id", "number", name=op.f("uq_credentials_edition_credential_id_number")
        ),
    )
    with op.batch_alter_table("credentials_edition", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credentials_edition_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "lti_line_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("context_link_id", sa.Uuid(), nullable=False),
        sa.Column("resource", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=2048), nullable=False),
        sa.Column("score_maximum", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_lti_line_item_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["context_link_id"],
            ["lti_context_link.id"],
            name=op.f("fk_lti_line_item_context_link_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_line_item")),
        sa.UniqueConstraint(
            "context_link_id", "resource", name=op.f("uq_lti_line_item_context_link_id_resource")
        ),
    )
    with op.batch_alter_table("lti_line_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lti_line_item_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "lti_resource_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("context_link_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=True),
        sa.Column("resource", sa.String(length=200), nullable=True),
        sa.Column("lineitem_url", sa.String(length=2048), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_lti_resource_link_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["context_link_id"],
            ["lti_context_link.id"],
            name=op.f("fk_lti_resource_link_context_link_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lti_resource_link")),
        sa.UniqueConstraint(
            "context_link_id",
            "external_id",
            name=op.f("uq_lti_resource_link_context_link_id_external_id"),
        ),
    )
    with op.batch_alter_table("lti_resource_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lti_resource_link_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "mentoring_pair",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("matching_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_id", sa.Uuid(), nullable=False),
        sa.Column("mentor_participation_id", sa.Uuid(), nullable=False),
        sa.Column("mentee_participation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "reserved",
                "no_time",
                "introduced",
                "active",
                "declined",
                "withdrawn",
                "ended",
                name="pairstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("minutes_per_week", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("introduced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_mentoring_pair_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"],
            ["people_person.id"],
            name=op.f("fk_mentoring_pair_ended_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["matching_id"],
            ["mentoring_matching.id"],
            name=op.f("fk_mentoring_pair_matching_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mentee_id"],
            ["people_person.id"],
            name=op.f("fk_mentoring_pair_mentee_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mentee_participation_id"],
            ["mentoring_participation.id"],
            name=op.f("fk_mentoring_pair_mentee_participation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"],
            ["people_person.id"],
            name=op.f("fk_mentoring_pair_mentor_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["mentor_participation_id"],
            ["mentoring_participation.id"],
            name=op.f("fk_mentoring_pair_mentor_participation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["mentoring_programme.id"],
            name=op.f("fk_mentoring_pair_programme_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_pair")),
        sa.UniqueConstraint("handle", name=op.f("uq_mentoring_pair_handle")),
        sa.UniqueConstraint(
            "matching_id",
            "mentee_participation_id",
            name=op.f("uq_mentoring_pair_matching_id_mentee_participation_id"),
        ),
    )
    with op.batch_alter_table("mentoring_pair", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentoring_pair_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentoring_pair_mentee_id"), ["mentee_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentoring_pair_mentee_participation_id"),
            ["mentee_participation_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_mentoring_pair_mentor_id"), ["mentor_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mentoring_pair_mentor_participation_id"),
            ["mentor_participation_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_mentoring_pair_programme_id"), ["programme_id"], unique=False
        )

    op.create_table(
        "reviews_score",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("maximum", sa.Double(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_reviews_score_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["reviews_submission.id"],
            name=op.f("fk_reviews_score_submission_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews_score")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_reviews_score_submission_id")),
    )
    with op.batch_alter_table("reviews_score", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reviews_score_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "reviews_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("text", "link", "file", name="workkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=2000), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_reviews_version_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["reviews_submission.id"],
            name=op.f("fk_reviews_version_submission_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews_version")),
        sa.UniqueConstraint("handle", name=op.f("uq_reviews_version_handle")),
        sa.UniqueConstraint(
            "submission_id", "number", name=op.f("uq_reviews_version_submission_id_number")
        ),
    )
    with op.batch_alter_table("reviews_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reviews_version_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "mentoring_goal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("evidence", sa.String(length=400), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_mentoring_goal_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["pair_id"],
            ["mentoring_pair.id"],
            name=op.f("fk_mentoring_goal_pair_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"],
            ["people_person.id"],
            name=op.f("fk_mentoring_goal_set_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_goal")),
    )
    with op.batch_alter_table("mentoring_goal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentoring_goal_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_mentoring_goal_pair_id"), ["pair_id"], unique=False)

    op.create_table(
        "mentoring_meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("local_start", sa.String(length=16), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed", "agreed", "cancelled", name="meetingstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_mentoring_meeting_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["pair_id"],
            ["mentoring_pair.id"],
            name=op.f("fk_mentoring_meeting_pair_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["people_person.id"],
            name=op.f("fk_mentoring_meeting_proposed_by_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_meeting")),
        sa.UniqueConstraint("handle", name=op.f("uq_mentoring_meeting_handle")),
    )
    with op.batch_alter_table("mentoring_meeting", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentoring_meeting_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_mentoring_meeting_pair_id"), ["pair_id"], unique=False)

    op.create_table(
        "mentoring_promise",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=280), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_mentoring_promise_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["pair_id"],
            ["mentoring_pair.id"],
            name=op.f("fk_mentoring_promise_pair_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people_person.id"],
            name=op.f("fk_mentoring_promise_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentoring_promise")),
        sa.UniqueConstraint("handle", name=op.f("uq_mentoring_promise_handle")),
    )
    with op.batch_alter_table("mentoring_promise", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mentoring_promise_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_mentoring_promise_pair_id"), ["pair_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_mentoring_promise_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "reviews_assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["reviews_activity.id"], name=op.f("fk_reviews_assignment_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_reviews_assignment_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["people_person.id"], name=op.f("fk_reviews_assignment_reviewer_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["reviews_submission.id"],
            name=op.f("fk_reviews_assignment_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["reviews_version.id"], name=op.f("fk_reviews_assignment_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews_assignment")),
        sa.UniqueConstraint("handle", name=op.f("uq_reviews_assignment_handle")),
        sa.UniqueConstraint(
            "submission_id",
            "reviewer_id",
            name=op.f("uq_reviews_assignment_submission_id_reviewer_id"),
        ),
    )
    with op.batch_alter_table("reviews_assignment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reviews_assignment_activity_id"), ["activity_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_reviews_assignment_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_reviews_assignment_reviewer_id"), ["reviewer_id"], unique=False
        )

    op.create_table(
        "reviews_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("ratings", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("points", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["reviews_assignment.id"],
            name=op.f("fk_reviews_review_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_reviews_review_community_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews_review")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_reviews_review_assignment_id")),
        sa.UniqueConstraint("handle", name=op.f("uq_reviews_review_handle")),
    )
    with op.batch_alter_table("reviews_review", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reviews_review_community_id"), ["community_id"], unique=False
        )

    op.create_table(
        "reviews_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("community_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["people_community.id"],
            name=op.f("fk_reviews_answer_community_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews_review.id"], name=op.f("fk_reviews_answer_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews_answer")),
        sa.UniqueConstraint("review_id", name=op.f("uq_reviews_answer_review_id")),
    )
    with op.batch_alter_table("reviews_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reviews_answer_community_id"), ["community_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("reviews_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reviews_answer_community_id"))

    op.drop_table("reviews_answer")
    with op.batch_alter_table("reviews_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reviews_review_community_id"))

    op.drop_table("reviews_review")
    with op.batch_alter_table("reviews_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reviews_assignment_reviewer_id"))
        batch_op.drop_index(batch_op.f("ix_reviews_assignment_community_id"))
        batch_op.drop_index(batch_op.f("ix_reviews_assignment_activity_id"))

    op.drop_table("reviews_assignment")
    with op.batch_alter_table("mentoring_promise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mentoring_promise_person_id"))
        batch_op.drop_index(batch_op.f("ix_mentoring_promise_pair_id"))
        batch_op.drop_index(batch_op.f("ix_mentoring_promise_community_id"))

    op.drop_table("mentoring_promise")
    with op.batch_alter_table("mentoring_meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mentoring_meeting_pair_id"))
        batch_op.drop_index(batch_op.f("ix_mentoring_meeting_community_id"))

    op.drop_table("mentoring_meeting")
    with op.batch_alter_table("mentoring_goal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mentoring_goal_pair_id"))
        batch_op.drop_index(batch_op.f("ix_mentoring_goal_community_id"))

    op.drop_table("mentoring_goal")
    with op.batch_alter_table("reviews_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reviews_version_community_id"))

    op.drop_table("reviews_version")
    with op.batch_alter_table("reviews_score", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reviews_score_community_id"))

    op.drop_table("reviews_score")
    with op.batch_alter_table("mentoring_pair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mentoring_pair_programme_id"))
        batch_op.drop_index(batch_op.f("ix_mentoring_pair_mentor_participation_id"))
        batch_op.drop_index(batch_op.f("ix_mentoring_pair_mentor_id"))
        batch_op.drop_index(batch_op.f("ix_mentoring_pair_mentee_participation_id"))
        batch_op.drop_index(batch_op.f("ix_mentoring_pair_mentee_id"))
        batch_op.drop_index(batch_op.f("ix_mentoring_pair_community_id"))

    op.drop_table("mentoring_pair")
    with op.batch_alter_table("lti_resource_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_resource_link_community_id"))

    op.drop_table("lti_resource_link")
    with op.batch_alter_table("lti_line_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_line_item_community_id"))

    op.drop_table("lti_line_item")
    with op.batch_alter_table("credentials_edition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_edition_community_id"))

    op.drop_table("credentials_edition")
    with op.batch_alter_table("workload_queue_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workload_queue_event_person_id"))
        batch_op.drop_index("ix_workload_queue_event_log")
        batch_op.drop_index(batch_op.f("ix_workload_queue_event_community_id"))

    op.drop_table("workload_queue_event")
    with op.batch_alter_table("workload_lease", schema=None) as batch_op:
        batch_op.drop_index("ix_workload_lease_holder")
        batch_op.drop_index("ix_workload_lease_due")
        batch_op.drop_index(batch_op.f("ix_workload_lease_community_id"))

    op.drop_table("workload_lease")
    with op.batch_alter_table("reviews_submission", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reviews_submission_community_id"))
        batch_op.drop_index(batch_op.f("ix_reviews_submission_author_id"))

    op.drop_table("reviews_submission")
    with op.batch_alter_table("reviews_party", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reviews_party_person_id"))
        batch_op.drop_index(batch_op.f("ix_reviews_party_community_id"))

    op.drop_table("reviews_party")
    with op.batch_alter_table("mentoring_participation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mentoring_participation_programme_id"))
        batch_op.drop_index(batch_op.f("ix_mentoring_participation_person_id"))
        batch_op.drop_index(batch_op.f("ix_mentoring_participation_community_id"))

    op.drop_table("mentoring_participation")
    with op.batch_alter_table("mentoring_matching", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mentoring_matching_programme_id"))
        batch_op.drop_index(batch_op.f("ix_mentoring_matching_community_id"))

    op.drop_table("mentoring_matching")
    with op.batch_alter_table("mentoring_invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mentoring_invitation_programme_id"))
        batch_op.drop_index(batch_op.f("ix_mentoring_invitation_person_id"))
        batch_op.drop_index(batch_op.f("ix_mentoring_invitation_community_id"))

    op.drop_table("mentoring_invitation")
    with op.batch_alter_table("lti_deep_linking_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_deep_linking_request_person_id"))
        batch_op.drop_index(batch_op.f("ix_lti_deep_linking_request_community_id"))

    op.drop_table("lti_deep_linking_request")
    with op.batch_alter_table("lti_context_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_context_link_context_id"))
        batch_op.drop_index(batch_op.f("ix_lti_context_link_community_id"))

    op.drop_table("lti_context_link")
    with op.batch_alter_table("expertise_contribution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_expertise_contribution_identity_id"))
        batch_op.drop_index(batch_op.f("ix_expertise_contribution_community_id"))

    op.drop_table("expertise_contribution")
    with op.batch_alter_table("credentials_credential", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_credential_person_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_credential_community_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_credential_achievement_id"))

    op.drop_table("credentials_credential")
    with op.batch_alter_table("credentials_award_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_award_evidence_evidence_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_award_evidence_community_id"))

    op.drop_table("credentials_award_evidence")
    with op.batch_alter_table("workload_week", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workload_week_community_id"))

    op.drop_table("workload_week")
    with op.batch_alter_table("workload_reservation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workload_reservation_person_id"))
        batch_op.drop_index(batch_op.f("ix_workload_reservation_expires_at"))
        batch_op.drop_index(batch_op.f("ix_workload_reservation_community_id"))

    op.drop_table("workload_reservation")
    with op.batch_alter_table("workload_queue_item", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_workload_queue_item_next",
            sqlite_where=sa.text("places > 0"),
            postgresql_where=sa.text("places > 0"),
        )
        batch_op.drop_index("ix_workload_queue_item_history")
        batch_op.drop_index(batch_op.f("ix_workload_queue_item_community_id"))
        batch_op.drop_index("ix_workload_queue_item_author")

    op.drop_table("workload_queue_item")
    with op.batch_alter_table("workload_capacity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workload_capacity_community_id"))

    op.drop_table("workload_capacity")
    with op.batch_alter_table("reviews_activity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reviews_activity_context_id"))
        batch_op.drop_index(batch_op.f("ix_reviews_activity_community_id"))

    op.drop_table("reviews_activity")
    with op.batch_alter_table("people_staff_right", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_people_staff_right_everywhere",
            sqlite_where=sa.text("context_id IS NULL"),
            postgresql_where=sa.text("context_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_people_staff_right_context",
            sqlite_where=sa.text("context_id IS NOT NULL"),
            postgresql_where=sa.text("context_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_people_staff_right_community_id"))

    op.drop_table("people_staff_right")
    with op.batch_alter_table("people_relation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_relation_community_id"))
        batch_op.drop_index("ix_people_relation_b")

    op.drop_table("people_relation")
    with op.batch_alter_table("people_membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_membership_person_id"))
        batch_op.drop_index(batch_op.f("ix_people_membership_community_id"))

    op.drop_table("people_membership")
    with op.batch_alter_table("people_external_identity", schema=None) as batch_op:
        batch_op.drop_index("ix_people_external_identity_person")
        batch_op.drop_index(batch_op.f("ix_people_external_identity_community_id"))

    op.drop_table("people_external_identity")
    with op.batch_alter_table("people_consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_consent_community_id"))

    op.drop_table("people_consent")
    with op.batch_alter_table("notifications_quiet_hours", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notifications_quiet_hours_community_id"))

    op.drop_table("notifications_quiet_hours")
    with op.batch_alter_table("notifications_preference", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notifications_preference_community_id"))

    op.drop_table("notifications_preference")
    with op.batch_alter_table("notifications_notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notifications_notice_waiting")
        batch_op.drop_index(batch_op.f("ix_notifications_notice_mail_id"))
        batch_op.drop_index(batch_op.f("ix_notifications_notice_community_id"))

    op.drop_table("notifications_notice")
    with op.batch_alter_table("mentoring_programme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mentoring_programme_context_id"))
        batch_op.drop_index(batch_op.f("ix_mentoring_programme_community_id"))

    op.drop_table("mentoring_programme")
    with op.batch_alter_table("lti_login_state", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_login_state_created_at"))

    op.drop_table("lti_login_state")
    with op.batch_alter_table("lti_deployment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_deployment_community_id"))

    op.drop_table("lti_deployment")
    op.drop_table("lti_access_token")
    with op.batch_alter_table("expertise_claimed_skill", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_expertise_claimed_skill_skill"))
        batch_op.drop_index(batch_op.f("ix_expertise_claimed_skill_person_id"))
        batch_op.drop_index(batch_op.f("ix_expertise_claimed_skill_community_id"))

    op.drop_table("expertise_claimed_skill")
    with op.batch_alter_table("discourse_hooks_touched", schema=None) as batch_op:
        batch_op.drop_index("ix_discourse_hooks_touched_due")

    op.drop_table("discourse_hooks_touched")
    with op.batch_alter_table("discourse_hooks_inbox_message", schema=None) as batch_op:
        batch_op.drop_index("ix_discourse_hooks_inbox_same")
        batch_op.drop_index("ix_discourse_hooks_inbox_received")
        batch_op.drop_index("ix_discourse_hooks_inbox_due")

    op.drop_table("discourse_hooks_inbox_message")
    with op.batch_alter_table("discourse_hooks_forum_space", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discourse_hooks_forum_space_want_key"))
        batch_op.drop_index("ix_discourse_hooks_forum_space_remote")
        batch_op.drop_index(batch_op.f("ix_discourse_hooks_forum_space_community_id"))

    op.drop_table("discourse_hooks_forum_space")
    with op.batch_alter_table("discourse_hooks_forum_badge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discourse_hooks_forum_badge_community_id"))

    op.drop_table("discourse_hooks_forum_badge")
    op.drop_table("discourse_hooks_connect_nonce")
    op.drop_table("discourse_hooks_call_budget")
    with op.batch_alter_table("discourse_hooks_badge_link", schema=None) as batch_op:
        batch_op.drop_index("ix_discourse_hooks_badge_link_remote")
        batch_op.drop_index(batch_op.f("ix_discourse_hooks_badge_link_community_id"))

    op.drop_table("discourse_hooks_badge_link")
    with op.batch_alter_table("discourse_hooks_badge_in_waiting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discourse_hooks_badge_in_waiting_community_id"))

    op.drop_table("discourse_hooks_badge_in_waiting")
    with op.batch_alter_table("credentials_status_list", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_status_list_issuer_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_status_list_community_id"))

    op.drop_table("credentials_status_list")
    with op.batch_alter_table("credentials_issuer_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_issuer_key_issuer_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_issuer_key_community_id"))

    op.drop_table("credentials_issuer_key")
    with op.batch_alter_table("credentials_evidence_assessor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_evidence_assessor_person_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_evidence_assessor_community_id"))

    op.drop_table("credentials_evidence_assessor")
    with op.batch_alter_table("credentials_award", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_award_community_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_award_achievement_id"))

    op.drop_table("credentials_award")
    with op.batch_alter_table("web_mail_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_mail_code_person_id"))
        batch_op.drop_index(batch_op.f("ix_web_mail_code_expires_at"))

    op.drop_table("web_mail_code")
    with op.batch_alter_table("web_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_grant_session_id"))

    op.drop_table("web_grant")
    with op.batch_alter_table("web_arrival", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_arrival_session_id"))
        batch_op.drop_index(batch_op.f("ix_web_arrival_expires_at"))

    op.drop_table("web_arrival")
    with op.batch_alter_table("people_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_person_community_id"))

    op.drop_table("people_person")
    with op.batch_alter_table("people_context", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_context_community_id"))

    op.drop_table("people_context")
    with op.batch_alter_table("lti_score", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lti_score_person_id"))
        batch_op.drop_index(batch_op.f("ix_lti_score_community_id"))

    op.drop_table("lti_score")
    op.drop_table("lti_registration")
    with op.batch_alter_table("library_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_library_item_community_id"))

    op.drop_table("library_item")
    with op.batch_alter_table("kernel_delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_kernel_delivery_due")

    op.drop_table("kernel_delivery")
    with op.batch_alter_table("discourse_hooks_connection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_discourse_hooks_connection_community_id"))
        batch_op.drop_index(batch_op.f("ix_discourse_hooks_connection_base_url"))

    op.drop_table("discourse_hooks_connection")
    with op.batch_alter_table("credentials_public_address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_public_address_community_id"))

    op.drop_table("credentials_public_address")
    with op.batch_alter_table("credentials_issuer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_issuer_community_id"))

    op.drop_table("credentials_issuer")
    with op.batch_alter_table("credentials_evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_credentials_evidence_person")
        batch_op.drop_index(batch_op.f("ix_credentials_evidence_identity_id"))
        batch_op.drop_index(batch_op.f("ix_credentials_evidence_community_id"))

    op.drop_table("credentials_evidence")
    with op.batch_alter_table("credentials_achievement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credentials_achievement_community_id"))

    op.drop_table("credentials_achievement")
    with op.batch_alter_table("web_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_session_person_id"))
        batch_op.drop_index(batch_op.f("ix_web_session_expires_at"))

    op.drop_table("web_session")
    with op.batch_alter_table("web_invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_invitation_invited_by"))
        batch_op.drop_index(batch_op.f("ix_web_invitation_community_id"))

    op.drop_table("web_invitation")
    with op.batch_alter_table("web_address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_address_person_id"))
        batch_op.drop_index(batch_op.f("ix_web_address_address_hash"))

    op.drop_table("web_address")
    op.drop_table("people_community")
    with op.batch_alter_table("notifications_signed_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notifications_signed_link_person_id"))
        batch_op.drop_index(batch_op.f("ix_notifications_signed_link_expires_at"))

    op.drop_table("notifications_signed_link")
    op.drop_table("lti_unknown_caller")
    op.drop_table("lti_tool_key")
    op.drop_table("lti_platform")
    op.drop_table("kernel_schedule")
    with op.batch_alter_table("kernel_outbox_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kernel_outbox_message_community_id"))

    op.drop_table("kernel_outbox_message")
    with op.batch_alter_table("kernel_limit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kernel_limit_window_ends_at"))

    op.drop_table("kernel_limit")
    with op.batch_alter_table("kernel_audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kernel_audit_entry_community_id"))

    op.drop_table("kernel_audit_entry")
    op.drop_table("administration_setup_link")
