"""How long to look: a few seconds by default, HYPOTHESIS_PROFILE=thorough for ten thousand rule files."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

_QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example, HealthCheck.filter_too_much]
settings.register_profile(
    "small", max_examples=20, deadline=None, derandomize=True, database=None, suppress_health_check=_QUIET
)
settings.register_profile("thorough", max_examples=10_000, deadline=None, print_blob=True, suppress_health_check=_QUIET)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "small"))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where generated rule files are written; each overwrites the last."""
    return tmp_path_factory.mktemp("rules")
