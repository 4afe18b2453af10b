"""`needs`: who waits for whom is known before anything waits for ever."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from pushboat.config import repository
from pushboat.config.environment import as_released, effective, said_by
from pushboat.config.operator import Limits, Project
from pushboat.config.project import Allowed
from pushboat.errors import InvalidRepositoryFile

NAMES = ("dev", "qa", "staging", "production")


def project(**fixed: Mapping[str, Any]) -> Project:
    """Give a project with these environments, of which the operator fixes some fields."""
    limits = {
        name: Limits(environment=name, cluster="dev", namespaces=("shop",), fixed=fixed.get(name, {})) for name in NAMES
    }
    return Project(repository="github/acme/shop", environments=Allowed(limits))


def written(**needs: Sequence[str]) -> repository.RepositoryFile:
    """Read a file with these environments and what each needs."""
    said = {name: {"path": name, **({"needs": list(wanted)} if wanted else {})} for name, wanted in needs.items()}
    return repository.parse(str({"environments": said}))


def refused(file: repository.RepositoryFile, **fixed: Mapping[str, Any]) -> list[str]:
    """Give what is wrong with a file."""
    with pytest.raises(InvalidRepositoryFile) as refusal:
        effective(project(**fixed), file)
    return [each.message for each in refusal.value.mistakes]


def test_what_both_files_need_counts() -> None:
    """The operator demands qa before production; a push may ask for more, and takes nothing away."""
    file = written(dev=(), qa=(), production=("dev",))
    assert effective(project(production={"needs": ("qa",)}), file)["production"].needs == ("qa", "dev")
    assert effective(project(production={"needs": ("qa",)}), written(qa=(), production=()))["production"].needs == (
        "qa",
    )


def test_it_is_kept_with_a_release() -> None:
    """What a release needed is stored beside it."""
    found = effective(project(), written(qa=(), production=("qa",)))["production"]
    assert as_released(project().environments["production"], said_by(found)).needs == ("qa",)


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        ({"qa": ("qa",)}, "an environment cannot wait for itself"),
        (
            {"qa": (), "production": ("staging",)},
            "no environment 'staging' has a path here, so production would wait for ever (known: production, qa)",
        ),
        (
            {"qa": (), "production": ("qaa",)},
            "no environment 'qaa' has a path here, so production would wait for ever (did you mean 'qa'?)",
        ),
        (
            {"dev": ("production",), "qa": ("dev",), "production": ("qa",)},
            "dev, production and qa wait for each other: one of them must go first",
        ),
    ],
)
def test_what_would_wait_for_ever_is_refused(needs: Mapping[str, Sequence[str]], said: str) -> None:
    """Of itself, of nobody, of each other in a ring: the commit is red and says so, and nothing waits."""
    assert refused(written(**needs))[0] == said


def test_a_ring_through_the_operators_file_is_found() -> None:
    """The operator demands qa before production, and a push makes qa wait for production."""
    assert refused(written(qa=("production",), production=()), production={"needs": ("qa",)}) == [
        "qa and production wait for each other: one of them must go first",
        "production and qa wait for each other: one of them must go first",
    ]
