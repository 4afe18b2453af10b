"""`pushboat mcp`: a server of the Model Context Protocol for an assistant on this machine, over the API."""

import importlib

import click

from cli import elsewhere
from cli.mcp import tools
from pushboat.errors import NotYetSupported


@click.command()
@click.option("--allow-asks", is_flag=True, help="Let it deploy, roll back and cancel, as far as the token does.")
def mcp(*, allow_asks: bool) -> None:
    """Let an assistant look at the Pushboat that PUSHBOAT_URL names, over standard input and output.

    It sees what the token of PUSHBOAT_TOKEN or PUSHBOAT_TOKEN_FILE sees, and changes nothing unless you allow that.
    """
    there = elsewhere.named()
    if there is None:
        raise click.UsageError(
            f"name the Pushboat that an assistant may look at: {elsewhere.ADDRESS}=https://pushboat.example.org, "
            f"with a token in {elsewhere.TOKEN_FILE}"
        )
    try:
        serving = importlib.import_module("cli.mcp.serving")
    except ModuleNotFoundError as missing:
        if missing.name and missing.name.partition(".")[0] in ("mcp", "mcp_types", "anyio"):
            raise NotYetSupported("`pushboat mcp` needs the extra of that name: pip install 'pushboat[mcp]'") from None
        raise
    serving.serve(there, tools.allowed(asks=allow_asks))
