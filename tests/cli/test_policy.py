"""`pushboat policy test`: my rules say of each object beside them what I wrote that they say."""

import json
from pathlib import Path

from tests.cli.conftest import Pushboat

BODY = "{apiVersion: v1, kind: Service, metadata: {name: a}}"
RIGHT = f"""environments: {{staging: {{path: deploy}}}}
rules:
- name: no-default
  kinds: [Service]
  valid: object.metadata.name != 'a'
  message: call it differently
  tests: [{{fails: {BODY}, says: differently}}, {{passes: {BODY.replace("name: a", "name: b")}}}]
"""
MORE = f"""- name: wrong
  valid: object.spec.type == 'ClusterIP'
  tests: [{{passes: {BODY}}}]
"""


def test_rules_are_tried_with_what_stands_beside_them(tmp_path: Path, pushboat: Pushboat) -> None:
    """All as I wrote it is 0; a rule that says something else is named with its test, and what it said."""
    file = tmp_path / ".pushboat.yaml"
    file.write_text(RIGHT)
    tried = pushboat("policy", "test", tmp_path)
    assert (tried.returncode, tried.stdout) == (0, "")
    assert "1 rule, 2 tests, 0 failed" in tried.stderr
    file.write_text(RIGHT + MORE)
    tried = pushboat("policy", "test", tmp_path, "--json")
    assert tried.returncode == 1
    said = json.loads(tried.stdout)
    assert [each["wrong"] for each in said["tests"]] == [
        "",
        "",
        'it could not be evaluated: Key not found in map : "spec"',
    ]
    assert said["untested"] == ["wrong"]
