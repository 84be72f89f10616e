"""The tables of measured retention; they belong to the same metadata as all others."""

from sqlalchemy import Boolean, Column, Date, Float, Integer, PrimaryKeyConstraint, Table, Text

from storage.columns import Json, UtcTime
from storage.tables import metadata

retention_cameras = Table(
    "retention_cameras",
    metadata,
    Column("code", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("joined", Boolean, nullable=False),
    Column("first_measured_at", UtcTime),
    Column("first_oldest_at", UtcTime),
)

retention_days = Table(
    "retention_days",
    metadata,
    Column("camera_code", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("start_at", UtcTime, nullable=False),
    Column("end_at", UtcTime, nullable=False),
    Column("searched_at", UtcTime, nullable=False),
    # For whoever reads the table: the sum of the parts.
    Column("covered_seconds", Integer, nullable=False),
    # Seconds after `start_at`, in pairs.
    Column("parts", Json, nullable=False),
    PrimaryKeyConstraint("camera_code", "day"),
)

retention_kept = Table(
    "retention_kept",
    metadata,
    Column("camera_code", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("round", Text, nullable=False),
    Column("measured_at", UtcTime, nullable=False),
    Column("oldest_at", UtcTime),
    Column("kept_since", UtcTime),
    Column("problem", Text, nullable=False),
    PrimaryKeyConstraint("camera_code", "day"),
)

retention_recorders = Table(
    "retention_recorders",
    metadata,
    Column("name", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("round", Text, nullable=False),
    Column("measured_at", UtcTime, nullable=False),
    Column("disks", Json, nullable=False),
    Column("clock_offset_seconds", Float),
    Column("finished_at", UtcTime),
    Column("problem", Text, nullable=False),
    PrimaryKeyConstraint("name", "day"),
)
