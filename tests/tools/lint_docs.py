"""What people read about the rules of ``pm-sync lint``, made from the catalogue and its pages."""

from __future__ import annotations

from collections.abc import Iterator

from pm_sync.lint.pages import Page, pages

_HEAD = """\
# Rules of `pm-sync lint`

Made from the program by `python -m tests.tools.generate`; the examples are run by the tests.

`pm-sync lint` tells what a postmortem lacks, with the place and the rule, and ends with exit code 13 if a problem is a warning or an error.
`--fail-on error`, `--fail-on note` and `--fail-on never` move that bar, as does `lint.fail_on` in `pm-sync.yaml`.

| Severity | Means |
|---|---|
| error | Wrong for sure, or the postmortem misses its purpose already. |
| warning | Likely to make it miss its purpose. |
| note | Worth a look; fails nothing as it stands. |

## Choosing rules

In the configuration, by id or name:

```yaml
lint:
  fail_on: error
  rules:
    no-priority: off
    no-due-date: warning
  sections:
    SEV1: [summary, impact, timeline, root-cause, lessons]
```

In a postmortem, by a comment:

- `<!-- pm-sync: disable=PM005,vague-wording -->` alone on its line speaks of the block behind it: a paragraph, a whole list or table, or before a heading its whole section.
- The same comment beside text speaks of the paragraph, list item or table row it stands in.
- `<!-- pm-sync: disable-file=no-priority -->` anywhere speaks of the whole file.
- Without names (`<!-- pm-sync: disable -->`) all rules are meant.

## Mending

`pm-sync lint --fix` writes only mends that can't be meant otherwise: it changes the few bytes in question, reads the result again,
and leaves the file alone if any other action item would then read differently. The rules that can do so say it below.

## In other tools

- `--format github` shows problems on the lines of a pull request, `--format sarif` (2.1.0) in code scanning.
- With [pre-commit](https://pre-commit.com), the hook is `pm-sync-lint`; set `files:` if your postmortems aren't where they usually are:

```yaml
repos:
  - repo: https://github.com/OWNER/pm-sync
    rev: VERSION
    hooks:
      - id: pm-sync-lint
        args: [--fail-on, error]
```

## The rules

"""


def lint_rules() -> str:
    """``config/lint-rules.md``."""
    rows = ["| Rule | Severity | Finds | `--fix` |", "|---|---|---|---|", *map(_row, pages())]
    sections = (line for page in pages() for line in _section(page))
    return _HEAD + "\n".join([*rows, "", *sections])


def _row(page: Page) -> str:
    rule = page.rule
    anchor = f"{rule.id.lower()}-{rule.name}"
    return (
        f"| [{rule.id} {rule.name}](#{anchor}) | {rule.severity} | {rule.summary} | {'yes' if rule.fixable else ''} |"
    )


def _section(page: Page) -> Iterator[str]:
    yield f"### {page.rule.id} {page.rule.name}\n"
    yield f"{page.why}\n"
    if page.config:
        yield f"With this configuration:\n\n```yaml\n{page.config}```\n"
    yield f"Instead of\n\n```markdown\n{page.bad}```\n\nwrite\n\n```markdown\n{page.good}```\n"
