"""Every table. Their history is in `migrations/versions`; a test holds the two together."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.columns import Json, UtcTime, Written

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    },
)

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Written, nullable=False),
    Column("role", Text, nullable=False),
    Column("address", Written, nullable=False),
    Column("unit", Written, nullable=False),
    Column("language", Text, nullable=False),
    Column("active", Boolean, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("channel", Text, nullable=False),
    Column("account_id", Written, nullable=False),
    Column("person_id", Integer, ForeignKey("people.id"), nullable=False, index=True),
    Column("linked_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("channel", "account_id"),
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Integer, ForeignKey("people.id"), nullable=False),
    Column("code_hash", Text, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    UniqueConstraint("code_hash"),
)

wrong_tries = Table(
    "wrong_tries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("account_id", Written, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "channel", "account_id", "at"),
)

rights = Table(
    "rights",
    metadata,
    Column("role", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("how_far", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("article", Text, nullable=False),
    PrimaryKeyConstraint("role", "act"),
)

delegations = Table(
    "delegations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("from_person_id", Integer, ForeignKey("people.id"), nullable=False),
    Column("to_person_id", Integer, ForeignKey("people.id"), nullable=False, index=True),
    Column("start_at", UtcTime, nullable=False),
    Column("end_at", UtcTime, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("request_id", Integer, ForeignKey("requests.id"), nullable=False, index=True),
    Column("key", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("container", Text, nullable=False),
    Column("first_at", UtcTime, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    Column("gaps", Json, nullable=False),
    Column("clock_offset_seconds", Float, nullable=False),
    Column("taken_at", UtcTime, nullable=False),
    Column("method", Text, nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", Text, nullable=False),
    Column("requester_id", Integer, ForeignKey("people.id"), nullable=False, index=True),
    Column("camera_code", Text, nullable=False),
    Column("start_at", UtcTime, nullable=False),
    Column("end_at", UtcTime, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("reason", Written, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("hold", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("decided_by", Integer, ForeignKey("people.id")),
    Column("decided_at", UtcTime),
    Column("decision_reason", Written, nullable=False),
    Column("order_code", Text, nullable=False),
    # No foreign key: evidence points here already, and two tables that point at each other have no order.
    Column("evidence_id", Integer),
    UniqueConstraint("code"),
)

dialogues = Table(
    "dialogues",
    metadata,
    Column("channel", Text, nullable=False),
    Column("account_id", Written, nullable=False),
    Column("kind", Text, nullable=False),
    Column("data", Json, nullable=False),
    Column("touched_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("channel", "account_id"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("update_id", Text, nullable=False),
    Column("account_id", Written, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    # What a person wrote is forgotten once it is answered; only the fact that it came stays.
    Column("body", Json),
    Column("answered", Boolean, nullable=False),
    UniqueConstraint("channel", "update_id"),
    Index(
        "ix_inbox_unanswered",
        "id",
        sqlite_where=text("NOT answered"),
        postgresql_where=text("NOT answered"),
    ),
)

_QUEUED, _SENDING = text("state = 'queued'"), text("state = 'sending'")
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Integer, ForeignKey("people.id")),
    Column("channel", Text, nullable=False),
    Column("account_id", Written, nullable=False),
    Column("message", Json, nullable=False),
    Column("tokens", Json, nullable=False),
    Column("slot", Text),
    Column("urgent", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", UtcTime, nullable=False),
    Column("mark", Text, nullable=False),
    Column("message_key", Text),
    Column("had_media", Boolean, nullable=False),
    Column("why", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
    Index(
        "ix_outbox_queued",
        "channel",
        "account_id",
        "id",
        sqlite_where=_QUEUED,
        postgresql_where=_QUEUED,
    ),
    Index("ix_outbox_sending", "channel", "account_id", sqlite_where=_SENDING, postgresql_where=_SENDING),
    Index(
        "ix_outbox_slot",
        "slot",
        "account_id",
        sqlite_where=text("slot IS NOT NULL"),
        postgresql_where=text("slot IS NOT NULL"),
    ),
)

choices = Table(
    "choices",
    metadata,
    Column("token", Text, primary_key=True),
    Column("outbox_id", Integer, ForeignKey("outbox.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("channel", Text, nullable=False),
    Column("account_id", Written, nullable=False),
    Column("person_id", Integer),
    Column("act", Text, nullable=False),
    Column("data", Json, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)

wanted_jobs = Table(
    "wanted_jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("data", Json, nullable=False),
    Column("wanted_at", UtcTime, nullable=False),
    Column("started", Boolean, nullable=False),
    UniqueConstraint("key"),
    Index(
        "ix_wanted_jobs_unstarted",
        "id",
        sqlite_where=text("NOT started"),
        postgresql_where=text("NOT started"),
    ),
)

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", Integer),
    Column("role", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("article", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("details", Json, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

# One row: where the chain ends. Writers queue on it, and a cut-off tail shows.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("hash", Text, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("prefix", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    PrimaryKeyConstraint("prefix", "year"),
)

facts = Table(
    "facts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Written, nullable=False),
)

incidents = Table(
    "incidents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", Text, nullable=False),
    Column("reporter_id", Integer, ForeignKey("people.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("camera_code", Text, nullable=False),
    Column("place", Written, nullable=False),
    Column("text", Written, nullable=False),
    Column("happened_at", UtcTime, nullable=False, index=True),
    Column("created_at", UtcTime, nullable=False),
    Column("reported_at", UtcTime),
    Column("unfinished", Boolean, nullable=False),
    Column("alarmed_at", UtcTime),
    Column("step", Integer, nullable=False),
    Column("taken_by", Integer, ForeignKey("people.id")),
    Column("taken_at", UtcTime),
    Column("assigned_to", Integer, ForeignKey("people.id")),
    Column("closed_by", Integer, ForeignKey("people.id")),
    Column("closed_at", UtcTime),
    Column("result", Written, nullable=False),
    UniqueConstraint("code"),
)

incident_entries = Table(
    "incident_entries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident_id", Integer, ForeignKey("incidents.id"), nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("person_id", Integer, ForeignKey("people.id")),
    Column("kind", Text, nullable=False),
    Column("text", Written, nullable=False),
    Column("about", Text, nullable=False),
)

incident_files = Table(
    "incident_files",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident_id", Integer, ForeignKey("incidents.id"), nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("person_id", Integer, ForeignKey("people.id")),
    # Whose picture it is; empty: somebody sent it.
    Column("camera_code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("name", Written, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
)

incident_alerts = Table(
    "incident_alerts",
    metadata,
    Column("incident_id", Integer, ForeignKey("incidents.id"), nullable=False),
    Column("person_id", Integer, ForeignKey("people.id"), nullable=False, index=True),
    Column("wave", Integer, nullable=False),
    Column("told_at", UtcTime, nullable=False),
    Column("accounts", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("reminded_at", UtcTime),
    Column("seen_at", UtcTime),
    PrimaryKeyConstraint("incident_id", "person_id"),
)

incident_holds = Table(
    "incident_holds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident_id", Integer, ForeignKey("incidents.id"), nullable=False),
    Column("camera_code", Text, nullable=False, index=True),
    Column("start_at", UtcTime, nullable=False),
    Column("end_at", UtcTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("container", Text, nullable=False),
    Column("first_at", UtcTime),
    Column("last_at", UtcTime),
    Column("gaps", Json, nullable=False),
    Column("clock_offset_seconds", Float, nullable=False),
    Column("method", Text, nullable=False),
    UniqueConstraint("incident_id", "camera_code"),
)
