"""Blocks of commands that no test runs as they stand, each with the reason; by page and first line.

What they say to `pushboat` is read as the command line would all the same (test_commands_are_read.py).
"""

from collections.abc import Mapping

SUITE = "it runs the suite, or a part of it, of which this test is one"
CLUSTER = "the tests' own control plane stands for it; tests/devcluster starts others"
PROGRAMS = "neither age nor sops is installed where tests run; tests/sops reads what they write"
PROMOTED = "it wants two environments with a history; tests/stories/test_a_release_is_promoted.py makes them"
ROLLED = "it wants releases to go back to; tests/stories/test_a_release_is_brought_back.py makes them"
HELD = "it wants somebody who waits; tests/stories/test_each_hold_on_each_forge.py makes them"
DRIFTED = "it wants a change by hand; tests/stories/test_drift_goes_to_git.py makes one"
PLANNED = "it wants a commit that runs already; tests/stories/test_a_work_tree_is_planned.py deploys one"
TAKEN_OVER = "it wants objects of another tool; tests/conformance and tests/cluster make them"
DESTROYED = "it deletes what runs; tests/stories/test_an_environment_is_destroyed.py does that"
LOST = "it wants a lost cluster, or a lost store; tests/stories/test_a_lost_cluster_comes_back.py and _store_ lose one"
COPIED = "it wants a store to move into; tests/receiving/test_a_store_moves_under_load.py moves into one"
GRANTED = "it wants a cluster that knows rights; tests/rights applies what is printed, and deploys with it"
MOVED = "it wants two forges; tests/cli/test_hook_install.py installs on each"

HELD_ELSEWHERE: Mapping[str, str] = {
    "docs/installation.md": "tests/packaging/test_the_installation_page_is_true.py",
}
"""Pages whose blocks are about machines that tests do not have, and the test that holds each line of them."""

NOT_RUN: Mapping[tuple[str, str], str] = {
    ("CONTRIBUTING.md", "make install     # .venv with everything"): SUITE,
    (
        "CONTRIBUTING.md",
        "git clone --quiet $PUSHBOAT_SOURCE pushboat     # the address of the repository, or your fork of it",
    ): ("it installs a second time, for minutes; tried by hand, word for word, before it was written"),
    ("README.md", "make demo     # the main job on this machine: a real control plane, five pushes, a table"): SUITE,
    ("docs/fuzzing.md", "make fuzz                                   # every target for 20 seconds, two at a time"): (
        "it fuzzes for minutes; CI does, with the same words"
    ),
    (
        "docs/configuration/encrypted-files.md",
        "age-keygen -o keys/staging.agekey      # on the operator's side, which lists the file under `decryption`",
    ): PROGRAMS,
    ("docs/how-to/secrets.md", "   age-keygen -o keys/staging.agekey"): PROGRAMS,
    (
        "docs/how-to/secrets.md",
        "   sops encrypt --age age1… --encrypted-regex '^(data|stringData)$' --in-place deploy/staging/secret.yaml",
    ): PROGRAMS,
    ("docs/how-to/promotion.md", "pushboat promote github/acme/shop staging production"): PROMOTED,
    ("docs/how-to/rollback.md", "pushboat history github/acme/shop staging"): ROLLED,
    ("docs/how-to/rollback.md", "pushboat unlock github/acme/shop staging"): ROLLED,
    ("docs/how-to/pull-requests.md", "pushboat check"): PLANNED,
    ("docs/how-to/approvals.md", "pushboat approve github/acme/shop production"): HELD,
    (
        "docs/how-to/freeze.md",
        'pushboat deploy github/acme/shop production --break-glass "customers cannot order"',
    ): HELD,
    ("docs/how-to/drift.md", "pushboat drift github/acme/shop staging"): DRIFTED,
    ("docs/how-to/drift.md", "pushboat drift github/acme/shop staging --to-git"): DRIFTED,
    ("docs/reliability.md", "make chaos                # ten minutes on SQLite"): SUITE,
    ("docs/operations.md", "pushboat recover --to-cluster --dry-run"): LOST,
    ("docs/operations.md", "pushboat db upgrade"): LOST,
    ("docs/how-to/moving.md", "pushboat hook install gitlab/acme/shop"): MOVED,
    ("docs/how-to/moving.md", "pushboat destroy github/acme/shop staging"): DESTROYED,
    ("docs/moving-from/README.md", "   pushboat plan github/acme/shop staging"): TAKEN_OVER,
    ("docs/moving-from/README.md", "   pushboat deploy github/acme/shop staging"): TAKEN_OVER,
    ("docs/operations.md", "pushboat db copy pushboat.yaml file:new-store"): COPIED,
    ("docs/rights.md", "   pushboat rbac github/acme/shop staging --here"): GRANTED,
    ("docs/rights.md", "   pushboat rbac github/acme/shop staging --here | kubectl apply -f -"): GRANTED,
    ("docs/start/five-minutes.md", "pushboat devcluster up --state ~/devcluster"): CLUSTER,
}
