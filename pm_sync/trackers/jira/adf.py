"""Cloud's bodies: documents in the Atlassian Document Format, made from Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from mistletoe import block_token, span_token
from mistletoe.base_renderer import BaseRenderer

from pm_sync.trackers.jira.markup import Run, clean, is_parsable, is_web_address, one_line, paragraphs

Node = dict[str, Any]
Marks = tuple[Mapping[str, Any], ...]

_MOST_LEVEL = 6


class AdfText:
    """Makes the nodes of a document."""

    def words(self, runs: Sequence[Run]) -> list[Node]:
        """One paragraph."""
        return [_paragraph([node for run in runs for node in _text(one_line(run.text), _marks_of(run))])]

    def markdown(self, text: str) -> list[Node]:
        """Markdown as nodes."""
        text = clean(text)
        if is_parsable(text):
            with suppress(RecursionError), BaseRenderer():
                return _blocks(block_token.Document(text).children)
        return [node for part in paragraphs(text) for node in self.words([Run(part)])]


def document(nodes: Sequence[Node]) -> Node:
    """A whole ADF document."""
    return {"type": "doc", "version": 1, "content": list(nodes)}


def _marks_of(run: Run) -> Marks:
    strong: Marks = ({"type": "strong"},) if run.strong else ()
    return (*strong, *_link(run.href or ""))


def _link(target: str) -> Marks:
    return ({"type": "link", "attrs": {"href": target}},) if is_web_address(target) else ()


def _paragraph(content: Sequence[Node]) -> Node:
    return {"type": "paragraph", "content": list(content)}


def _text(text: str, marks: Marks) -> list[Node]:
    if not text:
        return []
    return [{"type": "text", "text": text} | ({"marks": [dict(mark) for mark in marks]} if marks else {})]


def _blocks(tokens: Iterable[Any] | None, *, nested: bool = False) -> list[Node]:
    """Nodes for blocks. Inside of lists and quotations only few are allowed: there the others' text is kept."""
    nodes: list[Node] = []
    for token in tokens or ():
        nodes += _block(token, nested=nested)
    return nodes


def _block(token: Any, *, nested: bool) -> list[Node]:  # noqa: ANN401  the library has no types
    match token:
        case block_token.Heading() | block_token.SetextHeading():
            return [_heading(token, nested=nested)]
        case block_token.CodeFence() | block_token.BlockCode():
            return [_code(token)]
        case block_token.List():
            return [_list(token)]
        case block_token.Quote():
            inner = _blocks(token.children, nested=True) or [_paragraph([])]
            return inner if nested else [{"type": "blockquote", "content": inner}]
        case block_token.Table():
            return [_paragraph(_joined(row)) for row in _rows(token)] if nested else [_table(token)]
        case block_token.ThematicBreak():
            return [] if nested else [{"type": "rule"}]
        case _:
            return [_paragraph(_inline(token.children or (), ()))]


def _heading(token: Any, *, nested: bool) -> Node:  # noqa: ANN401
    if nested:
        return _paragraph(_inline(token.children, ({"type": "strong"},)))
    level = min(token.level, _MOST_LEVEL)
    return {"type": "heading", "attrs": {"level": level}, "content": _inline(token.children, ())}


def _code(token: Any) -> Node:  # noqa: ANN401
    node: Node = {"type": "codeBlock", "content": _text(token.children[0].content.rstrip("\n"), ())}
    return node | ({"attrs": {"language": token.language}} if token.language else {})


def _list(token: Any) -> Node:  # noqa: ANN401
    items = [{"type": "listItem", "content": _item(item)} for item in token.children]
    if token.start is None:
        return {"type": "bulletList", "content": items}
    return {"type": "orderedList", "attrs": {"order": token.start}, "content": items}


def _item(item: Any) -> list[Node]:  # noqa: ANN401
    nodes = _blocks(item.children, nested=True)
    # An item begins with text.
    return nodes if nodes and nodes[0]["type"] in ("paragraph", "codeBlock") else [_paragraph([]), *nodes]


def _table(token: Any) -> Node:  # noqa: ANN401
    header = getattr(token, "header", None)
    rows = [_row(row, "tableHeader" if row is header else "tableCell") for row in _rows(token)]
    return {"type": "table", "content": rows}


def _rows(token: Any) -> list[Any]:  # noqa: ANN401
    return [*([token.header] if hasattr(token, "header") else []), *token.children]


def _row(row: Any, kind: str) -> Node:  # noqa: ANN401
    cells = [{"type": kind, "content": [_paragraph(_inline(cell.children, ()))]} for cell in row.children]
    return {"type": "tableRow", "content": cells}


def _joined(row: Any) -> list[Node]:  # noqa: ANN401
    nodes: list[Node] = []
    for cell in row.children:
        nodes += [*(_text(" | ", ()) if nodes else []), *_inline(cell.children, ())]
    return nodes


def _inline(tokens: Iterable[Any] | None, marks: Marks) -> list[Node]:
    return [node for token in tokens or () for node in _span(token, marks)]


def _span(token: Any, marks: Marks) -> Iterator[Node]:  # noqa: ANN401
    match token:
        case span_token.Strong():
            yield from _inline(token.children, _with(marks, {"type": "strong"}))
        case span_token.Emphasis():
            yield from _inline(token.children, _with(marks, {"type": "em"}))
        case span_token.Strikethrough():
            yield from _inline(token.children, _with(marks, {"type": "strike"}))
        case span_token.InlineCode():
            # Code bears no other mark but a link.
            links = tuple(mark for mark in marks if mark["type"] == "link")
            yield from _text(
                "".join(getattr(child, "content", "") for child in token.children or ()), (*links, {"type": "code"})
            )
        case span_token.Link() | span_token.AutoLink():
            yield from _inline(token.children, _with(marks, *_link(token.target)))
        case span_token.Image():
            inner = _inline(token.children, _with(marks, *_link(token.src)))
            yield from inner or _text(token.src, _with(marks, *_link(token.src)))
        case span_token.LineBreak():
            yield from _text(" ", marks) if token.soft else [{"type": "hardBreak"}]
        case _:
            yield from _text(token.content, marks) if hasattr(token, "content") else _inline(token.children, marks)


def _with(marks: Marks, *more: Mapping[str, Any]) -> Marks:
    kinds = {mark["type"] for mark in marks}
    return (*marks, *(mark for mark in more if mark["type"] not in kinds))
