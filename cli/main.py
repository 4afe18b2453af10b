"""The `pushboat` command: its names, its exit codes, and the one place where an error becomes a sentence.

Exit codes: 0 done · 1 the answer is no · 2 usage or configuration · 3 could not find out · 130 Ctrl-C.
Every command lives in a module of its own subject, loaded when it is asked for.
"""

import difflib
import importlib
import os
import sys
import traceback

import click

from cli import output
from cli.engine_commands import engine_commands
from cli.everywhere import JSON_AHEAD, with_options
from cli.examples import example_of, with_examples
from cli.explaining.words import code_of
from cli.prerequisites import NEEDED, installing
from cli.suggesting import with_names
from cli.unsupported import ADDRESS, HERE_ONLY, meant_elsewhere
from pushboat.collecting import loading
from pushboat.errors import ConfigurationError, NotYetSupported, PushboatError, Unavailable
from pushboat.model.command_words import BY_TOKEN

NO, USAGE, COULD_NOT_FIND_OUT, INTERRUPTED = 1, 2, 3, 130

COMMANDS = {
    "serve": ("cli.serving:serve", "Run all of Pushboat on this machine."),
    "demo": ("cli.lab.demo:demo", "See it work: a real control plane, a repository, a few pushes."),
    "devcluster": ("cli.lab.keeping:devcluster", "Run a Kubernetes of your own to try things on."),
    "init": ("cli.founding.command:init", "Write the files that let Pushboat deploy a repository."),
    "check": ("cli.checking.command:check", "Say what a commit of this work tree would be refused for."),
    "plan": ("cli.plan:plan", "Say what a deployment would change: of a commit, or of this work tree."),
    "policy": ("cli.policy:policy", "List the rules that manifests are held against, and try your own."),
    "status": ("cli.reading:status", "Show what runs in every environment."),
    "history": ("cli.reading:history", "List deployments, newest first."),
    "show": ("cli.showing:show", "Show one deployment: how it went, object by object, step by step."),
    "diff": ("cli.diff:diff", "Show what differs between two releases of an environment."),
    "open": ("cli.pages:open_", "Open the dashboard's page of an environment or a deployment."),
    "holds": ("cli.holds:holds", "Show what keeps something from starting, and who can end it."),
    "why": ("cli.why:why", "Say why an object of a cluster is not healthy."),
    "drift": ("cli.drift:drift", "Say where a cluster differs from the release that runs there."),
    "logs": ("cli.logs:logs", "Show what the new pods of a deployment write."),
    "deliveries": ("cli.deliveries:deliveries", "See what came in by webhook and what it did."),
    "audit": ("cli.audit:audit", "See who asked for what, and that it stands as it was written."),
    "sources": ("cli.sources.command:sources", "Pin what renders fetch from outside of the repository."),
    "renderers": ("cli.renderers:renderers", "Bring kustomize and Helm, in the versions that everybody uses."),
    "token": ("cli.tokens:token", "Let programs and people ask the API from elsewhere."),
    "mcp": ("cli.mcp.command:mcp", "Let an assistant look, over the Model Context Protocol."),
    "letters": ("cli.letters:letters", "See what forges would not take, and send it again."),
    "notify": ("cli.notify:notify", "Try who hears what becomes of environments: chats, mail, webhooks."),
    "doctor": ("cli.doctor.command:doctor", "Check everything and say how to fix what is wrong."),
    "rbac": ("cli.rbac.command:rbac", "Print the least rights that an environment needs at its cluster."),
    "explain": (
        "cli.explaining.command:explain",
        "Say what a code means that a finding, an error or the doctor names.",
    ),
    "repository": ("cli.repositories:repository", "Say which repository at the forge a name means."),
    "hook": ("cli.hooks:hook", "Connect a repository, or find out why its pushes do nothing."),
    "simulate": ("cli.simulating.command:simulate", "Say how a delivery is read and what it would do."),
    "gate": ("cli.gate:gate", "Try whom an environment asks before it deploys, or play one."),
    "health": ("cli.health:health", "Say how objects in a file are judged."),
    "completion": ("cli.completing:completion", "Let a shell complete commands, options and names."),
    "recover": ("cli.recovering.command:recover", "Bring back a lost cluster from the store, or a lost store."),
    "db": ("cli.database:db", "Look after the store."),
}
"""Where each command lives, and its line in the overview, in the order in which people need them."""

PROCESSES = {
    name: f"cli.processes:{name}" for name in ("broker", "web", "dashboard", "dispatcher", "worker", "reporter")
}
"""What the Procfile calls; `serve` is for people."""


class Commands(click.Group):
    """A group whose commands are imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name what people call."""
        del ctx
        return list(dict.fromkeys([*COMMANDS, *engine_commands()]))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the overview without importing a single command."""
        with formatter.section("Commands"):
            lines = {**engine_commands(), **{name: line for name, (_, line) in COMMANDS.items()}}
            formatter.write_dl([(name, lines[name]) for name in self.list_commands(ctx)])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command, or say no to one that this version lacks."""
        del ctx
        place = COMMANDS.get(cmd_name, (PROCESSES.get(cmd_name), ""))[0]
        asks = place is None and cmd_name in engine_commands() and cmd_name not in BY_TOKEN
        if os.environ.get(ADDRESS) and (cmd_name in HERE_ONLY or asks):
            return meant_elsewhere(cmd_name)
        if place is None and cmd_name in engine_commands():
            return with_examples(cmd_name, with_names(_asking(cmd_name)))
        if place is None:
            return None
        module, name = place.split(":")
        with loading():
            command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command), f"{place} is not a command"
        return with_examples(cmd_name, with_names(with_options(command)))

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; a reader of ours who has read enough, `head` perhaps, is no error."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the near miss for a command that nobody has."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = difflib.get_close_matches(args[0], [*COMMANDS, *engine_commands(), *PROCESSES], 1)
            hint = f"Did you mean `pushboat {near[0]}`?" if near else "`pushboat --help` lists them all."
            raise click.UsageError(f"there is no command `{args[0]}`. {hint}", ctx) from error


def _asking(word: str) -> click.Command:
    """Make the command of a word that the engine's table holds."""
    with loading():
        command = importlib.import_module("cli.asking").command(word)
    assert isinstance(command, click.Command)
    return command


BEGIN = """\b
New here?
  pushboat demo      shows it on this machine
  pushboat init      begins in a repository of yours
  pushboat doctor    says what is missing, and how to mend it
"""


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=BEGIN)
@click.option(
    "--config",
    type=click.Path(),
    envvar="PUSHBOAT_CONFIG",
    show_envvar=True,
    help="The operator's file.  [default: ./pushboat.yaml]",
)
@JSON_AHEAD
@click.version_option(package_name="pushboat", message="pushboat %(version)s")
@click.pass_context
def pushboat(ctx: click.Context, config: str | None) -> None:
    """Deploy pushed commits to Kubernetes and answer where the team looks.

    Exit codes: 0 done, 1 the answer is no, 2 usage or configuration, 3 could not find out, 130 Ctrl-C.
    """
    ctx.obj = config


def main() -> None:
    """Run the command and leave with its exit code."""
    sys.exit(run())


def run() -> int:
    """Run the command; every error becomes a sentence on stderr and a code."""
    try:
        result = pushboat.main(standalone_mode=False, prog_name="pushboat")
    except click.Abort:
        output.say("interrupted")
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        if isinstance(error, click.MissingParameter) and error.ctx and (example := example_of(error.ctx.command_path)):
            output.say(f"for example: {example}")
        return USAGE
    except PushboatError as error:
        _trace()
        output.say(_sentences(error), glyph="✗")
        if code := code_of(error):
            output.say(f"what that means: pushboat explain {code}")
        return _code(error)
    except FileNotFoundError as error:
        if error.filename not in NEEDED:
            return _bug(error)
        program = str(error.filename)
        output.say(f"there is no {program} command on PATH; install it: {installing(program)}", glyph="✗")
        return COULD_NOT_FIND_OUT
    except Exception as error:  # noqa: BLE001  # the last door: a person gets a sentence, a developer the trace
        return _bug(error)
    return result if isinstance(result, int) else 0


def _bug(error: Exception) -> int:
    _trace()
    output.say(f"Pushboat has a bug: {type(error).__name__}: {error}", glyph="✗")
    output.say("run it again with PUSHBOAT_DEBUG=1 and report what it prints")
    return COULD_NOT_FIND_OUT


def _sentences(error: PushboatError) -> str:
    if isinstance(error, ConfigurationError):
        return "\n".join(["the configuration has mistakes:", *(f"  {mistake}" for mistake in error.mistakes)])
    return f"{error.summary}\n{error.details}".rstrip()


def _code(error: PushboatError) -> int:
    if isinstance(error, ConfigurationError | NotYetSupported):
        return USAGE
    return COULD_NOT_FIND_OUT if isinstance(error, Unavailable) else NO


def _trace() -> None:
    if os.environ.get("PUSHBOAT_DEBUG") == "1":
        traceback.print_exc()


if __name__ == "__main__":
    main()
