"""A cluster's own ValidatingAdmissionPolicies are asked before the push; what nobody here can know is never a yes."""

from typing import Any

import pytest

from pushboat.model.manifest import Manifest
from tests.policy.bodies import manifest_of
from workers.review.admission import admitted, not_in_force
from workers.review.words import Finding, Weight

Body = dict[str, Any]
VERSION = "admissionregistration.k8s.io/v1"


def policy(*validations: Body, operations: tuple[str, ...] = ("CREATE", "UPDATE"), **spec: Any) -> Body:
    """Write a policy about Deployments."""
    rules = [{"apiGroups": ["apps"], "apiVersions": ["v1"], "resources": ["deployments"], "operations": [*operations]}]
    said = {"matchConstraints": {"resourceRules": rules}, "validations": list(validations), **spec}
    return {"apiVersion": VERSION, "kind": "ValidatingAdmissionPolicy", "metadata": {"name": "few"}, "spec": said}


def binding(*actions: str, **spec: Any) -> Body:
    """Put it into force."""
    said = {"policyName": "few", "validationActions": list(actions or ("Deny",)), **spec}
    kind = "ValidatingAdmissionPolicyBinding"
    return {"apiVersion": VERSION, "kind": kind, "metadata": {"name": "few-everywhere"}, "spec": said}


def web(replicas: int | None = 9, **metadata: Any) -> Body:
    """Write a Deployment."""
    spec = {} if replicas is None else {"replicas": replicas}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", **metadata}, "spec": spec}


def read(*bodies: Body) -> list[Manifest]:
    return [manifest_of(each, namespace="shop" if each["kind"] == "Deployment" else "") for each in bodies]


def found(*bodies: Body) -> list[Finding]:
    manifests = read(*bodies)
    return list(admitted([each for each in manifests if each.ref.kind in ("Deployment", "Secret")], manifests))


FEW = {"expression": "object.spec.replicas <= 5", "message": "at most five"}


def test_what_the_server_would_refuse_is_said_before_the_push() -> None:
    """My cluster's policy denies nine replicas: I read that at my file, with the policy's own words."""
    (one,) = found(policy(FEW), binding(), web())
    assert one.weight is Weight.ERROR
    assert one.sentence == "Deployment/shop/web: policy few refuses it: at most five (admission-policy)"
    assert found(policy(FEW), binding(), web(3)) == []


@pytest.mark.parametrize(
    ("kind", "resource"),
    [
        ("Gateway", "gateways"),
        ("Policy", "policies"),
        ("Ingress", "ingresses"),
        ("Endpoints", "endpoints"),
    ],
)
def test_a_policy_finds_a_kind_by_the_name_that_addresses_have(kind: str, resource: str) -> None:
    """Whatever way a word has of being many: a policy that is about none of my objects would look like a yes."""
    rules = [{"apiGroups": ["x.org"], "apiVersions": ["v1"], "resources": [resource], "operations": ["CREATE"]}]
    about = policy({"expression": "false"}, matchConstraints={"resourceRules": rules})
    mine = manifest_of({"apiVersion": "x.org/v1", "kind": kind, "metadata": {"name": "a"}}, namespace="shop")
    assert len(list(admitted([mine], read(about, binding())))) == 1


def of_rule(policy_wide: Body | None = None, **rule: list[str]) -> Body:
    """Write a policy that refuses whatever it is about."""
    fields = {"apiGroups": ["apps"], "apiVersions": ["v1"], "resources": ["deployments"], "operations": ["*"], **rule}
    return policy({"expression": "false"}, matchConstraints={"resourceRules": [fields], **(policy_wide or {})})


def test_a_rule_of_another_version_of_my_object_is_not_passed_over() -> None:
    """The server turns my object into the version that the rule speaks of, and asks; nobody here can."""
    other = of_rule(apiVersions=["v2"])
    (one,) = found(other, binding(), web())
    assert "was not evaluated by policy few: it speaks of another version of Deployment" in one.sentence
    assert found(of_rule({"matchPolicy": "Exact"}, apiVersions=["v2"]), binding(), web()) == []
    assert found(of_rule(apiVersions=["v2"], resources=["pods"]), binding(), web()) == []
    assert len(found(of_rule(apiVersions=["v2", "v1"]), binding(), web())) == 1


def test_stars_of_resources_mean_what_they_mean_to_the_server() -> None:
    """A star is every resource, two are every subresource too, and one behind a slash is no object."""
    assert [len(found(of_rule(resources=[each]), binding(), web())) for each in ("*", "*/*", "deployments/*")] == [
        1,
        1,
        0,
    ]


def test_a_namespace_is_taken_by_its_own_labels() -> None:
    about = of_rule(apiGroups=[""], resources=["namespaces"])
    bound = binding(matchResources={"namespaceSelector": {"matchLabels": {"team": "a"}}})
    spaces = [
        manifest_of(
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": f"of-{team}", "labels": {"team": team}}}
        )
        for team in ("a", "b")
    ]
    assert [str(each.ref) for each in admitted(spaces, read(about, bound))] == ["Namespace/of-a"]


def test_a_binding_that_only_warns_refuses_nothing() -> None:
    (one,) = found(policy(FEW), binding("Warn", "Audit"), web())
    assert one.weight is Weight.WARNING


NOBODY_KNOWS = {
    "what the server fills in": (policy(FEW), binding(), web(None), 'Key not found in map : "replicas"'),
    "a function": (policy({"expression": "url(object.a).getHost() == 'a'"}), binding(), web(), "reference to 'url'"),
    "who may what": (
        policy({"expression": "authorizer.group('').resource('pods').check('get').allowed()"}),
        binding(),
        web(),
        "reference to 'authorizer'",
    ),
    "who asks": (policy({"expression": "request.userInfo.username == 'a'"}), binding(), web(), '"userInfo"'),
    "parameters": (
        policy(FEW, paramKind={"apiVersion": "v1", "kind": "ConfigMap"}),
        binding(paramRef={"name": "most", "parameterNotFoundAction": "Deny"}),
        web(),
        "its parameters are not among these manifests",
    ),
    "a namespace's labels": (
        policy(FEW),
        binding(matchResources={"namespaceSelector": {"matchLabels": {"team": "a"}}}),
        web(),
        "the labels of namespace shop are not known here",
    ),
}


@pytest.mark.parametrize(("rule", "bound", "body", "why"), NOBODY_KNOWS.values(), ids=NOBODY_KNOWS)
def test_what_only_a_server_knows_is_not_evaluated_and_never_a_yes(
    rule: Body, bound: Body, body: Body, why: str
) -> None:
    """I read that nobody looked, at which object and why, instead of nothing."""
    (one,) = found(rule, bound, body)
    assert one.weight is Weight.WARNING
    assert one.sentence.startswith("Deployment/shop/web was not evaluated by policy few: ")
    assert why in one.sentence


def test_variables_conditions_parameters_and_expressions_of_messages_count() -> None:
    rule = policy(
        {
            "expression": "variables.many <= int(params.data.most)",
            "messageExpression": "string(variables.many) + ' of ' + params.data.most",
        },
        variables=[{"name": "many", "expression": "object.spec.replicas"}],
        matchConditions=[{"name": "not-mine", "expression": "!('mine' in object.metadata.?labels.orValue({}))"}],
        paramKind={"apiVersion": "v1", "kind": "ConfigMap"},
    )
    most = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "most"}, "data": {"most": "5"}}
    bound = binding(paramRef={"name": "most"})
    (one,) = found(rule, bound, most, web())
    assert "policy few refuses it: 9 of 5" in one.sentence
    assert found(rule, bound, most, web(labels={"mine": "yes"})) == []


def test_a_policy_is_held_against_what_it_and_its_binding_are_about() -> None:
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"team": "b"}}}
    others = binding(matchResources={"namespaceSelector": {"matchLabels": {"team": "a"}}})
    assert found(policy(FEW), others, space, web()) == []
    named = binding(matchResources={"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "shop"}}})
    assert len(found(policy(FEW), named, web())) == 1
    selected = binding(matchResources={"objectSelector": {"matchLabels": {"a": "b"}}})
    assert found(policy(FEW), selected, web()) == []
    assert len(found(policy(FEW), selected, web(labels={"a": "b"}))) == 1


def test_a_policy_that_nothing_is_held_against_is_named() -> None:
    """Nothing was found because nobody looked: that is said."""
    assert list(not_in_force(read(policy(FEW)), ())) == ["policy few is in force nowhere: no binding of it is here"]
    (said,) = not_in_force(read(policy(FEW, operations=("DELETE",)), binding()), ())
    assert said == "policy few is not about creating objects: nothing was held against it"
    assert list(not_in_force(read(policy(FEW), binding()), ())) == []


def test_no_message_shows_what_is_secret() -> None:
    rule = policy({"expression": "object.data.a != 'cGFzcw=='", "messageExpression": "'it is ' + object.data.a"})
    rule["spec"]["matchConstraints"] = {
        "resourceRules": [{"apiGroups": [""], "apiVersions": ["*"], "resources": ["secrets"], "operations": ["*"]}]
    }
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "data": {"a": "cGFzcw=="}}
    (one,) = found(rule, binding(), secret)
    assert "refuses it: it is KioqKg==" in one.sentence


@pytest.mark.parametrize(
    "expression",
    [
        "{'a': 1}[object.stringData.password] == 1",
        "object.stringData[object.stringData.password] == 'a'",
        "object.stringData.password.matches(object.stringData.password + '(')",
    ],
)
def test_what_keeps_a_question_about_a_secret_from_an_answer_shows_no_value(expression: str) -> None:
    """The library says what it looked for, and that may be the password."""
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "stringData": {"password": "verySecret"}}
    rules = [{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["secrets"], "operations": ["CREATE"]}]
    about = policy({"expression": expression}, matchConstraints={"resourceRules": rules})
    (one,) = found(about, binding(), secret)
    assert "was not evaluated" in one.sentence
    assert "verySecret" not in one.sentence
