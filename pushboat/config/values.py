"""The small words of both files: environment names, refs, folders, Kubernetes names, and what each must look like."""

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, PlainValidator

from pushboat.config.durations import seconds
from pushboat.model.command_words import RESERVED_WORDS
from pushboat.model.wording import near_miss

LEVELS = ("none", "read", "triage", "write", "maintain", "admin")
"""Permission on a repository, in every forge's stead, from nothing to everything."""

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_KIND = re.compile(r"[A-Z][A-Za-z0-9]{0,62}")
_NEVER_RECREATED = {"CustomResourceDefinition": "it defines", "Namespace": "is in it"}
_TEAM = re.compile(r"@[A-Za-z0-9_][A-Za-z0-9._-]{0,254}(?:/[A-Za-z0-9_][A-Za-z0-9._-]{0,254}){1,20}")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,254}(?:\[bot\])?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BAD_IN_REF = re.compile(r"[\x00-\x20\x7f~^:\\]|\.\.|@\{|//|/\.|\.lock(?:/|$)")


def environment_name(name: str) -> str:
    """Accept the name of an environment."""
    if name in RESERVED_WORDS:
        raise ValueError(f"is a command (/deploy {name}), so no environment can be called that")
    if not _LABEL.fullmatch(name):
        raise ValueError("is no environment name: use lower-case letters, digits and '-', at most 63, such as staging")
    return name


def dns_label(name: str) -> str:
    """Accept the name of a namespace."""
    if not _LABEL.fullmatch(name):
        raise ValueError("must be lower-case letters, digits and '-', at most 63, as Kubernetes names namespaces")
    return name


def receiver_name(name: str) -> str:
    """Accept the name of a receiver of notices."""
    if not _LABEL.fullmatch(name):
        raise ValueError("must be lower-case letters, digits and '-', at most 63, such as team-slack")
    return name


def branch(name: str) -> str:
    """Accept the short, exact name of a branch."""
    if name.startswith("refs/"):
        raise ValueError("is the branch's short name: main, not refs/heads/main")
    if any(character in name for character in "*?["):
        raise ValueError("is one branch's exact name; patterns are for 'tag'")
    return _ref(name)


def tag(pattern: str) -> str:
    """Accept a glob over tags' short names."""
    if pattern.startswith("refs/"):
        raise ValueError("matches short names: v*, not refs/tags/v*")
    return _ref(pattern)


def place(path: str) -> str:
    """Accept a folder or file inside the repository and give it in its plain form; '.' is the repository's root."""
    if not path.strip() or not path.isprintable() or "\\" in path:
        raise ValueError("must be a folder or a file inside the repository: printable, with '/' between its parts")
    if path.startswith(("/", "~")):
        raise ValueError("must be relative to the repository's root")
    if path.startswith(("-", ":")):
        raise ValueError(f"must not begin with '{path[0]}': git would take it for something else")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise ValueError("must stay inside the repository: no '..'")
    if any(part.lower() == ".git" for part in parts):
        raise ValueError("must not lead into .git")
    if len(path) > 1024:
        raise ValueError("is longer than 1024 characters")
    return "/".join(parts) or "."


def impersonated(name: str) -> str:
    """Accept namespace/name of a service account."""
    parts = name.split("/")
    if len(parts) != 2 or not all(_LABEL.fullmatch(part) for part in parts):
        raise ValueError("must be namespace/name, such as shop/deployer")
    return name


def cluster_scoped_kind(kind: str) -> str:
    """Accept the kind of a cluster-scoped object."""
    if not _KIND.fullmatch(kind):
        raise ValueError("lists kinds as manifests write them, such as Namespace or ClusterRole")
    return kind


def recreated_kind(kind: str) -> str:
    """Accept a kind whose objects may be deleted and created again."""
    if not _KIND.fullmatch(kind):
        raise ValueError("lists kinds as manifests write them, such as Job or StatefulSet")
    if kind in _NEVER_RECREATED:
        raise ValueError(f"cannot list {kind}: deleting it would delete everything that {_NEVER_RECREATED[kind]}")
    return kind


def named_object(name: str) -> str:
    """Accept the name of an object, with its namespace in front where that has to be said."""
    space, slash, own = name.rpartition("/")
    if not _NAME.fullmatch(own) or len(own) > 253 or (slash and not _LABEL.fullmatch(space)):
        raise ValueError("must be the name of an object, or namespace/name")
    return name


def deployer(name: str) -> str:
    """Accept a permission level, a user or a team."""
    if name == "none":
        raise ValueError("cannot be 'none': that would let anybody")
    if "/" in name:
        if not _TEAM.fullmatch(name):
            raise ValueError("takes teams as @org/team, GitLab's groups as @group/subgroup")
        return name
    if name.startswith("@"):
        raise ValueError("takes a user's name without '@', and a team as @org/team")
    if name.lower() in LEVELS and name not in LEVELS:
        raise ValueError(f"takes levels in lower case: {near_miss(name, LEVELS)}")
    if not _USER.fullmatch(name):
        raise ValueError("takes permission levels (write, maintain, admin …), users' names and teams (@org/team)")
    return name


def person(name: str) -> str:
    """Accept a user's name on a forge."""
    if not _USER.fullmatch(name):
        raise ValueError("takes a user's name on the forge, without '@'")
    return name


def is_team(name: str) -> bool:
    """Say whether an entry of `deployers` or `approvers` means a team."""
    return name.startswith("@")


def written_by(glob: str) -> str:
    """Accept the name of a field manager, as the API server keeps it, or a glob over such names."""
    if not glob or len(glob) > 128 or not glob.isprintable() or glob.strip("*?") == "":
        raise ValueError("must be names of field managers, such as acme-console or acme-*")
    return glob


def former_name(name: str) -> str:
    """Accept an environment's earlier name, with its repository where that had another one too."""
    repository, colon, environment = name.rpartition(":")
    if colon and ("/" not in repository or repository.startswith("/") or repository.endswith("/")):
        raise ValueError("lists earlier names: old-name, or <forge>/<repository>:<environment>")
    if not _LABEL.fullmatch(environment):
        raise ValueError("lists earlier names of this environment: old-name, or <forge>/<repository>:<environment>")
    return name


def day(written: object) -> date:
    """Read a day; YAML has read most of them already. Python would take the days of weeks as well."""
    text = str(written)
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # of a month that has fewer
    raise ValueError("is no day: write 2027-01-31")


def _ref(name: str) -> str:
    if not name or name.startswith(("-", "/", ".")) or name.endswith(("/", ".")) or not name.isprintable():
        raise ValueError("is no name that git accepts")
    if _BAD_IN_REF.search(name) or len(name) > 250:
        raise ValueError("is no name that git accepts")
    return name


EnvironmentName = Annotated[str, AfterValidator(environment_name)]
DnsLabel = Annotated[str, AfterValidator(dns_label)]
Branch = Annotated[str, AfterValidator(branch)]
TagGlob = Annotated[str, AfterValidator(tag)]
Place = Annotated[str, AfterValidator(place)]
Duration = Annotated[float, PlainValidator(seconds)]
ServiceAccount = Annotated[str, AfterValidator(impersonated)]
RecreatedKind = Annotated[str, AfterValidator(recreated_kind)]
ClusterScopedKind = Annotated[str, AfterValidator(cluster_scoped_kind)]
FieldOwner = Annotated[str, AfterValidator(written_by)]
FormerName = Annotated[str, AfterValidator(former_name)]
Deployer = Annotated[str, AfterValidator(deployer)]


def word_of_off(written: object) -> object:
    """Give the word where YAML has read a bare `off` as false, since a key that knows the word means nothing else."""
    return "off" if written is False else written
