"""Incidents: reports, their timeline, files, alerts and held footage; and who may do what with them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("incidents", "incident_entries", "incident_files", "incident_alerts", "incident_holds")
RIGHTS = (
    ("see_incidents", "principal", "yes", "Điều 4 khoản 1"),
    ("handle_incident", "principal", "yes", "Điều 4 khoản 1"),
    ("export_incidents", "principal", "yes", "Điều 4 khoản 1"),
    ("see_incidents", "deputy", "yes", "Điều 4 khoản 1"),
    ("handle_incident", "deputy", "yes", "Điều 4 khoản 1"),
    ("export_incidents", "deputy", "yes", "Điều 4 khoản 1"),
    ("see_incidents", "head_guard", "yes", "Điều 7 khoản 1"),
    ("handle_incident", "head_guard", "yes", "Điều 7 khoản 1"),
    ("export_incidents", "head_guard", "yes", "Điều 7 khoản 1"),
    ("see_incidents", "it", "yes", "Điều 8 khoản 1"),
    ("handle_incident", "it", "yes", "Điều 8 khoản 1"),
    ("export_incidents", "it", "yes", "Điều 8 khoản 1"),
    ("see_incidents", "guard", "running", "Điều 7 khoản 1"),
    ("handle_incident", "guard", "on_duty", "Điều 7 khoản 1"),
    ("see_incidents", "unit_head", "own", "Điều 6"),
    ("handle_incident", "unit_head", "called", "Điều 6"),
    *(("see_incidents", role, "own", "Điều 3") for role in ("teacher", "staff", "accountant")),
    *(("handle_incident", role, "called", "Điều 3") for role in ("teacher", "staff", "accountant")),
    *(
        ("report_incident", role, "yes", "Điều 3")
        for role in (
            "principal",
            "deputy",
            "head_guard",
            "guard",
            "it",
            "accountant",
            "unit_head",
            "teacher",
            "staff",
        )
    ),
)


def upgrade() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("camera_code", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unfinished", sa.Boolean(), nullable=False),
        sa.Column("alarmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_to", sa.Integer(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        sa.ForeignKeyConstraint(["reporter_id"], ["people.id"], name=op.f("fk_incidents_reporter_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["people.id"], name=op.f("fk_incidents_taken_by")),
        sa.ForeignKeyConstraint(["assigned_to"], ["people.id"], name=op.f("fk_incidents_assigned_to")),
        sa.ForeignKeyConstraint(["closed_by"], ["people.id"], name=op.f("fk_incidents_closed_by")),
        sa.UniqueConstraint("code", name=op.f("uq_incidents_code")),
    )
    op.create_table(
        "incident_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_entries")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_entries_incident_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_incident_entries_person_id")),
    )
    op.create_table(
        "incident_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("camera_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_files")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_files_incident_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_incident_files_person_id")),
    )
    op.create_table(
        "incident_alerts",
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_alerts_incident_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_incident_alerts_person_id")),
        sa.PrimaryKeyConstraint("incident_id", "person_id", name=op.f("pk_incident_alerts")),
    )
    op.create_table(
        "incident_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("camera_code", sa.Text(), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("container", sa.Text(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gaps", sa.Text(), nullable=False),
        sa.Column("clock_offset_seconds", sa.Float(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_holds")),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_holds_incident_id")
        ),
        sa.UniqueConstraint(
            "incident_id", "camera_code", name=op.f("uq_incident_holds_incident_id_camera_code")
        ),
    )
    op.create_index(op.f("ix_incidents_reporter_id"), "incidents", ["reporter_id"], unique=False)
    op.create_index(op.f("ix_incidents_state"), "incidents", ["state"], unique=False)
    op.create_index(op.f("ix_incidents_happened_at"), "incidents", ["happened_at"], unique=False)
    op.create_index(
        op.f("ix_incident_entries_incident_id"), "incident_entries", ["incident_id"], unique=False
    )
    op.create_index(op.f("ix_incident_files_incident_id"), "incident_files", ["incident_id"], unique=False)
    op.create_index(op.f("ix_incident_alerts_person_id"), "incident_alerts", ["person_id"], unique=False)
    op.create_index(op.f("ix_incident_holds_camera_code"), "incident_holds", ["camera_code"], unique=False)
    _grant()


def downgrade() -> None:
    rights = _rights()
    op.execute(rights.delete().where(rights.c.act.in_({act for act, *_rest in RIGHTS})))
    for table in reversed(TABLES):
        op.drop_table(table)


def _grant() -> None:
    """Into a role table that was filled before; a new one is filled with them, an emptied one stays empty."""
    connection, rights = op.get_bind(), _rights()
    if connection.execute(sa.select(sa.func.count()).select_from(rights)).scalar_one() == 0:
        return
    for act, role, how_far, article in RIGHTS:
        op.execute(rights.insert().values(role=role, act=act, how_far=how_far, scope="all", article=article))


def _rights() -> sa.TableClause:
    return sa.table("rights", *(sa.column(name) for name in ("role", "act", "how_far", "scope", "article")))
