"""Postmortems in the languages people write them."""

from __future__ import annotations

from datetime import date

import pytest

from pm_sync.postmortem import vocabulary
from pm_sync.postmortem.phrases import raw
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
    "uk": ("План дій", "Завдання", "Відповідальний", "Термін", "Статус", "5 червня 2024", "В роботі"),
    "tr": ("Düzeltici ve önleyici faaliyetler", "Aksiyon", "Sorumlu", "Son tarih", "Durum", "5 Haziran 2024", "Devam ediyor"),
    "cs": ("Nápravná opatření", "Opatření", "Odpovědná osoba", "Termín", "Stav", "5. června 2024", "Probíhá"),
    "sv": ("Förebyggande åtgärder", "Åtgärd", "Ansvarig", "Slutdatum", "Status", "5 juni 2024", "Pågår"),
    "vi": ("Biện pháp phòng ngừa", "Hành động", "Người phụ trách", "Hạn chót", "Trạng thái", "2024-06-05", "Đang thực hiện"),
    "id": ("Tindak Lanjut", "Tindakan", "Penanggung Jawab", "Tenggat", "Status", "5 Juni 2024", "Sedang dikerjakan"),
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
        ("Наступні кроки", "- Перевірити ліміти (відповідальний: Коваль, термін: 2024-06-05)", "Коваль", None),
        ("Sonraki Adımlar", "- [x] Limitleri gözden geçir (sorumlu: Ece, son tarih: 2024-06-05)", "Ece", True),
        ("Další kroky", "- Ověřit limity (odpovědný: Jana, termín: 2024-06-05)", "Jana", None),
        ("Uppföljning", "- [ ] Se över gränserna (ansvarig: Åsa, senast 2024-06-05)", "Åsa", False),
        ("Bước tiếp theo", "- Xem lại hạn mức (người phụ trách: Lan, hạn chót: 2024-06-05)", "Lan", None),
        ("Langkah Selanjutnya", "- Tinjau batasnya (penanggung jawab: Budi, tenggat: 2024-06-05)", "Budi", None),
    ],
)
def test_a_bullet_is_read_in_every_language(heading: str, line: str, owner: str, done: bool | None) -> None:
    """Labels in brackets and behind dashes give owner and due date, and leave the text."""
    (item,) = read_postmortem(f"# X\n\n## {heading}\n\n{line}\n".encode(), "x.md").items
    assert (item.owners, item.due, item.done) == ((owner,), date(2024, 6, 5), done)
    assert not any(character in item.text for character in "(（:：—")


@pytest.mark.parametrize(
    "heading",
    [
        "Próximo paso", "Plan correctivo", "Prochaine étape", "Pour la suite", "Próximo passo", "Ações de follow-up", "Handlungsbedarf",
        "Nächster Schritt", "Prossimo passo", "Interventi futuri", "Volgende stap", "Co dalej", "予防", "恒久的な対策", "预防", "待跟进事项", "後續改善",
        "예방", "향후 개선 사항", "Следующий шаг", "Профилактика", "Заходи щодо запобігання", "Alınacak Önlemler", "Prevence", "Åtgärdsplan",
        "Hành động tiếp theo", "Pencegahan Permanen", "後續步驟與負責人", "后续步骤与负责人", "行動計畫", "다음 단계 및 담당자",
        "Как не допустить снова", "Plan de corrección", "Erforderliche Maßnahmen", "Actions requises", "必要な対応", "필요한 조치", "Що потрібно зробити",
    ],
)  # fmt: skip
def test_measures_are_known_by_every_name_that_people_give_them(heading: str) -> None:
    """In the singular as well as in the plural, and by what they are for."""
    (item,) = read_postmortem(f"# X\n\n## {heading}\n\n- Qwerty zu\n".encode(), "x.md").items
    assert item.text == "Qwerty zu"


@pytest.mark.parametrize(
    "heading",
    [
        "Vidtagna åtgärder", "Åtgärder genomförda", "Mitigasi yang Diterapkan", "Perbaikan", "Alınan önlemler", "Provedená opatření",
        "Вжиті заходи", "Bài học kinh nghiệm", "Öğrenilen Dersler", "Poučení", "Lärdomar", "Уроки", "Pelajaran", "Giảm thiểu", "Oprava", "Düzeltme",
    ],
)  # fmt: skip
def test_what_was_done_or_learnt_is_no_measure_in_any_language(heading: str) -> None:
    """How it was repaired and what was learnt give no items."""
    assert read_postmortem(f"# X\n\n## {heading}\n\n- Qwerty zu\n".encode(), "x.md").items == ()


@pytest.mark.parametrize(
    "word",
    ["Завершён", "Решён", "解決済み", "実装済み", "已部署", "적용 완료", "Behoben", "Resuelto", "Corrigé", "Resolvido", "Risolto", "Opgelost", "Wdrożone",
     "Tamamlandı", "Hotovo", "Виконано", "Klart", "Đã hoàn thành", "Selesai", "Merged"],
)  # fmt: skip
def test_a_state_column_says_done_in_every_language(word: str) -> None:
    """Whatever accents and dots the word bears."""
    text = f"# X\n\n## Action items\n\n| Task | Status |\n|---|---|\n| Qwerty zu | {word} |\n"
    assert [item.done for item in read_postmortem(text.encode(), "x.md").items] == [True]


@pytest.mark.parametrize(
    ("task", "what"),
    [
        ("対策", "内容"),
        ("措施", "描述"),
        ("조치", "내용"),
        ("Acción", "Descripción"),
        ("Мера", "Описание"),
        ("Zmiana", "Cel"),
        ("Änderung", "Aufwand"),
        ("Changement", "Objectif"),
        ("变更", "目标"),
        ("Изменение", "Эффект"),
    ],
)
def test_a_column_that_describes_the_measure_is_not_its_name(task: str, what: str) -> None:
    """Beside a column for the measure itself, a longer one of contents holds details."""
    text = f"# X\n\n## Action items\n\n| {task} | {what} | Owner |\n|---|---|---|\n| Alert | A long story about it | Kim |\n"
    (item,) = read_postmortem(text.encode(), "x.md").items
    assert (item.text, item.details) == ("Alert", f"{what}: A long story about it")


@pytest.mark.parametrize(
    "line",
    [
        "Se agregó una alerta", "Adicionado um alerta", "Criamos um alerta", "Aggiunto un allarme", "Nous avons ajouté une alerte", "Dodano alert",
        "Добавлен алерт", "Добавили алерт", "Додано сповіщення", "Přidáno upozornění", "Lade till ett larm", "Đã thêm cảnh báo",
        "Telah ditambahkan peringatan", "告警已上线", "アラートを追加しました", "Uyarı eklendi",
    ],
)  # fmt: skip
def test_a_measure_told_in_the_past_is_done_in_every_language(line: str) -> None:
    """What was done is told by a participle, an ending or an auxiliary, as each language does it."""
    (item,) = read_postmortem(f"# X\n\n## Action items\n\n- {line}\n".encode(), "x.md").items
    assert item.done is True


@pytest.mark.parametrize(
    "line",
    [
        "Исправление тестов: до пятницы", "Добавление алерта", "Wdrożenie: nowy serwer", "Rozwiązanie: nowy serwer", "Nasazení: nový server",
        "Виконання тестів", "Nova: restart it nightly", "Now: restart it nightly", "已知漏洞要每周扫描", "Tim: look into it", "NY needs a second disk",
    ],
)  # fmt: skip
def test_a_noun_that_looks_like_a_state_says_nothing(line: str) -> None:
    """Names, and words like "adding", share their beginnings with states of some language; done is never invented."""
    (item,) = read_postmortem(f"# X\n\n## Action items\n\n- {line}\n".encode(), "x.md").items
    assert (item.text, item.done) == (line, None)


@pytest.mark.parametrize(
    "label", ["今後の改善", "改进", "개선", "Mejora", "Melhoria", "Verbesserung", "Улучшение", "Improvement"]
)
def test_a_label_before_a_measure_goes_in_every_language(label: str) -> None:
    """It says only that a measure follows."""
    (item,) = read_postmortem(f"# X\n\n## Action items\n\n- {label}: Qwerty zu\n".encode(), "x.md").items
    assert item.text == "Qwerty zu"


@pytest.mark.parametrize(
    "heading",
    ["Why it came to this", "Por qué ocurrió", "Pourquoi est-ce arrivé", "Warum es dazu kam", "为什么会这样", "為什麼會這樣", "なぜ起きたか", "왜 발생했나", "Почему так вышло"],
)  # fmt: skip
def test_why_it_happened_is_no_measure_beside_how_to_avoid_it(heading: str) -> None:
    """A section of measures may tell both, each below a heading of its own."""
    text = f"# X\n\n## Prevention\n\n### {heading}\n\n- Qwerty zu\n\n### How to avoid it\n\n- Asdf jk\n"
    assert [item.text for item in read_postmortem(text.encode(), "x.md").items] == ["Asdf jk"]


@pytest.mark.parametrize(
    "when", ["Short term", "Corto plazo", "Curto prazo", "À court terme", "Kurzfristig", "短期", "단기", "Краткосрочно"]
)
def test_a_term_is_no_title_in_any_language(when: str) -> None:
    """The title is what is to be done, not when."""
    (item,) = read_postmortem(f"# X\n\n## Action items\n\n- **{when}**: Qwerty zu\n".encode(), "x.md").items
    assert (item.text, item.title) == (f"{when}: Qwerty zu", "Qwerty zu")


@pytest.mark.parametrize("day", ["DD/MM/AAAA", "JJ/MM/AAAA", "TT.MM.JJJJ", "ДД.ММ.ГГГГ", "YYYY-MM-DD"])
def test_a_day_that_was_left_to_be_filled_in_is_none(day: str) -> None:
    """A form's pattern of a day says nothing."""
    text = f"# X\n\nOn 2024-05-01.\n\n## Action items\n\n| Task | Due |\n|---|---|\n| Qwerty zu | {day} |\n"
    (item,) = read_postmortem(text.encode(), "x.md").items
    assert (item.due, item.due_text) == (None, None)


def test_every_phrase_is_written_as_it_is_compared() -> None:
    """A phrase with capitals, accents or punctuation would never match."""
    for name, languages in raw().items():
        for language, written in languages.items():
            for phrase in written if language != "about" and name != "month.number" else ():
                bare = phrase.rstrip("*").rstrip()
                assert vocabulary.fold(bare) == bare, (name, language, phrase)
                assert phrase == bare or len(bare) - bare.rfind(" ") > 2, "a beginning needs two letters"
