"""Helm's annotations: hooks with their weights, and what is kept.

https://helm.sh/docs/topics/charts_hooks/. A hook of Helm belongs to the first deployment or to later ones; Argo CD
does not tell them apart, here it means what Helm means.
"""

from workers.manifests.directives.marks import Mark, Tool, choice, no_number, unknown, whole, words
from workers.manifests.directives.words import NOTHING, DeleteWhen, Directives, Hook, Keep, Occasion, Phase, slip

DOMAIN = "helm.sh"
RELEASES = "meta.helm.sh"
HOOKS = {
    f"{when}-{what}": Hook(phase, frozenset({occasion}), f"{when}-{what}")
    for when, phase in (("pre", Phase.BEFORE), ("post", Phase.AFTER))
    for what, occasion in (
        ("install", Occasion.FIRST),
        ("upgrade", Occasion.LATER),
        ("rollback", Occasion.ROLLBACK),
        ("delete", Occasion.REMOVAL),
    )
}
TESTS = ("test", "test-success")
"""They run when somebody says `helm test`, never in a deployment."""
BEFORE_HELM_3 = "crd-install"
"""A definition that came first by this word; definitions come first here by their kind."""
POLICIES = {
    "before-hook-creation": DeleteWhen.BEFORE_CREATION,
    "hook-succeeded": DeleteWhen.SUCCEEDED,
    "hook-failed": DeleteWhen.FAILED,
}


def _hook(mark: Mark) -> Directives:
    known = (*HOOKS, *TESTS, BEFORE_HELM_3)
    found = tuple(dict.fromkeys(word.lower() for word in words(mark)))
    if not found:
        return slip(mark.key, f"{mark.key} is empty: say {', '.join(HOOKS)}, or remove it")
    for word in found:
        if word not in known:
            return unknown(mark, word, known)
    if BEFORE_HELM_3 in found:
        return NOTHING
    return Directives(is_hook=True, hooks=tuple(HOOKS[word] for word in found if word in HOOKS))


def _weight(mark: Mark) -> Directives:
    number = whole(mark)
    return no_number(mark) if number is None else Directives(hook_weight=number)


def _policy(mark: Mark) -> Directives:
    found = tuple(word.lower() for word in words(mark))
    for word in found:
        if word not in POLICIES:
            return unknown(mark, word, tuple(POLICIES))
    return Directives(delete_when=frozenset(POLICIES[word] for word in found))


TOOL = Tool(
    name="Helm",
    domains=(DOMAIN, RELEASES),
    meanings={
        f"{DOMAIN}/hook": _hook,
        f"{DOMAIN}/hook-weight": _weight,
        f"{DOMAIN}/hook-delete-policy": _policy,
        f"{DOMAIN}/resource-policy": choice(
            {"keep": Directives(keeps=(Keep(key=f"{DOMAIN}/resource-policy", said="keep"),))}, folded=True
        ),
    },
    inert={
        f"{DOMAIN}/hook-output-log-policy": "it is about what Helm prints; a failed hook's last lines are kept here",
        f"{DOMAIN}/chart": "a name for people",
        f"{RELEASES}/release-name": "Helm's own mark; `adopt: [helm]` takes the object over",
        f"{RELEASES}/release-namespace": "Helm's own mark; `adopt: [helm]` takes the object over",
    },
)
