"""The repository's file: what it says, and every mistake in it at its line and column."""

import pytest

from pushboat.config import repository
from pushboat.config.definition import DefinitionSection
from pushboat.config.project_section import LimitsSection
from pushboat.config.repository import MOST_ENVIRONMENTS
from pushboat.errors import InvalidRepositoryFile, Mistake
from tests.configuration.marked import unmarked


def refusal(text: str | bytes) -> InvalidRepositoryFile:
    """Read a text that is wrong, and give the refusal."""
    with pytest.raises(InvalidRepositoryFile) as raised:
        repository.parse(text)
    return raised.value


def test_whoever_tries_a_key_of_the_operators_is_told_so() -> None:
    """Each key that the operator's file has and mine has not is known as the operator's, by name."""
    assert DefinitionSection.elsewhere == set(LimitsSection.model_fields) - set(DefinitionSection.model_fields)


def test_a_key_that_is_written_wrongly_is_one_mistake() -> None:
    """That the right one is missing then is no second mistake, let alone the first that I read."""
    (mistake,) = refusal("environment: {staging: {path: deploy}}").mistakes
    assert "unknown key 'environment'" in str(mistake)


def test_every_field_of_the_contract_is_read() -> None:
    """What the contract shows can be written; only what is written counts as said."""
    read = repository.parse("""
environments:
  staging:
    branch: main
    path: deploy/staging/
    render: kustomize
    namespace: shop-staging
    prune: false
    wait: 90s
    needs: [empty]
  plain: {path: deploy/all, include: ["**/*.yaml", app/], exclude: [values.yaml], recurse: false}
  release: {tag: 1.*, path: .}
  empty:
""")
    assert read.environments["staging"].said == {
        "branch": "main",
        "path": "deploy/staging",
        "render": "kustomize",
        "namespace": "shop-staging",
        "prune": False,
        "wait": 90.0,
        "needs": ("empty",),
    }
    assert read.environments["plain"].said == {
        "path": "deploy/all",
        "include": ("**/*.yaml", "app/"),
        "exclude": ("values.yaml",),
        "recurse": False,
    }
    assert read.environments["release"].said == {"tag": "1.*", "path": "."}
    assert read.environments["empty"].said == {}


NAME = "is no environment name: use lower-case letters, digits and '-', at most 63, such as staging"
KNOWN = (
    "known: approvals, branch, exclude, helm, ignore, include, namespace, needs, on_failure, path, prune, recurse, "
    "render, self_heal, signed_commits, tag, url, verify, wait"
)
FOLDER = "'path' must be a folder or a file inside the repository: printable, with '/' between its parts"
MISTAKES = {
    "near miss": ("qa: {¦namespcae: a}", "unknown key 'namespcae': did you mean 'namespace'?"),
    "the operator's key": (
        "qa: {¦cluster: dev}",
        "'cluster' is for the operator's pushboat.yaml to say, not for the repository's file",
    ),
    "nothing near": (
        "qa: {¦zzz: 1}",
        f"unknown key 'zzz': {KNOWN}",
    ),
    "a key that would forge a log line": (
        'qa: {¦"a\\nb": 1}',
        f"unknown key 'a\\u000ab': {KNOWN}",
    ),
    "an address of no page": (
        "qa: {url: ¦javascript:alert(1)}",
        "'url' has no host: write it as https://host/…",
    ),
    "an address of another scheme": (
        "qa: {url: ¦ftp://staging.example.com}",
        "'url' must be an address that people open, such as https://staging.example.com",
    ),
    "an address with a password": (
        "qa: {url: ¦https://a:b@staging.example.com}",
        "'url' must not have credentials in it: they belong into 'token'",
    ),
    "duplicate key": ("qa: {path: a, ¦path: b}", "duplicate key 'path': it stands on line 2 already"),
    "duplicate environment": ("qa: {path: a}\n  ¦qa: {}", "duplicate key 'qa': it stands on line 2 already"),
    "command word": ("¦lock: {}", "'lock' is a command (/deploy lock), so no environment can be called that"),
    "upper case": ("¦Staging: {}", f"'Staging' {NAME}"),
    "underscore": ("¦my_env: {}", f"'my_env' {NAME}"),
    "too long": ("¦" + "a" * 64 + ": {}", f"'{'a' * 59}…' {NAME}"),
    "not a mapping": ("qa: ¦main", "'qa' must be a mapping: key: value"),
    "branch and tag": (
        "qa: {branch: a, ¦tag: b}",
        "'tag' and 'branch' exclude each other: an environment follows one",
    ),
    "a full ref": ("qa: {branch: ¦refs/heads/a}", "'branch' is the branch's short name: main, not refs/heads/main"),
    "a pattern of branches": (
        "qa: {branch: ¦release/*}",
        "'branch' is one branch's exact name; patterns are for 'tag'",
    ),
    "no branch": ("qa: {branch: ¦a..b}", "'branch' is no name that git accepts"),
    "an option for a branch": ("qa: {branch: ¦--upload-pack}", "'branch' is no name that git accepts"),
    "a number for a branch": ("qa: {branch: ¦2024}", "'branch' must be text: put it in quotes"),
    "nothing for a branch": ("qa: {branch: ¦}", "'branch' has no value: give it one or remove the key"),
    "a full tag": ("qa: {tag: ¦refs/tags/v*}", "'tag' matches short names: v*, not refs/tags/v*"),
    "outside": ("qa: {path: ¦deploy/../../etc}", "'path' must stay inside the repository: no '..'"),
    "absolute": ("qa: {path: ¦/etc}", "'path' must be relative to the repository's root"),
    "home": ("qa: {path: ¦~/x}", "'path' must be relative to the repository's root"),
    "an option": ("qa: {path: ¦-x}", "'path' must not begin with '-': git would take it for something else"),
    "a pathspec": ("qa: {path: ¦':(top)x'}", "'path' must not begin with ':': git would take it for something else"),
    "git's own folder": ("qa: {path: ¦.git/hooks}", "'path' must not lead into .git"),
    "NUL": ('qa: {path: ¦"a\\0b"}', FOLDER),
    "newline": ('qa: {path: ¦"a\\nb"}', FOLDER),
    "backslash": ("qa: {path: ¦a\\b}", FOLDER),
    "no folder": ("qa: {path: ¦''}", FOLDER),
    "unknown renderer": ("qa: {render: ¦kustomise}", "'render' is no renderer: did you mean 'kustomize'?"),
    "a release that Helm refuses": (
        "qa: {helm: {release: ¦My_Shop}}",
        "'release' must be lower-case letters, digits, '-' and '.', at most 53, as Helm has it",
    ),
    "an option for a release": (
        "qa: {helm: {release: ¦--post-renderer}}",
        "'release' must be lower-case letters, digits, '-' and '.', at most 53, as Helm has it",
    ),
    "a word of Helm's that is not ours": (
        "qa: {helm: {¦value: [a.yaml]}}",
        "unknown key 'value': did you mean 'values'?",
    ),
    "values from the web": (
        "qa: {helm: {values: [¦https://example.com/a.yaml]}}",
        "'values' names files of this repository, no URL: commit the file",
    ),
    "values of this machine": (
        "qa: {helm: {values: [a.yaml, ¦/etc/passwd]}}",
        "'values' must be relative to the chart's folder",
    ),
    "values in git's own folder": ("qa: {helm: {values: [¦../.git/config]}}", "'values' must not lead into .git"),
    "values on two lines": (
        'qa: {helm: {values: [¦"a\\nb"]}}',
        "'values' must be files, relative to the chart's folder: values-staging.yaml or ../common.yaml",
    ),
    "values twice": ("qa: {helm: {values: ¦[a.yaml, ./a.yaml]}}", "'values' names a file twice"),
    "one item of a list": (
        "qa: {helm: {set: ¦{'hosts[0]': a}}}",
        "'set' cannot set one item of a list ('hosts[0]'): write the whole list in a values file",
    ),
    "a key that ends nowhere": (
        "qa: {helm: {set: ¦{image.: a}}}",
        "'set' takes keys such as image.tag; a dot inside a name is written \\.",
    ),
    "a value and what is in it": (
        "qa: {helm: {set: ¦{image: a, image.tag: b}}}",
        "'set' says 'image' twice, as a value and as a mapping",
    ),
    "a value on two lines": (
        'qa: {helm: {set: ¦{a: "b\\nc"}}}',
        "'set' takes text on one line ('a'): longer text stands in a values file",
    ),
    "a glob with braces": ("qa: {exclude: [¦'*.{a,b}']}", "'exclude' takes no braces: write a glob for each of them"),
    "a glob that leads out": (
        "qa: {include: [a, ¦../b]}",
        "'include' must stay inside the folder, written plainly: no '..', './' or '//'",
    ),
    "no globs": ("qa: {include: ¦[]}", "'include' must not be empty"),
    "one glob": ("qa: {exclude: ¦values.yaml}", "'exclude' must be a list: [a, b]"),
    "too many globs": (f"qa: {{exclude: ¦[{', '.join('a' * 31)}]}}", "'exclude' must have at most 30 entries"),
    "recurse as text": ("qa: {recurse: ¦'no'}", "'recurse' must be true or false"),
    "globs for kustomize": (
        "qa: {render: kustomize, ¦exclude: [a]}",
        "'exclude' is for folders of plain manifests: what kustomize reads stands in its own files",
    ),
    "recurse for kustomize": (
        "qa: {¦recurse: false, render: kustomize}",
        "'recurse' is for folders of plain manifests: what kustomize reads stands in its own files",
    ),
    "needs twice": ("qa: {needs: ¦[dev, dev]}", "'needs' names an environment twice"),
    "namespace": (
        "qa: {namespace: ¦My_NS}",
        "'namespace' must be lower-case letters, digits and '-', at most 63, as Kubernetes names namespaces",
    ),
    "prune as text": ("qa: {prune: ¦'no'}", "'prune' must be true or false"),
    "bad duration": (
        "qa: {wait: ¦5 minutes}",
        "'wait' must be a duration such as 90s, 10m or 1h30m (d, h, m and s in this order, whole numbers)",
    ),
    "self_heal: true": (
        "qa: {self_heal: ¦true}",
        "'self_heal' is the operator's to grant, in pushboat.yaml; here it may only be false",
    ),
    "too long a wait": ("qa: {wait: ¦25h}", "'wait' is too long: at most 24h"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_named_at_its_place(case: str) -> None:
    """Whoever pushed it sees the line, the column and what to write instead."""
    marked, message = MISTAKES[case]
    text, line, column = unmarked(f"environments:\n  {marked}\n")
    mistakes = refusal(text).mistakes
    assert mistakes == (Mistake(file=".pushboat.yaml", line=line, column=column, message=message),)


WHOLE_FILE = {
    "nothing": ("", "1:1: 'environments' is missing: the environments of this repository, by name"),
    "a list": ("- a", "1:1: 'this file' must be a mapping: key: value"),
    "no environments": ("environments: {}", "1:15: 'environments' must not be empty"),
    "nothing in it": ("environments:", "1:14: 'environments' has no value: give it one or remove the key"),
    "singular": ("environment: {}", "1:1: unknown key 'environment': did you mean 'environments'?"),
    "a tab": (
        "environments:\n\tqa: {}",
        (
            "2:1: not YAML: while scanning for the next token, found character that cannot start any token"
            " (a tab: YAML is indented with spaces)"
        ),
    ),
    "an open bracket": (
        "environments: {qa: {path: [a}",
        (
            "1:29: not YAML: while parsing a flow sequence, did not find expected ',' or ']'"
            " (write the comma that is missing, or what closes it)"
        ),
    ),
    "two documents": ("a: 1\n---\nb: 2", "2:1: a second YAML document starts here: one file holds one document"),
}


@pytest.mark.parametrize("case", WHOLE_FILE)
def test_a_file_that_is_wrong_as_a_whole_says_so(case: str) -> None:
    """A file that is no mapping of environments gets a sentence, not a traceback."""
    text, expected = WHOLE_FILE[case]
    assert f".pushboat.yaml:{expected}" in [str(mistake) for mistake in refusal(text).mistakes]


def test_all_mistakes_are_reported_at_once() -> None:
    """One push shows everything that is wrong."""
    refused = refusal("environments:\n  qa: {wait: 1, pth: x}\n  plan: {}\n  b: {branch: x, tag: y}\n")
    assert [(one.line, one.column) for one in refused.mistakes] == [(2, 14), (2, 17), (3, 3), (4, 18)]
    assert refused.summary == ".pushboat.yaml:2:14: 'wait' has no unit: write 1s or 1m (and 3 more)"


def test_the_environments_that_can_be_read_are_named() -> None:
    """Their statuses turn red too, also where the text breaks off after them."""
    assert refusal("environments: {qa: {wait: 1}, Bad: {}, live: 5}").named == ("qa", "live")
    assert refusal("environments:\n  qa:\n    path: a\n  live:\n\tpath: b").named == ("qa", "live")
    assert refusal("[]").named == ()


def test_some_thousand_environments_are_enough() -> None:
    """A file cannot make us begin any number of deployments with each of its commits."""
    names = [f"e{number}" for number in range(MOST_ENVIRONMENTS + 1)]
    many = "environments:\n" + "".join(f"  {name}: {{wait: 1}}\n" for name in names)
    assert len(refusal(many).named) == MOST_ENVIRONMENTS
    fine = "environments:\n" + "".join(f"  {name}: {{path: a}}\n" for name in names)
    assert refusal(fine).summary == f".pushboat.yaml:2:3: 'environments' must have at most {MOST_ENVIRONMENTS} entries"
