"""Headings in words of their own: which announce measures, and which only tell or ask."""

from __future__ import annotations

import pytest

from pm_sync.postmortem.read import read_postmortem
from pm_sync.postmortem.sections import roles_of

_MEASURES = frozenset({"action", "inside", "tasks", "improvements"})


@pytest.mark.parametrize(
    "title",
    [
        "How do we make sure it never happens again?", "What are we going to change?", "Preventing a repeat of this outage",
        "What we've changed since", "7.2 Where do we go from here", "Steps we're taking", "Long-term prevention",
        "Learnings and next steps", "Making sure the cache stays warm", "How we can improve",
        "Cómo evitaremos que vuelva a pasar", "Qué vamos a cambiar", "Ce que nous allons changer", "Comment l'éviter",
        "O que vamos mudar", "Como evitar que se repita", "Was wir ändern werden", "Wie wir das künftig verhindern",
        "Cosa faremo adesso", "Come evitarlo", "Wat gaan we veranderen?", "Hoe voorkomen we herhaling",
        "Co zmienimy", "Jak uniknąć powtórki", "二度と起こさないために", "我们将如何改进", "如何避免同样的故障", "재발을 막기 위해", "앞으로 할 것",
        "Что мы изменим", "Как избежать повторения", "Меры, которые ещё не внедрены", "Yang akan dilakukan", "Việc cần làm và ai làm",
        "Lo que se va a hacer", "Was noch umgesetzt werden muss", "O que pode ser melhorado", "Was können wir verbessern?",
        "Post-incident actions", "Technical follow-ups", "Actions following the review", "Follow-up tickets", "Open items",
        "The way forward", "Reliability improvements", "Reducing the likelihood of recurrence",
        "How can we avoid this type of incident?",
    ],
)  # fmt: skip
def test_a_sentence_that_says_what_we_do_about_it_announces_measures(title: str) -> None:
    """A question or an aim is known by its words, not by its wording."""
    assert roles_of(title) & _MEASURES


@pytest.mark.parametrize(
    "title",
    [
        "Why did nobody prevent this?", "What could have avoided it?", "How it was fixed", "What we saw", "How you can avoid this",
        "What happened", "What we did that night", "¿Por qué no lo pudimos evitar?", "Pourquoi est-ce arrivé ?", "Por que aconteceu",
        "Warum haben wir das nicht verhindert", "Cosa è successo", "Waarom ging het mis", "Co się stało", "なぜ防げなかったか", "为什么没有避免", "왜 발생했나",
        "Почему так вышло", "Response actions", "Customer actions", "GitHub Actions", "Temporary fixes", "Emergency measures",
        "Previous incidents", "Recovery and making sure it held",
    ],
)  # fmt: skip
def test_a_sentence_that_looks_back_or_advises_others_announces_nothing(title: str) -> None:
    """Narrative, hindsight and advice to the reader are no measures."""
    assert not roles_of(title) & _MEASURES


def test_a_section_named_for_the_cause_as_well_gives_only_its_groups_of_measures() -> None:
    """Of "Root cause & prevention" what stands below "Prevention" counts, and all of it where no group says so."""
    text = "# Outage\n\n## Root cause & prevention\n\n### {}\n\n- One disk held it all\n\n### {}\n\n- Buy another\n"
    named = read_postmortem(text.format("Good to know", "Preventive actions").encode(), "x.md")
    assert [item.text for item in named.items] == ["Buy another"]
    unnamed = read_postmortem(text.format("Disks", "Alarms").encode(), "x.md")
    assert [item.text for item in unnamed.items] == ["One disk held it all", "Buy another"]


def test_groups_of_one_section_may_have_the_same_to_do() -> None:
    """Two teams' equal items are two; only a second section says an item again."""
    text = "# Outage\n\n## Actions\n\n### Storage team\n\n- Write a test\n\n### Network team\n\n- Write a test\n"
    assert [item.ordinal for item in read_postmortem(text.encode(), "x.md").items] == [0, 1]


def test_a_number_of_several_levels_is_no_part_of_the_title() -> None:
    """Headings as items lose their whole number."""
    text = "# Outage\n\n## 5. Remediation\n\n### 5.1 Replace the balancer\n\nIt is old.\n\n### 5.2.1 Add a second\n\nSoon.\n"
    items = read_postmortem(text.encode(), "x.md").items
    assert [item.text for item in items] == ["Replace the balancer", "Add a second"]


def test_bullets_without_a_box_beside_boxed_ones_explain() -> None:
    """Who gives some nested bullets a box says that the others are no tasks."""
    text = "# Outage\n\n## Actions\n\n- [ ] Move the shop\n  - Check the old one first\n  - [x] Write a plan\n"
    items = read_postmortem(text.encode(), "x.md").items
    assert [(item.text, item.parent) for item in items] == [("Move the shop", None), ("Write a plan", 0)]
    assert items[0].details == "Check the old one first"


@pytest.mark.parametrize(
    "title",
    [
        "Completed action items",
        "Follow-ups (done)",
        "Medidas correctivas implementadas",
        "Erledigte Maßnahmen",
        "Azioni correttive eseguite",
    ],
)
def test_a_title_that_says_done_says_it_of_all_below(title: str) -> None:
    """Of groups as well; an item's own box knows better."""
    text = f"# Outage\n\n## {title}\n\n### Storage\n\n- Raise the limit\n- [ ] Add an alert\n"
    items = read_postmortem(text.encode(), "x.md").items
    assert [(item.text, item.done) for item in items] == [("Raise the limit", True), ("Add an alert", False)]


@pytest.mark.parametrize(
    "title", ["Tasks to be done", "Acciones pendientes", "Noch nicht umgesetzte Maßnahmen", "Next steps"]
)
def test_a_title_that_only_names_what_is_to_be_done_says_no_such_thing(title: str) -> None:
    """Done is never invented."""
    (item,) = read_postmortem(f"# Outage\n\n## Impact\n\nx\n\n## {title}\n\n- Raise the limit\n".encode(), "x.md").items
    assert item.done is None


@pytest.mark.parametrize("title", ["影響と再発防止策", "原因和改进措施", "ＡＰＩと対策"])
def test_a_title_without_blanks_is_cut_between_its_words(title: str) -> None:
    """Where a script puts no blanks around "and", it joins what stands on both sides."""
    assert roles_of(title) & _MEASURES
