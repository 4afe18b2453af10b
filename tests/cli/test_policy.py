"""`pushboat policy test`: my rules say of each object beside them what I wrote that they say."""

import json
from pathlib import Path

import yaml

from tests.cli.conftest import OPERATOR, Pushboat

BODY = "{apiVersion: v1, kind: Service, metadata: {name: a}}"
RIGHT = f"""environments: {{staging: {{path: deploy}}}}
rules:
- name: no-default
  kinds: [Service]
  valid: object.metadata.name != 'a'
  message: call it differently
  tests: [{{fails: {BODY}, says: differently}}, {{passes: {BODY.replace("name: a", "name: b")}}}]
"""
ADMISSION = """
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: no-pods}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
  validations: [{expression: "object.kind != 'Pod'", message: write a Deployment}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: no-pods}
spec: {policyName: no-pods, validationActions: [Deny]}
"""
VAST = "[object.kind]" + ".map(x, x+x+x+x+x+x+x+x)" * 12 + "[0].size() > 0"
MORE = f"""- name: vast
  valid: '{VAST}'
  tests: [{{passes: {BODY}}}]
- name: wrong
  valid: object.spec.type == 'ClusterIP'
  tests: [{{passes: {BODY}}}]
"""


def test_rules_are_tried_with_what_stands_beside_them(tmp_path: Path, pushboat: Pushboat) -> None:
    """All as I wrote it is 0; a rule that says something else is named with its test, and what it said.

    A stranger's rule takes no more of my machine than it may of a worker.
    """
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
        "it could not be evaluated: it takes too much memory",
        'it could not be evaluated: Key not found in map : "spec"',
    ]
    assert said["untested"] == ["vast", "wrong"]


def test_check_tells_policy_as_a_push_would_be_told(home: Path, pushboat: Pushboat) -> None:
    """Rules of mine, of my operator and of my cluster refuse or warn, each at its place; an exemption lets one pass."""
    write(home / ".pushboat.yaml", RIGHT.replace("staging: {path: deploy}", "staging: {branch: main, path: deploy}"))
    container = {"name": "app", "image": "registry.example/web:1", "securityContext": {"privileged": True}}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"containers": [container]}}
    write(home / "deploy" / "web.yaml", yaml.safe_dump(pod))
    write(home / "deploy" / "service.yaml", BODY)
    write(home / "admission.yaml", ADMISSION)
    alone = told(pushboat, home)
    assert ("no-default", "error", "deploy/service.yaml", 1) in alone
    assert ("privileged", "warning", "deploy/web.yaml", 10) in alone
    assert ("admission-policy", "error", "deploy/web.yaml", 1) in told(pushboat, home, "--policies", "admission.yaml")
    write_policy(home, "{rules: {privileged: deny, hygiene: off, no-such: off}}")
    assert "there is no rule 'no-such'" in pushboat("check", home, "--repository", "github/acme/shop").stderr
    write_policy(home, "{rules: {privileged: deny, hygiene: off}}")
    fenced = told(pushboat, home, "--repository", "github/acme/shop")
    assert {each for each in fenced if each[0] != "no-default"} == {("privileged", "error", "deploy/web.yaml", 10)}
    exempt = "{rule: privileged, files: deploy/web.yaml, until: 9999-01-01, reason: known}"
    write_policy(home, f"{{rules: {{privileged: deny, hygiene: off}}, exemptions: [{exempt}]}}")
    assert {each[0] for each in told(pushboat, home, "--repository", "github/acme/shop")} == {"no-default"}


def write(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)


def write_policy(home: Path, policy: str) -> None:
    staging = "staging: {cluster: dev, namespaces: [shop-staging]"
    write(home / "pushboat.yaml", OPERATOR.replace(f"{staging}}}", f"{staging}, policy: {policy}}}"))


def told(pushboat: Pushboat, home: Path, *words: str) -> set[tuple[str, str, str, int]]:
    (item,) = json.loads(pushboat("check", home, "--json", *words).stdout)["items"]
    return {(each["rule"], each["weight"], each["file"], each["line"]) for each in item["findings"]}
