"""Why something may not start yet: each kind of hold in `pushboat/routing/holds/kinds/`."""

from cli.explaining.words import row

HOLDS, FILE = "holds.md", "configuration/environments.md#projectsenvironmentsname"

WAITS = (
    row(
        "hold-approval",
        "The environment wants somebody else to approve this commit first.",
        "`approvals` in one of the two files says how many must.",
        "Somebody who did not open, push or ask for it says yes to this commit.",
        "/deploy approve production",
        "configuration/promotion-and-approvals.md#approvals",
    ),
    row(
        "hold-freeze",
        "The operator's file says that nothing new starts in this window of time.",
        "A weekend, a holiday, a sale.",
        "Wait for its end, or break the glass with a reason, which is on record.",
        'pushboat deploy github/acme/shop production --break-glass "customers cannot order"',
        FILE,
    ),
    row(
        "hold-gate",
        "A program that is asked first has not said yes yet.",
        "The operator's file lists it under `gates`. It is asked again by itself.",
        "Look at what it says; try it.",
        "pushboat gate ask github/acme/shop production",
        "configuration/health-and-gates.md#gates",
    ),
    row(
        "hold-lock",
        "Somebody has locked the environment for themselves.",
        "They do something there that a deployment would disturb.",
        "Ask them, or unlock it: they may, and so may whoever may deploy there.",
        "pushboat unlock github/acme/shop staging",
        HOLDS,
    ),
    row(
        "hold-merge-group",
        "A group of the merge queue is deployed here before it merges.",
        "`merge_queue: deploy` tries a group out before it lands.",
        "Wait until the queue has merged or dropped it.",
        "pushboat holds github/acme/shop staging",
        "configuration/forges.md#the-merge-queue",
    ),
    row(
        "hold-needs",
        "Another environment must be healthy at this commit first.",
        "`needs` in the repository's file says so.",
        "Bring the commit there, or mend what keeps it from being healthy there.",
        "needs: [qa]",
        HOLDS,
    ),
    row(
        "hold-pause",
        "The operator has paused the environment.",
        "Somebody works on the cluster.",
        "Wait, or have the operator resume it.",
        "pushboat resume github/acme/shop staging",
        HOLDS,
    ),
    row(
        "hold-pin",
        "The environment was rolled back, and stays at that release.",
        "Otherwise the next push would bring the bad one again.",
        "Mend it in git, then unlock.",
        "pushboat unlock github/acme/shop staging",
        "configuration/command-line.md#releases-and-rollback",
    ),
    row(
        "hold-reviewers",
        "The forge's own environment of this name wants a review first.",
        "Its required reviewers count here as they do in the forge's workflows.",
        "One of those that are named approves.",
        "/deploy approve production",
        "configuration/forges.md#the-forges-own-deployments-and-environments",
    ),
    row(
        "hold-timer",
        "The forge's own environment of this name has a wait timer.",
        "It counts here as it does in the forge's workflows.",
        "Wait, or change the timer at the forge.",
        "forge_environments: ignore",
        "configuration/forges.md#the-forges-own-deployments-and-environments",
    ),
    row(
        "hold-unmerged",
        "The environment is at a pull request that is not merged yet.",
        "Somebody said /deploy there to try it out, and pushes to the branch would take it away.",
        "Merge or close the pull request, or unlock.",
        "pushboat unlock github/acme/shop staging",
        "configuration/comments.md#a-pull-request-before-its-merge",
    ),
)
