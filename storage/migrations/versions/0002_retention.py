"""Measured retention, and who may read it by the matrix."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("retention_cameras", "retention_days", "retention_kept", "retention_recorders")
RIGHTS = (("guard", "summary", "all", "Điều 7 khoản 1"), ("unit_head", "yes", "own_unit", "Điều 6"))


def upgrade() -> None:
    op.create_table(
        "retention_cameras",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined", sa.Boolean(), nullable=False),
        sa.Column("first_measured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_oldest_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_retention_cameras")),
    )
    op.create_table(
        "retention_days",
        sa.Column("camera_code", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("searched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("covered_seconds", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("camera_code", "day", name=op.f("pk_retention_days")),
    )
    op.create_table(
        "retention_kept",
        sa.Column("camera_code", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("oldest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("camera_code", "day", name=op.f("pk_retention_kept")),
    )
    op.create_table(
        "retention_recorders",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("round", sa.Text(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disks", sa.Text(), nullable=False),
        sa.Column("clock_offset_seconds", sa.Float(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", "day", name=op.f("pk_retention_recorders")),
    )
    _grant()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    rights = _rights()
    for role, how_far, _scope, _article in RIGHTS:
        op.execute(
            rights.delete().where(
                rights.c.role == role, rights.c.act == "see_retention", rights.c.how_far == how_far
            )
        )


def _grant() -> None:
    """Into a role table that was filled before; a new one is filled with them, an emptied one stays empty."""
    connection, rights = op.get_bind(), _rights()
    if connection.execute(sa.select(sa.func.count()).select_from(rights)).scalar_one() == 0:
        return
    for role, how_far, scope, article in RIGHTS:
        is_there = sa.select(rights.c.role).where(rights.c.role == role, rights.c.act == "see_retention")
        if connection.execute(is_there).first() is None:
            op.execute(
                rights.insert().values(
                    role=role, act="see_retention", how_far=how_far, scope=scope, article=article
                )
            )


def _rights() -> sa.TableClause:
    return sa.table("rights", *(sa.column(name) for name in ("role", "act", "how_far", "scope", "article")))
