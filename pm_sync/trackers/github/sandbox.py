"""A sandbox for templates that a repository brings: they fill in, choose, repeat and filter, and do nothing else.

Jinja's own sandbox keeps a template from reaching Python, but not from running for ever or filling the memory.
So what could is left out of the language: calls, assignments, macros, and arithmetic but for sums of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from jinja2 import Template as Compiled
from jinja2 import TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST = 8 * 1024 * 1024
"""Characters that a template, or one filter of it, may make; the details of an item are 5 MB at most."""
_MOST_ROUNDS = 10_000
"""Rounds of all loops of one rendering together."""
_MOST_PARTS = 100
"""Values in a list that the template itself writes."""
_KNOWN = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If, nodes.CondExpr),
    *(nodes.Name, nodes.Const, nodes.List, nodes.Tuple, nodes.Getattr, nodes.Getitem, nodes.Slice),
    *(nodes.Filter, nodes.Keyword, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
    *(nodes.Add, nodes.Sub, nodes.Neg, nodes.Pos),
)
_FILTERS = (
    *("capitalize", "count", "d", "default", "e", "escape", "first", "int", "last", "length", "lower", "reverse"),
    *("sort", "string", "striptags", "title", "trim", "truncate", "unique", "upper", "urlencode", "wordcount"),
)


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment. One template is rendered at a time."""

    intercepted_binops = frozenset({"+", "-"})

    def __init__(self, finalize: Callable[[object], str]) -> None:
        """Leave out what isn't needed; ``finalize`` makes the text of each value."""
        # No escaping of HTML: this is Markdown, and `finalize` stands in its place.
        super().__init__(autoescape=False, trim_blocks=True, lstrip_blocks=True, finalize=finalize)
        kept = {name: self.filters[name] for name in _FILTERS}
        self.filters = kept | {"join": _join, "replace": _replace, "indent": _indent, "rounds": self._rounds}
        self.globals = {}
        self._left = 0

    def load(self, source: str) -> Compiled:
        """Compile a template.

        Raises:
            TemplateSyntaxError: it is none, or does more than it may.

        """
        tree = self.parse(source)
        for node in tree.find_all(nodes.Node):
            _check(node)
        for loop in list(tree.find_all(nodes.For)):
            loop.iter = nodes.Filter(loop.iter, "rounds", [], [], None, None, lineno=loop.lineno)
        return self.from_string(tree)

    def fill(self, template: Compiled, values: dict[str, Any]) -> str:
        """Render.

        Raises:
            SecurityError: it becomes too long.

        """
        self._left = _MOST_ROUNDS
        parts: list[str] = []
        room = LONGEST
        for part in template.generate(values):
            room -= len(part)
            if room < 0:
                raise _too_long()
            parts.append(part)
        return "".join(parts)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401  any values
        """Add numbers only: sums of texts can fill the memory."""
        if not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise SecurityError(f"{operator} is for numbers only")
        return super().call_binop(context, operator, left, right)

    def _rounds(self, values: Iterable[object]) -> Iterator[object]:
        for value in values:
            self._left -= 1
            if self._left < 0:
                raise SecurityError(f"more than {_MOST_ROUNDS} rounds of its loops")
            yield value


def _check(node: nodes.Node) -> None:
    if not isinstance(node, _KNOWN):
        what = type(node).__name__.lower()
        raise TemplateSyntaxError(f"{what} is not possible here, only values, if, for and filters are", node.lineno)
    if isinstance(node, nodes.List | nodes.Tuple) and len(node.items) > _MOST_PARTS:
        raise TemplateSyntaxError(f"a list of more than {_MOST_PARTS} values", node.lineno)


def _join(values: Iterable[object], d: str = "") -> str:
    parts: list[str] = []
    room = LONGEST
    for value in values:
        parts.append(str(value))
        room -= len(parts[-1]) + len(d)
        if room < 0:
            raise _too_long()
    return str(d).join(parts)


def _replace(text: object, old: str, new: str) -> str:
    text = str(text)
    return _fitting(text, text.count(old) * len(new)).replace(old, new)


def _indent(text: object, width: int = 4) -> str:
    text = str(text)
    return _fitting(text, text.count("\n") * width).replace("\n", "\n" + " " * width)


def _fitting(text: str, more: int) -> str:
    """The text, if it may become so much longer."""
    if len(text) + more > LONGEST:
        raise _too_long()
    return text


def _too_long() -> SecurityError:
    return SecurityError(f"more than {LONGEST} characters")
