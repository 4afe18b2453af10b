"""Blocks of commands that no test runs as they stand, each with the reason; by page and first line."""

from collections.abc import Mapping

CLUSTER = "the tests' own control plane stands for it; tests/devcluster starts others"

NOT_RUN: Mapping[tuple[str, str], str] = {
    ("docs/start/five-minutes.md", "pushboat devcluster up --state ~/devcluster"): CLUSTER,
}
