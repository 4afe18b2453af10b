"""Every mistake in the operator's file is named at its line and column, and all of them at once."""

from pathlib import Path

import pytest

from pushboat.config import operator
from pushboat.errors import ConfigurationError
from tests.configuration.marked import places
from tests.configuration.operator_mistakes import CLUSTERS, ENVIRON, FORGES, check, mistakes_of

TOP = {
    "listen without port": ("listen: ¦localhost", "'listen' must be host:port, such as 127.0.0.1:8700 or [::1]:8700"),
    "port too high": ("listen: ¦a:70000", "'listen' must be host:port, such as 127.0.0.1:8700 or [::1]:8700"),
    "listen a number": ("listen: ¦8700", "'listen' must be text: put it in quotes"),
    "workers none": ("workers: ¦0", "'workers' must be at least 1"),
    "workers a word": ("workers: ¦four", "'workers' must be a whole number"),
    "workers yes": ("workers: ¦yes", "'workers' must be a whole number"),
    "state without value": ("state:¦", "'state' has no value: give it one or remove the key"),
    "unknown key": ("¦listn: a:1", "unknown key 'listn': did you mean 'listen'?"),
    "duplicate key": ("workers: 2\n¦workers: 3", "duplicate key 'workers': it stands on line 1 already"),
    "public_url of another kind": (
        "public_url: ¦ftp://x",
        "'public_url' must be an address such as https://pushboat.example.com",
    ),
    "public_url without host": ("public_url: ¦https:///x", "'public_url' has no host: write it as https://host/…"),
    "public_url with query": (
        "public_url: ¦https://x/?a=b",
        "'public_url' must be an address such as https://pushboat.example.com",
    ),
    "store of another kind": (
        "store: ¦mysql://x/y",
        "'store' must begin with postgresql+psycopg:// or postgresql:// or sqlite:///",
    ),
    "store with password": (
        "store: ¦postgresql://u:pw@h/d",
        "'store' has a password in it: keep the whole URL in a variable, {env: NAME}, or a file, {file: PATH}",
    ),
    "broker variable missing": (
        "broker: ¦{env: NOPE}",
        "'broker' needs the environment variable NOPE, which is not set",
    ),
}


@pytest.mark.parametrize("case", TOP)
def test_a_mistake_at_the_top_is_named_at_its_place(case: str, tmp_path: Path) -> None:
    """The operator's editor can jump to a wrong setting."""
    marked, message = TOP[case]
    check(marked + FORGES + CLUSTERS + "projects: []\n", message, tmp_path)


CLUSTER = {
    "reached in no way": ("¦x: {context: a}", "needs 'kubeconfig: PATH' or 'in_cluster: true'"),
    "reached in two": (
        "x: {in_cluster: true, ¦kubeconfig: a}",
        "'kubeconfig' and 'in_cluster: true' exclude each other",
    ),
    "a word for a boolean": ("x: {kubeconfig: a, in_cluster: ¦'true'}", "'in_cluster' must be true or false"),
    "not a mapping": ("x: ¦kubeconfig", "'x' must be a mapping: key: value"),
    "unknown key": ("x: {kubeconfig: a, ¦contxt: b}", "unknown key 'contxt': did you mean 'context'?"),
}


@pytest.mark.parametrize("case", CLUSTER)
def test_a_mistake_in_a_cluster_is_named_at_its_place(case: str, tmp_path: Path) -> None:
    """How a cluster is reached is said once and clearly."""
    marked, message = CLUSTER[case]
    check(FORGES + CLUSTERS + f"  {marked}\nprojects: []\n", message, tmp_path)


def test_all_mistakes_are_reported_at_once_in_the_files_order(tmp_path: Path) -> None:
    """One run shows everything that is wrong, not the first thing."""
    marked = (
        "¦listn: a:1\nworkers: ¦0\n"
        "forges: {x: {kind: ¦githb, webhook_secrets: [¦{env: NOPE}], token: ¦hush}}\n"
        "clusters: {¦dev: {}}\n"
        "projects:\n- repository: ¦y/z\n  environments: {¦plan: {cluster: ¦dve, namespaces: ¦[]}}\n"
    )
    found = mistakes_of(marked.replace("¦", ""), tmp_path)
    assert [(one.line, one.column) for one in found] == places(marked)
    assert "hush" not in "\n".join(str(one) for one in found)


def test_the_error_shows_the_first_mistake_and_lists_all(tmp_path: Path) -> None:
    """A terminal shows one line; the rest stands below it."""
    with pytest.raises(ConfigurationError) as raised:
        operator.parse("a: 1\nb: 2" + FORGES + CLUSTERS + "projects: []", tmp_path / "p.yaml", ENVIRON)
    assert raised.value.summary == f"{tmp_path}/p.yaml:1:1: {raised.value.mistakes[0].message} (and 1 more)"
    assert raised.value.details.count("\n") == 1
