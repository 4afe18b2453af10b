"""A unified diff of files, as git writes and applies it; what stands around a change is no line of a Secret."""

import difflib
import hashlib
from collections.abc import Iterator, Mapping

from workers.manifests.secret_lines import secret_lines

CONTEXT = 3
"""Lines around a change; fewer where one of them would be a Secret's."""
_MODE = "100644"
_NO_END = "\n\\ No newline at end of file\n"


def diff_of(before: Mapping[str, bytes | None], after: Mapping[str, bytes], modes: Mapping[str, str]) -> str:
    """Write what changes in files; `modes` are git's, for those that it has."""
    return "".join(
        _file(file, raw, after[file], modes.get(file, _MODE))
        for file, raw in sorted(before.items())
        if raw != after[file]
    )


def is_bare(diff: str) -> bool:
    """Say whether a hunk has no lines around it, which git applies with `--unidiff-zero` alone."""
    hunks = (hunk.partition("\ndiff --git ")[0] for hunk in diff.split("\n@@ ")[1:])
    return any("\n " not in hunk and "\n-" in hunk for hunk in hunks)


def _file(file: str, old: bytes | None, new: bytes, mode: str) -> str:
    names = f"{_name(f'a/{file}')} {_name(f'b/{file}')}"
    if old is None:
        head = f"diff --git {names}\nnew file mode {mode}\nindex {'0' * 40}..{_blob(new)}\n--- /dev/null\n"
    else:
        head = f"diff --git {names}\nindex {_blob(old)}..{_blob(new)} {mode}\n--- {_name(f'a/{file}')}\n"
    return f"{head}+++ {_name(f'b/{file}')}\n{''.join(_hunks(file, old or b'', new))}"


def _hunks(file: str, old: bytes, new: bytes) -> Iterator[str]:
    left, right = (_split(raw.decode("utf-8", "surrogateescape")) for raw in (old, new))
    matcher, hidden = difflib.SequenceMatcher(None, left, right, autojunk=False), secret_lines(old, file)
    groups = next(groups for n in range(CONTEXT, -1, -1) if (groups := _groups(matcher, n, hidden)) is not None)
    for group in groups:
        (_, first, _, other, _), (_, _, last, _, final) = group[0], group[-1]
        yield f"@@ -{_range(first, last)} +{_range(other, final)} @@\n"
        for code, begin, end, start, stop in group:
            if code == "equal":
                yield from (_line(" ", line) for line in left[begin:end])
                continue
            yield from (_line("-", line) for line in left[begin:end])
            yield from (_line("+", line) for line in right[start:stop])


Group = list[tuple[str, int, int, int, int]]


def _groups(matcher: "difflib.SequenceMatcher[str]", context: int, hidden: frozenset[int]) -> list[Group] | None:
    """Give the hunks with so many lines around each change; None where one of these is to be hidden."""
    found: list[Group] = (
        [
            [each for each in group if each[0] != "equal" or each[1] < each[2]]
            for group in matcher.get_grouped_opcodes(context)
        ]
        if context
        else [[each] for each in matcher.get_opcodes() if each[0] != "equal"]
    )
    shown = {
        line for group in found for code, begin, end, _, _ in group if code == "equal" for line in range(begin, end)
    }
    return None if shown & hidden and context else found


def _split(text: str) -> list[str]:
    """Split a text where git does: at line feeds alone."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _line(sign: str, line: str) -> str:
    return f"{sign}{line}" if line.endswith("\n") else f"{sign}{line}{_NO_END}"


def _range(begin: int, end: int) -> str:
    """Write a hunk's range as diffs do: of no lines, the one before it."""
    length = end - begin
    return f"{begin + bool(length)},{length}" if length != 1 else f"{begin + 1}"


def _name(path: str) -> str:
    """Quote a path as git does, where something in it is not plain."""
    if path.isascii() and path.isprintable() and '"' not in path and "\\" not in path:
        return path
    raw = path.encode("utf-8", "surrogateescape")
    plain = (chr(c) if 32 <= c < 127 and c not in b'"\\' else f"\\{c:03o}" for c in raw)
    return f'"{"".join(plain)}"'


def _blob(raw: bytes) -> str:
    """Name a file's content as git does, so that a patch can be applied where the file has moved on."""
    return hashlib.sha1(b"blob %d\0%s" % (len(raw), raw), usedforsecurity=False).hexdigest()
