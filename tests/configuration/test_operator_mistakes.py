"""Every mistake in the operator's file is named at its line and column, and all of them at once."""

from pathlib import Path

import pytest

from pushboat.config import operator
from pushboat.errors import ConfigurationError, Mistake
from tests.configuration.marked import places, unmarked

FORGES = """
forges:
  github: {kind: github, webhook_secrets: [{env: HOOK}], token: {env: TOKEN}}
  gitlab: {kind: gitlab, webhook_secrets: [{env: HOOK}], token: {env: TOKEN}}
"""
CLUSTERS = """
clusters:
  dev: {in_cluster: true}
"""
SHOP = """
projects:
  - repository: github/acme/shop
    environments:
"""
ENVIRON = {"HOOK": "hook-secret", "TOKEN": "t", "EMPTY": "\n"}


def mistakes_of(text: str, folder: Path) -> tuple[Mistake, ...]:
    """Read a text that is wrong, and give its mistakes."""
    with pytest.raises(ConfigurationError) as raised:
        operator.parse(text, folder / "pushboat.yaml", ENVIRON)
    return raised.value.mistakes


def check(marked: str, message: str, folder: Path) -> None:
    """Expect one mistake, at the mark."""
    text, line, column = unmarked(marked)
    file = str(folder / "pushboat.yaml")
    expected = Mistake(file=file, line=line, column=column, message=message.replace("FOLDER", str(folder)))
    assert mistakes_of(text, folder) == (expected,)
    assert str(expected).startswith(f"{file}:{line}:{column}: ")


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


HOOKS = "webhook_secrets: [{env: HOOK}]"
FORGE = {
    "gitea": (
        "{kind: ¦gitea, HOOKS, token: {env: TOKEN}}",
        "not yet supported: kind gitea (github, gitlab and git are)",
    ),
    "unknown kind": (
        "{kind: ¦githb, HOOKS, token: {env: TOKEN}}",
        "'kind' is no forge that Pushboat speaks: did you mean 'github'?",
    ),
    "missing kind": ("¦x: {HOOKS, token: {env: TOKEN}}", "'kind' is missing: github, gitlab or git"),
    "no secrets": (
        "¦x: {kind: gitlab, token: {env: TOKEN}}",
        "'webhook_secrets' is missing: at least one {env: NAME} or {file: PATH}, the same as in the forge's webhook",
    ),
    "empty list of secrets": (
        "{kind: gitlab, webhook_secrets: ¦[], token: {env: TOKEN}}",
        "'webhook_secrets' must not be empty",
    ),
    "literal secret": (
        "{kind: gitlab, HOOKS, token: ¦glpat-abc}",
        "'token' is a secret and must not stand in the file: write {env: NAME} or {file: PATH}",
    ),
    "literal in the list": (
        "{kind: gitlab, webhook_secrets: [¦hush], token: {env: TOKEN}}",
        "'webhook_secrets' is a secret and must not stand in the file: write {env: NAME} or {file: PATH}",
    ),
    "variable missing": (
        "{kind: gitlab, HOOKS, token: ¦{env: NOPE}}",
        "'token' needs the environment variable NOPE, which is not set",
    ),
    "variable empty": (
        "{kind: gitlab, HOOKS, token: ¦{env: EMPTY}}",
        "'token' needs the environment variable EMPTY, which is empty",
    ),
    "file missing": (
        "{kind: gitlab, HOOKS, token: ¦{file: nope}}",
        "'token' needs the file FOLDER/nope, which does not exist",
    ),
    "file a folder": ("{kind: gitlab, HOOKS, token: ¦{file: .}}", "'token' needs the file FOLDER, which is no file"),
    "neither env nor file": (
        "{kind: gitlab, HOOKS, token: ¦{}}",
        "'token' needs one of the two: {env: NAME} or {file: PATH}",
    ),
    "both env and file": (
        "{kind: gitlab, HOOKS, token: ¦{env: HOOK, file: x}}",
        "'token' needs one of the two: {env: NAME} or {file: PATH}",
    ),
    "unknown key in a secret": (
        "{kind: gitlab, HOOKS, token: {¦evn: HOOK}}",
        "unknown key 'evn': did you mean 'env'?",
    ),
    "unknown kind of secret": (
        "{kind: gitlab, webhook_secrets: [{env: HOOK, kind: ¦hmac}], token: {env: TOKEN}}",
        "'kind' must be 'plain' or 'signing'",
    ),
    "signing at GitHub": (
        "{kind: github, webhook_secrets: [{env: HOOK, kind: ¦signing}], token: {env: TOKEN}}",
        "'kind: signing' is for GitLab 19.0 and later; leave it out here",
    ),
    "kind of a token": (
        "{kind: gitlab, HOOKS, token: {env: TOKEN, ¦kind: signing}}",
        "'kind' belongs to webhook secrets only",
    ),
    "no access": ("¦x: {kind: github, HOOKS}", "needs a 'token' or an 'app' to fetch commits and post statuses"),
    "GitLab without token": (
        "¦x: {kind: gitlab, HOOKS}",
        "'token' is missing: it fetches commits and posts statuses",
    ),
    "app at GitLab": (
        "{kind: gitlab, HOOKS, token: {env: TOKEN}, ¦app: {id: 1, private_key: {file: key.pem}}}",
        "'app' is for kind github; GitLab takes a 'token'",
    ),
    "app and token": (
        "{kind: github, HOOKS, token: {env: TOKEN}, ¦app: {id: 1, private_key: {file: key.pem}}}",
        "'app' and 'token' exclude each other: keep one",
    ),
    "app's number": (
        "{kind: github, HOOKS, app: {id: ¦0, private_key: {file: key.pem}}}",
        "'id' must be a positive number",
    ),
    "app's key": (
        "{kind: github, HOOKS, app: {id: 1, private_key: ¦{env: TOKEN}}}",
        "'private_key' must lead to the App's private key: PEM text that begins with -----BEGIN",
    ),
    "git without root": ("¦x: {kind: git, HOOKS}", "'root' is missing: the folder that holds the bare repositories"),
    "git with token": (
        "{kind: git, root: /srv, HOOKS, ¦token: {env: TOKEN}}",
        "'token' is not used by kind git, which reads bare repositories under 'root'",
    ),
    "url begins with -": (
        "{kind: gitlab, HOOKS, token: {env: TOKEN}, url: ¦-oProxyCommand=x}",
        "'url' must not begin with '-': git would take it for an option",
    ),
    "clone_url begins with -": (
        "{kind: gitlab, HOOKS, token: {env: TOKEN}, clone_url: ¦'--upload-pack=x/{repository}'}",
        "'clone_url' must not begin with '-': git would take it for an option",
    ),
    "clone_url names no repository": (
        "{kind: gitlab, HOOKS, token: {env: TOKEN}, clone_url: ¦https://x/shop.git}",
        "'clone_url' must contain {repository} once, such as https://git.example.com/{repository}.git",
    ),
    "clone_url in clear text": (
        "{kind: gitlab, HOOKS, token: {env: TOKEN}, clone_url: ¦'http://git.example.com/{repository}'}",
        "'clone_url' is plain http, which shows the token to the network: use https (http only for this machine)",
    ),
    "clone_url of another kind": (
        "{kind: gitlab, HOOKS, token: {env: TOKEN}, clone_url: ¦'ext::sh -c {repository}'}",
        "'clone_url' must be plain characters without spaces",
    ),
    "clone_url a local file": (
        "{kind: gitlab, HOOKS, token: {env: TOKEN}, clone_url: ¦'file://host/{repository}'}",
        "'clone_url' must be https or ssh",
    ),
    "credentials in an address": (
        "{kind: gitlab, HOOKS, token: {env: TOKEN}, url: ¦'https://oauth2:hush@x'}",
        "'url' must not have credentials in it: they belong into 'token'",
    ),
    "a name that no URL has": (
        "¦a/b: {kind: gitlab, HOOKS, token: {env: TOKEN}}",
        "a forge's name stands in a URL: use letters, digits, '-' and '_'",
    ),
}


@pytest.mark.parametrize("case", FORGE)
def test_a_mistake_in_a_forge_is_named_at_its_place(case: str, tmp_path: Path) -> None:
    """Tokens and addresses are checked before anything starts, and a literal secret is refused."""
    marked, message = FORGE[case]
    (tmp_path / "key.pem").write_text("-----BEGIN PRIVATE KEY-----")
    named = marked if ": {kind" in marked or marked.startswith("¦x") else f"x: {marked}"
    check(FORGES + "  " + named.replace("HOOKS", HOOKS) + CLUSTERS + "projects: []\n", message, tmp_path)


@pytest.mark.parametrize(
    "address", ["git@git.example.com:{repository}.git", "ssh://git@h:22/{repository}", "http://[::1]:3/{repository}"]
)
def test_git_may_fetch_by_ssh_and_from_this_machine(address: str, tmp_path: Path) -> None:
    """What keeps the token safe is accepted as it is."""
    forges = f"forges:\n  x: {{kind: gitlab, {HOOKS}, token: {{env: TOKEN}}, clone_url: '{address}'}}"
    read = operator.parse(forges + CLUSTERS + "projects: []", tmp_path / "pushboat.yaml", ENVIRON)
    assert read.forges["x"].clone_url == address


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


def test_a_project_written_twice_is_refused(tmp_path: Path) -> None:
    """Two entries for one repository would contradict each other."""
    one = "  - repository: {}github/{}/shop\n    environments: {{qa: {{cluster: dev, namespaces: [a]}}}}\n"
    text = FORGES + CLUSTERS + "projects:\n" + one.format("", "acme") + one.format("¦", "Acme")
    check(text, "'github/Acme/shop' is on line 8 already: one project per repository", tmp_path)


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
    "approvals": (
        "qa: {cluster: dev, namespaces: [a], approvals: ¦1}",
        "not yet supported: approvals; 0 is the only value for now",
    ),
    "negative approvals": ("qa: {cluster: dev, namespaces: [a], approvals: ¦-1}", "'approvals' must be 0 or more"),
    "teams": (
        "qa: {cluster: dev, namespaces: [a], deployers: [¦acme/ops]}",
        "not yet supported: teams; name users or a permission level",
    ),
    "everybody": (
        "qa: {cluster: dev, namespaces: [a], deployers: [¦none]}",
        "'deployers' cannot be 'none': that would let anybody deploy",
    ),
    "a level in capitals": (
        "qa: {cluster: dev, namespaces: [a], deployers: [¦Write]}",
        "'deployers' takes levels in lower case: did you mean 'write'?",
    ),
    "a mention": (
        "qa: {cluster: dev, namespaces: [a], deployers: [¦'@alice']}",
        "'deployers' takes a user's name without '@'",
    ),
    "service account": (
        "qa: {cluster: dev, namespaces: [a], service_account: ¦deployer}",
        "'service_account' must be namespace/name, such as shop/deployer",
    ),
    "cluster-scoped kind": (
        "qa: {cluster: dev, namespaces: [a], cluster_scoped: [¦namespaces]}",
        "'cluster_scoped' lists kinds as manifests write them, such as Namespace or ClusterRole",
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
        "qa: {cluster: dev, namespaces: [a], render: ¦helm}",
        "not yet supported: render helm (auto, plain and kustomize are)",
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


def test_all_mistakes_are_reported_at_once_in_the_files_order(tmp_path: Path) -> None:
    """One run shows everything that is wrong, not the first thing."""
    marked = (
        "¦listn: a:1\nworkers: ¦0\n"
        "forges: {x: {kind: ¦gitea, webhook_secrets: [¦{env: NOPE}], token: ¦hush}}\n"
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
