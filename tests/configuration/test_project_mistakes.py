"""Every mistake in a project of the operator's file is named at its line and column."""

from pathlib import Path

import pytest

from tests.configuration.operator_mistakes import CLUSTERS, FORGES, SHOP, check

REPOSITORY = {
    "unknown forge": ("¦githb/acme/shop", "no forge is called 'githb': did you mean 'github'?"),
    "no path": ("¦github", "'repository' must be the forge's name and the full path, such as github/acme/shop"),
    "with spaces": (
        "¦'github/acme/my shop'",
        "'repository' must be the forge's name and the full path, such as github/acme/shop",
    ),
    "climbing out": (
        "¦github/../shop",
        "'repository' must be the forge's name and the full path, such as github/acme/shop",
    ),
    "an option": (
        "¦github/acme/-shop",
        "'repository' must be the forge's name and the full path, such as github/acme/shop",
    ),
    "with .git": ("¦github/acme/shop.git", "write 'github/acme/shop', without .git"),
    "too deep for GitHub": ("¦github/a/b/c", "a GitHub repository is owner/name: write github/acme/shop"),
    "no group at GitLab": ("¦gitlab/shop", "a GitLab project has its group before it: write gitlab/group/project"),
}


@pytest.mark.parametrize("case", REPOSITORY)
def test_a_mistake_in_a_repositorys_name_is_named_at_its_place(case: str, tmp_path: Path) -> None:
    """A project that no push could ever match is refused."""
    marked, message = REPOSITORY[case]
    project = f"projects:\n  - repository: {marked}\n    environments: {{qa: {{cluster: dev, namespaces: [a]}}}}\n"
    check(FORGES + CLUSTERS + project, message, tmp_path)


@pytest.mark.parametrize("case", REPOSITORY)
def test_so_is_one_in_where_renders_go(case: str, tmp_path: Path) -> None:
    """What could never be committed anywhere is refused, and not found out after the first deployment."""
    marked, message = REPOSITORY[case]
    project = f"projects:\n  - repository: github/acme/shop\n    renders: {marked}\n"
    environments = "    environments: {qa: {cluster: dev, namespaces: [a]}}\n"
    check(FORGES + CLUSTERS + project + environments, message.replace("'repository'", "'renders'"), tmp_path)


def test_a_project_written_twice_is_refused(tmp_path: Path) -> None:
    """Two entries for one repository would contradict each other."""
    one = "  - repository: {}github/{}/shop\n    environments: {{qa: {{cluster: dev, namespaces: [a]}}}}\n"
    text = FORGES + CLUSTERS + "projects:\n" + one.format("", "acme") + one.format("¦", "Acme")
    check(text, "'github/Acme/shop' is on line 8 already: one project per repository", tmp_path)


BOARD = "{name: b, secret: {env: HOOK}, url: 'https://gate.example/'"
ENVIRONMENT = {
    "a command's name": (
        "¦status: {cluster: dev, namespaces: [a]}",
        "'status' is a command (/deploy status), so no environment can be called that",
    ),
    "no DNS label": (
        "¦QA_1: {cluster: dev, namespaces: [a]}",
        "'QA_1' is no environment name: use lower-case letters, digits and '-', at most 63, such as staging",
    ),
    "unknown cluster": (
        "qa: {cluster: ¦dve, namespaces: [a]}",
        "no cluster is called 'dve': did you mean 'dev'?",
    ),
    "missing cluster": ("¦qa: {namespaces: [a]}", "'cluster' is missing: one of the names under 'clusters'"),
    "missing namespaces": (
        "¦qa: {cluster: dev}",
        "'namespaces' is missing: the namespaces it may write to; the first is the default",
    ),
    "no namespaces": ("qa: {cluster: dev, namespaces: ¦[]}", "'namespaces' must not be empty"),
    "one namespace as a word": ("qa: {cluster: dev, namespaces: ¦a}", "'namespaces' must be a list: [a, b]"),
    "a namespace twice": ("qa: {cluster: dev, namespaces: ¦[a, a]}", "'namespaces' names something twice"),
    "no namespace's name": (
        "qa: {cluster: dev, namespaces: [¦A_b]}",
        "'namespaces' must be lower-case letters, digits and '-', at most 63, as Kubernetes names namespaces",
    ),
    "default namespace outside": (
        "qa: {cluster: dev, namespaces: [a], namespace: ¦b}",
        "'b' is not among this environment's namespaces",
    ),
    "negative approvals": ("qa: {cluster: dev, namespaces: [a], approvals: ¦-1}", "'approvals' must be 0 to 10"),
    "more approvals than anybody waits for": (
        "qa: {cluster: dev, namespaces: [a], approvals: ¦11}",
        "'approvals' must be 0 to 10",
    ),
    "everybody approves": (
        "qa: {cluster: dev, namespaces: [a], approvers: [¦none]}",
        "'approvers' cannot be 'none': that would let anybody",
    ),
    "a gate in clear text": (
        "qa: {cluster: dev, namespaces: [a], gates: [{name: b, secret: {env: HOOK}, url: ¦'http://gate.example/'}]}",
        "'url' is plain http, where anybody on the way can say yes: use https (http only for this machine)",
    ),
    "a gate without a secret": (
        "qa: {cluster: dev, namespaces: [a], gates: [¦{name: b, url: 'https://gate.example/'}]}",
        "'secret' is missing",
    ),
    "a gate with its secret written down": (
        "qa: {cluster: dev, namespaces: [a], gates: [{name: b, url: 'https://gate.example/', secret: ¦hunter2}]}",
        "'secret' is a secret and must not stand in the file: write {env: NAME} or {file: PATH}",
    ),
    "two gates of one name": (
        f"qa: {{cluster: dev, namespaces: [a], gates: ¦[{BOARD}}}, {BOARD}}}]}}",
        "'gates' has two gates of one name",
    ),
    "a gate that is waited for too long": (
        f"qa: {{cluster: dev, namespaces: [a], gates: [{BOARD}, timeout: ¦5m}}]}}",
        "'timeout' must be more than 0 and at most 60s: a worker waits for the answer",
    ),
    "teams": (
        "qa: {cluster: dev, namespaces: [a], deployers: [¦acme/ops]}",
        "'deployers' takes teams as @org/team, GitLab's groups as @group/subgroup",
    ),
    "everybody": (
        "qa: {cluster: dev, namespaces: [a], deployers: [¦none]}",
        "'deployers' cannot be 'none': that would let anybody",
    ),
    "a level in capitals": (
        "qa: {cluster: dev, namespaces: [a], deployers: [¦Write]}",
        "'deployers' takes levels in lower case: did you mean 'write'?",
    ),
    "a mention": (
        "qa: {cluster: dev, namespaces: [a], deployers: [¦'@alice']}",
        "'deployers' takes a user's name without '@', and a team as @org/team",
    ),
    "service account": (
        "qa: {cluster: dev, namespaces: [a], service_account: ¦deployer}",
        "'service_account' must be namespace/name, such as shop/deployer",
    ),
    "cluster-scoped kind": (
        "qa: {cluster: dev, namespaces: [a], cluster_scoped: [¦namespaces]}",
        "'cluster_scoped' lists kinds as manifests write them, such as Namespace or ClusterRole",
    ),
    "recreated kind": (
        "qa: {cluster: dev, namespaces: [a], recreate: [¦jobs]}",
        "'recreate' lists kinds as manifests write them, such as Job or StatefulSet",
    ),
    "recreated with all in it": (
        "qa: {cluster: dev, namespaces: [a], recreate: [Job, ¦Namespace]}",
        "'recreate' cannot list Namespace: deleting it would delete everything that is in it",
    ),
    "branch and tag": (
        "qa: {cluster: dev, namespaces: [a], branch: main, ¦tag: v*}",
        "'tag' and 'branch' exclude each other: an environment follows one",
    ),
    "duration without unit": (
        "qa: {cluster: dev, namespaces: [a], wait: ¦10}",
        "'wait' has no unit: write 10s or 10m",
    ),
    "helm": (
        "qa: {cluster: dev, namespaces: [a], helm: {release: ¦Shop}}",
        "'release' must be lower-case letters, digits, '-' and '.', at most 53, as Helm has it",
    ),
    "unknown key": (
        "qa: {cluster: dev, namespaces: [a], ¦namespcae: a}",
        "unknown key 'namespcae': did you mean 'namespace'?",
    ),
}


@pytest.mark.parametrize("case", ENVIRONMENT)
def test_a_mistake_in_an_environment_is_named_at_its_place(case: str, tmp_path: Path) -> None:
    """Limits that say nothing, or more than is meant, are refused."""
    marked, message = ENVIRONMENT[case]
    check(FORGES + CLUSTERS + SHOP + f"      {marked}\n", message, tmp_path)


def test_nothing_deploys_from_a_merge_train(tmp_path: Path) -> None:
    """GitLab tells nobody of its trains: the operator reads that at once, and not when a train stands still."""
    one = "  - repository: {}/acme/shop\n    environments: {{qa: {{cluster: dev, namespaces: [a], merge_queue: {}}}}}\n"
    said = "'merge_queue: deploy' is not possible here: GitLab tells of no merge train; use plan"
    check(FORGES + CLUSTERS + "projects:\n" + one.format("gitlab", "¦deploy"), said, tmp_path)
