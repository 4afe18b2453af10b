"""What is committed of a render is read again just as it was, by whoever has the key, and by nobody else."""

import json
import posixpath
import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pushboat.model import published
from pushboat.model.deployment import Lane
from pushboat.model.manifest import Ref
from pushboat.model.published import NotOurs, Published
from pushboat.sealing import Key, is_signed
from tests.seeded import SEEDED

LANE = Lane(repository="github/acme/shop", environment="staging")
KEY = Key("the installation's own key")
WORDS = some.text(max_size=12)
SCALARS = (
    some.none() | some.booleans() | some.integers(-(2**53), 2**53) | some.floats(allow_nan=False, allow_infinity=False)
)
ODD = some.sampled_from(
    ["<<", "=", "012", "1e3", "2024-01-01", "~", "null", "on", "- a", "a: b", "\x85", "\u2028", " x ", ""]
)
BODIES = some.dictionaries(
    WORDS | ODD,
    some.recursive(
        SCALARS | WORDS | ODD,
        lambda inner: some.lists(inner, max_size=3) | some.dictionaries(WORDS | ODD, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)
NAMES = some.text(min_size=1, max_size=8) | some.sampled_from([".git", "..", "-x", "a/b", 'a"b', "a\nb", "a.lock", "ü"])


def render(*items: dict[str, object]) -> Published:
    """One render."""
    content = {"format": 1, "environment": {"path": "deploy"}, "manifests": list(items)}
    return Published(lane=LANE, sha="1" * 40, ref="refs/heads/main", deployment=7, at=12.5, content=content)


def item(body: object, *ref: str) -> dict[str, object]:
    """One object of it."""
    place = list(ref or ("", "ConfigMap", "shop", "a"))
    return {"ref": place, "version": "v1", "file": "deploy/a.yaml", "line": 1, "body": body}


def ours(content: bytes, signature: bytes) -> bool:
    """Know our own signature."""
    return is_signed(content, signature, [KEY.public()])


@SEEDED
@given(bodies=some.lists(BODIES, max_size=3))
def test_it_comes_back_as_it_was(bodies: list[object]) -> None:
    """Whatever a manifest says: no YAML makes a number, a date or a merge of it."""
    there = render(*(item(body, "", "ConfigMap", "shop", str(number)) for number, body in enumerate(bodies)))
    back = published.read(published.files_of(there, KEY.sign), ours, LANE)
    assert json.dumps(back.content, sort_keys=True) == json.dumps(there.content, sort_keys=True)
    assert (back.sha, back.ref, back.deployment, back.at) == (there.sha, there.ref, there.deployment, there.at)


@SEEDED
@given(refs=some.lists(some.tuples(NAMES, NAMES, NAMES, NAMES), min_size=1, max_size=4, unique=True))
def test_no_name_leaves_its_place(refs: list[tuple[str, str, str, str]]) -> None:
    """Names are strangers': none climbs out, is git's own, or takes another's file."""
    files = published.files_of(render(*(item({}, *ref) for ref in refs)), KEY.sign)
    assert len(files) == len(refs) + 2
    for path in files:
        assert re.fullmatch(r"[A-Za-z0-9_.%/-]+", path)
        assert posixpath.normpath(path) == path
        assert not any(part.startswith(".") for part in path.split("/"))


def test_a_secret_is_named_and_nothing_of_it_is_there() -> None:
    """Not even as it is sealed: whoever gets hold of the key later must not find old values in git."""
    sealed = {
        "ref": ["", "Secret", "shop", "login"],
        "version": "v1",
        "file": "s.yaml",
        "line": 1,
        "sealed": "c2VhbGVk",
    }
    there = render(item({"a": 1}), sealed)
    files = published.files_of(there, KEY.sign)
    assert not any(b"c2VhbGVk" in content for content in files.values())
    assert published.message_of(there, "http://here/deployments/7").endswith(
        "\nLeft out, since they are Secrets:\n- Secret/shop/login\n\nPushboat-Deployment: 7\n"
    )
    back = published.read(files, ours, LANE)
    assert back.left_out == [Ref("", "Secret", "shop", "login")]


@pytest.mark.parametrize("how", ["another key", "another file", "none", "another environment"])
def test_what_is_not_ours_is_not_read(how: str) -> None:
    """Whoever may push may write there: nothing is believed that we did not sign."""
    files = {**published.files_of(render(item({"a": 1})), (Key("x" * 20) if how == "another key" else KEY).sign)}
    lane = Lane(repository=LANE.repository, environment="production") if how == "another environment" else LANE
    if how == "another file":
        files["ConfigMap/shop/a.yaml"] = b"a: 2\n"
    if how == "none":
        del files[published.SIGNATURE]
    with pytest.raises(NotOurs):
        published.read(files, ours, lane)


@pytest.mark.parametrize(
    ("environment", "part"), [("staging", "staging"), ("a..b", "a%2e%2eb"), (".x", "%2ex"), ("x.lock", "x%2elock")]
)
def test_each_environment_has_a_ref_that_git_takes(environment: str, part: str) -> None:
    """Two environments never share one."""
    lane = Lane(repository="github/acme/shop", environment=environment)
    assert published.ref_of(lane) == f"refs/pushboat/renders/github/acme/shop/{part}"


@pytest.mark.parametrize(
    "message", ["", "Pushboat-Deployment: x", "Pushboat-Deployment: 7\nmine", "Pushboat-Deployment: ²"]
)
def test_a_commit_that_is_not_ours_names_no_deployment(message: str) -> None:
    """Then ours goes behind it."""
    assert published.deployment_in(message) == 0
