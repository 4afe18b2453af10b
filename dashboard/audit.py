"""The audit for people: who asked for what, when, from where, and what became of it; and what Pushboat began itself."""

import time
from functools import partial

from flask import Blueprint, render_template, request

from dashboard import queries, seeing
from pushboat.config.durations import DAY
from pushboat.config.operator import Operator
from pushboat.model.ask import AskVerdict, Source
from pushboat.model.audit_row import AuditRow
from pushboat.reading.audit import list_audit
from pushboat.reading.forge_links import ForgeLinks
from pushboat.reading.lists import Page
from pushboat.reading.since import HOW
from pushboat.store.database.engine import Store


def blueprint(operator: Operator, store: Store) -> Blueprint:
    """Open `/audit`."""
    door = Blueprint("audit", __name__)
    account = partial(_account, operator, ForgeLinks(operator.forges))

    @door.get("/audit")
    def listed() -> str:
        allowed = ("repository", "environment", "who", "word", "source", "verdict", "since", "asked")
        query = queries.read(request, *allowed, verdicts=AskVerdict)
        mine, all_of_it = seeing.narrowed(operator, seeing.reach(), query), seeing.administers()
        empty: Page[AuditRow] = Page((), None)
        page = list_audit(store, operator, mine, of_no_repository=all_of_it) if mine else empty
        return render_template(
            "audit.html",
            rows=page.rows,
            older=None if page.next is None else queries.cover(page.next),
            filters=query.filters(),
            before=query.before,
            all_of_it=all_of_it,
            administered=bool(operator.login and operator.login.admins),
            sources=list(Source),
            verdicts=list(AskVerdict),
            how=HOW,
            account=account,
            kept=round(operator.retention.audit / DAY),
            now=time.time(),
        )

    return door


def _account(operator: Operator, links: ForgeLinks, row: AuditRow) -> str:
    """Say where the forge shows who it was; empty where the name is no account there, and would be a stranger's."""
    entry, login = row.entry, operator.login
    on_a_page = entry.source == Source.PAGE and login is not None and login.forge and " (" not in entry.who
    forge = f"{login.forge}/" if on_a_page and login else entry.repository if row.by_account else ""
    return links.person(forge, entry.who) if forge and entry.who else ""
