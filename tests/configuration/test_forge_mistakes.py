"""Every mistake in a forge of the operator's file is named at its line and column."""

from pathlib import Path

import pytest

from pushboat.config import operator
from tests.configuration.operator_mistakes import CLUSTERS, ENVIRON, FORGES, check

HOOKS = "webhook_secrets: [{env: HOOK}]"
FORGE = {
    "forgejo": (
        "{kind: ¦forgejo, HOOKS, token: {env: TOKEN}, url: 'https://git.example'}",
        "'kind' is no kind of its own: forgejo speaks as gitea does, so write gitea",
    ),
    "no address": (
        "¦x: {kind: gitea, HOOKS, token: {env: TOKEN}}",
        "'url' is missing: the address that people open in their browser",
    ),
    "an app of gitea": (
        "{kind: gitea, HOOKS, url: 'https://x.y', token: {env: TOKEN}, ¦app: {id: 1, private_key: {file: key.pem}}}",
        "'app' is for kind github; Gitea and Forgejo take a 'token'",
    ),
    "unknown kind": (
        "{kind: ¦githb, HOOKS, token: {env: TOKEN}}",
        "'kind' is no forge that Pushboat speaks: did you mean 'github'?",
    ),
    "missing kind": ("¦x: {HOOKS, token: {env: TOKEN}}", "'kind' is missing: github, gitlab, gitea or git"),
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
        "'kind' must be 'plain', 'signing' or 'leaving'",
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


@pytest.mark.proves("receiver")
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
