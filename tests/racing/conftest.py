"""The scene of what happens at the same time, on each forge in turn."""

from tests.spoofing.conftest import scene  # noqa: F401 - a fixture
