"""Write down what was found: the repository's file, and the lines that its operator adds."""

import re
from collections.abc import Sequence

import yaml

from cli.founding.looking import Found
from pushboat.config.excluding import line

BY_HAND = re.compile(r"(^|-)(prod|production|live)(-|$)")
"""Environments that follow no branch until somebody says so."""


def repository_file(found: Sequence[Found], branch: str) -> str:
    """Write `.pushboat.yaml`."""
    lines = [
        "# What Pushboat deploys, and from where. All keys: docs/configuration/README.md of Pushboat.",
        "environments:",
    ]
    for each in found:
        lines.append(f"  {_scalar(each.name)}:")
        if BY_HAND.search(each.name):
            lines.append(f"    # by `/deploy {each.name}` only, until it has a branch: {_scalar(branch)}")
        else:
            lines.append(f"    branch: {_scalar(branch)}")
        lines.append(f"    path: {_scalar(each.path)}")
        if each.values:
            lines.append(f"    helm: {{values: [{', '.join(map(_scalar, each.values))}]}}")
        if each.exclude:
            lines.append(f"    {line(each.exclude, most=len(each.exclude))}  # no manifests")
        if each.namespace:
            lines.append(f"    namespace: {_scalar(each.namespace)}")
    return "\n".join(lines) + "\n"


def operators_lines(found: Sequence[Found], repository: str, cluster: str, *, beside_others: bool = False) -> str:
    """Write the project that the operator adds to `pushboat.yaml`, or below its `projects` where it has others."""
    lines = [*([] if beside_others else ["projects:"]), f"  - repository: {_scalar(repository)}", "    environments:"]
    short = repository.rpartition("/")[2].lower()
    for each in found:
        namespace = each.namespace or f"{re.sub('[^a-z0-9-]+', '-', short)}-{each.name}"[:63].strip("-.")
        lines += [
            f"      {_scalar(each.name)}:",
            f"        cluster: {_scalar(cluster)}",
            f"        namespaces: [{_scalar(namespace)}]",
            "        create_namespaces: true",
        ]
    return "\n".join(lines) + "\n"


def _scalar(text: str) -> str:
    """Write a text so that YAML reads the same one back."""
    return yaml.safe_dump(text, width=10_000, allow_unicode=True).removesuffix("...\n").strip()
