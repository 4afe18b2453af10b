"""Texts with `{name}` in them: a path, an environment's name or a namespace of which folders' names make many."""

from dataclasses import dataclass

from pushboat.config.urls import seen_address
from pushboat.config.values import dns_label, environment_name, impersonated

NAME = "{name}"


@dataclass(frozen=True, slots=True)
class Way:
    """A path with `{name}`, taken apart: `before` and `after` it in its own part of the path, `rest` below that."""

    folder: str
    before: str
    after: str
    rest: str

    def part(self, name: str) -> str:
        """Give what stands for `{name}` in a folder's name; empty where it does not fit, or is hidden by its dot."""
        if name.startswith(".") and not self.before:
            return ""
        fits = name.startswith(self.before) and name.endswith(self.after)
        return name[len(self.before) : len(name) - len(self.after)] if fits else ""

    def path(self, name: str) -> str:
        """Give the whole path by way of a folder's name."""
        return "/".join(each for each in (self.folder, name, self.rest) if each)


def way_of(path: str) -> Way:
    """Take a path apart that has `{name}` in it once."""
    before, _, after = path.partition(NAME)
    folder, _, before = before.rpartition("/")
    after, _, rest = after.partition("/")
    return Way(folder, before, after, rest)


def entry_name(name: str) -> str:
    """Accept the key of an entry: an environment's name, or what such names are made of."""
    environment_name(name.replace(NAME, "x", 1))
    return name


def entry_namespace(name: str) -> str:
    """Accept a namespace, or what its name is made of."""
    dns_label(name.replace(NAME, "x", 1))
    return name


def entry_account(name: str) -> str:
    """Accept a service account, or what its name is made of."""
    impersonated(name.replace(NAME, "x"))
    return name


def entry_url(url: str) -> str:
    """Accept an address under which people look, or what many such are made of."""
    seen_address(url.replace(NAME, "x"))
    return url


def filled(text: str, part: str) -> str:
    """Put a folder's part in the place of `{name}`."""
    return text.replace(NAME, part)


def has_name(value: object) -> bool:
    """Say whether `{name}` stands anywhere in a value of a file."""
    if isinstance(value, dict):
        return any(map(has_name, value.values()))
    return any(map(has_name, value)) if isinstance(value, list) else NAME in str(value)
