"""kapp's annotations: groups and rules of order, and how an object is written and deleted.

https://carvel.dev/kapp/docs/latest/apply/ and /apply-ordering/. Most take an empty value, and only that.
"""

import re

from workers.manifests.directives.marks import Mark, Meaning, Tool, choice, refused, said
from workers.manifests.directives.words import NOTHING, Action, Directives, Keep, Mode, Recreate, Rule, slip

DOMAIN = "kapp.k14s.io"
_BUILT_IN_GROUPS = "change-groups.kapp.k14s.io/"
_UPDATE = f"{DOMAIN}/update-strategy"
_DELETE = f"{DOMAIN}/delete-strategy"
_PLACEHOLDER = re.compile(r"\{(api-group|kind|name|namespace|crd-group|crd-kind)\}")
_RULES = ("upsert after upserting GROUP", "delete before deleting GROUP")
_ALWAYS_SO = frozenset({("upsert", "before", "deleting"), ("delete", "after", "upserting")})
"""Objects leave after everything new is healthy, whatever a rule says."""
_NEVER_SO = frozenset({("upsert", "after", "deleting"), ("delete", "before", "upserting")})


def _named(mark: Mark, name: str) -> str:
    """Fill in what a group's name says about the object itself."""
    parts = {
        "api-group": mark.at("apiVersion").rpartition("/")[0],
        "kind": mark.at("kind"),
        "name": mark.at("metadata", "name"),
        "namespace": mark.at("metadata", "namespace"),
        "crd-group": mark.at("spec", "group"),
        "crd-kind": mark.at("spec", "names", "kind"),
    }
    return _PLACEHOLDER.sub(lambda found: parts[found[1]], name)


def _group(mark: Mark) -> Directives:
    name = _named(mark, mark.value.strip())
    return Directives(groups=(name,)) if name else slip(mark.key, f"{mark.key} names no group")


def _rule(mark: Mark) -> Directives:
    parts = tuple(mark.value.split())
    if len(parts) != 4 or parts[0] not in ("upsert", "delete") or parts[1] not in ("before", "after"):
        return _no_rule(mark)
    group = _named(mark, parts[3])
    if parts[2] not in ("upserting", "deleting"):
        return _no_rule(mark)
    if group.startswith(_BUILT_IN_GROUPS):
        return refused(mark, "kinds have an order of their own here; name a group that your objects are in")
    if parts[:3] in _ALWAYS_SO:
        return NOTHING
    if parts[:3] in _NEVER_SO:
        return refused(mark, "what leaves git is deleted after everything else is healthy; remove the rule")
    return Directives(rules=(Rule(key=mark.key, action=Action(parts[0]), after=parts[1] == "after", group=group),))


def _no_rule(mark: Mark) -> Directives:
    return slip(mark.key, f"{said(mark)} is no rule: write `{_RULES[0]}` or `{_RULES[1]}`")


def _empty(meant: Directives) -> Meaning:
    """Make the meaning of an annotation that kapp knows with an empty value only."""

    def meaning(mark: Mark) -> Directives:
        return meant if not mark.value else slip(mark.key, f"{said(mark)}: kapp knows it with an empty value only")

    return meaning


_CREATIONS = ("", "fallback-on-update", "fallback-on-update-or-noop")
"""An apply creates or updates, whichever is due."""
_VERSIONED = "every deployment would leave another copy; let kustomize generate the name, or remove it"
_REPLICAS = "a rollout is healthy when all of it is; remove it"
TOOL = Tool(
    name="kapp",
    domains=(DOMAIN,),
    meanings={
        f"{DOMAIN}/change-group": _group,
        f"{DOMAIN}/change-rule": _rule,
        f"{DOMAIN}/create-strategy": choice(dict.fromkeys(_CREATIONS, NOTHING)),
        _UPDATE: choice(
            {
                "": NOTHING,
                "fallback-on-replace": Directives(recreate=Recreate.WHERE_IMMUTABLE, recreate_key=_UPDATE),
                "always-replace": Directives(recreate=Recreate.INSTEAD_OF_UPDATE, recreate_key=_UPDATE),
                "skip": Directives(mode=Mode.CREATE),
            }
        ),
        _DELETE: choice({"": NOTHING, "orphan": Directives(keeps=(Keep(key=_DELETE, said="orphan"),))}),
        f"{DOMAIN}/noop": _empty(Directives(mode=Mode.IGNORE)),
        f"{DOMAIN}/exists": _empty(Directives(mode=Mode.EXPECT)),
        f"{DOMAIN}/disable-wait": _empty(Directives(waited=False)),
    },
    patterns=(
        (re.compile(r"kapp\.k14s\.io/change-group\..+"), _group),
        (re.compile(r"kapp\.k14s\.io/change-rule\..+"), _rule),
    ),
    inert={
        **{
            f"{DOMAIN}/{name}": "kapp's own mark"
            for name in ("identity", "original", "original-diff", "original-diff-md5", "last-renewed-time")
        },
        f"{DOMAIN}/disable-original": "nothing of the kind is stored on objects",
        f"{DOMAIN}/disable-associated-resources-wait": "health is judged by the object itself",
        f"{DOMAIN}/disable-label-scoping": "labels and selectors stay as they are written",
        f"{DOMAIN}/disable-default-label-scoping-rules": "labels and selectors stay as they are written",
        f"{DOMAIN}/disable-default-ownership-label-rules": "nothing is added to templates",
        f"{DOMAIN}/deploy-logs": "a failed deployment keeps the last lines of its containers",
        f"{DOMAIN}/deploy-logs-container-names": "a failed deployment keeps the last lines of its containers",
        f"{DOMAIN}/owned-for-deletion": "what is of this environment is deleted with it",
    },
    refused={
        f"{DOMAIN}/nonce": "every deployment would change the object, whatever git says; remove it",
        f"{DOMAIN}/renew-duration": "nothing changes in the cluster that did not change in git; remove it",
        f"{DOMAIN}/versioned": _VERSIONED,
        f"{DOMAIN}/versioned-explicit-ref": _VERSIONED,
        f"{DOMAIN}/versioned-keep-original": _VERSIONED,
        f"{DOMAIN}/num-versions": _VERSIONED,
        f"{DOMAIN}/disable-default-change-group-and-rules": "kinds have an order of their own here; remove it",
        f"{DOMAIN}/apps-v1-deployment-wait-minimum-replicas-available": _REPLICAS,
        f"{DOMAIN}/apps-v1-daemonset-wait-minimum-replicas-available": _REPLICAS,
    },
)
