"""What tells one kind of forge from another in the operator's file and in names: one row each.

Nothing else asks which kind a forge is of; what a kind does (headers, payloads, API) is in its folder of
`pushboat/forges/`. A new kind is a row here and a folder there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from pushboat.config import login_ways, web_pages
from pushboat.config.login_ways import LoginWay
from pushboat.config.web_pages import WebPages

_ROOT = "is for kind git: bare repositories on this machine"
_BARE = "is not used by kind git, which reads bare repositories under 'root'"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgeKind:
    """One kind of forge.

    `home`: the address of its best known instance; `home_api`: that one's API, where it has an address of its own.
    `api_path`, `clone_path`: what follows the forge's address in others.
    `needs`: the keys of which exactly one must be written; `lacking` says so. `unused`: why a key has no meaning here.
    `signs`: the kinds of its webhook secrets.
    `fewest`, `most`: segments of a repository's path (0: any number); `shape` says how it is written.
    `caseless`: names that differ in case only are one repository.
    `sees_webhooks`: what a token needs to read what webhooks delivered.
    `lists_deployments`: what a token needs to write the forge's own list of deployments; empty: there is none.
    `reads_environments`: what a token needs to read the rules of the forge's own environments; empty: there are none.
    `proposes`: what a token needs to push a branch and open its pull request; empty: there are none.
    `signs_own`: how it is made to sign the commits that it makes itself; empty: it says nothing of signatures.
    `pages`: where people look at commits, branches, proposals and each other.
    `login`: how its people sign in here; None: it has no accounts.
    `compare_path`: where people see what changed between two commits.
    `own_account`: how Pushboat gets an account of its own there, so that no person's comments are taken for its own.
    `marks`: headers that name its events, in lower case; `imitates`: the kinds whose marks it sends as well.
    `no_queue`: why nothing can be deployed before it merges by a merge queue; empty where it can.
    `longest_comment`: characters that a comment may have; 0: there are no comments.
    """

    name: str
    home: str = ""
    home_api: str = ""
    api_path: str = ""
    clone_path: str = "/{repository}.git"
    needs: tuple[str, ...]
    lacking: str
    unused: Mapping[str, str] = field(default_factory=dict)
    signs: tuple[str, ...] = ("plain",)
    fewest: int = 1
    most: int = 0
    shape: str = ""
    caseless: bool = True
    sees_webhooks: str = ""
    lists_deployments: str = ""
    reads_environments: str = ""
    proposes: str = ""
    signs_own: str = ""
    compare_path: str = "/{repository}/compare/{before}...{after}"
    pages: WebPages = web_pages.NONE
    login: LoginWay | None = None
    own_account: str = ""
    marks: tuple[str, ...]
    imitates: tuple[str, ...] = ()
    no_queue: str = ""
    longest_comment: int = 0

    def api_url(self, url: str) -> str:
        """Derive the API's address from the forge's own; empty where there is no API."""
        if self.home_api and url == self.home:
            return self.home_api
        return f"{url}{self.api_path}" if self.api_path else ""

    def clone_url(self, url: str) -> str:
        """Derive where git fetches `{repository}` from; empty where that is no address."""
        return f"{url}{self.clone_path}" if self.clone_path else ""

    def compare_url(self, url: str, repository: str, before: str, after: str) -> str:
        """Say where people see what changed between two commits."""
        return url + self.compare_path.format(repository=quote(repository), before=before, after=after)

    def fits(self, path: str) -> bool:
        """Say whether a repository of this kind can have this path."""
        return self.fewest <= path.count("/") + 1 <= (self.most or len(path))

    def comparable(self, path: str) -> str:
        """Write a repository's path so that two which name the same one are equal."""
        return path.casefold() if self.caseless else path

    def mistakes(self, written: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], str]]:
        """Find keys that are missing or too many, each with its place below the forge."""
        for key, why in self.unused.items():
            if key in written:
                yield (key,), f"'{key}' {why}"
        found = sorted(key for key in self.needs if key in written)
        if not found:
            yield (), self.lacking
        elif len(found) > 1:
            names = " and ".join(f"'{key}'" for key in found)
            yield (found[0],), f"{names} exclude each other: keep one"
        if self.api_path and not self.home and "url" not in written:
            yield (), "'url' is missing: the address that people open in their browser"


_ROWS = (
    ForgeKind(
        name="github",
        home="https://github.com",
        home_api="https://api.github.com",
        api_path="/api/v3",
        needs=("token", "app"),
        lacking="needs a 'token' or an 'app' to fetch commits and post statuses",
        unused={"root": _ROOT},
        fewest=2,
        most=2,
        shape="a GitHub repository is owner/name: write {forge}/acme/shop",
        sees_webhooks="the scope admin:repo_hook",
        lists_deployments="the permission Deployments: write (a classic one the scope repo_deployment)",
        reads_environments=(
            "the permissions Actions: read and, where teams review, Members: read (a classic one repo and read:org)"
        ),
        proposes="the permissions Contents: write and Pull requests: write (a classic one the scope repo)",
        pages=web_pages.GITHUB,
        login=login_ways.GITHUB,
        signs_own="GitHub signs merges and squashes, and no rebases: choose one of those",
        own_account="let Pushboat act as a GitHub App, or give it the token of a bot account",
        marks=("x-github-event",),
        longest_comment=65_536,
    ),
    ForgeKind(
        name="gitlab",
        home="https://gitlab.com",
        api_path="/api/v4",
        needs=("token",),
        lacking="'token' is missing: it fetches commits and posts statuses",
        unused={"root": _ROOT, "app": "is for kind github; GitLab takes a 'token'"},
        signs=("plain", "signing", "leaving"),
        fewest=2,
        shape="a GitLab project has its group before it: write {forge}/group/project",
        sees_webhooks="the role Maintainer",
        lists_deployments="the role Developer, and leave to deploy to protected environments",
        reads_environments="the role Maintainer",
        proposes="the role Developer and the scope api",
        pages=web_pages.GITLAB,
        login=login_ways.GITLAB,
        signs_own="GitLab signs its commits where its administrator has set that up in Gitaly",
        compare_path="/{repository}/-/compare/{before}...{after}",
        own_account="give Pushboat a project access token, or the token of a bot account",
        marks=("x-gitlab-event",),
        longest_comment=1_000_000,
        no_queue="GitLab tells of no merge train; use plan",
    ),
    ForgeKind(
        name="gitea",
        api_path="/api/v1",
        needs=("token",),
        lacking="'token' is missing: it fetches commits and posts statuses",
        unused={"root": _ROOT, "app": "is for kind github; Gitea and Forgejo take a 'token'"},
        fewest=2,
        most=2,
        shape="a Gitea or Forgejo repository is owner/name: write {forge}/acme/shop",
        sees_webhooks="an administrator's token",
        proposes="write access to the repository and the scopes write:repository and write:issue",
        pages=web_pages.GITEA,
        login=login_ways.GITEA,
        signs_own="Gitea and Forgejo sign merges where [repository.signing] MERGES says so",
        own_account="give Pushboat the token of an account of its own",
        marks=("x-forgejo-event", "x-gitea-event"),
        imitates=("github",),
        no_queue="Gitea and Forgejo have no merge queue; use plan",
        longest_comment=65_536,  # they name no limit; longer ones nobody reads
    ),
    ForgeKind(
        name="git",
        clone_path="",
        needs=("root",),
        lacking="'root' is missing: the folder that holds the bare repositories",
        unused=dict.fromkeys(("url", "api_url", "clone_url", "token", "app", "commands_from_own_account"), _BARE),
        no_queue="plain git has no merge queue; use plan",
        caseless=False,  # folders of this machine
        marks=("x-pushboat-event",),
    ),
)
KINDS: Mapping[str, ForgeKind] = {row.name: row for row in _ROWS}


def recognised(headers: Mapping[str, str]) -> tuple[str, str]:
    """Tell by the headers (names in lower case) which kind sent a delivery, and by which of them; empty for none."""
    found = {name: mark for name, row in KINDS.items() for mark in row.marks[::-1] if headers.get(mark)}
    imitated = {name for sender in found for name in KINDS[sender].imitates}
    return next(((name, mark) for name, mark in found.items() if name not in imitated), ("", ""))


SPOKEN_AS: Mapping[str, str] = {"forgejo": "gitea"}
"""Forges that speak as another one does, and the kind to write for them."""

SIGNING = {
    "signing": "is for GitLab 19.0 and later",
    "leaving": "is for a GitLab secret that a signing token replaces",
}
"""Kinds of webhook secrets that not every forge has, and which one does."""
