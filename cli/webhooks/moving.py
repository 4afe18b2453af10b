"""Every webhook of a forge made to sign with another secret: all of its repositories have the same ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cli.webhooks import placing, proving
from pushboat.config.operator import Forge
from pushboat.config.rereading import NEXT, beside
from pushboat.config.secret import Secret
from pushboat.errors import ForgeRefused, PushboatError, Unavailable
from pushboat.forges.git import installing, repositories
from pushboat.forges.table import webhooks_of
from pushboat.forges.webhooks import Trial, Wanted, Webhook, Webhooks, checks_certificates


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How it went with one webhook.

    `state` is changed, none (nothing tells us of this repository), by hand (not ours to change), refused (the test was
    not taken) or unknown (nobody answered); `sentence` says what there is to say.
    """

    repository: str
    state: str
    sentence: str
    page: str = ""

    @property
    def done(self) -> bool:
        """Say whether the former secret is needed no more, as far as this one goes."""
        return self.state in ("changed", "none")

    def form(self) -> dict[str, Any]:
        """Give it for programs."""
        return {"repository": self.repository, "state": self.state, "page": self.page, "sentence": self.sentence}


def move(forge: Forge, names: list[str], base: str, secret: Secret) -> Iterator[Moved]:
    """Make the webhooks of these repositories sign with a secret that the running Pushboat takes already."""
    if forge.root is not None:
        yield from (_of_git(forge, name, secret) for name in names)
        return
    webhooks = webhooks_of(forge)
    url = f"{base}/webhooks/{forge.name}"
    wanted = Wanted(url=url, secret=secret, tls=checks_certificates(url))
    seen: set[str] = set()
    for name in names:
        try:
            found = webhooks.found(name, url)
        except PushboatError as error:
            yield _of_error(webhooks, name, url, error)
            continue
        # An App has one webhook for all its repositories, and so has a group.
        fresh = [one for one in found if not one.of or one.of not in seen]
        seen.update(one.of for one in found)
        if not found:
            yield Moved(repository=name, state="none", sentence=f"no webhook goes to {url}")
        yield from (_of_one(webhooks, forge, name, one, wanted, base) for one in fresh)


def _of_one(webhooks: Webhooks, forge: Forge, name: str, webhook: Webhook, wanted: Wanted, base: str) -> Moved:
    if webhook.shared:
        sentence = f"the webhook of {webhook.of} is not ours to change"
        return Moved(repository=name, state="by hand", sentence=sentence, page=webhook.page)
    try:
        changed = webhooks.change(name, webhook, wanted)
        trial = proving.proved(webhooks, forge, name, changed, base, wanted.secret)
    except PushboatError as error:
        return _of_error(webhooks, name, wanted.url, error)
    if trial.good or not trial.tested:
        sentence = "changed and proved by a test" if trial.good else "changed; the forge has no test of it"
        return Moved(repository=name, state="changed", sentence=sentence, page=changed.page)
    return Moved(repository=name, state="refused", sentence=_why(trial), page=changed.page)


def _why(trial: Trial) -> str:
    if trial.code is None:
        return "changed, but its test did not arrive within some seconds"
    said = f"was answered {trial.code}" if trial.code else "reached nobody"
    return f"changed, but its test {said}"


def _of_error(webhooks: Webhooks, name: str, url: str, error: PushboatError) -> Moved:
    if isinstance(error, Unavailable):
        return Moved(repository=name, state="unknown", sentence=error.summary)
    if not isinstance(error, ForgeRefused):
        return Moved(repository=name, state="refused", sentence=error.summary)
    manual = webhooks.manual(name, url)
    sentence = f"{error.summary}; that takes {manual.scope}"
    return Moved(repository=name, state="by hand", sentence=sentence, page=manual.page)


def _of_git(forge: Forge, name: str, secret: Secret) -> Moved:
    """Write the secret where the hook of a bare repository reads it, each time that it runs."""
    try:
        hook = repositories.folder(forge, name) / "hooks" / "post-receive"
        file = installing.secret_file(hook)
        if file is None:
            said = f"{hook} is not our hook" if hook.exists() else f"there is no {hook}: pushboat hook install makes it"
            return Moved(repository=name, state="none", sentence=said, page=str(hook))
        if secret.file not in (file, beside(file, NEXT)):  # else it follows when the next one takes its place
            placing.replace(file, secret.value)
    except placing.NotWritten as trouble:
        return Moved(repository=name, state="by hand", sentence=trouble.summary)
    except ForgeRefused as refusal:
        return Moved(repository=name, state="none", sentence=refusal.summary)
    return Moved(repository=name, state="changed", sentence=f"{file} has it", page=str(hook))
