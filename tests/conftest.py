"""What several tests start from."""

from pathlib import Path

import pytest
from tiny_case import write_tiny_case


@pytest.fixture
def tiny_case(tmp_path: Path) -> Path:
    """A folder with data/ and scenarios/base.yaml of the tiny company (tests/tiny_case.py says what is in it)."""
    return write_tiny_case(tmp_path / "tiny")
