"""Argo CD's annotations: hooks, waves and sync options.

https://argo-cd.readthedocs.io/en/stable/user-guide/annotations-and-labels/ lists them. Most options are an
application's; on an object they are read too.
"""

from workers.manifests.directives.marks import Mark, Tool, choice, no_number, refused, unknown, whole, words
from workers.manifests.directives.words import (
    NOTHING,
    DeleteWhen,
    Directives,
    Hook,
    Keep,
    Occasion,
    Phase,
    Propagation,
    Recreate,
    joined,
    slip,
)

DOMAIN = "argocd.argoproj.io"
_EVERY_SYNC = frozenset({Occasion.FIRST, Occasion.LATER, Occasion.ROLLBACK})
_AT_REMOVAL = frozenset({Occasion.REMOVAL})
HOOKS = {
    "PreSync": Hook(Phase.BEFORE, _EVERY_SYNC, "PreSync"),
    "Sync": Hook(Phase.SYNC, _EVERY_SYNC, "Sync"),
    "PostSync": Hook(Phase.AFTER, _EVERY_SYNC, "PostSync"),
    "SyncFail": Hook(Phase.ON_FAILURE, _EVERY_SYNC, "SyncFail"),
    "PreDelete": Hook(Phase.BEFORE, _AT_REMOVAL, "PreDelete"),
    "PostDelete": Hook(Phase.AFTER, _AT_REMOVAL, "PostDelete"),
}
SKIP = "Skip"
POLICIES = {
    "BeforeHookCreation": DeleteWhen.BEFORE_CREATION,
    "HookSucceeded": DeleteWhen.SUCCEEDED,
    "HookFailed": DeleteWhen.FAILED,
}
_REPLACED_IN_PLACE = ("CustomResourceDefinition", "Namespace")
"""Argo CD never deletes these to replace them; what is left of the option is what every apply does here."""
_PROPAGATIONS = {each.value.lower(): Directives(propagation=each) for each in Propagation}
_OPTIONS: dict[str, dict[str, str]] = {
    "Prune": {"true": "", "false": "keep", "confirm": "ask"},
    "Delete": {"true": "", "false": "keep", "confirm": "ask"},
    "Replace": {"true": "replace", "false": ""},
    "Force": {"true": "force", "false": ""},
    "Validate": {"true": "", "false": "unchecked"},
    "SkipDryRunOnMissingResource": {"true": "unknown kind", "false": ""},
}
"""Options that mean something on an object, by their values."""
OF_NO_CONSEQUENCE = {
    "PruneLast": "objects leave after everything new is healthy, always",
    "ApplyOutOfSyncOnly": "what is as it should be is never written",
    "ServerSideApply": "every object is applied server-side",
    "ClientSideApplyMigration": "fields are taken over from client-side apply, once",
    "RespectIgnoreDifferences": "ignored fields are left alone in every apply",
    "FailOnSharedResource": "an object of somebody else is refused, always",
    "CreateNamespace": "`create_namespaces` in the operator's file decides",
}
COMPARISONS = {
    "IgnoreExtraneous": "objects that are not in git are no drift of it",
    "ServerSideDiff": "what an apply would change is asked of the API server, always",
    "IncludeMutationWebhook": "what a webhook adds belongs to it and is no drift",
}


def _hook(mark: Mark) -> Directives:
    known = (*HOOKS, SKIP)
    found = words(mark)
    if not found:
        return slip(mark.key, f"{mark.key} is empty: say {', '.join(HOOKS)}, or remove it")
    for word in found:
        if word not in known:
            return unknown(mark, word, known)
    return Directives(is_hook=True, hooks=tuple(HOOKS[word] for word in dict.fromkeys(found) if word != SKIP))


def _policy(mark: Mark) -> Directives:
    for word in words(mark):
        if word not in POLICIES:
            return unknown(mark, word, tuple(POLICIES))
    return Directives(delete_when=frozenset(POLICIES[word] for word in words(mark)))


def _wave(mark: Mark) -> Directives:
    number = whole(mark)
    return no_number(mark) if number is None else Directives(wave=number)


def _options(mark: Mark) -> Directives:
    """Read all options; one that is wrong takes none of the others away, for they may keep an object in a cluster."""
    found, wrong, forced, replaced = NOTHING, NOTHING, False, False
    for word in dict.fromkeys(words(mark)):
        name, _, value = word.partition("=")
        meaning = _OPTIONS.get(name, {}).get(value)
        forced, replaced = forced or meaning == "force", replaced or meaning == "replace"
        option = _option(mark, word, meaning)
        if option.slips:
            wrong = wrong if wrong.slips else option
        else:
            found = joined(found, option)
    if forced or (replaced and mark.at("kind") not in _REPLACED_IN_PLACE):
        often = Recreate.INSTEAD_OF_UPDATE if forced and replaced else Recreate.WHERE_IMMUTABLE
        found = joined(found, Directives(recreate=often, recreate_key=mark.key))
    return joined(found, wrong)


def _option(mark: Mark, word: str, meaning: str | None) -> Directives:
    name, _, value = word.partition("=")
    if meaning in ("keep", "ask"):
        return Directives(keeps=(Keep(key=mark.key, said=word, asks=meaning == "ask"),))
    if meaning == "unknown kind":
        return Directives(may_be_unknown=True)
    if meaning == "unchecked":
        why = "every object is held against the cluster's schema: correct the object and remove the option"
        return slip(mark.key, f"{mark.key}: {word} is not supported: {why}")
    if meaning is not None or name in OF_NO_CONSEQUENCE:
        return NOTHING
    if name == "PrunePropagationPolicy" and value in _PROPAGATIONS:
        return _PROPAGATIONS[value]
    values = {each: tuple(known) for each, known in _OPTIONS.items()}
    values["PrunePropagationPolicy"] = tuple(_PROPAGATIONS)
    if name in values:
        return unknown(mark, word, tuple(f"{name}={each}" for each in values[name]))
    return unknown(
        mark, word, (*(f"{each}={value}" for each in values), *(f"{each}=true" for each in OF_NO_CONSEQUENCE))
    )


def _comparison(mark: Mark) -> Directives:
    for word in words(mark):
        if word.partition("=")[0] not in COMPARISONS:
            return unknown(mark, word, tuple(COMPARISONS))
    return NOTHING


def _unhealthy_pods(mark: Mark) -> Directives:
    if mark.value != "true":
        return NOTHING
    return refused(mark, "a Pod that may end is healthy once it has succeeded; remove it, or let a Deployment run it")


_UNWAITED = choice({"true": Directives(waited=False), "false": NOTHING})

_APPLICATIONS = "it is about an Argo CD application, which Pushboat does not run"
TOOL = Tool(
    name="Argo CD",
    domains=(DOMAIN,),
    meanings={
        f"{DOMAIN}/hook": _hook,
        f"{DOMAIN}/hook-delete-policy": _policy,
        f"{DOMAIN}/sync-wave": _wave,
        f"{DOMAIN}/sync-options": _options,
        f"{DOMAIN}/compare-options": _comparison,
        f"{DOMAIN}/ignore-healthcheck": _UNWAITED,
        f"{DOMAIN}/ignore-restart-policy": _unhealthy_pods,
    },
    inert={
        f"{DOMAIN}/tracking-id": "Argo CD's own mark; whose an object is stands in the inventory",
        f"{DOMAIN}/installation-id": "Argo CD's own mark",
        f"{DOMAIN}/instance": "Argo CD's own mark",
        f"{DOMAIN}/ignore-resource-updates": "it spares Argo CD's own work",
        f"{DOMAIN}/ignore-default-links": "it is about Argo CD's pages",
        **{
            f"{DOMAIN}/{name}": _APPLICATIONS
            for name in (
                "application-set-refresh", "client-side-apply-migration-manager", "deletion-approved", "hydrate",
                "hydrate-timestamp", "managed-by-url", "manifest-generate-paths", "refresh", "refresh-timestamp",
                "skip-reconcile",
            )
        },
    },
    refused={
        f"{DOMAIN}/health-aggregate-overrides": "health has one meaning here; remove it, or write a `health` rule in "
        "the operator's file",
    },
)  # fmt: skip
