"""Environments by pattern: which folders become environments, under which names, and what is refused."""

from collections.abc import Mapping, Sequence

import pytest

from pushboat.config import repository
from pushboat.config.environment import Environment, effective
from pushboat.config.operator import Limits, Project
from pushboat.config.patterns import Listing
from pushboat.config.project import Allowed
from pushboat.config.repository import MOST_ENVIRONMENTS
from pushboat.config.ways import Way, way_of
from pushboat.errors import InvalidRepositoryFile


def allowing(*names: str) -> Project:
    """Let the operator have these environments, each with a namespace of its name and one with shop- before it."""
    limits = {
        name: Limits(environment=name, cluster="dev", namespaces=(name[:63], f"shop-{name}"[:63])) for name in names
    }
    return Project(repository="github/acme/shop", environments=Allowed(limits))


def holding(folders: Mapping[str, Sequence[str] | None]) -> Listing:
    """List folders as a commit would that holds these."""
    return lambda way: folders.get(way.folder, ())


def environments(text: str, folders: Mapping[str, Sequence[str] | None], project: Project) -> dict[str, Environment]:
    """Read a file at a commit that holds these folders."""
    file = repository.expanded(repository.parse(text), holding(folders))
    return effective(project, file)


def refused(text: str, folders: Mapping[str, Sequence[str] | None], project: Project) -> list[str]:
    """Give what is said about a file that is refused."""
    with pytest.raises(InvalidRepositoryFile) as raised:
        environments(text, folders, project)
    return [str(each) for each in raised.value.mistakes]


EACH = "environments:\n  each:\n    path: envs/{name}\n    branch: main\n    namespace: shop-{name}\n"


def test_every_folder_that_fits_is_an_environment() -> None:
    """What the entry says holds for each, with the folder's name in the place of {name}."""
    found = environments(EACH, {"envs": ["eu", "us"]}, allowing("eu", "us"))
    assert {name: (each.path, each.branch, each.namespace) for name, each in found.items()} == {
        "eu": ("envs/eu", "main", "shop-eu"),
        "us": ("envs/us", "main", "shop-us"),
    }


def test_the_folders_part_may_be_a_hosts_name() -> None:
    """Each environment has its own address, most often by a host of its own."""
    file = "environments:\n  each: {path: 'envs/{name}', url: 'https://{name}.shop.example/x'}\n"
    assert environments(file, {"envs": ["eu"]}, allowing("eu"))["eu"].url == "https://eu.shop.example/x"
    with pytest.raises(InvalidRepositoryFile) as raised:
        repository.parse(file.replace("https://", ""))
    assert "'url' has no host: write it as https://host/…" in str(raised.value)


@pytest.mark.parametrize(
    ("path", "way"),
    [
        ("envs/{name}", Way("envs", "", "", "")),
        ("{name}", Way("", "", "", "")),
        ("a/b/shop-{name}-env/deploy/overlay", Way("a/b", "shop-", "-env", "deploy/overlay")),
    ],
)
def test_a_name_is_a_part_of_one_folder(path: str, way: Way) -> None:
    """{name} stands for one folder's name or a part of it, and what comes after it stands in that folder."""
    assert way_of(path) == way
    assert way.path(f"{way.before}x{way.after}") == path.replace("{name}", "x")
    assert way.part(f"{way.before}x{way.after}") == "x"


def test_what_stands_beside_the_name_must_fit() -> None:
    """A folder that the pattern does not describe is none of its environments."""
    text = "environments:\n  shop-{name}:\n    path: teams/team-{name}/deploy\n"
    found = environments(text, {"teams": ["team-a", "team-", "teama", "readme"]}, allowing("shop-a"))
    assert {name: each.path for name, each in found.items()} == {"shop-a": "teams/team-a/deploy"}


def test_an_entry_of_its_own_comes_first() -> None:
    """What is said of one environment by name holds for it, whatever pattern its folder fits."""
    text = f"{EACH}  eu:\n    path: envs/eu/special\n    tag: v*\n"
    found = environments(text, {"envs": ["eu", "us"]}, allowing("eu", "us"))
    assert (found["eu"].path, found["eu"].tag, found["eu"].branch) == ("envs/eu/special", "v*", "")
    assert found["us"].path == "envs/us"


def test_a_commit_without_such_folders_has_none() -> None:
    """Folders that are gone are environments that have left, as entries are."""
    assert environments(EACH, {}, allowing("eu")) == {}


def test_a_folder_that_the_operator_does_not_have_is_named() -> None:
    """Nothing is dropped silently: the push fails at the pattern, with the names and the line that is missing."""
    (said,) = refused(EACH, {"envs": ["ap", "eu", "us"]}, allowing("us"))
    assert said.startswith(".pushboat.yaml:3:11: the operator has no environment ap and eu for github/acme/shop")
    assert "`ap: {cluster: …, namespaces: […]}`" in said
    (said,) = refused(EACH, {"envs": [f"e{number}" for number in range(400)]}, allowing("us"))
    assert "and 390 more" in said
    assert len(said) < 600


@pytest.mark.parametrize(
    "name", ["Upper", "a.b", "x" * 300, "grün", "a b", "-a", "plan", "a\udcffb", "a\nb", "${name}"]
)
def test_a_folder_that_cannot_be_an_environment_is_refused(name: str) -> None:
    """A name that is none is said back in print, and short."""
    (said,) = refused(EACH, {"envs": ["eu", name]}, allowing("eu"))
    assert said.startswith(".pushboat.yaml:3:11: 'envs/")
    assert "cannot be an environment" in said
    assert said.isprintable()
    assert len(said) < 300


def test_two_patterns_do_not_make_one_environment() -> None:
    """Where two folders want to be one environment, nobody guesses which is meant."""
    text = "environments:\n  a: {path: 'one/{name}'}\n  b: {path: 'two/{name}'}\n"
    assert refused(text, {"one": ["eu"], "two": ["eu", "us"]}, allowing("eu", "us")) == [
        ".pushboat.yaml:3:13: eu would be made by 'a' too: an environment has one folder"
    ]


def test_a_pattern_goes_over_no_link() -> None:
    """A folder that is a link is not taken for an empty one."""
    (said,) = refused(EACH, {"envs": None}, allowing("eu"))
    assert said == ".pushboat.yaml:3:11: 'envs' is not a folder of this commit: a pattern goes over no links"


def test_a_namespace_is_the_operators_for_each() -> None:
    """A namespace that a folder's name makes is looked at as one that is written."""
    text = EACH.replace("shop-{name}", "kube-{name}")
    (said,) = refused(text, {"envs": ["system"]}, allowing("system"))
    assert said.startswith(".pushboat.yaml:5:16: namespace 'kube-system' is not this environment's")


def test_no_more_than_a_file_may_name() -> None:
    """A commit of very many folders is refused in one sentence, and what is made of them is bounded."""
    names = [f"e{number}" for number in range(MOST_ENVIRONMENTS + 1)]
    said = refused(EACH, {"envs": names}, allowing(*names))
    assert said == [
        f".pushboat.yaml:3:11: more than {MOST_ENVIRONMENTS:,} environments: a file has no more, folders counted"
    ]


WRONG = {
    "twice": ("each: {path: 'a{name}/{name}'}", "stands once in a path"),
    "a key without a path": ("'x-{name}': {path: envs}", "'path' has none: write path: envs/{name}"),
    "a namespace without a path": ("x: {path: envs, namespace: '{name}'}", "'path' has none"),
    "another field": ("x: {path: 'e/{name}', helm: {release: r, values: ['{name}.yaml']}}", "means nothing in 'helm'"),
    "a key that makes no name": ("'X-{name}': {path: 'envs/{name}'}", "is no environment name"),
    "a namespace that is none": ("x: {path: 'e/{name}', namespace: 'A-{name}'}", "must be lower-case letters"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_name_that_stands_for_nothing_is_a_mistake(case: str) -> None:
    """{name} is never taken for a folder's own name, nor left standing in a field."""
    entry, expected = WRONG[case]
    with pytest.raises(InvalidRepositoryFile) as raised:
        repository.parse(f"environments:\n  {entry}\n", project=allowing("x"))
    assert any(expected in str(each) for each in raised.value.mistakes)


def test_a_pattern_is_no_environment_that_a_mistake_could_blame() -> None:
    """The key of a pattern gets no status, and the operator is not asked for it."""
    with pytest.raises(InvalidRepositoryFile) as raised:
        repository.parse(
            "environments:\n  each: {path: 'envs/{name}', wiat: 1m}\n  eu: {path: a}", project=allowing("eu")
        )
    assert raised.value.named == ("eu",)
    assert len(raised.value.mistakes) == 1
