"""Measures told apart from what stands around them: steps, lessons, narratives, signs that only decorate."""

from __future__ import annotations

from datetime import date

import pytest

from pm_sync.model import ActionItem
from pm_sync.postmortem.phrases import raw
from pm_sync.postmortem.read import read_postmortem

HEAD = "# Outage\n\n## Impact\n\nNobody could pay.\n\n"


def read(body: str) -> list[ActionItem]:
    """The items of a postmortem with this body."""
    return list(read_postmortem((HEAD + body).encode(), "x.md").items)


def told(body: str) -> list[tuple[str, bool | None]]:
    """Their titles, and whether they are done."""
    return [(item.title, item.done) for item in read(body)]


def test_steps_that_say_where_to_click_explain_a_task() -> None:
    """Whoever has to rotate a key gets one issue, and none for each button."""
    body = (
        "## Immediate actions required\n\n### 1. Rotate the key\n\nHow it goes:\n1. Go to the console\n2. Click *Rotate*\n\n"
        "### 2. Tell the bank\n\n- Visit their page\n- Write to them\n"
    )
    assert told(body) == [("Rotate the key", None), ("Tell the bank", None)]


def test_a_label_over_what_explains_it_is_a_task() -> None:
    """Bullets that go on about the bold words above them don't make those a group's title."""
    body = "## Prevention\n\n- **Secret scanner**\n  - Prevents keys in commits\n  - Includes old branches\n- Add an alert\n"
    assert [title for title, _ in told(body)] == ["Secret scanner", "Add an alert"]


@pytest.mark.parametrize(
    "heading",
    ["Lessons and recommendations", "Wnioski i rekomendacje (lessons learned)", "Conclusiones y recomendaciones"],
)
def test_what_is_worded_as_a_measure_counts_below_lessons_and_recommendations(heading: str) -> None:
    """Of a list that tells both, the lessons stay out; one most of which is measures is a list of them."""
    mixed = f"## {heading}\n\n- The cache hid it\n- The pager was silent\n- Add an alert on the queue\n"
    assert told(mixed) == [("Add an alert on the queue", None)]
    mostly = f"## {heading}\n\n- Add an alert\n- Test the failover\n- Backups: a second copy\n"
    assert [title for title, _ in told(mostly)] == ["Add an alert", "Test the failover", "Backups"]


def test_conclusions_are_not_done() -> None:
    """No Italian participle is read into "Conclusions"."""
    assert told("## Conclusions and recommendations\n\n- Add an alert\n") == [("Add an alert", None)]


def test_immediate_actions_of_the_response_are_told_and_not_asked_for() -> None:
    """Below "Resolution" they ended the incident; below "Lessons learned", or alone, they are still to be done."""
    done = "### Immediate actions\n\n- Restarted the queue\n\n## Next steps\n\n- Add an alert\n"
    assert told("## Resolution\n\n" + done) == [("Add an alert", None)]
    assert told("## Lessons learned\n\n### Immediate actions\n\n- Add an alert\n") == [("Add an alert", None)]


def test_boxes_below_a_horizon_are_tasks_whatever_is_above() -> None:
    """Nobody ticks off in boxes, sorted by when it is due, what is no task."""
    body = (
        "## Fixes applied\n\n### Immediate (week 1)\n- [x] Restart it\n\n### Long-term (Q1)\n- [ ] Test the failover\n"
    )
    assert told(body) == [("Restart it", True), ("Test the failover", False)]
    assert told("## Timeline\n\n### Immediate\n- [x] Restarted it\n") == []


def test_a_sign_before_a_heading_over_a_list_decorates_it() -> None:
    """It is the title of a group, and says nothing of how the tasks below it stand."""
    body = "## Prevention\n\n### ✅ Good habits in place:\n- [x] Add an alert\n\n### 🔄 Constant care\n- [ ] Test the failover\n"
    assert told(body) == [("Add an alert", True), ("Test the failover", False)]


def test_a_paragraph_led_by_a_state_is_one_task() -> None:
    """What stands behind "Done:" was done, however many sentences tell of it, in whatever tense."""
    body = "## Folgemaßnahmen\n\n**Erledigt:** Ein Wächter läuft jede Nacht. Er liest alles zurück.\n\n**Offen:** Der zweite Server läuft noch mit dem alten Kern. Beide sollten umziehen.\n"
    assert [(item.text.split()[0], item.done) for item in read(body)] == [("Ein", True), ("Der", False)]


def test_a_numbered_heading_with_fields_right_below_it_is_a_task() -> None:
    """The list under its fields says how it may be done."""
    body = "## Accionables\n\n### A1. Probar el respaldo\n**Prioridad:** Alta\n**Opciones:**\n1. Crear otro nodo\n2. Usar el viejo\n"
    first, *options = read(body)
    assert (first.text, first.priority) == ("Probar el respaldo", "Alta")
    assert [option.parent for option in options] == [0, 0]


def test_a_due_date_that_says_done_may_say_more() -> None:
    """Below "Target", "Done (phase 3)" is no day to come."""
    body = "## Actions\n\n| Action | Target |\n|---|---|\n| Add an alert | Done (phase 3) |\n| Test it | 2024-05-01 |\n"
    assert [(item.done, item.due, item.due_text) for item in read(body)] == [
        (True, None, None),
        (None, date(2024, 5, 1), "2024-05-01"),
    ]


@pytest.mark.parametrize(
    ("cell", "owners"),
    [
        ("Team Web/Mobile", ("Team Web/Mobile",)),
        ("Tim Ops & Data", ("Tim Ops & Data",)),
        ("Team A, Team B", ("Team A", "Team B")),
        ("Team A / Team B", ("Team A", "Team B")),
        ("Ann/Bo", ("Ann", "Bo")),
    ],
)
def test_what_a_team_s_name_joins_is_one_team(cell: str, owners: tuple[str, ...]) -> None:
    """Only names beside each other are several owners."""
    assert read(f"## Actions\n\n| Action | Owner |\n|---|---|\n| Add an alert | {cell} |\n")[0].owners == owners


@pytest.mark.parametrize("text", ["N'oublier aucune copie", "N'ajouter que des alertes utiles"])
def test_not_applicable_is_no_beginning_of_a_word(text: str) -> None:
    """Two letters with a sign between them are said instead of items, not before the rest of one."""
    assert [item.text for item in read(f"## Actions\n\n- {text}\n")] == [text]


@pytest.mark.parametrize(
    "heading",
    [
        "Accionables",
        "Prevenção para o futuro",
        "Att göra härnäst (lista)",
        "Förebyggande efter återställning",
        "Volgende checks",
        "Actionable fix",
        "Prévention future",
        "Prevención para el futuro",
    ],
)
def test_more_headings_name_measures(heading: str) -> None:
    """As they stand in real postmortems of these languages."""
    assert [item.text for item in read(f"## {heading}\n\n- Qwerty zu\n")] == ["Qwerty zu"]


@pytest.mark.parametrize(
    "line",
    [
        "Firewall verschärft",
        "Neues Runbook eingeführt",
        "Waarschuwing toegevoegd",
        "Sauvegarde ajoutée",
        "Slug rinominati",
        "Notfall-Patch des Gateways (10. Januar 2026, abgeschlossen)",
    ],
)
def test_a_participle_at_the_end_reports(line: str) -> None:
    """As "Runbook updated" does; the day beside it is that of its end, and no due date."""
    (item,) = read(f"## Actions\n\n- {line}\n")
    assert (item.done, item.due) == (True, None)


def test_no_instruction_reads_as_another_language_s_participle() -> None:
    """What begins an English instruction says in no language that something was done."""
    verbs = set(raw()["verb.en"]["en"])
    others = {phrase for language, words in raw()["verb.past"].items() if language != "en" for phrase in words}
    assert not verbs & others


@pytest.mark.parametrize("heading", ["Prevención implementada", "Prevenção aplicada", "Prevention implemented"])
def test_a_kind_of_measure_beside_a_word_for_done_names_measures(heading: str) -> None:
    """What prevents was done because of the incident; "actions taken" may have ended it."""
    assert told(f"## {heading}\n\n- One guideline\n") == [("One guideline", True)]
    assert told("## Acciones tomadas\n\n- One guideline\n") == []


@pytest.mark.parametrize(
    ("heading", "bullets"),
    [
        ("### 2. Add a quota for each key", "- Ten requests a second\n- Counted by the gateway\n"),
        ("#### ② 上限の導入（鍵ごと）", "- 一秒に十件まで\n- 窓口で数える\n"),
        ("#### 2) 增加上限（按密钥）", "- 每秒十次\n- 网关计数\n"),
    ],
)
def test_a_numbered_heading_worded_as_a_measure_is_one_above_what_explains_it(heading: str, bullets: str) -> None:
    """Unless the list below it is one of tasks, which then are the items of a group."""
    (item,) = read(f"## Prevention\n\n{heading}\n\n{bullets}")
    assert item.details.count("\n") == 1
    tasks = "- Add an alert\n- Test the failover\n"
    assert [i.text for i in read(f"## Prevention\n\n{heading}\n\n{tasks}")] == ["Add an alert", "Test the failover"]


def test_nobody_is_called_by_an_instruction() -> None:
    """What follows "team:" within a sentence may be what to do, and no team's name."""
    (item,) = read("## Actions\n\n- Talk within the team: agree on one vault for all\n")
    assert (item.text, item.owners) == ("Talk within the team: agree on one vault for all", ())


@pytest.mark.parametrize(
    "heading", ["Action à mener (à planifier)", "Acción a realizar", "Vorbeugende Maßnahme", "Misura correttiva"]
)
def test_one_measure_is_named_as_several_are(heading: str) -> None:
    """Forms say "corrective action" above however many there are."""
    assert [item.text for item in read(f"## {heading}\n\n- Qwerty zu\n")] == ["Qwerty zu"]


def test_a_table_of_who_does_what_by_when_needs_no_heading_for_measures() -> None:
    """Its columns say what it lists; below the timeline, or beside a time of day, they list what happened."""
    table = "| Action | Owner | Due |\n|---|---|---|\n| Rehearse the restore | Mia | 2026-05-04 |\n"
    (item,) = read(f"## Impact\n\nShort.\n\n## Ledger of changes\n\n{table}")
    assert (item.text, item.owners, item.due and item.due.isoformat()) == (
        "Rehearse the restore",
        ("Mia",),
        "2026-05-04",
    )
    assert told(f"## Impact\n\nShort.\n\n## Timeline\n\n{table}") == []
    assert (
        told("## Impact\n\nShort.\n\n## Ledger\n\n| Time | Action | Owner | Due |\n|--|--|--|--|\n|1|a b|c|d|\n") == []
    )


@pytest.mark.parametrize(
    ("header", "due"), [("Target file", None), ("Planned component", None), ("Target sprint", "x"), ("Due in", "x")]
)
def test_a_target_is_not_always_a_day(header: str, due: str | None) -> None:
    """What a header's first word leaves open the other words tell."""
    (item,) = read(
        f"## Actions\n\n| Action | {header} |\n|---|---|\n| Rehearse the restore | x |\n".replace("x |", "May |")
    )
    assert item.due_text == (due and "May")


@pytest.mark.parametrize(
    ("line", "done"),
    [
        ("대시보드 경보 추가 완료.", True),
        ("재시도 한도를 적용함", True),
        ("手順書の更新完了", True),
        ("上限値を導入した。", True),
        ("3월까지 점검 완료", None),
        ("점검 미완료", None),
        ("배포 완료 후 점검", None),
        ("三月末までに移行完了", None),
        ("移行未完了", None),
    ],
)
def test_the_last_word_says_that_it_was_done(line: str, done: bool | None) -> None:
    """But not where it says by when it shall be, or that it is not."""
    (item,) = read(f"## Actions\n\n- {line}\n")
    assert item.done is done


@pytest.mark.parametrize(
    "blank", ["[COMPLETAR]", "[à compléter]", "[da compilare]", "[auszufüllen]", "[заполнить]", "待填写"]
)
def test_what_is_to_be_filled_in_is_nobody_and_no_day(blank: str) -> None:
    """Whatever language a form is written in."""
    (item,) = read(
        f"## Actions\n\n| Action | Owner | Due |\n|--|--|--|\n| Rehearse the restore | {blank} | {blank} |\n"
    )
    assert (item.owners, item.due_text) == ((), None)


def test_an_urgent_word_above_groups_is_no_task() -> None:
    """It says what the groups below it are for."""
    groups = "1. **Copies**\n   - Guardar discos\n   - Verificar una copia\n2. **Alarmas**\n   - Crear una alarma\n"
    assert [item.text for item in read(f"## Acciones\n\n**Urgente - Implementar**:\n\n{groups}")] == [
        "Guardar discos",
        "Verificar una copia",
        "Crear una alarma",
    ]


@pytest.mark.parametrize("below", ["It waits for ever now.", "```\nlimit = 3\n```", "- Three at most\n- For each key"])
def test_a_number_in_bold_type_is_a_task_whatever_explains_it(below: str) -> None:
    """A paragraph, code or bullets below it, as below a numbered heading."""
    items = read(
        f"## Postmortem actions taken\n\n**1. Added a limit to retries:**\n\n{below}\n\n**2. Fixed it**\n\nSo.\n"
    )
    assert [(item.text, item.done) for item in items] == [("Added a limit to retries", True), ("Fixed it", True)]


def test_bold_words_above_a_task_are_a_task_too() -> None:
    """What follows goes on about them only where it isn't worded as a task itself."""
    assert len(read("## Actions\n\n**Add an alert**\n\nTest the failover\n")) == len("ab")
    assert len(read("## Actions\n\n**Add an alert on lag**\n\nNobody has seen it grow.\n")) == len("a")


@pytest.mark.parametrize("heading", ["Next actions richieste", "Acciones correctivas necesarias", "Działania wymagane"])
def test_needed_names_nothing_itself(heading: str) -> None:
    """As in English "actions required"."""
    assert [item.text for item in read(f"## {heading}\n\n- Qwerty zu\n")] == ["Qwerty zu"]


@pytest.mark.parametrize(
    "line",
    ["Zastąpiono stary klucz nowym", "Se reemplazó la llave", "Перенесено ключі до сховища", "Anahtar değiştirildi"],
)
def test_reports_in_more_languages(line: str) -> None:
    """By the verb with which they begin, or end in languages that put it there."""
    (item,) = read(f"## Actions\n\n- {line}\n")
    assert item.done is True


NOTE = " ([PLATFORM-1000](https://our-own-company.example/browse/PLATFORM-1000), open)"


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("**Action items:** add an alert{}; rotate the keys of all our services{}; write the runbook{}\n", 3),
        (
            "Corrective and preventative measures must contain:\n• Rehearse every restore once a month on spare disks.{}\n",
            1,
        ),
        ("## Actions\n\n1. The loader was rewritten to:{}\n   - Create a file\n   - Remove it later\n", 1),
        ("## Actions\n\n**Action:** Define what each of the reports has to say:{}\n\n1. **Format** of it\n", 2),
        ("## Actions\n\n**1. Add a limit to the retries of the client, which waits for ever:**{}\n\nIt waits.\n", 1),
    ],
)
def test_what_was_written_back_reads_the_same(body: str, count: int) -> None:
    """However long our annotations make a line, and whatever word of theirs names something elsewhere."""
    plain = read(body.replace("{}", ""))
    noted = read(body.replace("{}", NOTE))
    assert len(plain) == count
    assert [item.text for item in plain] == [item.text for item in noted]


def test_a_sentence_that_leads_to_a_list_is_no_task() -> None:
    """What it leads to is."""
    lead = "Now that all is back, we have begun to work on what will keep it so, and look at these:"
    assert len(read(f"## Next steps\n\n{lead}\n\n- Add a limit\n- Test it\n")) == len("ab")


@pytest.mark.parametrize(
    "words",
    [
        ("Rotårsak", "Forebyggende tiltak", "Tiltak", "Ansvarlig", "Frist", "Status", "Ferdig"),
        ("Årsag", "Næste skridt", "Handling", "Ansvarlig", "Frist", "Status", "Færdig"),
        ("Juurisyy", "Jatkotoimenpiteet", "Toimenpide", "Vastuuhenkilö", "Määräaika", "Tila", "Valmis"),
        ("Cauza principală", "Măsuri preventive", "Acțiune", "Responsabil", "Termen", "Stare", "Finalizat"),
        ("Kiváltó ok", "Megelőző intézkedések", "Feladat", "Felelős", "Határidő", "Állapot", "Kész"),
        ("السبب الجذري", "الإجراءات الوقائية", "الإجراء", "المسؤول", "الموعد", "الحالة", "مكتمل"),
        ("สาเหตุหลัก", "แนวทางป้องกัน", "งาน", "ผู้รับผิดชอบ", "กำหนดเสร็จ", "สถานะ", "เสร็จแล้ว"),
    ],
)
def test_tables_in_further_languages(words: tuple[str, ...]) -> None:
    """What caused it is none of the measures, and each column is known for what it says."""
    cause, heading, task, owner, due, state, done = words
    table = f"| {task} | {owner} | {due} | {state} |\n|--|--|--|--|\n| Qwerty zu | Mia | 2026-05-04 | {done} |\n"
    (item,) = read(f"## {cause}\n\n- Qwerty\n\n## {heading}\n\n{table}")
    assert item.text == "Qwerty zu"
    assert item.owners == ("Mia",)
    assert item.due is not None
    assert item.done is True
