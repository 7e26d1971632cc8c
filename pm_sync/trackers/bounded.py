"""Answers with an end: a server, or whatever answers in its place, can't use up our memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import requests
from requests.adapters import HTTPAdapter

LARGEST = 64 * 1024 * 1024
"""Bytes of an answer, uncompressed; a hundred issues of the longest texts that servers take have less than half of it."""
_CHUNK = 64 * 1024


class TooLarge(requests.RequestException):
    """The answer has no end, or a far one; the request was heard."""


class BoundedAdapter(HTTPAdapter):
    """Reads no more of an answer than `LARGEST`."""

    def send(self, *words: Any, **named: Any) -> requests.Response:  # noqa: ANN401 - as in the base class
        """Send a request, and read its answer.

        Raises:
            TooLarge: it is larger than any that makes sense.
            requests.RequestException: none came.

        """
        response = super().send(*words, **named)
        if response.raw is None:
            return response  # whoever made it gave it its content
        # Else the session would read it, to whatever end.
        response._content = b"".join(_read(response))  # noqa: SLF001 - it has no other way to be given what was read
        return response


def _read(response: requests.Response) -> Iterator[bytes]:
    size = 0
    for chunk in response.iter_content(_CHUNK):
        size += len(chunk)
        if size > LARGEST:
            response.close()
            raise TooLarge
        yield chunk
