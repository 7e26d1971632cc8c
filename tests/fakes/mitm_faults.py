"""An addon for mitmproxy, run by its own Python: lets the requests that fit go wrong, as `counterparts.Fault` says."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from mitmproxy import http  # type: ignore[import-not-found]  # of another environment

_CONTROL = "/__faults"
_pending: list[dict[str, Any]] = []


async def request(flow: http.HTTPFlow) -> None:
    """Take new faults, or fail before the server is asked."""
    if flow.request.path == _CONTROL:
        _pending[:] = json.loads(flow.request.content)
        flow.response = http.Response.make(200, b"taken")
        return
    await _fail(flow, "before")


async def response(flow: http.HTTPFlow) -> None:
    """Fail after the server has acted."""
    if flow.request.path != _CONTROL:
        await _fail(flow, "after")


async def _fail(flow: http.HTTPFlow, phase: str) -> None:
    fault = _next(flow, phase)
    if fault is None:
        return
    if fault["delay"]:
        await asyncio.sleep(fault["delay"])
    if fault["drop"]:
        flow.kill()
    elif fault["status"]:
        headers = {"content-type": "application/json"} | (fault["headers"] or {})
        flow.response = http.Response.make(fault["status"], fault["body"].encode(), headers)


def _next(flow: http.HTTPFlow, phase: str) -> dict[str, Any] | None:
    for fault in _pending:
        fits = fault["phase"] == phase and fault["method"] in ("", flow.request.method)
        if fits and re.search(fault["path"], flow.request.path):
            fault["times"] -= 1
            if not fault["times"]:
                _pending.remove(fault)
            return fault
    return None
