"""Objects that are odd, huge or misspelt do not stop a plan, and a Secret's values stay inside in any field."""

import random
import time
from typing import Any

import pytest

from pushboat.errors import ClusterUnavailable
from pushboat.model.manifest import Manifest, Ref
from tests.cluster.desk import Desk
from workers.cluster.masking import scrub
from workers.cluster.objects import declared
from workers.cluster.planning.diff import diff
from workers.cluster.planning.making import make_plan
from workers.cluster.reading.live import read_live
from workers.manifests.reading import read_manifests
from workers.review import limits

REF = Ref("", "Secret", "shop", "key")
VALUE = "hunter2-hunter2"


def secret(**fields: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "key"}, **fields}


@pytest.mark.proves("secrets-in-diffs")
@pytest.mark.parametrize(
    "fields",
    [
        {"stringdata": {"password": VALUE}},
        {"Data": {"password": VALUE}},
        {"data": VALUE},
        {"data": [VALUE], "stringData": {"password": VALUE}},
        {"spec": {"deep": [{"er": VALUE}]}},
    ],
)
def test_a_value_in_the_wrong_field_is_masked(fields: dict[str, Any]) -> None:
    """A misspelt field of a Secret shows no more than the right one."""
    body = declared(Manifest(ref=REF, version="v1", body=secret(**fields), file="a.yaml", line=1))
    for before, after in ((None, body), (body, None), (secret(data={"a": "b"}), body)):
        shown = diff(REF, before, after)
        assert "***" in shown
        assert VALUE not in shown


@pytest.mark.parametrize("words", [f'got "{VALUE}\\nx"', f"got {VALUE}\nx"])
def test_a_value_of_several_lines_is_masked_as_it_is_quoted(words: str) -> None:
    """A key in PEM does not get out because somebody quotes its line ends."""
    assert VALUE not in scrub(words, secret(stringData={"key": f"{VALUE}\nx"}))


FILES = {
    "yaml": f"database:\n  user: shop\n  password: '{VALUE}'\nlevel: debug\n",
    "json": f'{{"database": {{"user": "shop", "password": "{VALUE}", "level": "debug"}}}}',
    "dotenv": f"USER=shop\nDB_PASSWORD={VALUE}\nLEVEL=debug\n",
    "ini": f"[database]\nuser = shop\npassword = {VALUE}\nlevel = debug\n",
    "lines of base64": f"-----BEGIN KEY-----\n{VALUE}=\n-----END KEY-----\n",
}


@pytest.mark.proves("secrets-in-diffs")
@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_a_value_within_a_secrets_file_is_masked_by_itself(text: str) -> None:
    """A pod that reads a file prints one password of it; words that are no secret stay as they are."""
    said = scrub(f"cannot log in as shop with {VALUE}=: debug", secret(stringData={"app": text}))
    assert VALUE not in said
    assert said.startswith("cannot log in as shop with ***")
    assert said.endswith("debug")


def test_items_that_cannot_be_named_are_compared_as_they_stand() -> None:
    """A list whose items have mappings for names is shown like any other value."""
    before, after = ({"metadata": {}, "ports": [{"name": {"a": each}}]} for each in (1, 2))
    assert "@@ ports @@" in diff(REF, before, after)


def test_a_text_that_is_made_to_be_slow_is_compared_at_once() -> None:
    """A megabyte of shuffled lines costs no minutes of a worker."""
    lines = [f"l{each % 100}" for each in range(30_000)]
    shuffled = random.Random(1).sample(lines, len(lines))
    began = time.process_time()
    shown = diff(REF, *({"metadata": {}, "text": "\n".join(each)} for each in (lines, shuffled)))
    assert time.process_time() - began < 5
    assert "@@ text @@" in shown


def test_a_long_text_shows_what_lies_between_its_ends() -> None:
    """One changed line of many is still found."""
    lines = [f"line {each}" for each in range(5_000)]
    before, after = "\n".join(lines), "\n".join([*lines[:9], "new", *lines[10:]])
    shown = diff(REF, {"metadata": {}, "text": before}, {"metadata": {}, "text": after})
    assert "@@ text @@\n line 7\n line 8\n-line 9\n+new\n line 10\n line 11\n" in shown


class Lying:
    """Says that everything lives in namespaces."""

    name = "the cluster"

    def namespaced(self, group: str, version: str, kind: str) -> bool | None:
        return True

    def kinds_of(self, group: str) -> set[str]:
        return set()

    def api_versions(self, kind: str) -> list[str]:
        return []


def test_a_kind_that_turns_out_to_be_cluster_scoped_is_not_written(desk: Desk) -> None:
    """What was allowed as an object of a namespace is never written outside of it."""
    text = "apiVersion: v1\nkind: Namespace\nmetadata: {name: smuggled}\n"
    manifests = limits.check(read_manifests(text, "a.yaml"), desk.environment, Lying())
    plan = make_plan(manifests, read_live(desk.cluster, desk.inventory(), manifests, desk.environment))
    with pytest.raises(ClusterUnavailable, match="keeps Namespace outside of namespaces"):
        desk.apply_plan(plan)
    assert desk.cluster.find("/api/v1/namespaces/smuggled") is None
