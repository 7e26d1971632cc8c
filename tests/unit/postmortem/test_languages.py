"""Postmortems in the languages people write them."""

from __future__ import annotations

from datetime import date

import pytest

from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.read import read_postmortem

TABLES = {
    "es": ("Acciones correctivas y preventivas", "Acción", "Responsable", "Fecha límite", "Estado", "5 de junio de 2024", "En curso"),
    "fr": ("Mesures correctives", "Action", "Responsable", "Échéance", "État", "5 juin 2024", "En cours"),
    "pt": ("Plano de ação", "Ação", "Responsável", "Prazo", "Situação", "5 de junho de 2024", "Em andamento"),
    "de": ("Maßnahmen", "Maßnahme", "Verantwortlich", "Fällig bis", "Status", "5. Juni 2024", "In Arbeit"),
    "it": ("Azioni correttive e preventive", "Azione", "Responsabile", "Scadenza", "Stato", "5 giugno 2024", "In corso"),
    "nl": ("Actiepunten", "Actie", "Eigenaar", "Deadline", "Status", "5 juni 2024", "In uitvoering"),
    "pl": ("Działania naprawcze", "Działanie", "Odpowiedzialny", "Termin", "Status", "5 czerwca 2024", "W toku"),
    "ja": ("再発防止策", "対応内容", "担当者", "期限", "ステータス", "2024年6月5日", "対応中"),
    "zh": ("改进措施", "措施", "负责人", "截止日期", "状态", "2024年6月5日", "进行中"),
    "ko": ("재발 방지 대책", "조치 사항", "담당자", "기한", "상태", "2024년 6월 5일", "진행 중"),
    "ru": ("План действий", "Задача", "Ответственный", "Срок", "Статус", "5 июня 2024", "В работе"),
    "en": ("Corrective & Preventative Measures", "Action item", "Owner", "Due date", "Status", "Jun 5, 2024", "In progress"),
}  # fmt: skip


@pytest.mark.parametrize("language", TABLES)
def test_a_table_is_read_in_every_language(language: str) -> None:
    """Heading, column headers, date and state word are known, in any order of columns."""
    heading, task, owner, due, state, day, word = TABLES[language]
    text = f"# X\n\n## {heading}\n\n| {owner} | {task} | {state} | {due} |\n|---|---|---|---|\n| Kim | Qwerty zu | {word} | {day} |\n"
    (item,) = read_postmortem(text.encode(), "x.md").items
    assert (item.text, item.owners, item.due, item.done) == ("Qwerty zu", ("Kim",), date(2024, 6, 5), False)


@pytest.mark.parametrize(
    ("heading", "line", "owner", "done"),
    [
        ("Próximos pasos", "- [x] Revisar límites (responsable: Luis, plazo: 2024-06-05)", "Luis", True),
        ("Actions préventives", "- Revoir les seuils — responsable : Luc, échéance : 2024-06-05", "Luc", None),
        ("Próximos passos", "- [ ] Revisar limites (responsável: Rui; prazo: 2024-06-05)", "Rui", False),
        ("Nächste Schritte", "- Grenzwerte prüfen (verantwortlich: Eva, bis 2024-06-05)", "Eva", None),
        ("Prossimi passi", "1. Rivedere i limiti (responsabile: Ugo, entro il 2024-06-05)", "Ugo", None),
        ("Vervolgstappen", "- Grenzen nakijken (eigenaar: Bas, uiterlijk 2024-06-05)", "Bas", None),
        ("Kolejne kroki", "- Sprawdzić limity (właściciel: Jan, termin: 2024-06-05)", "Jan", None),
        ("今後の対応", "- 上限を見直す（担当：山田、期限：2024-06-05）", "山田", None),
        ("后续行动", "- [ ] 检查阈值（负责人：张三，截止：2024-06-05）", "张三", False),
        ("후속 조치", "- 한도 점검 (담당자: 김철수, 기한: 2024-06-05)", "김철수", None),
        ("Дальнейшие шаги", "- Проверить лимиты (ответственный: Иванов, срок: 2024-06-05)", "Иванов", None),
    ],
)
def test_a_bullet_is_read_in_every_language(heading: str, line: str, owner: str, done: bool | None) -> None:
    """Labels in brackets and behind dashes give owner and due date, and leave the text."""
    (item,) = read_postmortem(f"# X\n\n## {heading}\n\n{line}\n".encode(), "x.md").items
    assert (item.owners, item.due, item.done) == ((owner,), date(2024, 6, 5), done)
    assert not any(character in item.text for character in "(（:：—")


def test_every_phrase_is_written_as_it_is_compared() -> None:
    """A phrase with capitals, accents or punctuation would never match."""
    for name, languages in vocabulary._raw().items():
        for language, phrases in languages.items():
            for phrase in phrases if language != "about" and name != "month.number" else ():
                bare = phrase.rstrip("*").rstrip()
                assert vocabulary.fold(bare) == bare, (name, language, phrase)
                assert phrase == bare or len(bare) - bare.rfind(" ") > 2, "a beginning needs two letters"
