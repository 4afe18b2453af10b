"""The Model Context Protocol on standard input and output, by its own SDK (https://modelcontextprotocol.io)."""

from collections.abc import Mapping
from importlib.metadata import version

import anyio
import click
from mcp import types
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server

from cli.elsewhere import Elsewhere
from cli.mcp.tools import Tool
from cli.mcp.wrapping import HINT, wrap
from pushboat.errors import PushboatError


def serve(there: Elsewhere, tools: Mapping[str, Tool]) -> None:
    """Answer an assistant until it hangs up."""
    anyio.run(_talk, there, tools)


async def _talk(there: Elsewhere, tools: Mapping[str, Tool]) -> None:
    async def list_tools(
        _context: ServerRequestContext, _params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_told(tool) for tool in tools.values()])

    async def call_tool(_context: ServerRequestContext, params: types.CallToolRequestParams) -> types.CallToolResult:
        tool = tools.get(params.name)
        if tool is None:
            return _answer({"error": f"there is no such tool; there are: {', '.join(tools)}"}, failed=True)
        return await anyio.to_thread.run_sync(_call, there, tool, params.arguments or {})

    server = Server(
        "pushboat", version=version("pushboat"), instructions=HINT, on_list_tools=list_tools, on_call_tool=call_tool
    )
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


def _told(tool: Tool) -> types.Tool:
    hints = types.ToolAnnotations(read_only_hint=not tool.writes, destructive_hint=tool.writes, open_world_hint=True)
    return types.Tool(name=tool.name, description=tool.does, input_schema=tool.schema, annotations=hints)


def _call(there: Elsewhere, tool: Tool, given: Mapping[str, object]) -> types.CallToolResult:
    try:
        return _answer(tool.ask(there, tool.checked(given)))
    except click.ClickException as error:
        return _answer({"error": error.format_message()}, failed=True)
    except PushboatError as error:
        return _answer({"error": f"{error.summary}\n{error.details}".rstrip()}, failed=True)


def _answer(form: Mapping[str, object], *, failed: bool = False) -> types.CallToolResult:
    """Answer with what the API said; also its refusals name branches and commits."""
    wrapped = wrap(form)
    text = types.TextContent(type="text", text=wrapped.text)
    return types.CallToolResult(content=[text], structured_content=wrapped.form, is_error=failed)
