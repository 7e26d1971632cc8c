"""Bad days in front of a Jira: answers that never came from it, or came after it had acted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.fakes.front import Answer, Asked, Front, Layer

HTML = b"<html><body>Please log in</body></html>"


@dataclass(slots=True)
class Trouble(Layer):
    """The next requests that fit get these answers."""

    before: list[tuple[str, Answer]] = field(default_factory=list)
    """A regular expression for method and path, and the answer: the server never sees the request."""
    after: list[tuple[str, Answer]] = field(default_factory=list)
    """The same, but the server has acted."""

    given: set[tuple[int, bytes]] = field(default_factory=set)
    """Status and content of the answers given, which no contract holds for."""

    def answer(self, asked: Asked, front: Front) -> Answer | None:
        """Answer in the server's place."""
        return self._take(self.before, asked)

    def amend(self, asked: Asked, answer: Answer) -> Answer:
        """Answer in place of what the server said."""
        return self._take(self.after, asked) or answer

    def _take(self, planned: list[tuple[str, Answer]], asked: Asked) -> Answer | None:
        for plan in planned:
            if re.search(plan[0], f"{asked.method} {asked.path}"):
                planned.remove(plan)
                self.given.add((plan[1].status, plan[1].body))
                return plan[1]
        return None
