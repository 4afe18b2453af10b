"""The operator's own words for notices, as Jinja templates in a sandbox: nothing but the fields they are given.

Loaded by name where a file has templates, so that nobody else pays for Jinja.
"""

from collections.abc import Mapping

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST = 4_000
"""Characters of what a template makes."""

# What is made is plain text, in which nothing is markup; without globals no template counts to a billion.
_SANDBOX = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
_SANDBOX.globals.clear()


def refused(template: str, sample: Mapping[str, str]) -> str:
    """Say what is wrong with a template, given what it is filled with; empty where nothing is."""
    try:
        unknown = sorted(meta.find_undeclared_variables(_SANDBOX.parse(template)) - sample.keys())
        if unknown:
            return f"knows no field {unknown[0]}: there are {', '.join(sample)}"
        filled(template, sample)
    except TemplateSyntaxError as error:
        return f"is no Jinja template: line {error.lineno} of it: {error.message}"
    except (TemplateError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        return f"cannot be filled ({type(error).__name__}: {str(error)[:100]})"
    return ""


def filled(template: str, values: Mapping[str, str]) -> str:
    """Fill a template that was accepted."""
    return _SANDBOX.from_string(template).render(values)[:LONGEST]
