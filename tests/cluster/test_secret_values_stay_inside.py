"""No value of a Secret leaves in any form of a plan or a deployment: text, fields, JSON, stored, page, error, log."""

import base64
import json
import logging
import random
import string
from collections.abc import Iterable
from typing import Any

import pytest

from pushboat.errors import PushboatError
from pushboat.model.changeset import Change, ChangeSet
from pushboat.model.json_forms import change_form
from pushboat.model.manifest import Ref
from pushboat.store import change_texts
from tests.cluster.desk import Desk, document
from workers.cluster.masking import MASK, tokens_of
from workers.cluster.objects import LAST_APPLIED
from workers.cluster.planning.diff import compare, lacking
from workers.cluster.planning.making import make_plan
from workers.cluster.planning.rules import rules_of
from workers.cluster.planning.words import Plan
from workers.cluster.reading.live import read_live
from workers.cluster.writing.dry_running import dry_run

REF = Ref("", "Secret", "shop", "db")
TOKENS = tokens_of("an installation's own key", "github/acme/shop/staging")
ROUNDS = 150


def secret(data: dict[str, str], **metadata: Any) -> dict[str, Any]:
    encoded = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
    body = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db", "namespace": "shop", **metadata}}
    return {**body, "data": encoded}


def spellings(values: Iterable[str]) -> set[str]:
    """Spell values as they may leave: plain, encoded, quoted, and their halves, which a cut would leave."""
    found = set()
    for value in values:
        for each in (value, base64.b64encode(value.encode()).decode()):
            found |= {each, json.dumps(each)[1:-1], each[: len(each) // 2], each[len(each) // 2 :]}
    return {each for each in found if len(each) >= 6}


def everything_of(changes: Iterable[Change]) -> str:
    """Write changes in every form that leaves the process."""
    some = tuple(changes)
    lines = [str(field) for change in some for field in change.fields]
    return "\n".join([repr(some), change_texts.written(some), json.dumps([change_form(each) for each in some]), *lines])


@pytest.mark.slow
@pytest.mark.proves("secrets-in-diffs")
def test_no_byte_of_a_secret_is_in_any_form_of_a_comparison() -> None:
    """Whatever two versions of a Secret look like, and wherever a tool has kept a copy: nothing of a value is shown."""
    dice = random.Random(20260101)
    letters = string.ascii_letters + string.digits + "-_:/\\\"'äß😀 \n"
    for _ in range(ROUNDS):
        values = ["".join(dice.choice(letters) for _ in range(dice.randint(12, 60))) for _ in range(4)]
        old = {f"key{place}": values[place] for place in range(2)}
        new = {f"key{place}": dice.choice(values) for place in range(dice.randint(0, 3))}
        kept = {
            "kapp.k14s.io/original": json.dumps(secret(old)),
            LAST_APPLIED: json.dumps(secret(old)),
            "note": values[2],
        }
        before, after = secret(old, annotations=kept), secret(new, annotations=dice.choice([kept, {}]))
        if dice.random() < 0.3:
            after["stringData"] = {"plain": values[3]}
        if dice.random() < 0.2:
            after["Data"] = dict(old)
        for pair in ((before, after), (None, after), (after, before), (before, None)):
            found = compare(REF, *pair, TOKENS)
            shown = [found.text, *map(str, found.fields)]
            if None not in pair:
                shown += map(str, lacking(*pair, TOKENS))  # type: ignore[arg-type]  # neither is None here
            text = "\n".join(shown)
            used = {*old.values(), *new.values()} | ({values[3]} if "stringData" in after else set())
            if "note" in text:
                used -= {values[2]}  # written in the open beside the Secret, unless a key has it too
                used |= {each for each in (*old.values(), *new.values()) if each != values[2]}
            assert not [each for each in spellings(used) if each in text], text


@pytest.mark.proves("secrets-in-diffs")
def test_a_change_shows_and_the_same_value_is_the_same() -> None:
    """I see which key changed, and that it is changed back to what it was."""
    first, second = (
        secret({"password": "hunter2-hunter2", "user": "app"}),
        secret({"password": "other-word-1", "user": "app"}),
    )
    there, back = compare(REF, first, second, TOKENS), compare(REF, second, first, TOKENS)
    (forth,), (again,) = there.fields, back.fields
    assert forth.path == "data.password"
    assert (forth.old, forth.new) == (again.new, again.old)
    assert forth.old != forth.new
    assert str(forth.old).startswith(f'"{MASK} ')
    assert compare(REF, first, first, TOKENS).text == ""


@pytest.mark.proves("secrets-in-diffs")
def test_a_token_says_nothing_about_another_place() -> None:
    """One password in two keys, two Secrets or two environments has different tokens: guesses cannot be compared."""
    elsewhere = tokens_of("an installation's own key", "github/acme/other/staging")
    other_key = tokens_of("another key of another one", "github/acme/shop/staging")
    body = secret({})
    renamed = {**body, "metadata": {**body["metadata"], "name": "mine"}}
    moved = {**body, "metadata": {**body["metadata"], "namespace": "mine"}}
    found = [
        TOKENS.of(body, "a", "x"), TOKENS.of(body, "b", "x"), TOKENS.of(renamed, "a", "x"),
        TOKENS.of(moved, "a", "x"), elsewhere.of(body, "a", "x"), other_key.of(body, "a", "x"),
    ]  # fmt: skip
    assert len(set(found)) == len(found)
    assert TOKENS.of(body, "a", "x") == found[0]


def planned(desk: Desk, text: str) -> Plan:
    manifests = desk.manifests(text)
    live = read_live(desk.cluster, desk.inventory(), manifests, desk.environment)
    return make_plan(manifests, live, rules_of(desk.environment, tokens=TOKENS), prune=desk.environment.prune)


@pytest.mark.proves("pain-12")
@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"type": "kubernetes.io/tls"},
        {"immutable": "perhaps"},
        {"stringdata": {"password": "swordfish-99-swordfish"}},
        {"data": {"password": "swordfish-99-swordfish!"}},
        {"metadata": {"name": "db", "labels": {"a": "swordfish 99 is no label"}}},
    ],
)
def test_neither_plan_nor_deployment_lets_one_out(
    desk: Desk, wrong: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """A Secret comes, changes, is refused for any mistake, and leaves: nothing of it is in what people see."""
    caplog.set_level(logging.DEBUG)
    first = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "db"},
        "stringData": {"password": "correct-horse-1"},
    }
    second = {**first, "stringData": {"password": "battery-staple-2"}, **wrong}
    seen: list[str] = []

    def see(changes: ChangeSet) -> None:
        seen.append(everything_of(changes.changes))

    for text in (document(first), document(second), "---\n"):
        try:
            plan = planned(desk, text)
            seen.append(everything_of(plan.changeset.changes))
            see(dry_run(desk.cluster, plan, see))
            see(desk.apply_plan(plan))
        except PushboatError as error:
            seen += [error.summary, error.details, repr(error)]
    everything = "\n".join([*seen, *desk.said, caplog.text])
    values = ["correct-horse-1", "battery-staple-2", "swordfish-99-swordfish"]
    assert "db" in everything
    assert not [each for each in spellings(values) if each in everything]
