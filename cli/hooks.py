"""`pushboat hook`: the webhook between a forge and us."""

from itertools import chain
from pathlib import Path

import click

from cli import configuration, output
from cli.doctor.forges import check_secrets_in_use
from cli.doctor.missed import check_missed
from cli.doctor.report import coded, report
from cli.output import AS_JSON
from cli.pinging import PingRefused, PingUnanswered, ping
from cli.webhooks import installing, rotating
from cli.webhooks.placing import make
from pushboat.config.kinds import KINDS
from pushboat.config.operator import Forge, Operator
from pushboat.config.secret import Secret
from pushboat.forges.git import installing as git_hooks
from pushboat.forges.git import repositories
from workers.checks.forges import check_forges


@click.group()
def hook() -> None:
    """Connect a repository, or find out why its pushes do nothing."""


@hook.command()
@click.argument("repository")
@click.option("--url", default="", help="Pushboat's address as the forge reaches it.  [default: public_url]")
@AS_JSON
@click.pass_context
def install(ctx: click.Context, repository: str, url: str, *, as_json: bool) -> int:
    """Create the webhook of REPOSITORY at its forge, or set it right, and prove that it arrives.

    REPOSITORY is <forge>/<path>. A secret whose file is not there yet is made. Of plain git it may be the bare
    repository's folder: its hook tells Pushboat of every push, shows the person who pushes how it goes, and never
    blocks a push.
    """
    operator = configuration.load_without_webhook_secrets(ctx)
    forge, name = _named(operator, repository)
    if forge.root is not None:
        return _install_hook(ctx, operator, forge, name, url, as_json=as_json)
    base = installing.address(operator, forge, url)
    secret, where = installing.secret_of(forge)
    if not secret.value:
        return _not_set(secret, as_json=as_json)
    try:
        done = installing.install(forge, name, base, secret, where)
    except installing.ByHand as refusal:
        return _by_hand(refusal, f"{forge.name}/{name}", where, as_json=as_json)
    if as_json:
        output.print_json(done.form(f"{forge.name}/{name}"))
    code = installing.told(done, forge, name, base, secret)
    if f"{forge.name}/{name}" not in operator.projects:
        output.say(
            f"next: name {forge.name}/{name} under `projects` in {configuration.path(ctx)}, and restart Pushboat"
        )
    return code


def _named(operator: Operator, repository: str) -> tuple[Forge, str]:
    """Find a repository's forge, and the repository's name there; it need not be among the projects yet."""
    name, _, path = (operator.spelled(repository) or repository).partition("/")
    forge = operator.forges.get(name)
    if forge is not None and path and not (forge.root and Path(repository).is_dir()):
        if not KINDS[forge.kind].fits(path):
            raise click.UsageError(KINDS[forge.kind].shape.format(forge=name))
        return forge, path
    if not Path(repository).is_dir():
        raise click.UsageError(
            f"{repository} is neither a repository of a forge in pushboat.yaml (it is written <forge>/<path>, and the "
            f"forges are {', '.join(operator.forges)}) nor a folder"
        )
    return find_forge(operator, Path(repository).resolve())


def _not_set(secret: Secret, *, as_json: bool) -> int:
    """Give a secret for a variable that is not set here; what the forge has now may be right, so that it stays."""
    output.say(f"webhook_secrets needs the variable {secret.env}, which is not set here", glyph="✗")
    output.say("where Pushboat runs with it already, set the same one here and try again; else take this new one,")
    output.say("set it in both places, restart Pushboat and try again. It is shown this once:")
    _shown_once(f"{secret.env}={make(secret)}", as_json=as_json)
    if as_json:
        output.print_json({"action": "none", "lacking": f"the variable {secret.env}"})
    return 2


def _shown_once(line: str, *, as_json: bool) -> None:
    """Show a secret to a person; a program's output may end in a log."""
    if as_json:
        output.say(line)
    else:
        output.data(line)


def _by_hand(refusal: installing.ByHand, repository: str, where: str, *, as_json: bool) -> int:
    manual = refusal.manual
    if as_json:
        form = {"repository": repository, "action": "none", "page": manual.page, "fields": dict(manual.fields)}
        output.print_json({**form, "secret": where, "lacking": manual.scope})
    output.say(refusal.summary, glyph="✗")
    output.say(f"give the token that, or enter this at {manual.page}:")
    for name, value in manual.fields.items():
        output.say(f"  {name}: {value}")
    output.say(f"  (the secret: {where})")
    return 1


def _install_hook(ctx: click.Context, operator: Operator, forge: Forge, name: str, url: str, *, as_json: bool) -> int:
    """Write the hook of a bare repository on this machine."""
    address = url or operator.public_url
    repository = f"{forge.name}/{name}"
    secret, _ = installing.secret_of(forge)
    if not secret.value:
        return _not_set(secret, as_json=as_json)
    folder = repositories.folder(forge, name)
    written = git_hooks.install(folder, url=address, forge=forge.name, name=name, secret=secret.value)
    if as_json:
        output.print_json({"repository": repository, "action": "written", "hook": str(written)})
    else:
        output.data(str(written))
    try:
        ping(address, forge, (secret,))
    except PingRefused as refusal:
        output.say(f"the hook is written, but {refusal.summary}: every push would be refused", glyph="✗")
        output.say("next: restart `pushboat serve`, then try again")
        return 1
    except PingUnanswered as trouble:
        output.say(f"the hook is written, but {trouble.summary}: pushes wait beside it until Pushboat runs", glyph="!")
        output.say("next: start `pushboat serve`")
    else:
        output.say(f"pushes to {repository} are now told to {address}", glyph="✔")
    if repository in operator.projects:
        output.say("next: git push, and watch")
    else:
        output.say(f"next: name {repository} under `projects` in {configuration.path(ctx)}, and restart Pushboat")
    return 0


def find_forge(operator: Operator, path: Path) -> tuple[Forge, str]:
    """Find the plain git forge whose root contains a bare repository, and the repository's name on it."""
    roots = [(forge, forge.root) for forge in operator.forges.values() if forge.root is not None]
    for forge, root in roots:
        if path.is_relative_to(root.resolve()):
            return forge, repositories.name(root, path)
    known = ", ".join(str(root) for _, root in roots) or "there is none"
    raise click.ClickException(
        f"{path} is not below the `root` of a forge of kind git in pushboat.yaml (roots: {known}); add it there first"
    )


@hook.command()
@click.argument("repository", default="")
@AS_JSON
@click.pass_context
def doctor(ctx: click.Context, repository: str, *, as_json: bool) -> int:
    """Check the forge's token, permissions and webhook of one repository, or of all."""
    operator = configuration.load(ctx)
    known = operator.spelled(repository) if repository else ""
    if repository and not known:
        raise click.UsageError(
            f"pushboat.yaml has no repository {repository}; "
            f"it is written <forge>/<path>, and there are: {', '.join(operator.projects) or 'none yet'}"
        )
    repositories = [known] if known else list(operator.projects)
    checks = (
        coded("doctor-forges", check_forges(operator, repositories)),
        coded("doctor-missed", check_missed(operator, repositories)),
        coded("doctor-secrets-in-use", check_secrets_in_use(operator)),
    )
    return report(chain(*checks), as_json=as_json)


@hook.command()
@click.argument("repository")
@click.option("--url", default="", help="Pushboat's address as the forge reaches it.  [default: public_url]")
@click.option("--now", "at_once", is_flag=True, help="Let the former secret count no more, not even for an hour.")
@click.option("--by-hand", is_flag=True, help="The webhooks that the token may not change were changed by hand.")
@AS_JSON
@click.pass_context
def rotate(ctx: click.Context, repository: str, url: str, *, at_once: bool, by_hand: bool, as_json: bool) -> int:
    """Give the webhooks of REPOSITORY's forge another secret without losing a delivery.

    All repositories of a forge have one secret, so that all their webhooks are changed. Run it again where it stopped.
    """
    operator = configuration.load_without_webhook_secrets(ctx)
    forge, _ = _named(operator, repository)
    base = installing.address(operator, forge, url)
    names = [name.partition("/")[2] for name in operator.projects if name.partition("/")[0] == forge.name]
    done = rotating.rotate(forge, names, base, at_once=at_once, by_hand=by_hand)
    if as_json:
        output.print_json(done.form(forge.name))
    for one in done.webhooks:
        output.say(f"{forge.name}/{one.repository}: {one.sentence}", glyph="✔" if one.done else "✗")
    output.say(done.sentence, glyph="✔" if done.code == 0 else "!")
    for step in done.steps:
        output.say(f"next: {step}")
    if done.shown:
        _shown_once(done.shown, as_json=as_json)
    return done.code
