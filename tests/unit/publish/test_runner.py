"""What later steps read: outputs and the summary."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from pm_sync.publish.runner import append_summary, write_outputs


def read_outputs(text: str) -> dict[str, str]:
    """Read outputs as GitHub's runner does: up to the line that is the word behind ``<<``."""
    found: dict[str, str] = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        name, end = line.split("<<", 1)
        value = []
        while (part := next(lines)) != end:
            value.append(part)
        found[name] = "\n".join(value)
    return found


@given(value=st.text(alphabet=st.characters(exclude_characters="\r", exclude_categories=["Cs"])))
def test_no_value_ends_itself(value: str) -> None:
    """Whatever a postmortem's writer put into a title, the outputs are those we wrote."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "outputs"
        write_outputs(str(path), {"json": value, "created": "3"})
        assert read_outputs(path.read_bytes().decode()) == {"json": value, "created": "3"}


def test_ends_differ_from_value_to_value(tmp_path: Path) -> None:
    """Nobody can learn the word from an earlier output."""
    path = tmp_path / "outputs"
    write_outputs(str(path), {"a": "1", "b": "2"})
    ends = re.findall(r"<<(\S+)", path.read_text())
    assert len(set(ends)) == 2
    assert all(len(end) > 30 for end in ends)


def test_outputs_of_other_steps_stay(tmp_path: Path) -> None:
    """The file is appended to."""
    path = tmp_path / "outputs"
    path.write_text("mine=1\n")
    write_outputs(str(path), {"a": "1"})
    assert path.read_text().startswith("mine=1\na<<")


def test_summary_is_appended(tmp_path: Path) -> None:
    """Several steps of a job share one page."""
    path = tmp_path / "summary"
    append_summary(str(path), "# One\n")
    append_summary(str(path), "# Two")
    assert path.read_text() == "# One\n# Two\n"


def test_summary_stays_below_the_runners_limit(tmp_path: Path) -> None:
    """A summary above 1 MiB would be thrown away as a whole."""
    path = tmp_path / "summary"
    row = "| Größere Platte 🚒 |\n"
    append_summary(str(path), row * 80_000)
    append_summary(str(path), row * 80_000)
    assert path.stat().st_size < 1024 * 1024
    assert path.read_text().count("more lines.") == 2
