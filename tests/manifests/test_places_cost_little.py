"""What is wrong in many large files costs a worker neither its memory nor its minutes: only so much is read again."""

from datetime import UTC, datetime

import yaml

from pushboat.model.manifest import Manifest
from tests.policy.objects import deployment
from workers.manifests.places import Allowance
from workers.manifests.reading import read_manifests
from workers.review.policy import Rulebook, abide

NOTE = "apiVersion: v1\nkind: A\nmetadata: {name: a}\nspec: ["
MOST = 3_000
MODE = ("metadata", "name")


def large(file: str, allowance: Allowance, values: int) -> Manifest:
    (read,) = read_manifests(f"{NOTE}{'a,' * values}]\n", file, allowance=allowance)
    return read


def test_files_of_one_render_are_read_again_only_up_to_a_bound() -> None:
    """The first of my large files are placed to the column, and the others by the line of their object."""
    allowance = Allowance(MOST)
    values = MOST // 2 - 100
    read = [large(f"{number}.yaml", allowance, values) for number in range(4)]
    assert [each.place_of(MODE) for each in read] == ["0.yaml:3:18", "1.yaml:3:18", "2.yaml:1:1", "3.yaml:1:1"]
    assert 0 <= allowance.left <= 200
    assert [each.place_of(MODE) for each in read[::-1]] == ["3.yaml:1:1", "2.yaml:1:1", "1.yaml:3:18", "0.yaml:3:18"]


def test_one_file_that_is_too_large_leaves_the_others_their_columns() -> None:
    allowance = Allowance(MOST)
    too_large, small = large("a.yaml", allowance, MOST), large("b.yaml", allowance, 1)
    assert [too_large.place_of(MODE), small.place_of(MODE)] == ["a.yaml:1:1", "b.yaml:3:18"]
    assert too_large.word_at(MODE) == ""


def test_json_is_bounded_as_well() -> None:
    text = '{"apiVersion": "v1", "kind": "A", "metadata": {"name": "a"}, "spec": [%s1]}' % ("1," * MOST)
    (read,) = read_manifests(text, "a.json", allowance=Allowance(MOST))
    assert read.place_of(MODE) == "a.json:1:1"


def test_where_an_object_begins_is_known_without_reading() -> None:
    """What is said of an object as a whole costs nothing."""
    allowance = Allowance(MOST)
    assert large("a.yaml", allowance, 10).place_of(()) == "a.yaml:1:1"
    assert allowance.left == MOST


def test_all_rules_together_read_no_more_than_that() -> None:
    """Each of many rules finds something in each of many files: together they read as much as one would."""
    allowance = Allowance(MOST)
    web = yaml.safe_dump(deployment({"spec": {"template": {"spec": {"hostNetwork": True, "hostPID": True}}}}))
    padding = f"---\n{NOTE}{'a,' * (MOST // 3)}]\n"
    files = [f"{number}.yaml" for number in range(5)]
    read = [each for file in files for each in read_manifests(f"{web}{padding}", file, allowance=allowance)]
    found = list(abide(read, Rulebook(today=datetime(2026, 11, 28, tzinfo=UTC).date())))
    exact = {each.spot[0] for each in found if each.place.count(":") == 2 and each.spot[1] > 1}
    assert {each.spot[0] for each in found} == {*files}
    assert exact == {"0.yaml", "1.yaml"}
