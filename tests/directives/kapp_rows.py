"""What kapp's annotations mean."""

from tests.directives.row import BETTER, KAPP, kept, recreated, refused, row
from workers.manifests.directives.words import (
    Action,
    Directives,
    Mode,
    Recreate,
    Rule,
)

KAPPS = [
    row(f"{KAPP}/change-group", "apps.big.co/db", Directives(groups=("apps.big.co/db",))),
    row(f"{KAPP}/change-group.two", "{kind}-{namespace}-{name}", Directives(groups=("Job-shop-one",))),
    row(
        f"{KAPP}/change-rule",
        "upsert after upserting apps.big.co/db",
        Directives(rules=(Rule(key=f"{KAPP}/change-rule", action=Action.UPSERT, after=True, group="apps.big.co/db"),)),
    ),
    row(
        f"{KAPP}/change-rule.x",
        "upsert before upserting db",
        Directives(rules=(Rule(key=f"{KAPP}/change-rule.x", action=Action.UPSERT, after=False, group="db"),)),
    ),
    row(
        f"{KAPP}/change-rule.y",
        "delete before deleting db",
        Directives(rules=(Rule(key=f"{KAPP}/change-rule.y", action=Action.DELETE, after=False, group="db"),)),
    ),
    row(f"{KAPP}/change-rule", "upsert before deleting old", verdict=BETTER),
    row(f"{KAPP}/change-rule", "delete after upserting new", verdict=BETTER),
    refused(f"{KAPP}/change-rule", "upsert after deleting old", "what leaves git is deleted after everything else"),
    refused(f"{KAPP}/change-rule", "upsert after upserting", "is no rule: write `upsert after upserting GROUP`"),
    refused(f"{KAPP}/change-rule", "apply after applying x", "is no rule"),
    refused(f"{KAPP}/change-rule", "upsert after upserting change-groups.kapp.k14s.io/crds", "an order of their own"),
    row(f"{KAPP}/create-strategy", "fallback-on-update", verdict=BETTER),
    row(
        f"{KAPP}/update-strategy",
        "fallback-on-replace",
        recreated(f"{KAPP}/update-strategy", Recreate.WHERE_IMMUTABLE),
        BETTER,
    ),
    row(f"{KAPP}/update-strategy", "always-replace", recreated(f"{KAPP}/update-strategy", Recreate.INSTEAD_OF_UPDATE)),
    row(f"{KAPP}/update-strategy", "skip", Directives(mode=Mode.CREATE)),
    row(f"{KAPP}/update-strategy", ""),
    row(f"{KAPP}/delete-strategy", "orphan", kept(f"{KAPP}/delete-strategy", "orphan")),
    row(f"{KAPP}/noop", "", Directives(mode=Mode.IGNORE)),
    row(f"{KAPP}/exists", "", Directives(mode=Mode.EXPECT)),
    row(f"{KAPP}/disable-wait", "", Directives(waited=False)),
    row(f"{KAPP}/disable-original", ""),
    row(f"{KAPP}/deploy-logs", "for-new"),
    row(f"{KAPP}/identity", "v1;shop/batch/Job/one;batch/v1"),
    refused(f"{KAPP}/noop", "true", "an empty value only"),
    refused(f"{KAPP}/nonce", "", "every deployment would change the object"),
    refused(f"{KAPP}/versioned", "", "every deployment would leave another copy"),
    refused(f"{KAPP}/renew-duration", "1h", "not supported"),
    refused(f"{KAPP}/update-strategy", "replace", "does not know 'replace'"),
    refused(f"{KAPP}/no-such-thing", "", "is an annotation of kapp that Pushboat does not know"),
]
