"""Which files of a chart's folder Helm leaves out: the rules of `.helmignore`, as Helm's own loader reads them.

https://helm.sh/docs/chart_template_guide/helm_ignore_file/. Unlike git's, a rule has no `**`, the first that fits
counts, and one that begins with `!` leaves out whatever it does not fit.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

IGNORE_FILE = ".helmignore"
_ALWAYS = "templates/.?*"
_LONGEST_RULE, MOST_RULES = 500, 1_000


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    of_name: bool
    negated: bool
    folders_only: bool

    def fits(self, path: str) -> bool:
        return bool(self.pattern.fullmatch(path.rpartition("/")[2] if self.of_name else path))


def ignoring(text: str) -> Callable[[str], bool]:
    """Give the question whether a file, by its path below the chart, is left out.

    A rule that Helm does not understand is left out here; Helm says what is wrong with it.
    """
    lines = [*text.splitlines()[:MOST_RULES], _ALWAYS]
    rules = [rule for line in lines if (rule := _rule(line.strip())) is not None]

    def ignored(path: str) -> bool:
        parts = path.split("/")
        folders = ("/".join(parts[:count]) for count in range(1, len(parts)))
        return any(_left_out(rules, folder, is_folder=True) for folder in folders) or _left_out(
            rules, path, is_folder=False
        )

    return ignored


def _left_out(rules: Iterable[_Rule], path: str, *, is_folder: bool) -> bool:
    for rule in rules:
        if rule.negated:
            if (rule.folders_only and not is_folder) or not rule.fits(path):
                return True
        elif (is_folder or not rule.folders_only) and rule.fits(path):
            return True
    return False


def _rule(line: str) -> _Rule | None:
    if not line or line.startswith("#") or "**" in line or len(line) > _LONGEST_RULE:
        return None
    rule = line.removeprefix("!")
    own = rule.removesuffix("/")
    try:
        pattern = re.compile(_translated(own.removeprefix("/")), re.DOTALL)
    except re.error:
        return None
    return _Rule(pattern, "/" not in own, line.startswith("!"), rule.endswith("/"))


def _translated(glob: str) -> str:
    """Turn a pattern of Go's filepath.Match into an expression; neither star nor question mark fits a slash."""
    found, at = "", 0
    while at < len(glob):
        letter, at = glob[at], at + 1
        if letter == "*":
            found += "" if found.endswith("[^/]*") else "[^/]*"  # stars in a row would take quadratic time and more
        elif letter == "?":
            found += "[^/]"
        elif letter == "\\" and at < len(glob):
            found, at = found + re.escape(glob[at]), at + 1
        elif letter == "[" and "]" in glob[at + 1 :]:
            end = glob.index("]", at + 1)
            inner = glob[at:end].replace("\\", "\\\\").replace("[", "\\[")
            found, at = f"{found}[{inner}]", end + 1
        else:
            found += re.escape(letter)
    return found
