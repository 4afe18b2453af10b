"""What kustomize says of a failure as one sentence: its innermost words, in names of the repository, quotes in pairs.

It wraps each error in the folders that it came through, and tries each entry as a file and as a folder, so that what is
wrong stands somewhere in the middle. Some builds of kubectl put a log line's beginning before all of it.
"""

import re
from pathlib import Path

from pushboat.errors import RenderFailed
from workers.render.kustomize.secrets import without_secrets

NOTHING = re.compile(r'(?:rror: |err=")kustomization\.yaml is empty"?\s*$')
"""How kustomize words it when a kustomization has no fields; one whose files hold nothing it builds without a word."""
_LOGGED = re.compile(r'^(?:[Ee]rror: |[EF]\d{4} [\d:.]+ +\d+ [\w.]+:\d+\] (?:"command failed" err=)?)', re.MULTILINE)
_BROKEN = re.compile(r"^(?:panic|fatal error|runtime): (.*)$", re.MULTILINE)
_STACK = re.compile(r"^(?:goroutine \d+|runtime stack:)", re.MULTILINE)
"""Where Go lists its own functions, which mean nothing to whoever wrote the kustomization."""
_WRAPS = re.compile(
    r"accumulating (?:resources|components): |accumulat(?:ing resources|e) from '[^']*': "
    r"|merging resources from '[^']*': |recursed (?:accumulation of|merging from) path '[^']*': "
    r"|couldn't make target for path '[^']*': |accumulateDirectory: |loading KV pairs: |merging from generator .*?\}: "
    r"|invalid Kustomization: |trouble configuring builtin \w+ with config: `.*?`: "
)
_TWICE = re.compile(
    r"accumulation err='(?P<file>.*?)': (?P<folder>(?:recursed|must build at|couldn't make|new root|security;|cycle "
    r"|expected kind|json: |evalsymlink|merging|unable to|invalid|read |trouble|hit |git ).*)",
    re.DOTALL,
)
_NO_FOLDER = ("must build at directory", "new root", "evalsymlink", "read ", "hit ", "git ", "trouble")
"""How it begins when an entry is no folder at all, so that what it said of the file is what is wrong."""
_ID = re.compile(r"(?P<kind>\w+)\.[^/\s]*/(?P<name>[^\s'\"]+?)\.(?P<space>\[noNs\]|[\w-]+)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def failure(shown: str, errors: str, root: Path, code: int) -> RenderFailed:
    """Make an error of what kustomize said, with paths as they are in the repository."""
    for base in {str(root.resolve()), str(root)}:
        errors = errors.replace(f"{base}/", "").replace(base, ".")
    errors = without_secrets(errors, root)
    errors = _STACK.split(errors)[0].rstrip()
    if broken := _BROKEN.search(errors):
        return RenderFailed(f"{shown}: kustomize breaks down on it: {paired(broken[1])}", errors)
    said = " ".join(errors[_begin(errors) :].split())
    if not said:
        return RenderFailed(f"{shown}: kustomize ended with code {code} and said nothing", errors)
    return RenderFailed(f"{shown}: kustomize: {sentence(said)}", errors)


def _begin(errors: str) -> int:
    """Find where the error begins, after what kustomize warns of; it may have several lines."""
    logged = list(_LOGGED.finditer(errors))
    return logged[-1].start() if logged else 0


def sentence(words: str) -> str:
    """Give the innermost words of an error."""
    words, logged = _LOGGED.subn("", words, count=1)
    if logged and words.startswith('"'):
        words = _unquoted(words)
    before = ""
    while words != before:
        before, words = words, _inner(words)
    return paired(_ID.sub(_ref, words))


def paired(words: str) -> str:
    """Take the quotation marks of a sort away where one of them has lost its fellow; apostrophes are none."""
    for mark in "\"'`":
        quotes = re.compile(rf"(?<!\w){mark}|{mark}(?!\w)")
        if len(quotes.findall(words)) % 2:
            words = quotes.sub("", words)
    return words


def _inner(words: str) -> str:
    if wrap := _WRAPS.match(words):
        return _unquoted(words[wrap.end() :])
    if twice := _TWICE.match(words):
        return twice["file"] if twice["folder"].startswith(_NO_FOLDER) else twice["folder"]
    return words


def _unquoted(words: str) -> str:
    """Open what Go has quoted as a whole."""
    quoted = _QUOTED.fullmatch(words)
    return re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else words


def _ref(found: re.Match[str]) -> str:
    space = "" if found["space"] == "[noNs]" else f"{found['space']}/"
    return f"{found['kind']}/{space}{found['name']}"
