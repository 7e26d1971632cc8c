"""What looks like an action item in a section of measures, by its layout: list, table, paragraph, sentence, heading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pm_sync.markdown.blocks import ITEM, LIST, PARAGRAPH, TABLE, Block, Document, children
from pm_sync.markdown.inlines import RichText, rich_text
from pm_sync.postmortem import prose, vocabulary, wording
from pm_sync.postmortem.bullets import first_words, is_field, is_form, names_group, only_fields, says_where
from pm_sync.postmortem.candidate import IN_HEADING, IN_LIST, IN_PROSE, IN_TABLE, Candidate, Record
from pm_sync.postmortem.explicit import below, explicit, uncount, undecorate, worded
from pm_sync.postmortem.fields import read_text
from pm_sync.postmortem.groups import labels_a_group
from pm_sync.postmortem.headed import bears_fields, begins_bold, is_task, is_title, is_urgency, is_worded
from pm_sync.postmortem.links import find_links, without_note
from pm_sync.postmortem.numbers import with_bullets_below
from pm_sync.postmortem.prose import Stretch
from pm_sync.postmortem.sections import Part, Piece, label_of
from pm_sync.postmortem.tables import read_table
from pm_sync.postmortem.titles import join_lines
from pm_sync.postmortem.values import NOTHING, labelled, read_values
from pm_sync.postmortem.window import Reading

_DEEPEST = 12
_LISTS = frozenset({"tasks"})
"""What a title names that is no task itself, though "TODO list" begins as one does."""


class Collector:
    """Finds the candidates of one section of measures."""

    def __init__(self, document: Document, keys: frozenset[str]) -> None:
        self.document = document
        self.keys = keys
        self.tables_of_no_tasks: dict[int, list[Block]] = {}

    def collect(self, parts: list[Part]) -> list[Candidate]:
        """The candidates of one section, in the order they stand."""
        found = {id(part): uncount(undecorate(list(self.listed(part, root=part is parts[0])))) for part in parts}
        for at, part in enumerate(parts):
            if not found[id(part)] and not any(found[id(child)] for child in below(parts, at)):
                found[id(part)] = uncount(list(self.prose(part)))
        return worded(parts[0], explicit(parts, found))

    # -- lists, tables, headings

    def listed(self, part: Part, *, root: bool) -> Iterator[Candidate]:
        """The items of a part by its title, lists and tables; prose only as far as it is a list to the eye."""
        if not root and part.text is not None and (candidate := self.titled(part)):
            yield candidate
            yield from self.nested(candidate, [p.block for p in part.pieces if p.block.kind is ITEM], 0)
            return
        if part.is_label and self.has_steps(part):
            return
        record = Record()
        for piece, explaining in with_bullets_below(self.document, part.pieces):
            if piece.block.kind is ITEM:
                yield from record.take(self.item(piece.block, part, None, 0, explaining=explaining, until=piece.end))
            elif piece.block.kind is TABLE:
                yield from self.table(piece.block, part)
            elif piece.block.kind is PARAGRAPH and self.is_bullet(piece):
                yield from self.paragraph(piece, part)
            elif only_fields(self.document, piece):
                self.beside_bullets(piece, record)
        yield from record.left

    def beside_bullets(self, piece: Piece, record: Record) -> None:
        """Take a paragraph of fields: they are those of the bullets below, if they stand above the first, else of the last."""
        if record.last is not None and record.group is None:
            self.explain(record.last, piece)
            return
        record.group = NOTHING
        for line in piece.text(self.document).plain[piece.begin :].split("\n"):
            record.group = record.group.joined(labelled(line) or NOTHING)

    def is_bullet(self, piece: Piece) -> bool:
        """Whether a paragraph, or what stands below a label in it, is a list to the eye, or says that it is a task."""
        at = rich_text(self.document, piece.block).offset(piece.begin) if piece.begin else piece.block.start
        listed = prose.is_listed(self.document.source.data, at, piece.block.end)
        return listed or prose.is_record(piece.text(self.document).plain[piece.begin :])

    def titled(self, part: Part) -> Candidate | None:
        """The heading or label of a part as an item, where it is one and not the title of a group."""
        text, block = part.text, part.block
        if text is None or block is None or vocabulary.concepts("heading", part.title) & _LISTS:
            return None
        begin = len(text.plain) - len(vocabulary.strip_numbering(text.plain))
        reading = read_text(text, begin, len(text.plain), self.keys)
        items = [p.block for p in part.pieces if p.block.kind is ITEM]
        told = wording.begins_with_verb(reading.text) and bears_fields(self.document, part)
        only_fields = all(is_field(self.document, item) for item in items) if items else told
        lists = any(p.block.kind in {ITEM, TABLE} for p in part.pieces)
        if lists and begin and (not part.is_label or part.bold) and self.is_explained(part, reading):
            lists = False
        if not only_fields and (
            not is_task(part, reading, begin, lists=lists) or is_urgency(reading, [*map(self.first_text, items)])
        ):
            return None
        if not reading.text or vocabulary.names("group", reading.text) or vocabulary.names("heading", reading.text):
            return None
        if part.is_label:
            reading.text, reading.title = reading.text.rstrip(" :："), reading.title.rstrip(" :：")
        end = self.bare_end(block.start, block.end)
        candidate = Candidate(IN_HEADING, part, text, block.start, end, reading)
        for piece in part.pieces:
            if piece.block.kind is PARAGRAPH:
                self.explain(candidate, piece)
        return candidate

    def is_explained(self, part: Part, reading: Reading) -> bool:
        """Whether a numbered heading has its fields, or its steps or reasons, right below it: then it is a task itself."""
        if bears_fields(self.document, part) or self.has_steps(part):
            return True
        items = [p.block for p in part.pieces if p.block.kind is ITEM]
        if not items or any(item.box for item in items) or not is_worded(reading.text):
            return False
        texts = [text.plain for text in map(self.first_text, items) if text is not None]
        return sum(map(wording.is_told, texts)) * 2 < len(texts)

    def has_steps(self, part: Part) -> bool:
        """Whether a part's list tells how something is done, click by click."""
        return any(says_where(self.first_text(p.block)) for p in part.pieces if p.block.kind is ITEM)

    def bare_end(self, start: int, end: int) -> int:
        """Where a block ends without the blanks and line feeds behind it."""
        return start + len(self.document.source.data[start:end].rstrip())

    def item(
        self,
        item: Block,
        part: Part,
        parent: Candidate | None,
        depth: int,
        *,
        explaining: Sequence[Block] = (),
        until: int | None = None,
    ) -> Iterator[Candidate]:
        """The candidate of one bullet, ``until`` a character, and of those nested in it, or ``explaining`` it from below."""
        inner = children(self.document, item)
        first = first_words(inner)
        if first is None:
            yield from self.wordless(item, part, parent, depth)
            return
        text = Piece(first, 0, until).text(self.document)
        bare = len(inner) == 1
        lists = () if bare else [block for block in inner if block.kind is LIST]
        if parent is None and item.box is None and lists and self.heads_group(text, lists):
            for block in lists:
                for child in children(self.document, block):
                    yield from self.item(child, part, None, depth + 1)
            return
        reading = read_text(text, 0, len(text.plain), self.keys)
        end = self.bare_end(item.start, first.end if until is None else text.behind(len(text.plain.rstrip())))
        candidate = Candidate(IN_LIST, part, text, item.start, end, reading, item.box, parent=parent, bare=bare)
        yield candidate
        for block in inner:
            if block.kind is PARAGRAPH and block is not first:
                self.explain(candidate, Piece(block))
            elif block.kind is LIST:
                yield from self.nested(candidate, list(children(self.document, block)), depth)
        if explaining:
            yield from self.nested(candidate, explaining, depth)

    def wordless(self, item: Block, part: Part, parent: Candidate | None, depth: int) -> Iterator[Candidate]:
        """A bullet that says nothing: to be shown, unless it has others inside it, as in "- - Add an alert"."""
        lists = [block for block in children(self.document, item) if block.kind is LIST]
        for block in lists if depth < _DEEPEST else ():
            for child in children(self.document, block):
                yield from self.item(child, part, parent, depth + 1)
        if not lists or depth >= _DEEPEST:
            text = RichText("", (), (), self.document.source.data)
            yield Candidate(IN_LIST, part, text, item.start, item.start, Reading(), item.box, parent=parent)

    def heads_group(self, text: RichText, lists: Sequence[Block]) -> bool:
        """Whether a bullet over others only says when theirs is to be done ("Short-term:"), or what they have in common."""
        if names_group(text.plain):
            return True
        label = label_of(text)
        return label is not None and label.alone and labels_a_group(self.document, label, text, lists, within=True)

    def nested(self, parent: Candidate, items: Sequence[Block], depth: int) -> Iterator[Candidate]:
        """Sub-tasks, or explanations of the item above them, whichever most of a nested list's bullets are."""
        texts = [(item, self.first_text(item)) for item in items]
        rest = []
        for item, text in texts:
            values = labelled(text.plain) if text else None
            if values is not None and text is not None:
                parent.values = parent.values.joined(values)
                parent.links += find_links(text, 0, len(text.plain), self.keys)
            else:
                rest.append((item, text))
        boxed = any(item.box is not None for item, _ in rest)
        tasks = len(rest) if boxed else sum(self.is_subtask(text, parent) for _, text in rest)
        deeper = depth < _DEEPEST and 0 < len(rest) <= tasks * 2
        deeper = deeper and (boxed or not self.is_explanation(parent, [text for _, text in rest]))
        for item, text in rest:
            # Who gives some bullets a box says by it that the others are no tasks.
            if deeper and (item.box is not None or not boxed):
                yield from self.item(item, parent.part, parent, depth + 1)
            elif text is not None and text.plain.strip():
                parent.details.append(join_lines(text.plain))
                parent.links += find_links(text, 0, len(text.plain), self.keys)

    def is_explanation(self, parent: Candidate, below: Sequence[RichText | None]) -> bool:
        """Whether nested bullets that look like tasks are the steps, the report or the form of the one above them."""
        return any(map(says_where, below)) or wording.leads_back(without_note(parent.text)) or is_form(below)

    def first_text(self, item: Block) -> RichText | None:
        """What a bullet says first."""
        inner = children(self.document, item)
        return rich_text(self.document, inner[0]) if inner and inner[0].kind is PARAGRAPH else None

    def is_subtask(self, text: RichText | None, parent: Candidate) -> bool:
        """Whether a nested bullet is a to-do of its own."""
        if text is None or not text.plain.strip():
            return False
        begins = wording.begins_with_verb(text.plain)
        if parent.box is not None and not begins:
            return False
        lead = text.plain.partition(":")[0].partition("：")[0]
        if "marker" in vocabulary.concepts("label", lead):
            return True
        return begins and not wording.continues(text.plain)

    def explain(self, candidate: Candidate, piece: Piece) -> None:
        """Take a further paragraph of an item: lines of fields, or words of explanation."""
        text = piece.text(self.document)
        words = []
        for line in text.plain[piece.begin :].split("\n"):
            values = labelled(line) or read_values(line, bracketed=False)
            if values is None:
                words.append(line)
            else:
                candidate.values = candidate.values.joined(values)
        candidate.links += find_links(text, piece.begin, len(text.plain), self.keys)
        if rest := join_lines("\n".join(words)):
            candidate.details.append(rest)

    def table(self, block: Block, part: Part) -> Iterator[Candidate]:
        """The candidates of a table, one for each row."""
        rows = read_table(self.document, block)
        if rows is None:
            self.tables_of_no_tasks.setdefault(id(part), []).append(block)
        for row in rows or ():
            text = row.task.text
            reading = read_text(text, 0, len(text.plain), self.keys)
            end = self.bare_end(row.block.start, row.block.end)
            aside = "a title of other rows" if row.title else None
            yield Candidate(IN_TABLE, part, text, row.block.start, end, reading, row=row, aside=aside)

    # -- prose

    def prose(self, part: Part) -> Iterator[Candidate]:
        """The candidates of a part that has neither lists nor tables."""
        last: Candidate | None = None
        for piece in part.pieces:
            if last is not None and (only_fields(self.document, piece) or self.goes_on(last, piece)):
                self.explain(last, piece)
            elif piece.block.kind is PARAGRAPH:
                for last in self.paragraph(piece, part):
                    yield last

    def goes_on(self, last: Candidate, piece: Piece) -> bool:
        """Whether a paragraph in plain words goes on about an item with a bold title, or one and fields below it."""
        values = last.reading.values
        if piece.block.kind is not PARAGRAPH or not begins_bold(last.text):
            return False
        borne = bool(values.owners or values.due_text)
        if not borne and not is_title(last.text, last.reading):
            return False
        text = piece.text(self.document)
        if begins_bold(text) or prose.bears_fields(text, piece.begin, self.keys):
            return False
        # An instruction without a full stop is another one.
        return borne or text.plain.endswith(".") or not wording.begins_with_verb(text.plain[piece.begin :])

    def paragraph(self, piece: Piece, part: Part) -> Iterator[Candidate]:
        """The items of a paragraph: lines that are a list to the eye, sentences, or all of it."""
        text = piece.text(self.document)
        found = prose.stretches(text, piece.begin, self.keys, tasks="tasks" in part.roles)
        for stretch in found:
            yield self.stretch(text, stretch, piece.block, part)
        if not found and find_links(text, piece.begin, len(text.plain), self.keys):
            candidate = self.stretch(text, Stretch(piece.begin, len(text.plain)), piece.block, part)
            candidate.aside = "only says where something is tracked"
            yield candidate

    def stretch(self, text: RichText, stretch: Stretch, block: Block, part: Part) -> Candidate:
        """The candidate of one place in a paragraph."""
        reading = read_text(text, stretch.begin, stretch.end, self.keys)
        start = text.offset(reading.begin) if reading.end > reading.begin else block.start
        end = reading.note.annotation.span.end if reading.note else text.behind(reading.end)
        return Candidate(IN_PROSE, part, text, start, max(start, end), reading)
