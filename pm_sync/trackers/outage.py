"""What failed on the way to a server, and whether it may have heard us. Both client libraries speak by `requests`."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from pm_sync.trackers.bounded import LARGEST, TooLarge
from pm_sync.trackers.http import TIMEOUT, Unavailable


def unavailable(error: requests.RequestException, base: str) -> Unavailable:
    """Say what failed in our words: the library's may hold a proxy's password."""
    host = urlsplit(base).netloc
    match error:
        case TooLarge():
            hint = f"see whether something else answers at {base}"
            return Unavailable(f"{host} answered with more than {LARGEST // 1024**2} MB", again=False, hint=hint)
        case requests.ConnectTimeout():
            return Unavailable(f"{host} can't be reached in {TIMEOUT} s", sent=False)
        case requests.Timeout():
            return Unavailable(f"{host} gave no answer within {TIMEOUT} s")
        case requests.exceptions.SSLError():
            # A certificate is looked at before anything is sent; later errors may come with the answer.
            early = "CERTIFICATE_VERIFY_FAILED" in str(error)
            hint = "check its certificate and REQUESTS_CA_BUNDLE"
            return Unavailable(f"no secure connection to {host}", sent=not early, hint=hint)
        case requests.exceptions.ProxyError():
            return Unavailable(f"the proxy on the way to {host} failed", sent=False)
        case requests.ConnectionError() if _never_connected(error):
            return Unavailable(f"{host} can't be reached", sent=False)
        case _:
            return Unavailable(f"the connection to {host} broke before it answered")


def _never_connected(error: requests.ConnectionError) -> bool:
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    return isinstance(reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.NameResolutionError)
