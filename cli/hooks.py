"""`pushboat hook`: the webhook between a forge and us."""

from itertools import chain
from pathlib import Path

import click

from cli import configuration, output
from cli.doctor.forges import check_forges, check_secrets_in_use
from cli.doctor.report import report
from cli.output import AS_JSON
from cli.pinging import PingRefused, PingUnanswered, ping
from cli.unsupported import refusal
from pushboat.config.operator import Forge, Operator
from pushboat.forges.git import installing, repositories


@click.group()
def hook() -> None:
    """Connect a repository, or find out why its pushes do nothing."""


@hook.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False, resolve_path=True))
@click.option("--url", default="", help="Pushboat's address as the git server reaches it.  [default: public_url]")
@click.pass_context
def install(ctx: click.Context, path: Path, url: str) -> int:
    """Write a post-receive hook into the bare repository at PATH, or renew it.

    The hook tells Pushboat of every push and shows the person who pushes how it goes. It never blocks a push.
    """
    operator = configuration.load(ctx)
    forge, name = find_forge(operator, path)
    address = url or operator.public_url
    repository = f"{forge.name}/{name}"
    secret = next((one.value for one in forge.webhook_secrets if one.kind == "plain"), "")
    written = installing.install(path, url=address, forge=forge.name, name=name, secret=secret)
    output.data(str(written))
    try:
        ping(address, forge)
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
    return report(chain(check_forges(operator, repositories), check_secrets_in_use(operator)), as_json=as_json)


hook.add_command(refusal("hook rotate"))
