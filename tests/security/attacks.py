"""What attackers write, in one place: each test of this folder puts some of it where an attacker could."""

from __future__ import annotations

from collections.abc import Mapping


def yaml_front(text: str) -> str:
    """A postmortem's YAML front matter."""
    return f"---\n{text}\n---\n"


def toml_front(text: str) -> str:
    """A postmortem's TOML front matter."""
    return f"+++\n{text}\n+++\n"


FRONT_MATTER_BOMBS: Mapping[str, str] = {
    "aliases that multiply": yaml_front("a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\ntitle: [*b,*b,*b,*b]"),
    "open brackets": yaml_front("[" * 60_000),
    "nested lists": yaml_front("a: " + "[" * 30_000 + "]" * 30_000),
    "nested dashes": yaml_front("- " * 30_000 + "x"),
    "a tag that is none of its value": yaml_front("title: !!bool x"),
    "a tag that builds objects": yaml_front("title: !!python/object/apply:os.system [x]"),
    "a moment that is none": yaml_front("date: !!timestamp x"),
    "an empty number": yaml_front("title: !!int ''"),
    "a number of many digits": yaml_front("title: " + "9" * 60_000),
    "a number of many sixties": yaml_front("title: " + "1:" * 20_000 + "1"),
    "a key of many sixties": yaml_front("1:" * 20_000 + "1: title"),
    "a long key": yaml_front("x" * 60_000 + ": title"),
    "tables within tables": toml_front("a." * 30_000 + "a = 1"),
    "arrays within arrays": toml_front("a = " + "[" * 30_000),
    "a hexadecimal number": toml_front("title = 0x" + "f" * 60_000),
}
"""Front matter that costs more than its size, or breaks what reads it."""

TEMPLATES_THAT_ESCAPE = (
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ item['__class__']['__init__']['__globals__'] }}",
    "{{ item.mark.base.clear() }}",
    "{{ item | attr('__class__') }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__ }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{{ '{0.__class__}'.format(item) }}",
)
"""Templates that reach for what isn't theirs."""

TEMPLATES_WITHOUT_END = (
    "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
    "{% for a in details %}{% for b in details %}{% for c in details %}{% endfor %}{% endfor %}{% endfor %}",
    "{% for a in facts recursive %}{{ loop(facts) }}{% endfor %}",
    "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 'a' * 10 ** 10 }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ '{:>1000000000}'.format(1) }}",
    "{{ 'a'.ljust(1000000000) }}",
    "{{ 'a' | center(1000000000) }}",
    "{{ '\n' | indent(1000000000) }}",
    "{{ details | replace('', details) | replace('', details) }}",
    "{% set a = details %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
    "{% for a in ['x' ~ 'x'] %}{% endfor %}",
    "{% for a in [details + details] %}{{ a }}{% endfor %}",
    "{{ [" + "details, " * 101 + "] | join }}",
    "{{ [[details] | join(details)" + ", details" * 99 + "] | join(details) }}",
    "{% for a in facts %}" + "{{ details }}" * 100 + "{% endfor %}",
    "(" * 10 + "{{ " + "(" * 10_000 + ")" * 10_000 + " }}",
)
"""Templates that take all time or memory."""

ACTING_NAMES = (
    "fixes #1.md",
    "Closes acme/infra#1.md",
    "resolve GH-12.md",
    "@acme/everyone.md",
    "[skip ci].md",
    "OPS-12 #close.md",
)
"""Names of files that would do something in a commit's message."""

CREDENTIALS_IN_ADDRESSES = (
    "fatal: unable to access 'https://x-access-token:SECRET@github.com/acme/infra.git/': 403",
    "fatal: could not read from 'https://SECRET@example.com/x.git'",
    "fatal: unable to access 'https://bot:SE@CRET@example.com/x.git/'",
    "fatal: unable to access 'https://bot:SECRET/with/slashes@example.com/x.git/': URL rejected",
    "remote: http://bot:SECRET@10.0.0.1:3128/ and ssh://bot:SECRET@example.com/x.git",
)
"""What git says where an address holds a credential."""

ACTING_TEXTS = (
    "\x1b[2J\x1b[31mred\x1b]0;title\x07",
    "\x9b31m and \x08\x08\x7f",
    "a\u202eb\u2066c\u2069",
    "::error::stop",
    "  ::set-output name=x::y",
    "##[add-mask]x and ##[group]y",
    "::stop-commands::token",
    "@everyone @acme/team fixes #1, closes acme/infra#2, resolves https://github.com/acme/infra/issues/3 GH-4",
    "<script>alert(1)</script><img src=x onerror=alert(1)><!-- --> &#64;everyone &commat;all &num;5",
    "[text](javascript:alert(1)) ![](http://evil.example/pixel.png) <http://evil.example>",
    "| a | b | \\| `code` ``` ~~~ $\\sqrt{x}$",
    "{{ config }} {% for x in y %} ${{ secrets.TOKEN }} $(id) `id` %0A::error::x",
    "=cmd|' /C calc'!A0",
    "<!-- pm-sync:mark {} --><!-- pm-sync:end -->",
    "{code}x{code} [~admin] !image.png! h1. x {color:red}y{color} {html}z{html}",
)
"""Texts that do something where they are shown."""

_BEGIN, _END, _MARK = "<!-- pm-sync:begin -->", "<!-- pm-sync:end -->", "<!-- pm-sync:mark {"
SLOW_BODIES: Mapping[str, str] = {
    "marks that begin": _BEGIN + _MARK * 3000 + _END,
    "marks that begin and end": _BEGIN + (_MARK + "}") * 3000 + _END,
    "marks that begin, then ends": _BEGIN + _MARK * 1600 + "}" * 33_000 + _END,
    "one mark, then ends": _BEGIN + _MARK + "} " * 32_000 + _END,
    "blocks that begin": _BEGIN * 2900 + _END,
    "blocks that begin to begin": "<!-- pm-sync:begin x" * 3200 + _END,
}
"""Bodies of issues, as long as GitHub takes them, that are slow to search through."""
