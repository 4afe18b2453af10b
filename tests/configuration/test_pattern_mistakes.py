"""Every mistake in a pattern of the operator's file is named at its line and column."""

from pathlib import Path

import pytest

from tests.configuration.operator_mistakes import CLUSTERS, FORGES, SHOP, check

ONE_NAMESPACE = (
    "may become one namespace: let them begin or end differently, or write both alike where they are to share it"
)
A_PATTERN = "'a-{name}': {cluster: dev, namespaces: ['{name}']}"
PATTERNS = {
    "a folder": (
        "'env-{name}': {cluster: dev, namespaces: ['{name}'], ¦path: 'envs/{name}'}",
        "a pattern allows names, and the repository's file says which folder each one has: leave 'path' out",
    ),
    "earlier names": (
        "'env-{name}': {cluster: dev, namespaces: ['{name}'], ¦formerly: [old]}",
        "one environment goes on with what an earlier one had: give that one an entry of its own",
    ),
    "elsewhere than in names": (
        "'env-{name}': {cluster: dev, namespaces: ['{name}'], branch: ¦'env/{name}'}",
        "'{name}' means nothing in 'branch': only in namespaces, namespace, url and service_account",
    ),
    "a path of one": (
        "qa: {cluster: dev, namespaces: [a], path: ¦'envs/{name}'}",
        "'{name}' stands for a part of the environment's name, and 'qa' has none: write this one's path",
    ),
    "a namespace of one": (
        "qa: {cluster: dev, namespaces: ¦['x-{name}']}",
        "'{name}' stands for a part of the environment's name, and 'qa' has none: write this one's namespaces",
    ),
    "twice in a name": (
        "¦'{name}-{name}': {cluster: dev, namespaces: [a]}",
        "'{name}-{name}' is no environment name: use lower-case letters, digits and '-', at most 63, such as staging",
    ),
    "no name at all": (
        "¦'Env-{name}': {cluster: dev, namespaces: ['{name}']}",
        "'Env-{name}' is no environment name: use lower-case letters, digits and '-', at most 63, such as staging",
    ),
    "two that fit the same": (
        "'env-{name}': {cluster: dev, namespaces: ['{name}']}\n      ¦'{name}-env': {cluster: dev, namespaces: [b]}",
        "'{name}-env' and 'env-{name}' of line LINE fit the same names: let them begin or end differently",
    ),
    "two that lead into one namespace": (
        f"{A_PATTERN}\n      'b-{{name}}': {{cluster: dev, namespaces: [tools, ¦'x-{{name}}']}}",
        f"'x-{{name}}' and '{{name}}' of line LINE {ONE_NAMESPACE}",
    ),
    "an account in another's namespace": (
        f"{A_PATTERN}\n      'b-{{name}}': {{cluster: dev, namespaces: [b], service_account: ¦'x-{{name}}/deployer'}}",
        f"'x-{{name}}' and '{{name}}' of line LINE {ONE_NAMESPACE}",
    ),
    "a namespace with another's account": (
        (
            "'a-{name}': {cluster: dev, namespaces: [a], service_account: 'x-{name}/deployer'}\n"
            "      'b-{name}': {cluster: dev, namespaces: [¦'{name}']}"
        ),
        f"'{{name}}' and 'x-{{name}}' of line LINE {ONE_NAMESPACE}",
    ),
    "two that run as one account": (
        (
            "'a-{name}': {cluster: dev, namespaces: [a], service_account: 'robots/x-{name}'}\n"
            "      'b-{name}': {cluster: dev, namespaces: [b], service_account: ¦'robots/{name}'}"
        ),
        (
            "'robots/{name}' and 'robots/x-{name}' of line LINE may become one service account: "
            "let them begin or end differently, or write both alike where they are to share it"
        ),
    ),
    "no namespace's name": (
        "'env-{name}': {cluster: dev, namespaces: [¦'X-{name}']}",
        "'namespaces' must be lower-case letters, digits and '-', at most 63, as Kubernetes names namespaces",
    ),
}


@pytest.mark.parametrize("case", PATTERNS)
def test_a_mistake_in_a_pattern_is_named_at_its_place(case: str, tmp_path: Path) -> None:
    """What a pattern cannot say, and where two could make the same of one name, is refused before anybody pushes."""
    marked, message = PATTERNS[case]
    head = f"{FORGES}{CLUSTERS}{SHOP}"
    line = head.lstrip("\n").count("\n") + 1
    check(f"{head}      {marked}\n", message.replace("LINE", str(line)), tmp_path)


def test_patterns_of_two_repositories_lead_into_no_common_namespace(tmp_path: Path) -> None:
    """Whose pushers choose names there would otherwise write where the others' run."""
    one = "  - repository: github/acme/shop\n    environments: {'a-{name}': {cluster: dev, namespaces: ['x-{name}']}}\n"
    two = "  - repository: github/acme/blog\n    environments: {'b-{name}': {cluster: dev, namespaces: [¦'{name}']}}\n"
    message = f"'{{name}}' and 'x-{{name}}' of line 9 {ONE_NAMESPACE}"
    check(FORGES + CLUSTERS + "projects:\n" + one + two, message, tmp_path)
