"""What a case is: a file's text or bytes under a name, with NAME where an object has its own."""

from collections.abc import Mapping

Cases = Mapping[str, str | bytes]
HEAD = "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: NAME}\n"
SECOND = HEAD.replace("NAME", "NAME-b")


def spec(value: str) -> str:
    """Write an object with this one value."""
    return f"{HEAD}spec: {value}\n"


def block(lines: str) -> str:
    """Write an object with these lines below `spec`."""
    return f"{HEAD}spec:\n" + "".join(f"  {line}\n" if line else "\n" for line in lines.split("\n"))
