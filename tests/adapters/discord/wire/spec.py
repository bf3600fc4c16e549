"""Discord's own description of its HTTP API, as a judge of what the bot sends."""

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DOCUMENT = Path(__file__).parents[5] / "shared/specs/discord-openapi-2026-07-18.json"
METHODS = ("get", "put", "post", "patch", "delete")


class Specification:
    """Finds the route's schema for a request and says what is wrong with the body."""

    def __init__(self, path: Path) -> None:
        self._document = json.loads(path.read_text("utf-8"))
        # discord.py sends some snowflakes as integers, which Discord takes.
        self._document["components"]["schemas"]["SnowflakeType"]["type"] = ["string", "integer"]
        resource = Resource.from_contents(self._document, default_specification=DRAFT202012)
        self._registry = Registry().with_resource("urn:discord", resource)
        self._templates: dict[tuple[str, int], list[tuple[str, list[str]]]] = {}
        for template, operations in self._document["paths"].items():
            segments = template.strip("/").split("/")
            for method in operations.keys() & set(METHODS):
                self._templates.setdefault((method, len(segments)), []).append((template, segments))

    def violation(self, method: str, path: str, body: Any) -> str | None:
        """What Discord's description says against this request; None where all is well."""
        template = self._template(method.lower(), path)
        if template is None:
            return f"{method} {path}: Discord has no such route"
        validator = self._validator(method.lower(), template)
        if validator is None:
            return None
        error = next(validator.iter_errors(body), None)
        if error is None:
            return None
        error = _heart(error)
        return f"{method} {template}: {error.json_path}: {error.message[-200:]}"

    def _template(self, method: str, path: str) -> str | None:
        segments = path.strip("/").split("/")

        def matches() -> Iterator[tuple[int, str]]:
            for template, parts in self._templates.get((method, len(segments)), ()):
                if all(part.startswith("{") or part == is_ for part, is_ in zip(parts, segments, strict=True)):
                    yield sum(not part.startswith("{") for part in parts), template

        return max(matches(), default=(0, None))[1]

    @functools.cache  # noqa: B019  # one specification lives as long as the process
    def _validator(self, method: str, template: str) -> Draft202012Validator | None:
        content = self._document["paths"][template][method].get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return None
        pointer = template.replace("~", "~0").replace("/", "~1")
        at = f"urn:discord#/paths/{pointer}/{method}/requestBody/content/application~1json/schema"
        return Draft202012Validator({"$ref": at}, registry=self._registry)


def _heart(error: ValidationError) -> ValidationError:
    """What is wrong inside a union: looked for in the branch that is of the right `type`."""
    while error.context:
        branches: dict[Any, list[ValidationError]] = {}
        for inner in error.context:
            branches.setdefault(inner.relative_schema_path[0], []).append(inner)
        error = min(branches.values(), key=_strangeness)[0]
    return error


def _strangeness(branch: list[ValidationError]) -> tuple[bool, int]:
    wrong_kind = any(
        list(error.relative_path) == ["type"] or (error.validator == "type" and not error.relative_path)
        for error in branch
    )
    return wrong_kind, len(branch)


@functools.cache
def specification() -> Specification | None:
    """The specification, where it is at hand."""
    return Specification(DOCUMENT) if DOCUMENT.exists() else None
