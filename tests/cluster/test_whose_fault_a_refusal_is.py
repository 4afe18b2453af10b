"""Several refusals at once become one error, which still says who must act."""

import pytest

from pushboat.errors import ApplyRejected, ClusterRefused
from workers.cluster.client.together import summed_up

COMMIT = ApplyRejected("web.yaml:1: unknown field spec.replica")
OPERATOR = ClusterRefused("deployer may not patch secrets")


@pytest.mark.parametrize(
    ("refusals", "kind", "summary"),
    [
        ((OPERATOR, OPERATOR), ClusterRefused, "deployer may not patch secrets (and 1 more)"),
        ((COMMIT,), ApplyRejected, "web.yaml:1: unknown field spec.replica"),
        ((OPERATOR, COMMIT), ApplyRejected, "web.yaml:1: unknown field spec.replica (and 1 more)"),
    ],
    ids=["the operator", "the commit", "both"],
)
def test_the_commit_is_blamed_only_where_it_must_change(
    refusals: tuple[ApplyRejected | ClusterRefused, ...], kind: type[Exception], summary: str
) -> None:
    """I am told to fix my commit when it needs that, and never for a right that nobody granted to Pushboat."""
    found = summed_up(refusals)
    assert type(found) is kind
    assert found.summary == summary
    assert all(each.summary in found.details for each in refusals)
