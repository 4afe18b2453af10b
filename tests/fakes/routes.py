"""A Flask whose routes are worked out once for all forges of a kind: each test has one of its own, with a hundred."""

from collections.abc import Callable
from threading import Lock
from typing import Any, NoReturn

from flask import Flask
from werkzeug.routing import Map, MapAdapter, Rule, RuleFactory

_WORKED_OUT: dict[object, Map] = {}
"""Routes as an application named them, and what leads to each."""
_WORKING = Lock()


class Route(Rule):
    """A route that leads in: no code is written that builds its address, which is what takes the time."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., NoReturn]:
        return _has_no_address


class Plan(Map):
    """Routes as they were named, worked out with the first request where no application had the very same ones."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._named: list[Rule] = []
        self._key: object = None

    def add(self, rulefactory: RuleFactory) -> None:
        """Note a route."""
        self._named.extend(rulefactory.get_rules(self))
        self._key = None

    def bind_to_environ(self, *where: Any, **more: Any) -> MapAdapter:
        """Lead a request in."""
        return self._worked_out().bind_to_environ(*where, **more)

    def _worked_out(self) -> Map:
        with _WORKING:
            self._key = self._key or tuple(_words(rule) for rule in self._named)
            if self._key not in _WORKED_OUT:
                _WORKED_OUT[self._key] = Map(self._named, host_matching=self.host_matching)
            return _WORKED_OUT[self._key]


class Routes(Flask):
    """An application whose routes are never asked for their addresses."""

    url_rule_class = Route
    url_map_class = Plan


def _words(rule: Rule) -> object:
    how = (rule.defaults, rule.subdomain, rule.host, rule.strict_slashes, rule.merge_slashes, rule.redirect_to)
    return rule.rule, rule.endpoint, frozenset(rule.methods or ()), repr(how)


def _has_no_address(route: Route, **_: object) -> NoReturn:
    raise NotImplementedError(f"{route} is asked for its address: use Flask itself here")
