"""What Helm said when it refused a chart, as a sentence that begins with the place to look at."""

import re
from collections.abc import Iterator, Mapping, Sequence

from workers.render.helm import unloadable
from workers.render.helm.assembling import Part
from workers.render.helm.contents import beside, flat
from workers.render.helm.judging import SCHEMA
from workers.render.helm.places import in_repository
from workers.render.helm.secrets import without_secrets
from workers.render.helm.values import ValuesFile, own
from workers.running.spawning import Limits

_ADVICE = "Use --debug flag to render out invalid YAML"
_AT = r"(?P<at>[^\s()]+:\d+(?::\d+)?)"
_EXECUTED = re.compile(_AT + r"\n +executing \"[^\n]*\" at (?P<what><[^\n]*>):\n +(?P<why>[^\n]+)")
_FORMS = (
    re.compile(r"(?:execution|parse) error (?:at|in) \(" + _AT + r"\): (?P<why>.*)", re.DOTALL),
    re.compile(
        r"YAML parse error on (?P<at>\S+): error (?:converting YAML to|unmarshaling) JSON: (?P<no_yaml>.*)", re.DOTALL
    ),
)
_CHAINED = re.compile(r"template: " + _AT + r": (?:executing \"[^\n\"]*\" at <[^\n]*?>: )?")
_NOWHERE = "gotpl:"
"""What Helm says instead of a file where a text was rendered by `tpl`."""
_REFUSED_BY_SCHEMA = "values don't meet the specifications of the schema(s) in the following chart(s):"
_WRONG_VALUE = re.compile(r"\s*- at '(?P<path>[^']*)': (?P<why>.*)")
_LOGGED = re.compile(r'^level=(?:INFO|WARN) msg="?(?:warning: )?(?P<said>.*?)"?$', re.MULTILINE)
MOST_WARNINGS = 5
_MOST_WORDS, _LONGEST_SENTENCE = 4_000, 500


def failure(
    errors: str, code: int, chart: Part, charts: Mapping[str, Part], files: Sequence[ValuesFile]
) -> tuple[str, str]:
    """Make summary and details of what Helm said, with paths of the repository and without what may be secret."""
    shown = chart.shown or "."
    text = _own_words(errors)
    if not text:
        return f"{shown}: helm ended with code {code} and said nothing", ""
    text = _with_paths(_masked(text, chart, files), chart, charts)
    if said := unloadable.sentence_of(text, chart):
        return said, text[:_MOST_WORDS]
    if text.startswith(_REFUSED_BY_SCHEMA):
        return _by_schema(text, chart, files)
    return f"{_sentence(text, shown)}", text[:_MOST_WORDS]


def warnings(errors: str, chart: Part, charts: Mapping[str, Part], files: Sequence[ValuesFile]) -> Iterator[str]:
    """Give what Helm logs of a chart that it renders all the same: a value that it leaves out, say."""
    found = dict.fromkeys(_one_line(each["said"].replace('\\"', '"')) for each in _LOGGED.finditer(errors))
    for said in list(found)[:MOST_WARNINGS]:
        yield f"helm: {_with_paths(_masked(said, chart, files), chart, charts)}"


def died(errors: str, code: int, shown: str, limits: Limits) -> str:
    """Say why a process of Helm's is not there any more; empty where it ended by itself."""
    if "stack overflow" in errors or "goroutine stack exceeds" in errors:
        return f"{shown}: a template of this chart calls itself without end: see its `include` and `tpl`"
    if "out of memory" in errors or "cannot allocate memory" in errors or "failed to allocate" in errors:
        return f"{shown}: helm needs more than {limits.data >> 20} MiB for this chart: make it smaller"
    if code >= 128:
        seconds = f"{limits.cpu_seconds} s of processor time"
        return f"{shown}: helm was stopped, since this chart takes more than {seconds}, or more memory than there is"
    if "panic:" in errors or "fatal error:" in errors:
        return f"{shown}: helm itself breaks on this chart: try `helm template` on your machine"
    return ""


def _own_words(errors: str) -> str:
    """Take what Helm logged before it, and its advice, off an error."""
    _, found, words = f"\n{errors}".rpartition("\nError: ")
    return (words if found else errors).replace(_ADVICE, "").strip()


def _masked(text: str, chart: Part, files: Sequence[ValuesFile]) -> str:
    every = list(flat(chart.files, chart.shown))
    needed = {chart.name, *(each.shown for each in every), *(each.shown for each in files)}
    values = [*(each.raw for each in files), *(each.raw for each in every if each.name.startswith("values."))]
    return without_secrets(
        text,
        (each.decode("utf-8", "replace") for each in values),
        (each.raw.decode("utf-8", "replace") for each in every if each.inner.startswith("templates/")),
        needed,
    )


def _with_paths(text: str, chart: Part, charts: Mapping[str, Part]) -> str:
    ours = re.compile(rf"(?<![\w./-]){re.escape(chart.name)}(?:/[^\s:\"'()<>]+)+")
    return ours.sub(lambda found: in_repository(found[0], charts), text)


def _sentence(text: str, shown: str) -> str:
    """Say what is wrong where it is: of templates that include each other, in the innermost."""
    for form in _FORMS:
        if found := form.match(text):
            said = found.groupdict()
            if "no_yaml" in said:
                return f"{said['at']}: what it renders is no YAML: {_one_line(said['no_yaml'])}"
            return f"{said['at']}: {_one_line(said['why'])}"
    if executed := list(_EXECUTED.finditer(text)):
        inner = executed[-1]
        return f"{inner['at']}: {_one_line(inner['why'])} at {inner['what']}"
    if links := list(_CHAINED.finditer(text)):
        known = next((link["at"] for link in reversed(links) if not link["at"].startswith(_NOWHERE)), shown)
        return f"{known}: {_one_line(text[links[-1].end() :])}"
    return f"{shown}: helm: {_one_line(text)}"


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SENTENCE else f"{line[:_LONGEST_SENTENCE]}…"


def _by_schema(text: str, chart: Part, files: Sequence[ValuesFile]) -> tuple[str, str]:
    """Say where each value stands that the chart's schema refuses."""
    raw = chart.files.get("values.yaml")
    every = (*((own(beside(chart.shown, "values.yaml"), raw),) if isinstance(raw, bytes) else ()), *files)
    found: list[str] = []
    above: tuple[str, ...] = ()
    schema = beside(chart.shown, SCHEMA)
    for line in text.removeprefix(_REFUSED_BY_SCHEMA).splitlines():
        wrong = _WRONG_VALUE.fullmatch(line)
        if wrong is None:
            if (named := line.strip()).endswith(":") and " " not in named:
                above = () if named[:-1] == chart.name else (named[:-1],)
                schema = beside(chart.shown, SCHEMA) if not above else f"{SCHEMA} of {named[:-1]}"
            elif named:
                found.append(f"{schema}: {named}")
            continue
        path = (*above, *(step.replace("~1", "/").replace("~0", "~") for step in wrong["path"].split("/")[1:]))
        place = next((place for each in reversed(every) if (place := each.place_of(path))), "")
        value = ".".join(path) or "values"
        where = f"{place}: " if place else f"{chart.shown or '.'}: "
        found.append(f"{where}{value}: {wrong['why']} ({schema})")
    return (found or [f"{schema}: {_one_line(text)}"])[0], "\n".join(found)[:_MOST_WORDS]
