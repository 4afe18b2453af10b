"""Which words of a kustomization kustomize would take for a place elsewhere: a URL, or a repository to clone.

What looks remote and is there in the repository is read from there (`eu@prod/x.yaml`), as kustomize reads it: it tries
a file first, unless the word is a URL; a folder only where the word cannot be a repository's address.
"""

import re

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://|git::|oci:", re.IGNORECASE)
_LOOKS = re.compile(r"gh:|(www\.)?github\.com[/:]|[^/\s@]+@[^/\s:]+[:/]", re.IGNORECASE)
_QUERY = re.compile(r"[?&](ref|version|submodules|timeout)=", re.IGNORECASE)
_USER = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*@")
_GITHUB = re.compile(r"github\.com[/:]", re.IGNORECASE)
_REPOSITORY_ENDS = ("_git/", "//", ".git")
"""Signs in a path by which kustomize splits a repository from a folder in it, whatever its length."""


def has_scheme(word: str) -> bool:
    """Say whether a word is an address beyond doubt; such a one is never looked for in the repository."""
    return bool(_SCHEME.match(word.strip()))


def looks_remote(word: str) -> bool:
    """Say whether a word looks like a place elsewhere; what is there in the repository is not asked here."""
    if "\n" in word.strip():  # an inline document, not a place
        return False
    places = (word.strip(), word.partition("=")[2].strip())  # generators write `name=place`
    return any(has_scheme(place) or _LOOKS.match(place) for place in places) or bool(_QUERY.search(word))


def is_cloned(word: str) -> bool:
    """Say whether kustomize would clone what a word names instead of looking for a folder of that name.

    As its own parser has it: a user or github.com at the beginning, and at least owner and repository behind the host.
    """
    address = word.partition("?")[0]
    if has_scheme(address):
        return True
    user = _USER.match(address)
    rest = address[user.end() :] if user else address
    if not user and not _GITHUB.match(rest):
        return False
    separator = re.search(r"[/:]", rest)
    path = rest[separator.end() :] if separator else ""
    return any(sign in path for sign in _REPOSITORY_ENDS) or path.count("/") >= 1
