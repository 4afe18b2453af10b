"""OpenAPI schemas to rules, once for each document: built-in kinds, aggregated ones, and those of CRDs.

The API server holds objects against these schemas in two ways. A custom resource is validated by all that its schema
says. A built-in one is decoded into Go types, so shapes and names count, while its `required` is a hint: many such
fields may be left out (a PriorityClass's value is 0 then). Which of them the server insists on stands in `insisting`.
"""

import threading
from collections.abc import Mapping
from typing import Any

from workers.review.schema.insisting import insisted
from workers.review.schema.judging import judges, one_of
from workers.review.schema.parts import Schema, inner, names, several, word
from workers.review.schema.words import ABSENT, ListKind, Rule, Shape

_KINDS = "x-kubernetes-group-version-kind"
_LOCAL = "#/components/schemas/"
_BUILT_IN = (
    "io.k8s.api.",
    "io.k8s.apimachinery.",
    "io.k8s.apiextensions-apiserver.",
    "io.k8s.kube-aggregator.",
)
_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
_SHAPES: dict[str, tuple[Shape, frozenset[type]]] = {
    "object": (Shape.OBJECT, frozenset((dict,))),
    "array": (Shape.LIST, frozenset((list,))),
    "string": (Shape.TEXT, frozenset((str,))),
    "integer": (Shape.INTEGER, frozenset((int,))),
    "number": (Shape.NUMBER, frozenset((int, float))),
    "boolean": (Shape.BOOLEAN, frozenset((bool,))),
}
_LISTS = {"set": ListKind.SET, "map": ListKind.MAP}


class Compiled:
    """The rules of one group and version, made as they are asked for; threads may share them."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self.schemas = schemas
        self._made: dict[tuple[str, bool], Rule] = {}
        self._making = threading.RLock()
        self._names = {
            (word(kind, "group"), word(kind, "version"), word(kind, "kind")): name
            for name, schema in schemas.items()
            for kind in (several(schema, _KINDS) if isinstance(schema, Mapping) else ())
            if isinstance(kind, Mapping)
        }

    def find(self, group: str, version: str, kind: str) -> Rule | None:
        """Find the rule for a kind."""
        name = self._names.get((group, version, kind))
        if name is None:
            return None
        return self.named(name, of_a_crd=not name.startswith(_BUILT_IN) and not _refers(self.schemas[name]))

    def is_built_in(self, group: str, version: str, kind: str) -> bool:
        """Say whether the API server itself brings a kind, so that no CRD can define it."""
        return self._names.get((group, version, kind), "").startswith(_BUILT_IN)

    @property
    def of_every_object(self) -> dict[str, Rule]:
        """Give the fields that every object has, whether its schema says so or not."""
        text = Rule(shape=Shape.TEXT, types=frozenset((str,)))
        return {"apiVersion": text, "kind": text, "metadata": self.named(_META, of_a_crd=False)}

    def named(self, name: str, *, of_a_crd: bool) -> Rule:
        """Give the rule of a named schema; it is there before it is filled, because schemas may hold themselves."""
        of_a_crd = of_a_crd and not name.startswith(_BUILT_IN)
        with self._making:
            if (name, of_a_crd) not in self._made:
                self._made[name, of_a_crd] = rule = Rule()
                _fill(rule, inner(self.schemas, name), self, name, of_a_crd=of_a_crd)
            return self._made[name, of_a_crd]


def rule_of(schema: Any, within: Compiled, *, of_a_crd: bool) -> Rule:
    """Make the rule of one schema; what is none allows anything."""
    if not isinstance(schema, Mapping):
        return Rule()
    if name := _reference(schema):
        return within.named(name, of_a_crd=of_a_crd)
    rule = Rule()
    _fill(rule, schema, within, "", of_a_crd=of_a_crd)
    return rule


def _fill(rule: Rule, schema: Schema, within: Compiled, name: str, *, of_a_crd: bool) -> None:
    _shape(rule, schema)
    if rule.shape is Shape.OBJECT:
        _fill_object(rule, schema, within, name, of_a_crd=of_a_crd)
    elif rule.shape is Shape.LIST:
        _fill_list(rule, schema, within, of_a_crd=of_a_crd)
    rule.judges = judges(schema, rule.shape, of_a_crd=of_a_crd)
    rule.is_nullable = bool(schema.get("nullable"))
    rule.refuses_null = of_a_crd and rule.shape is not Shape.ANY and not rule.is_nullable and "default" not in schema
    if rule.shape not in (Shape.OBJECT, Shape.LIST) and not rule.judges:
        rule.simple = rule.types


def _shape(rule: Rule, schema: Schema) -> None:
    if schema.get("x-kubernetes-int-or-string") or word(schema, "format") == "int-or-string":
        rule.shape, rule.types = Shape.WHOLE_OR_TEXT, frozenset((int, str))
    elif (of := word(schema, "type")) in _SHAPES:
        rule.shape, rule.types = _SHAPES[of]
    elif _is_quantity(schema):
        rule.shape, rule.types = Shape.QUANTITY, frozenset((int, float, str))


def _is_quantity(schema: Schema) -> bool:
    """Tell a quantity: text or a number, as the API writes it."""
    types = {word(each, "type") if isinstance(each, Mapping) else "" for each in several(schema, "oneOf")}
    return bool(types) and types <= {"string", "number", "integer"}


def _fill_object(rule: Rule, schema: Schema, within: Compiled, name: str, *, of_a_crd: bool) -> None:
    properties, others = inner(schema, "properties"), schema.get("additionalProperties")
    rule.fields = {key: rule_of(each, within, of_a_crd=of_a_crd) for key, each in properties.items()}
    if isinstance(others, Mapping):
        rule.values = rule_of(others, within, of_a_crd=of_a_crd)
    rule.is_open = (
        bool(schema.get("x-kubernetes-preserve-unknown-fields"))
        or others is True
        or (not properties and others is None)  # a RawExtension takes whatever is written; a CRD's drops it in silence
    )
    rule.required = _required(schema, name, of_a_crd=of_a_crd)
    rule.nothing = (None,) if of_a_crd else (None, "", [])  # Go does not tell them apart
    for key in () if of_a_crd else insisted(name) & rule.fields.keys():
        _choose_among(rule.fields[key], inner(properties, key))
    if schema.get("x-kubernetes-embedded-resource"):
        rule.fields = {**rule.fields, **within.of_every_object}
        rule.required = tuple({*rule.required, "apiVersion", "kind"})


def _required(schema: Schema, name: str, *, of_a_crd: bool) -> tuple[str, ...]:
    required = names(schema, "required")
    if not of_a_crd:
        return tuple(key for key in required if key in insisted(name))
    properties = inner(schema, "properties")
    return tuple(key for key in required if "default" not in inner(properties, key))


def _choose_among(rule: Rule, schema: Schema) -> None:
    """Add what a field's schema calls its only values, for itself or for the items of its list."""
    if rule.item is not None:
        _choose_among(rule.item, inner(schema, "items"))
    elif allowed := several(schema, "enum"):
        rule.judges, rule.simple = (*rule.judges, one_of(("", *allowed))), frozenset()


def _fill_list(rule: Rule, schema: Schema, within: Compiled, *, of_a_crd: bool) -> None:
    items = schema.get("items")
    rule.item = rule_of(items, within, of_a_crd=of_a_crd)
    rule.list_kind = _LISTS.get(word(schema, "x-kubernetes-list-type"), ListKind.ATOMIC)
    if rule.list_kind is ListKind.MAP:
        rule.keys = tuple((key, _default(items, key, within)) for key in names(schema, "x-kubernetes-list-map-keys"))


def _default(items: Any, key: str, within: Compiled) -> Any:
    name = _reference(items) if isinstance(items, Mapping) else ""
    schema = inner(within.schemas, name) if name else items
    return inner(inner(schema, "properties"), key).get("default", ABSENT)


def _reference(schema: Schema) -> str:
    """Give the name that a schema stands for: alone, or wrapped so that it may have a default."""
    wrapped = several(schema, "allOf")
    only = wrapped[0] if len(wrapped) == 1 and isinstance(wrapped[0], Mapping) else {}
    return (word(schema, "$ref") or word(only, "$ref")).removeprefix(_LOCAL)


def _refers(schema: Any) -> bool:
    """Say whether a schema is made of others than the metadata of all objects: Go types are, those of CRDs are not."""
    if isinstance(schema, Mapping):
        target = word(schema, "$ref")
        if target and not target.removeprefix(_LOCAL).startswith("io.k8s.apimachinery."):
            return True
        return any(_refers(each) for each in schema.values())
    return isinstance(schema, list) and any(_refers(each) for each in schema)
