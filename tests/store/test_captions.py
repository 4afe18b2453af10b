"""What a commit says of itself is written down once, stands beside its deployments, and goes with the last of them."""

from pushboat.config.retention import Retention
from pushboat.model.caption import Caption
from pushboat.store import captions
from pushboat.store.database.engine import Store
from pushboat.store.forgetting import forget
from tests.store.repository import NAME, Repository, deploy, time_passes
from tests.store.test_repetitions import NAMES, same, staging
from tests.store.test_untouched import carried_out

DAY = 24 * 3600.0
RETENTION = Retention(deliveries=DAY, deployments=10 * DAY, keep=1)


def test_it_stands_beside_each_deployment_of_the_commit(store: Store, repository: Repository) -> None:
    """Two environments, one commit, one text; the first word counts, and what is too long for a line is cut."""
    captions.note(store, NAME, {"a": Caption("Let it run", "Ada"), "b": Caption("x" * 500, "y" * 500)})
    captions.note(store, NAME, {"a": Caption("Something else", "Eve")})
    for made in repository.route(deploy("a"), deploy("a", "production")):
        assert made.caption == Caption("Let it run", "Ada")
    (long,) = repository.route(deploy("b"))
    (other,) = repository.route(deploy("c"))
    assert (len(long.caption.subject), len(long.caption.author)) == (200, 100)
    assert other.caption == Caption()
    assert captions.unknown(store, NAME, ["a", "b", "c"]) == ["c"]


def test_a_commit_that_leaves_many_as_they_are_says_its_own(store: Store, repository: Repository) -> None:
    """What stands by a newer commit is shown with the newer one's words."""
    captions.note(store, NAME, {"a": Caption("Old"), "b": Caption("New")})
    for each in repository.route(*(deploy("a", name) for name in NAMES)):
        carried_out(repository, each)
    repository.route(*same(store, "b"))
    assert staging(store).caption == Caption("New")


def test_it_goes_with_the_last_deployment_of_its_commit(store: Store, repository: Repository) -> None:
    """Years pass: what runs keeps its words, what nothing is left of loses them."""
    captions.note(store, NAME, {sha: Caption(sha) for sha in ("a", "b", "never", "newest")})
    for sha in "ab":
        (made,) = repository.route(deploy(sha))
        carried_out(repository, made)
    time_passes(store, 1000 * DAY)
    for _ in range(2):
        forget(store, RETENTION, lambda: False)
    assert captions.unknown(store, NAME, ["a", "b", "never"]) == ["a", "never"]
