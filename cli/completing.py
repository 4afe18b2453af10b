"""`pushboat completion SHELL`: what a shell must be told once, so that it completes commands, options and names."""

import click
from click.shell_completion import get_completion_class

from cli import output

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_PUSHBOAT_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print what lets a shell complete commands, options, and names of repositories and environments.

    \b
    bash:  source <(pushboat completion bash)        in ~/.bashrc
    zsh:   source <(pushboat completion zsh)         in ~/.zshrc
    fish:  pushboat completion fish | source         in ~/.config/fish/config.fish
    """
    made = get_completion_class(shell)
    assert made is not None, "click knows these shells"
    for line in made(ctx.find_root().command, {}, "pushboat", VARIABLE).source().splitlines():
        output.data(line)
