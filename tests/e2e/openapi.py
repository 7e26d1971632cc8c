"""Check what was said over HTTP against a service's own published contract."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

CONTRACTS = Path(__file__).parents[3] / "shared" / "contracts"
_MANY = re.compile(r"(/contents/|/git/refs?/)(.+)")
"""Parameters that hold slashes, which the contract's language has no words for."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer."""

    method: str
    path: str
    query: Sequence[tuple[str, str]]
    request: bytes
    status: int
    response: bytes

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"

    @property
    def sent(self) -> Any:
        """The request's content."""
        return json.loads(self.request)


class Contract:
    """One service's published interface."""

    def __init__(self, name: str, base: str) -> None:
        from openapi_core import Config, OpenAPI  # noqa: PLC0415  heavy

        path = CONTRACTS / name
        if not path.exists():
            pytest.skip(f"{name} is not here")
        spec = json.loads(path.read_text())
        spec["servers"] = [{"url": base}]
        for operation in (operation for path in spec["paths"].values() for operation in path.values()):
            if isinstance(operation, dict):
                operation.pop("security", None)  # of OAuth the library knows nothing, and fakes check credentials
        _let_be_null(spec)
        self._base = base
        self._api = OpenAPI.from_dict(spec, config=Config(spec_validator_cls=None))  # type: ignore[arg-type]  # None: not validated

    def problems(self, exchange: Exchange, *, answer: bool = True) -> list[str]:
        """Where an exchange breaks the contract.

        Args:
            exchange: What was said.
            answer: Whether to check the answer too.

        """
        from openapi_core.exceptions import OpenAPIError  # noqa: PLC0415  heavy
        from openapi_core.testing import MockRequest, MockResponse  # noqa: PLC0415

        request = MockRequest(
            self._base,
            exchange.method.lower(),
            _MANY.sub(lambda found: found[1] + found[2].replace("/", "-"), exchange.path),
            args=dict(exchange.query),
            data=exchange.request or None,
        )
        response = MockResponse(exchange.response, status_code=exchange.status)
        try:
            self._api.validate_request(request)
            if answer:
                self._api.validate_response(request, response)
        except OpenAPIError as error:
            return [f"{exchange}: {_told(error)}"]
        return []


def _let_be_null(schema: Any) -> None:
    """Say ``nullable`` beside ``oneOf`` in the way that the validator understands."""
    if isinstance(schema, list):
        for each in schema:
            _let_be_null(each)
    elif isinstance(schema, dict):
        for choice in ("oneOf", "anyOf"):
            if schema.get("nullable") is True and isinstance(schema.get(choice), list):
                schema[choice].append({"type": "string", "nullable": True, "enum": [None]})
        for each in list(schema.values()):
            _let_be_null(each)


@cache
def github_contract() -> Contract:
    """GitHub's REST interface."""
    return Contract("github-openapi.json", "https://api.github.com")


def _told(error: BaseException) -> str:
    """The innermost reasons: the outer ones show all of the content."""
    cause = error.__cause__ or error
    schema_errors = getattr(cause, "schema_errors", None)
    if not schema_errors:
        return str(cause)[:300]
    places = ("/".join(map(str, each.absolute_path)) for each in schema_errors)
    return "; ".join(f"{place}: {each.message[:200]}" for place, each in zip(places, schema_errors, strict=True))
