"""The tables of proposals: what each open pull request or merge-queue head asks about its commit, and its answer; and
which of a merge queue's heads are to be deployed before they merge."""

import sqlalchemy as sa

from pushboat.store.database.columns import ID, metadata, number, text, time

proposals = sa.Table(
    "proposal",
    metadata,
    sa.Column("id", ID, primary_key=True),
    text("repository"),
    number("number"),  # a pull request's; 0: a push with a mistake, that is remembered; below 0: a merge queue's head
    text("sha"),
    text("context"),
    text("state"),  # empty: not answered yet
    text("description"),
    text("path"),
    text("ref"),
    text("base"),
    number("plan"),  # the plan that answers; 0: none does
    time("asked_at"),
    time("again_at"),  # when it is to be planned again, because what it would be merged into has moved; 0: never
    sa.UniqueConstraint("repository", "number", "sha", "context", name="proposal_once"),
)
sa.Index("proposal_commit", proposals.c.repository, proposals.c.sha, proposals.c.context)
sa.Index("proposal_again", proposals.c.again_at)

merge_groups = sa.Table(
    "merge_group",
    metadata,
    sa.Column("id", ID, primary_key=True),
    text("repository"),
    text("environment"),
    number("number"),  # as in the table of proposals
    text("sha"),
    text("ref"),
    text("base"),
    text("base_sha"),
    text("author"),
    number("begun"),  # its deployment; 0: it waits for its turn
    time("asked_at"),
    sa.UniqueConstraint("repository", "environment", "ref", "sha", name="merge_group_once"),
)
