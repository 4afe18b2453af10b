"""The API's description in OpenAPI 3.1, made of the same rows that serve it, so that the two cannot part."""

from collections.abc import Iterable

from dashboard.api.routes import PAGED, PARAMETERS, Json, Route
from dashboard.api.schemas import SCHEMAS

VERSION = "1"
PROBLEMS = {
    "400": "A parameter is not known, or its value cannot be used; `parameter` names it.",
    "401": "Who asks has not said who they are, or not rightly.",
    "403": "Who asks may not see this.",
    "404": "There is nothing of that number, or there is no more.",
    "409": "It cannot be done, as things are; `detail` says why.",
    "429": "There are too many of these; try again after `Retry-After` seconds.",
    "503": "The store does not answer; try again after `Retry-After` seconds.",
}
DESCRIPTION = (
    "What Pushboat knows of environments, deployments and deliveries. Fields may be added at any time; one that is "
    "here changes only with a line in the changelog. Errors are problem details (RFC 9457); their `error` says the "
    "same as `detail`. Answers carry a strong ETag: ask again with `If-None-Match`, and what has not changed is "
    "answered 304."
)


def describe(routes: Iterable[Route], public_url: str) -> Json:
    """Write the description."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Pushboat", "version": VERSION, "description": DESCRIPTION},
        "servers": [{"url": public_url.rstrip("/")}],
        "security": [{}, {"token": []}, {"password": []}],
        "paths": {route.address: {route.method.lower(): _operation(route)} for route in routes},
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "What `pushboat token create` made."},
                "password": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "The password of `pages`; any user name.",
                },
            },
            "responses": {code: _problem(sentence) for code, sentence in PROBLEMS.items()},
        },
    }


def _operation(route: Route) -> Json:
    if route.method == "POST":
        return _taking(route)
    known = "404" if route.numbered else ""
    problems = [code for code in PROBLEMS if code in ("400", "401", "403", known, "503")]
    return {
        "operationId": route.name,
        "summary": f"{route.gives[0].upper()}{route.gives[1:]}.",
        **({"security": [{"token": []}]} if route.private else {}),
        "parameters": [*_numbers(route), *map(_parameter, route.parameters)],
        "responses": {
            "200": _given(route),
            "304": {"description": "It has not changed since the answer with that ETag.", "headers": _headers(route)},
            **{code: {"$ref": f"#/components/responses/{code}"} for code in problems},
            "default": _problem("Anything else that went wrong."),
        },
    }


def _taking(route: Route) -> Json:
    schemas = "#/components/schemas"
    problems = ("400", "401", "403", "404", *(("409",) if route.numbered else ()), "429", "503")
    body = {"required": True, "content": {"application/json": {"schema": {"$ref": f"{schemas}/{route.body}"}}}}
    return {
        "operationId": route.name,
        "summary": f"{route.gives[0].upper()}{route.gives[1:]}.",
        "security": [{"token": []}],
        "parameters": _numbers(route),
        **({"requestBody": body} if route.body else {}),
        "responses": {
            "202": {
                "description": "It is stored.",
                "headers": {"Location": {"schema": {"type": "string"}, "description": "Its delivery."}},
                "content": {"application/json": {"schema": {"$ref": f"{schemas}/{route.form}"}}},
            },
            **{code: {"$ref": f"#/components/responses/{code}"} for code in problems},
            "default": _problem("Anything else that went wrong."),
        },
    }


def _numbers(route: Route) -> list[Json]:
    number = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
    return [number] if route.numbered else []


def _parameter(name: str) -> Json:
    schema, sentence = PARAMETERS[name]
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": sentence}


def _given(route: Route) -> Json:
    one = {"$ref": f"#/components/schemas/{route.form}"}
    listed = {
        "type": "object",
        "required": ["items", "next"],
        "properties": {
            "items": {"type": "array", "items": one},
            "next": {"type": ["string", "null"], "description": "The `cursor` of the next page, null on the last."},
        },
    }
    return {
        "description": f"{route.gives[0].upper()}{route.gives[1:]}.",
        "headers": _headers(route),
        "content": {route.media: {"schema": listed if route.many else one}},
    }


def _headers(route: Route) -> Json:
    tag = {"ETag": {"schema": {"type": "string"}, "description": "Changes exactly when the content does."}}
    link = {
        "Link": {"schema": {"type": "string"}, "description": 'The next page, as `rel="next"`, where there is one.'}
    }
    return {**tag, **link} if set(PAGED) <= set(route.parameters) else tag


def _problem(sentence: str) -> Json:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": sentence, "content": {"application/problem+json": {"schema": schema}}}
