"""A fixed moment for the store's tests."""

from datetime import UTC, datetime

AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
