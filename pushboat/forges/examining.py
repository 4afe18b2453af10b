"""What `pushboat doctor` says of a repository's webhooks, whichever forge they are of."""

import fnmatch
from collections.abc import Collection, Iterator
from datetime import date

from pushboat.config.secret import Secret
from pushboat.errors import ForgeRefused
from pushboat.forges.protocol import Check
from pushboat.forges.webhooks import Wanted, Webhook, Webhooks, checks_certificates
from pushboat.model.status import FILE_CONTEXT
from pushboat.model.wording import printable

SOON_DAYS = 7
PLAN = f"{FILE_CONTEXT}/plan"


def examined(webhooks: Webhooks, repository: str, url: str, install: str) -> Iterator[Check]:
    """Look at every webhook to our address; `install` is the command that mends one."""
    try:
        found = webhooks.found(repository, url)
    except ForgeRefused:
        yield _unseen(webhooks, repository, url)
        return
    if not found:
        page = webhooks.manual(repository, url).page
        sentence = f"no webhook of {repository} goes to {url}"
        yield Check(name="webhook", passed=False, sentence=sentence, fix=f"{install}  # or add it at {page}")
        return
    wanted = Wanted(url=url, secret=Secret(value=""), tls=checks_certificates(url))
    judged = [_judged(webhooks, repository, webhook, wanted, install) for webhook in found]
    yield from sorted(judged, key=lambda check: not check.passed)
    if len(found) > 1:
        whose = " and ".join(f"that of {webhook.of or repository}" for webhook in found)
        sentence = f"{len(found)} webhooks go to {url}, {whose}: each event comes so often and acts once"
        yield Check(name="webhooks", passed=True, sentence=sentence)


def named(forge: str, repository: str, today: str) -> Iterator[Check]:
    """Compare the name in pushboat.yaml with the forge's own, which other letters and a renaming may have changed."""
    if today in ("", repository):
        return
    edit = f"write `repository: {forge}/{today}` under projects in pushboat.yaml, and restart Pushboat"
    if today.casefold() == repository.casefold():
        sentence = (
            f"the forge writes it {printable(today, 120)}; it is the same repository, but people look for one name"
        )
        yield Check(name="name", passed=True, sentence=sentence)
    else:
        yield Check(name="name", passed=False, sentence=f"it is called {printable(today, 120)} now", fix=edit)


def scopes(held: Collection[str], needed: Collection[str], fix: str) -> Iterator[Check]:
    """Look whether a token has any of the scopes that its work takes."""
    if not set(held) & set(needed):
        words = ", ".join(printable(one, 40) for one in sorted(held)) or "no scope"
        sentence = f"the token has {words}, and needs {' or '.join(needed)}"
        yield Check(name="scopes", passed=False, sentence=sentence, fix=fix)


def expiry(day: str, today: date) -> Iterator[Check]:
    """Look whether a token ends soon; `day` is as 2026-12-01, empty for never."""
    try:
        left = (date.fromisoformat(day) - today).days
    except ValueError:
        return
    sentence = f"the token ends on {day}: from then on no status is posted, and nothing is fetched"
    if left < SOON_DAYS:
        yield Check(
            name="expiry", passed=False, sentence=sentence, fix="rotate it at the forge, and give us the new one"
        )


def rules(webhooks: Webhooks, repository: str) -> Iterator[Check]:
    """Look at what must be green before a merge into the default branch, as far as we may see it."""
    try:
        required = webhooks.required(repository)
    except ForgeRefused:
        return
    ours = [name for name in required if name.casefold().split("/")[0] == FILE_CONTEXT]
    never = [name for name in ours if not _is_posted_on_proposals(name)]
    if never:
        named = ", ".join(printable(name, 80) for name in never)
        sentence = f"the default branch requires {named}, which not every pull request gets: some can never be merged"
        yield Check(name="branch rules", passed=False, sentence=sentence, fix=f"require {PLAN} in its place")
    elif ours:
        sentence = f"nothing is merged without {', '.join(printable(name, 80) for name in ours)}"
        yield Check(name="branch rules", passed=True, sentence=sentence)
    elif required:
        sentence = f"the default branch's rules require other checks and not {PLAN}; adding it keeps failing plans out"
        yield Check(name="branch rules", passed=True, sentence=sentence)


def _is_posted_on_proposals(name: str) -> bool:
    """Say whether each pull request gets this status: the one of all plans, and no other."""
    return name.casefold() == PLAN or (fnmatch.fnmatchcase(PLAN, name) and name != PLAN)


def _judged(webhooks: Webhooks, repository: str, webhook: Webhook, wanted: Wanted, install: str) -> Check:
    whose = f"the webhook of {webhook.of}" if webhook.of else "the webhook"
    wrong = webhooks.differences(webhook, wanted)
    if wrong:
        sentence = "; ".join(one.sentence or f"{one.setting} is {one.now}" for one in wrong)
        by_hand = "; ".join(one.fix or f"set {one.setting} to {one.wanted}" for one in wrong)
        fix = f"{by_hand} at {webhook.page}" if webhook.shared else f"{install}  # or {by_hand} at {webhook.page}"
        return Check(name="webhook", passed=False, sentence=f"{whose} {sentence}", fix=fix)
    last = webhooks.last(repository, webhook)
    if not last.good:
        fix = last.fix or f"{install}  # or set the secret that pushboat.yaml names at {webhook.page}"
        return Check(name="webhook", passed=False, sentence=f"{whose}: {last.sentence}", fix=fix)
    note = f"; {last.sentence}" if last.sentence else ""
    sends = webhooks.manual(repository, wanted.url).events
    return Check(name="webhook", passed=True, sentence=f"{whose} sends {sends} as JSON{note}")


def _unseen(webhooks: Webhooks, repository: str, url: str) -> Check:
    manual = webhooks.manual(repository, url)
    sentence = f"we may not look at the repository's webhooks: that takes {manual.scope}"
    fields = ", ".join(f"{name} {value}" for name, value in manual.fields.items())
    return Check(name="webhook", passed=False, sentence=sentence, fix=f"look yourself at {manual.page}: {fields}")
