"""Environments by pattern in the operator's file: which names are allowed, into which namespaces, and which are not."""

from pathlib import Path

import pytest

from pushboat.config import repository
from pushboat.config.environment import effective
from pushboat.config.operator import Limits, Project, parse
from pushboat.config.project import Allowed
from pushboat.errors import InvalidRepositoryFile
from tests.configuration.operator_mistakes import ENVIRON, FORGES

CLUSTERS = "clusters: {dev: {in_cluster: true}, prod: {in_cluster: true}}\n"


def projects(text: str) -> dict[str, Allowed]:
    """Read the projects of an operator's file."""
    read = parse(f"{FORGES}{CLUSTERS}projects:\n{text}", Path("pushboat.yaml"), ENVIRON)
    return {name: project.environments for name, project in read.projects.items()}


def shop(environments: str) -> Allowed:
    """Read the environments of one project."""
    return projects(f"  - repository: github/acme/shop\n    environments: {environments}\n")["github/acme/shop"]


EACH = """{'env-{name}': {
  cluster: dev, namespaces: ['shop-{name}', 'shop-{name}-jobs', tools], namespace: 'shop-{name}-jobs', approvals: 1,
  create_namespaces: true, service_account: 'shop-{name}/deployer', url: 'https://{name}.example'}}"""


def test_a_pattern_allows_every_name_that_fits() -> None:
    """The name's part stands wherever the entry has it; all else holds for each."""
    found = shop(EACH)["env-eu"]
    assert (found.environment, found.cluster, found.create_namespaces) == ("env-eu", "dev", True)
    assert found.namespaces == ("shop-eu", "shop-eu-jobs", "tools")
    assert found.service_account == "shop-eu/deployer"
    assert found.fixed == {"namespace": "shop-eu-jobs", "url": "https://eu.example", "approvals": 1}
    assert found.approvals == 1


@pytest.mark.parametrize("name", ["eu", "env-", "staging", "env-EU", "env-a/b", "env--", "env-" + "x" * 60, ""])
def test_no_other_name_is_allowed(name: str) -> None:
    """What does not fit, and what no environment can be called, is nobody's."""
    assert name not in shop(EACH)
    assert shop(EACH).get(name) is None
    with pytest.raises(KeyError):
        shop(EACH)[name]


def test_a_commands_word_is_no_name_of_a_pattern() -> None:
    """`/deploy status` stays a question."""
    everything = shop("{'{name}': {cluster: dev, namespaces: ['x-{name}']}}")
    assert "status" not in everything
    assert "stati" in everything


def test_an_entry_of_its_own_comes_first() -> None:
    """What protects production is not got around by a folder of its name."""
    allowed = shop("""{env-live: {cluster: dev, namespaces: [live], approvals: 2},
      'env-{name}': {cluster: dev, namespaces: ['x-{name}']}}""")
    assert (allowed["env-live"].namespaces, allowed["env-live"].approvals) == (("live",), 2)
    assert allowed["env-qa"].namespaces == ("x-qa",)


def test_whoever_wants_all_says_which_there_are() -> None:
    """Nobody can go through what a pattern allows: a list of the file's entries would forget what folders make."""
    allowed = shop("{staging: {cluster: dev, namespaces: [a]}, 'env-{name}': {cluster: dev, namespaces: ['x-{name}']}}")
    assert list(allowed.known(["env-b", "env-a", "gone", "staging"])) == ["staging", "env-a", "env-b"]
    assert list(allowed.known([])) == ["staging"]
    assert list(allowed.written) == ["staging", "env-{name}"]
    with pytest.raises(TypeError):
        list(allowed)


FENCED = """
  - repository: github/acme/shop
    environments:
      'env-{name}': {cluster: dev, namespaces: ['shop-{name}', 'shop-{name}-jobs'], service_account: '{name}/deployer'}
      production: {cluster: dev, namespaces: [shop-live, shop-other]}
      heir: {cluster: dev, namespaces: [heirs], formerly: [env-old]}
  - repository: github/acme/blog
    environments:
      qa: {cluster: dev, namespaces: [shop-blog], formerly: ['github/Acme/Shop:env-moved']}
      far: {cluster: prod, namespaces: [shop-far]}
"""
REFUSED = {
    "env-live": "namespace shop-live is environment production of github/acme/shop's",
    "env-blog": "namespace shop-blog is environment qa of github/acme/blog's",
    "env-heirs": "namespace heirs is environment heir of github/acme/shop's",
    "env-kube-system": "namespace kube-system is the cluster's own",
    "env-default": "namespace default is the cluster's own",
    "env-old": "environment heir goes on with it",
    "env-moved": "environment qa of github/acme/blog goes on with it",
    "env-a-jobs": "namespace shop-a-jobs is that of env-a too",
    f"env-{'x' * 58}": f"its namespace shop-{'x' * 58}-jobs must be lower-case letters, digits and '-', at most 63, "
    "as Kubernetes names namespaces",
}


@pytest.mark.parametrize("name", REFUSED)
def test_how_a_folder_is_called_leads_nowhere_that_is_anothers(name: str) -> None:
    """Whoever may add a folder chooses a name, and by no name gets what an entry has written out for somebody else."""
    allowed = projects(FENCED)["github/acme/shop"]
    assert name not in allowed
    assert allowed.refusal(name) == REFUSED[name]
    assert list(allowed.known([name])) == ["production", "heir"]


def test_no_folder_leads_to_where_pushboat_itself_lives() -> None:
    """Whoever writes where its secrets are has every forge and cluster; the pod's own variable says where that is."""
    text = "[{repository: github/acme/shop, environments: {'env-{name}': {cluster: dev, namespaces: ['{name}']}}}]"
    file = f"{FORGES}clusters: {{dev: {{in_cluster: true}}}}\nprojects: {text}\n"
    allowed = parse(file, Path("pushboat.yaml"), {**ENVIRON, "POD_NAMESPACE": "ops"}).projects["github/acme/shop"]
    assert allowed.environments.refusal("env-ops") == "namespace ops is Pushboat's"
    assert "env-shop" in allowed.environments


def test_the_fence_is_a_clusters() -> None:
    """The same namespace of another cluster is another namespace."""
    allowed = projects(FENCED)["github/acme/shop"]
    assert allowed["env-far"].namespaces == ("shop-far", "shop-far-jobs")
    assert allowed.refusal("env-far") == allowed.refusal("nothing-fits") == allowed.refusal("production") == ""


def test_what_two_entries_write_alike_is_shared() -> None:
    """As two entries of their own may share a namespace; objects then have one owner each."""
    allowed = projects("""
  - repository: github/acme/shop
    environments: {'env-{name}': {cluster: dev, namespaces: ['x-{name}', tools]}}
  - repository: github/acme/blog
    environments: {'{name}-env': {cluster: dev, namespaces: ['x-{name}', tools]}}
""")
    assert [allowed[f"github/acme/{each}"].get(name) is not None for each, name in
            (("shop", "env-a"), ("blog", "a-env"))] == [True, True]  # fmt: skip
    assert allowed["github/acme/shop"]["env-a"].namespaces == allowed["github/acme/blog"]["a-env"].namespaces


def test_the_namespaces_own_account_is_asked_as() -> None:
    """Whoever asks about a namespace that a pattern makes asks as that environment does."""
    allowed = shop(EACH)
    assert [each.service_account for each in allowed.having("shop-eu-jobs")] == ["shop-eu/deployer"]
    assert allowed.having("shop-eu")[0].environment == "env-eu"
    assert allowed.having("elsewhere") == []


FILE = "environments:\n  'env-{name}':\n    path: envs/{name}\n    branch: main\n"


def test_the_repositorys_pattern_is_inside_of_the_operators() -> None:
    """Folders become environments without a line in either file."""
    allowed = shop("{'env-{name}': {cluster: dev, namespaces: ['x-{name}'], deployers: [maintain]}}")
    file = repository.expanded(repository.parse(FILE), lambda _: ["eu", "us"])
    found = effective(project(allowed), file)
    assert {name: (each.path, each.namespace, each.deployers) for name, each in found.items()} == {
        "env-eu": ("envs/eu", "x-eu", ("maintain",)),
        "env-us": ("envs/us", "x-us", ("maintain",)),
    }
    assert effective(project(allowed), None) == {}


def project(allowed: Allowed) -> Project:
    """Make it the shop's."""
    return Project(repository="github/acme/shop", environments=allowed)


def said(allowed: Allowed, file: str, folders: list[str]) -> str:
    """Give what is wrong with a file at a commit of these folders."""
    with pytest.raises(InvalidRepositoryFile) as raised:
        effective(project(allowed), repository.expanded(repository.parse(file), lambda _: folders))
    return str(raised.value.mistakes[0])


def test_a_folder_that_no_pattern_allows_is_refused_with_the_line_to_add() -> None:
    """Dropped silently it would look deployed."""
    assert said(shop("{staging: {cluster: dev, namespaces: [a]}}"), FILE, ["eu", "us"]) == (
        ".pushboat.yaml:3:11: the operator has no environment env-eu and env-us for github/acme/shop, which folders "
        "make here; to have them, ask the operator to add them under projects in pushboat.yaml: "
        '`"env-{name}": {cluster: …, namespaces: ["env-{name}"]}`; or move the folders elsewhere'
    )


def test_a_folder_that_a_pattern_cannot_allow_is_refused_with_the_reason() -> None:
    """Another pattern would not help there: who reads it learns whose namespace it would be."""
    found = said(projects(FENCED)["github/acme/shop"], FILE, ["ok", "live"])
    refused = "env-live: namespace shop-live is environment production of github/acme/shop's"
    assert f"has no environment env-live for github/acme/shop, which folders make here ({refused})" in found
    assert "`env-live: {cluster: …, namespaces: […]}`" in found


def test_an_entry_of_the_repositorys_own_may_be_a_patterns_too() -> None:
    """Which folder a name has is the repository's to say, also name by name; a name that is refused says why."""
    allowed = projects(FENCED)["github/acme/shop"]
    file = repository.parse("environments:\n  env-eu: {path: elsewhere, branch: main}\n")
    assert effective(project(allowed), file)["env-eu"].namespaces == ("shop-eu", "shop-eu-jobs")
    refused = said(allowed, "environments:\n  env-live: {path: elsewhere}\n", [])
    assert "no environment 'env-live' for github/acme/shop (namespace shop-live is environment production" in refused


def test_needs_of_what_a_pattern_makes_are_checked_like_others() -> None:
    """A need that nobody can meet is a mistake, and one of an environment that a folder makes is none."""
    allowed = shop("{'env-{name}': {cluster: dev, namespaces: ['x-{name}']}}")
    good = FILE + "  env-last: {path: last, needs: [env-eu]}\n"
    file = repository.expanded(repository.parse(good), lambda _: ["eu"])
    assert effective(project(allowed), file)["env-last"].needs == ("env-eu",)
    assert "no environment 'env-eu' has a path here" in said(allowed, good, ["us"])


@pytest.mark.slow
def test_many_names_cost_no_memory_for_ever() -> None:
    """Anybody may write names into comments."""
    allowed = Allowed({"env-{name}": Limits(environment="env-{name}", cluster="dev", namespaces=("x-{name}",))})
    for number in range(25_000):
        assert f"env-{number}" in allowed
    assert len(vars(allowed)["_made"]) <= 10_000


@pytest.mark.parametrize(
    ("own", "account", "whose"),
    [
        (
            "namespaces: [live], service_account: ops/deployer-live",
            "service_account: 'ops/deployer-{name}'",
            "service account ops/deployer-live",
        ),
        ("namespaces: [live], service_account: env-live/admin", "", "namespace env-live"),
    ],
)
def test_no_folder_runs_as_anothers_account(own: str, account: str, whose: str) -> None:
    """Neither by its name, nor from the namespace in which that account lives."""
    pattern = f"'env-{{name}}': {{cluster: dev, namespaces: ['env-{{name}}'], {account}}}"
    allowed = shop(f"{{production: {{cluster: dev, {own}}}, {pattern}}}")
    assert allowed.get("env-live") is None
    assert allowed.refusal("env-live") == f"{whose} is environment production of github/acme/shop's"
    assert "env-eu" in allowed
