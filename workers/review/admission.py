"""ValidatingAdmissionPolicies, before there is a request: those among the manifests, and those that somebody gives.

https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/ says what they mean. What only an
API server knows (who asks, what is there already, its defaults, functions that our CEL lacks) makes a validation one
that was not evaluated: that is said with its reason, and is never a yes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pushboat.cel import Answer, anything
from pushboat.model.manifest import Manifest
from pushboat.model.wording import printable
from pushboat.policy.selecting import selects
from pushboat.policy.words import Body, at, listing, mapping, mappings
from workers.review.aiming import fits_all, is_space, resource_of
from workers.review.unseen import unseen
from workers.review.words import Finding, Weight

_GROUP = "admissionregistration.k8s.io"
_NAMES = ("object", "oldObject", "request", "params", "namespaceObject", "variables")
_NEVER = {(_GROUP, "ValidatingAdmissionPolicy"), (_GROUP, "ValidatingAdmissionPolicyBinding")}
RULE = "admission-policy"
LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A policy with one of its bindings, and what it is bound with: parameters, or why they are not known."""

    policy: Body
    binding: Body
    params: Any = None
    trouble: str = ""

    @property
    def name(self) -> str:
        """Say what the policy is called."""
        return _name(self.policy)

    @property
    def weight(self) -> Weight:
        """Say what becomes of what it finds."""
        denies = "Deny" in listing(at(self.binding, "spec", "validationActions"))
        return Weight.ERROR if denies else Weight.WARNING


def is_bound_with(manifest: Manifest) -> bool:
    """Say whether an object puts a policy in force."""
    return (manifest.ref.group, manifest.ref.kind) == (_GROUP, "ValidatingAdmissionPolicyBinding")


def admitted(manifests: Sequence[Manifest], given: Sequence[Manifest]) -> Iterator[Finding]:
    """Hold manifests against the policies among them and among those that are given."""
    known = [*manifests, *given]
    bound = list(_bound(known))
    spaces = {each.ref.name: each.body for each in known if is_space(each)}
    for each in bound:
        unknown: dict[str, list[Manifest]] = {}
        for manifest in (one for one in manifests if (one.ref.group, one.ref.kind) not in _NEVER):
            for finding in _judged(each, manifest, spaces):
                if isinstance(finding, str):
                    unknown.setdefault(finding, []).append(manifest)
                else:
                    yield finding
        for trouble, of_them in unknown.items():
            more = f", nor {len(of_them) - 1:,} more" if len(of_them) > 1 else ""
            first = of_them[0]
            sentence = f"{first.ref} was not evaluated{more} by policy {each.name}: {trouble}"
            yield _finding(first, sentence, Weight.WARNING)


def not_in_force(manifests: Sequence[Manifest], given: Sequence[Manifest]) -> Iterator[str]:
    """Name the policies that nothing is held against: no binding of them is here, or they are not about creating."""
    known = [*manifests, *given]
    used = {each.name for each in _bound(known)}
    for each in _of(known, "ValidatingAdmissionPolicy"):
        rules = [rule for _, rule in mappings(at(each, "spec", "matchConstraints", "resourceRules"))]
        if _name(each) not in used:
            yield f"policy {_name(each)} is in force nowhere: no binding of it is here"
        elif not any({"*", "CREATE"} & {str(one) for one in listing(rule.get("operations"))} for rule in rules):
            yield f"policy {_name(each)} is not about creating objects: nothing was held against it"


def _bound(known: Sequence[Manifest]) -> Iterator[Bound]:
    policies = {_name(each): each for each in _of(known, "ValidatingAdmissionPolicy")}
    for binding in _of(known, "ValidatingAdmissionPolicyBinding"):
        policy = policies.get(str(at(binding, "spec", "policyName")))
        if policy is not None:
            yield from _with_params(policy, binding, known)


def _with_params(policy: Body, binding: Body, known: Sequence[Manifest]) -> Iterator[Bound]:
    kind = mapping(at(policy, "spec", "paramKind"))
    wanted = mapping(at(binding, "spec", "paramRef"))
    if not kind or not wanted:
        yield Bound(policy=policy, binding=binding)
        return
    found = [each.body for each in known if _is_param(each, kind, wanted)]
    if not found and wanted.get("parameterNotFoundAction") != "Allow":
        yield Bound(policy=policy, binding=binding, trouble="its parameters are not among these manifests")
    yield from (Bound(policy=policy, binding=binding, params=each) for each in found)


def _is_param(each: Manifest, kind: Body, wanted: Body) -> bool:
    if (each.api_version, each.ref.kind) != (kind.get("apiVersion"), kind.get("kind")):
        return False
    if wanted.get("name"):
        return each.ref.name == str(wanted["name"])
    return selects(wanted.get("selector"), mapping(at(each.body, "metadata", "labels")))


def _judged(bound: Bound, manifest: Manifest, spaces: Mapping[str, Body]) -> Iterator[Finding | str]:
    """Give what one policy finds of an object, or sentences on why nobody knows."""
    constraints = (at(bound.policy, "spec", "matchConstraints"), at(bound.binding, "spec", "matchResources"))
    fits = fits_all(map(mapping, constraints), manifest, spaces)
    if isinstance(fits, str):
        yield fits
    if fits is not True:
        return
    if bound.trouble:
        yield bound.trouble
        return
    values = _values(bound, manifest, manifest.body, spaces)
    for _, condition in mappings(at(bound.policy, "spec", "matchConditions")):
        answer = _ask(str(condition.get("expression", "")), values)
        if answer.trouble:
            yield _shown(manifest, answer.trouble)
        if answer.value is not True:
            return
    for _, validation in mappings(at(bound.policy, "spec", "validations")):
        answer = _ask(str(validation.get("expression", "")), values)
        if answer.trouble:
            yield _shown(manifest, answer.trouble)
        elif answer.value is not True:
            words = _words(validation, _values(bound, manifest, unseen(manifest), spaces))
            yield _finding(manifest, f"{manifest.ref}: policy {bound.name} refuses it: {words}", bound.weight)


def _shown(manifest: Manifest, trouble: str) -> str:
    """Say what kept a question from an answer; of a Secret the library's words may be its values."""
    secret = (manifest.ref.group, manifest.ref.kind) == ("", "Secret")
    return "an expression of it fails, and why is not shown of a Secret" if secret else trouble


def _values(bound: Bound, manifest: Manifest, body: Body, spaces: Mapping[str, Body]) -> dict[str, Any]:
    ref = manifest.ref
    request = {
        "operation": "CREATE",
        "name": ref.name,
        "namespace": ref.namespace,
        "kind": {"group": ref.group, "version": manifest.version, "kind": ref.kind},
        "resource": {"group": ref.group, "version": manifest.version, "resource": resource_of(ref.kind)},
    }
    values: dict[str, Any] = dict.fromkeys(_NAMES)
    values |= {"object": body, "request": request, "params": bound.params}
    values |= {"namespaceObject": spaces.get(ref.namespace), "variables": {}}
    for _, variable in mappings(at(bound.policy, "spec", "variables")):
        answer = _ask(str(variable.get("expression", "")), values)
        if not answer.trouble:  # who uses one that is not there is told so
            values["variables"] = {**values["variables"], str(variable.get("name")): answer.value}
    return values


def _words(validation: Body, values: Mapping[str, Any]) -> str:
    said = _ask(str(validation["messageExpression"]), values) if validation.get("messageExpression") else Answer()
    if isinstance(said.value, str) and said.value.strip():
        return printable(said.value.strip(), LONGEST)
    return printable(str(validation.get("message") or validation.get("expression", "")).strip(), LONGEST)


def _ask(text: str, values: Mapping[str, Any]) -> Answer:
    compiled = _compiled(text)
    return Answer(trouble=compiled) if isinstance(compiled, str) else compiled.answer(values)


@lru_cache(maxsize=1_000)
def _compiled(text: str) -> Any:
    try:
        return anything(text, _NAMES)
    except ValueError as error:
        return f"an expression {error}"


def _of(known: Sequence[Manifest], kind: str) -> list[Body]:
    return [each.body for each in known if (each.ref.group, each.ref.kind) == (_GROUP, kind)]


def _name(body: Body) -> str:
    return printable(str(at(body, "metadata", "name")), 253)


def _finding(manifest: Manifest, sentence: str, weight: Weight) -> Finding:
    return Finding(
        rule=RULE, place=manifest.place_of(()), sentence=f"{sentence} ({RULE})", ref=manifest.ref, weight=weight
    )
