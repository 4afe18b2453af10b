"""Braces and brackets, with the colons, commas and blanks that people forget."""

from tests.manifests.cases.words import Cases, block

_SHAPES = {
    "a key with its colon at the brace": "{b:}",
    "a key with its colon at the comma": "{b:, c: 1}",
    "a key with its colon at a bracket": "[b:]",
    "a key with its colon at a line's end": "{b:\n}",
    "no blank behind the colon": "{b:1}",
    "no blank behind the colon, in a list": "[b:1, c]",
    "no blank behind the colon of a quoted key": "{'b':1}",
    "no blank behind the colon, and a brace": "{b:{c: 1}}",
    "a blank before the colon": "{b : 1}",
    "keys alone": "{b, c}",
    "a comma at the end": "{b: 1,}",
    "a comma at the end of a list": "[b,]",
    "a comma too many": "[b, , c]",
    "a comma at the start": "[, b]",
    "one pair in a list": "[b: 1]",
    "a question in a list": "[? b : 1]",
    "an address without quotes": "{url: http://example.com:80/x}",
    "a time without quotes": "[12:30:45, a:b:c]",
    "a colon at the start": "[:b]",
    "a comment inside": "{b: 1, # one\n c: 2}",
    "a template's braces": "{{ b }}",
    "brackets across lines": "[b,\nc]",
    "a brace that is left open": "{b: 1",
    "a bracket too many": "[b]]",
}


def cases() -> Cases:
    """Give each shape as the value of a field."""
    return {f"flow: {name}": block(f"a: {shape}") for name, shape in _SHAPES.items()}
