"""What a kustomization's word for a place elsewhere means: a repository with a folder and a ref, or one file.

kustomize guesses where a repository ends and a folder begins, and tries a download before a clone. Here a word has one
meaning: `//` or `.git` ends the repository, on GitHub the second segment; what ends like a manifest is a file.
https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md
"""

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from pushboat.config.sources import canonical
from pushboat.model.outside import BASE, FILE, Outside
from workers.source.paths import fits

_SCP_LIKE = re.compile(r"(?:[A-Za-z0-9_.-]+@)(?P<host>[A-Za-z0-9.-]+):(?!//)(?P<path>.+)")
_SSH = re.compile(r"ssh://(?:[A-Za-z0-9_.-]+@)?(?P<host>[A-Za-z0-9.-]+)/(?P<path>.+)")
_WEB = re.compile(r"(?P<scheme>https?)://(?P<host>[^/]+)/(?P<path>.+)", re.IGNORECASE)
_BARE = re.compile(r"(?P<host>(?:www\.)?github\.com)/(?P<path>.+)", re.IGNORECASE)
_MANIFEST = (".yaml", ".yml", ".json")
_TWO_SEGMENTS = ("github.com", "www.github.com")
_REFS = ("ref", "version")
_IGNORED = ("timeout", "submodules")
"""Words for kustomize's own git: ours has a time of its own, and fetches no submodule."""
WRITE = "write https://HOST/REPOSITORY//FOLDER?ref=TAG, or the https:// address of a .yaml file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What is meant: `folder` is a base's own in its repository; `url` is where the writer's git would ask for it."""

    outside: Outside
    folder: str = ""
    url: str = ""


def address_of(word: str) -> Address:
    """Read a word for a place elsewhere.

    Raises:
        ValueError: it has no one meaning, or is fetched from nowhere; says how to write it.
    """
    place, _, query = word.strip().removeprefix("git::").partition("?")
    found = next((match for one in (_WEB, _SSH, _SCP_LIKE, _BARE) if (match := one.fullmatch(place))), None)
    if found is None:
        raise ValueError(f"is no address that is fetched from: {WRITE}")
    host, path = found["host"], found["path"]
    scheme = found["scheme"].lower() if found.re is _WEB else "https"
    if found.re is _WEB and not query and path.endswith(_MANIFEST) and not _is_split(path):
        return Address(outside=Outside(kind=FILE, address=_canonical(f"{scheme}://{host}/{path}")))
    repository, folder = _split(host.lower(), path)
    asked = _ref(query)
    outside = Outside(kind=BASE, address=_canonical(f"{scheme}://{host}/{repository}"), asked=asked)
    start = place.removesuffix(path) if found.re is not _BARE else f"https://{host}/"
    return Address(outside=outside, folder=folder, url=f"{start}{repository}")


def _canonical(address: str) -> str:
    try:
        return canonical(address)
    except ValueError as error:
        raise ValueError(f"{error}: {WRITE}") from error


def _is_split(path: str) -> bool:
    return "//" in path or ".git/" in path


def _split(host: str, path: str) -> tuple[str, str]:
    """Part a repository from a folder in it."""
    if "//" in path:
        repository, _, folder = path.partition("//")
    elif ".git/" in path or path.endswith(".git"):
        repository, _, folder = path.partition(".git")
        repository += ".git"
    elif host in _TWO_SEGMENTS:
        owner, _, rest = path.partition("/")
        name, _, folder = rest.partition("/")
        repository = f"{owner}/{name}"
    else:
        raise ValueError(f"does not say where the repository ends: {WRITE}")
    folder = posixpath.normpath(folder.strip("/")) if folder.strip("/") else ""
    folder = "" if folder == "." else folder
    if folder.startswith("..") or (folder and not fits(folder)) or not repository.strip("/"):
        raise ValueError(f"names no folder of a repository: {WRITE}")
    return repository.strip("/"), folder


def _ref(query: str) -> str:
    said = dict(parse_qsl(query, keep_blank_values=True))
    if strange := [name for name in said if name not in (*_REFS, *_IGNORED)]:
        raise ValueError(f"has {strange[0]!r} behind its '?', which means nothing here: {WRITE}")
    refs = [said[name] for name in _REFS if said.get(name)]
    ref = refs[0] if refs else ""
    if len(set(refs)) > 1 or len(ref) > 250 or ref.startswith("-") or not ref.isprintable() or " " in ref:
        raise ValueError(f"has no one ref: {WRITE}")
    return ref
