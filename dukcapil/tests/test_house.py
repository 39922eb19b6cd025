"""The rules of the house, read from the source by `ast` alone; each failure says what to write instead.

Every rule is also fed a bad line of its own (BAD), so that a rule that stops working goes red.
"""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

pytestmark = pytest.mark.once

BASE = Path(__file__).resolve().parents[2]
APPS = ("dukcapil", "accounts", "recording", "fleet")  # each may import from those before it
OURS = (*APPS, "benchmarks")
# The subjects of an app, from below: each may import those of the lines above it, never one beside or below it.
SUBJECTS = {
    "recording": (
        ("parsing",),
        ("models", "guards"),
        ("audit", "filters"),
        ("regions", "webhooks"),
        ("ledger",),
        ("targets",),
        ("coverage",),
        ("imports",),
        ("publishing",),
        ("home", "demo"),
        ("developers", "gallery"),
        ("public",),
    ),
    "fleet": (
        ("models", "guards"),
        ("filters", "pages"),
        ("vans",),
        ("schedule",),
        ("reports",),
        ("planning", "performance"),
        ("proposals",),
        ("notifications", "demo"),
    ),
}
# Inside a subject, by the name of the file or folder; what is not named is a service, a selector, a model or pure.
LEVELS = {
    "forms": 1,
    "form": 1,
    "api_forms": 1,
    "report_form": 1,
    "breakdown_forms": 1,
    "public": 1,
    "views": 2,
    "api": 2,
    "api_changes": 2,
    "tasks": 2,
    "admin": 2,
    "command": 2,
}
LEVELS |= {"management": 3, "urls": 3, "api_urls": 3}
PURE = (
    "recording/parsing/",
    "recording/regions/search_index.py",
    "recording/targets/roll_up.py",
    "recording/targets/split.py",
    "recording/coverage/arithmetic.py",
    "recording/coverage/forecast/",
    "recording/coverage/pace.py",
    "recording/coverage/plan.py",
    "recording/coverage/tables/ordering.py",
    "recording/coverage/workdays.py",
    "recording/coverage/charts/",
    "recording/imports/layouts/day_labels.py",
    "recording/imports/layouts/header.py",
    "recording/imports/layouts/layout.py",
    "recording/imports/matching/",
    "recording/imports/layouts/roles.py",
    "recording/imports/layouts/row_words.py",
    "recording/imports/spreadsheets/cells.py",
    "recording/demo/plan.py",
    "fleet/reports/body.py",
    "fleet/reports/day_chart.py",
    "fleet/reports/flags.py",
    "fleet/performance/bars.py",
    "fleet/planning/",
    "fleet/proposals/closing.py",
    "fleet/proposals/question.py",
    "fleet/proposals/situation.py",
)
PURE_MAY_USE = ("dukcapil.errors", "dukcapil.nik", "dukcapil.region_codes", "dukcapil.unusual", "dukcapil.words")
FRAMEWORKS = ("django", "rest_framework", "django_filters", "celery", "axes", "environ")
DRAWERS = ("utils", "helpers", "common", "misc")
GETTEXT = ("_", "N_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy")
LONGEST_FILE, LONGEST_TEST_FILE, LONGEST_FUNCTION = 300, 600, 60
MAX_TEST_WORDS = 8  # without the word "test"
LONGEST_TEMPLATE_LINE = 140
TEXT = (".py", ".html", ".css", ".js", ".md", ".txt", ".toml", ".ini", ".yaml", ".yml", ".sh", ".example")
Problems = Iterator[str]


class Source:
    """One file: its path inside the project, its text, and for Python its tree and its imports."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = PurePosixPath(path), text
        self.app = self.path.parts[0]
        self.place = self.path.parts[1].removesuffix(".py") if len(self.path.parts) > 1 else ""
        self.python = self.path.suffix == ".py"
        self.test = "tests" in self.path.parts or self.path.name == "conftest.py"
        self.nodes = list(ast.walk(ast.parse(text))) if self.python else []

    def imports(self) -> Iterator[tuple[int, str]]:
        """(line, dotted name) of everything imported: `from a import b` gives a.b."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((node.lineno, name.name) for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node.lineno, f"{self._from(node)}.{name.name}") for name in node.names)

    def _from(self, node: ast.ImportFrom) -> str:
        package = self.path.parts[: len(self.path.parts) - node.level] if node.level else ()
        return ".".join([*package, *([node.module] if node.module else [])])

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (node for node in self.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    def dotted(self) -> Iterator[tuple[int, str]]:
        """(line, last two names) of every attribute: `datetime.datetime.now` gives datetime.now."""
        for node in self.nodes:
            if isinstance(node, ast.Attribute):
                owner = node.value
                name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
                yield node.lineno, f"{name}.{node.attr}"


def apps_in_order(source: Source) -> Problems:
    if source.app not in APPS or source.test:
        return
    below = APPS[: APPS.index(source.app) + 1]
    for line, name in source.imports():
        owner = name.split(".")[0]
        if owner in OURS and owner not in below:
            yield f"{line}: {source.app} imports {name}, which stands above it. Move what is shared down, or be called."
        if source.app == "fleet" and owner == "recording" and not f"{name}.".startswith("recording.public."):
            yield f"{line}: fleet imports {name}. Ask recording.public, and add there what is missing."


def recording_tests_know_no_fleet(source: Source) -> Problems:
    if not source.test or source.app != "recording":
        return
    for line, name in source.imports():
        if name.split(".")[0] == "fleet":
            yield f"{line}: a test of recording imports {name}. Tests of both apps stand in dukcapil/tests."


def subjects_in_order(source: Source) -> Problems:
    order = SUBJECTS.get(source.app, ())
    rank = {subject: place for place, subjects in enumerate(order) for subject in subjects}
    if source.test or source.place not in rank:
        return
    for line, name in source.imports():
        app, _dot, rest = name.partition(".")
        subject = rest.partition(".")[0]
        if app == source.app and subject != source.place and rank.get(subject, -1) >= rank[source.place]:
            yield f"{line}: {source.place} imports {name}, which does not stand below it. Move what both need down."


def levels_in_order(source: Source) -> Problems:
    if source.app not in APPS or source.test:
        return
    own, own_level = level_of(str(source.path.with_suffix("")).split("/"))
    for line, name in source.imports():
        if name.split(".")[0] != source.app:
            continue
        door, level = level_of(name.split("."))
        if level > own_level:
            yield f"{line}: {source.path.name} imports {name}. Doors call services and selectors, these call models."
        if level == own_level == 2 and door != own:
            yield f"{line}: a door imports another door ({name}). Move what both need into a service or selector."


def level_of(parts: list[str]) -> tuple[tuple[str, ...], int]:
    """(path of the door, its level) of a module or of a name in it; level 0 is what no door is."""
    for place, part in enumerate(parts):
        if part in LEVELS and place and (part != "public" or place == 1):
            return tuple(parts[: place + 1]), LEVELS[part]
    return (), 0


def selectors_only_read(source: Source) -> Problems:
    if source.test or source.path.stem != "selectors":
        return
    for line, name in source.imports():
        if "services" in name.split(".") and name.split(".")[0] in APPS:
            yield f"{line}: a selector imports {name}. Selectors read; what a service needs too stands in a selector."


def pure_modules(source: Source) -> Problems:
    if source.test or not str(source.path).startswith(PURE):
        return
    allowed = tuple(path.removesuffix(".py").replace("/", ".").rstrip(".") for path in PURE)
    for line, name in source.imports():
        ours = name.split(".")[0] in OURS and not f"{name}.".startswith(tuple(f"{each}." for each in (*PURE_MAY_USE, *allowed)))
        if ours or name.split(".")[0] in FRAMEWORKS:
            yield f"{line}: {source.path.name} is pure and imports {name}. Pass the values in as arguments."


def no_star_imports(source: Source) -> Problems:
    for line, name in source.imports():
        if name.endswith(".*"):
            yield f"{line}: star import. Write the names that you use."


def no_hidden_imports(source: Source) -> Problems:
    for function in source.functions():
        inner = Source(str(source.path), "")
        inner.nodes = list(ast.walk(function))
        for line, name in inner.imports():
            if name.split(".")[0] in OURS:
                yield f"{line}: {name} is imported inside {function.name}(). Import it at the top of the file."


def no_signals(source: Source) -> Problems:
    for line, name in source.imports():
        if name.startswith("django.dispatch") or "signals" in name.split("."):
            yield f"{line}: {name}. No signals: call the function from the service that causes it."


def no_drawers(source: Source) -> Problems:
    if source.path.stem in DRAWERS and source.python:
        yield f"1: {source.path.name} says nothing. Name the file after what it is about."


def one_clock(source: Source) -> Problems:
    if str(source.path) == "dukcapil/clock.py":
        return
    words = {
        "date.today",
        "datetime.today",
        "datetime.now",
        "datetime.utcnow",
        "timezone.now",
        "timezone.localdate",
        "timezone.localtime",
        "time.localtime",
    }
    imported = [(line, ".".join(name.split(".")[-2:])) for line, name in source.imports()]
    for line, name in [*source.dotted(), *imported]:
        if name in words:
            yield f"{line}: {name} reads the clock. Take `now` or `day` as an argument; doors ask dukcapil.clock."


def one_environment(source: Source) -> Problems:
    if (
        str(source.path) in ("dukcapil/settings.py", "dukcapil/environment.py")
        or source.place == "testing"
        or source.app == "benchmarks"
    ):
        return
    lines = source.text.splitlines()
    for line, name in [*source.dotted(), *source.imports()]:
        reads = name.startswith(("os.environ", "os.getenv", "os.putenv")) or name in ("environ", "environ.Env")
        if reads and 'os.environ.setdefault("DJANGO_SETTINGS_MODULE"' not in lines[line - 1]:
            yield f"{line}: {name}. Read it in dukcapil/settings.py (tests: dukcapil.testing.child_environment)."


def no_f_strings_in_gettext(source: Source) -> Problems:
    for node in source.nodes:
        if isinstance(node, ast.Call) and any(isinstance(part, ast.JoinedStr) for part in node.args):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in GETTEXT:
                yield f"{node.lineno}: f-string inside {name}(). Write %(name)s in the sentence and % {{…}} after it."


def no_gettext_in_f_strings(source: Source) -> Problems:
    """What takes sentences into the catalogue does not look there."""
    for node in source.nodes:
        for part in ast.walk(node) if isinstance(node, ast.JoinedStr) else ():
            if isinstance(part, ast.Call) and getattr(part.func, "id", "") in GETTEXT:
                yield f"{part.lineno}: a sentence inside an f-string is never translated. Give it a name first."


def no_signs_by_hand(source: Source) -> Problems:
    """Thousands with the sign of one language stand as a decimal before the reader of the other."""
    if source.path.suffix != ".py" or source.test or str(source.path) == "dukcapil/signs.py":
        return
    for line, text in enumerate(source.text.splitlines(), 1):
        if re.search(r":,\}[\"']\.replace", text):
            yield f"{line}: thousands by hand. figures.people(), or Grouped() in a pure module."


def one_rule_for_a_class(source: Source) -> Problems:
    """Two subjects that draw the same class draw over each other."""
    if source.path.suffix != ".css":
        return
    places: dict[str, int] = {}
    for line, text in enumerate(source.text.splitlines(), 1):
        if found := re.match(r"(\.[\w-]+) \{", text):
            if found[1] in places:
                yield f"{line}: {found[1]} is drawn in line {places[found[1]]} already. Draw it there, or name it otherwise."
            places.setdefault(found[1], line)


def nothing_inline(source: Source) -> Problems:
    if source.path.suffix != ".html":
        return
    for pattern, instead in (
        (r"<script(?![^>]*\ssrc=)", "Put the script into static/ and load it with src."),
        (r"<style\b", "Put the rules into a file of static/."),
        (r"<[a-zA-Z][^>]*\sstyle\s*=", "Give it a class, or an attribute of SVG such as width."),
        (r"<[a-zA-Z][^>]*\son[a-z]+\s*=", "Listen from a script in static/."),
        (r"javascript:", "Use a link or a button with a real address."),
    ):
        for found in re.finditer(pattern, source.text, re.IGNORECASE):
            line = source.text.count("\n", 0, found.start()) + 1
            yield f"{line}: inline script or style, which browsers refuse here. {instead}"


def short_template_lines(source: Source) -> Problems:
    if source.app != "templates":
        return
    for number, line in enumerate(source.text.splitlines(), 1):
        if len(line) > LONGEST_TEMPLATE_LINE:
            yield f"{number}: {len(line)} characters. Break it between elements or attributes, or at a space."


def short_files(source: Source) -> Problems:
    limit = LONGEST_TEST_FILE if source.test else LONGEST_FILE
    lines = source.text.count("\n")
    if source.path.suffix in (".py", ".html", ".js") and "migrations" not in source.path.parts and lines > limit:
        yield f"{limit}: {lines} lines. Make it a folder of the same name with one file per noun."


def short_functions(source: Source) -> Problems:
    for function in source.functions():
        length = (function.end_lineno or 0) - function.lineno + 1
        if length > LONGEST_FUNCTION and "migrations" not in source.path.parts:
            yield f"{function.lineno}: {function.name}() has {length} lines. Give its parts names of their own."


def short_test_names(source: Source) -> Problems:
    for function in source.functions():
        first, *words = function.name.split("_")
        if source.test and first == "test" and len(words) > MAX_TEST_WORDS:
            yield f"{function.lineno}: {function.name}() has {len(words)} words. Say in at most eight what must hold."


def no_leftovers(source: Source) -> Problems:
    machine = r"(?<![\w.}])/(?:tmp|home|root|work|Users)/"
    for number, line in enumerate(source.text.splitlines(), 1):
        if re.search(r"\b(?:TO" r"DO|FIX" r"ME)\b", line):
            yield f"{number}: unfinished work. Do it, or file an issue and say here what is true today."
        if re.search(machine, line):
            yield f"{number}: a path of one machine. Build it from settings.BASE_DIR, or take it as an argument."


BAD: dict[Callable[[Source], Problems], list[tuple[str, str]]] = {
    apps_in_order: [
        ("accounts/rights.py", "from recording.models import Region"),
        ("recording/ledger/services.py", "import fleet.models"),
        ("fleet/reports/services.py", "from recording.ledger.services import record_counts"),
        ("dukcapil/clock.py", "from benchmarks import timing"),
    ],
    recording_tests_know_no_fleet: [
        ("recording/tests/test_guards.py", "import fleet.guards"),
        ("recording/conftest.py", "from fleet.models import Van"),
    ],
    subjects_in_order: [
        ("recording/models/runs.py", "from recording.coverage.figures import figures"),
        ("recording/ledger/services.py", "from recording.coverage import changes"),
        ("recording/coverage/services.py", "from recording.imports.plan import Plan"),
        ("fleet/vans/views.py", "from fleet.schedule.selectors import week_of"),
    ],
    levels_in_order: [
        ("recording/ledger/services.py", "from ..ledger.views import counts"),
        ("recording/ledger/selectors.py", "from recording.ledger.forms import DayField"),
        ("recording/tasks.py", "from recording.coverage.views.pages import home"),
        ("recording/coverage/views/runs.py", "from recording.coverage.api import runs"),
        ("accounts/selectors.py", "from accounts import views"),
    ],
    selectors_only_read: [("fleet/reports/selectors.py", "from fleet.reports.services import send_report")],
    pure_modules: [
        ("recording/coverage/arithmetic.py", "from django.db import models"),
        ("recording/parsing/days.py", "from recording.models import Region"),
        ("recording/coverage/charts/tiles.py", "from recording.models import Region"),
    ],
    no_star_imports: [("fleet/views.py", "from fleet.models import *")],
    no_hidden_imports: [
        ("recording/tasks.py", "def run():\n    from recording.services import runs"),
        ("fleet/vans/tests/test_vans_page.py", "async def test_it():\n    if 1:\n        import fleet.models"),
    ],
    no_signals: [
        ("accounts/apps.py", "from django.dispatch import receiver"),
        ("recording/apps.py", "from django.db.models.signals import post_save"),
        ("recording/apps.py", "from celery import signals"),
    ],
    no_drawers: [("recording/utils.py", ""), ("fleet/services/helpers.py", "")],
    one_clock: [
        ("recording/views/pages.py", "import datetime\nx = datetime.date.today()"),
        ("recording/models/runs.py", "at = DateTimeField(default=timezone.now)"),
        ("fleet/vans/tests/test_vans_page.py", "x = datetime.now(UTC)"),
        ("fleet/views.py", "from django.utils.timezone import now"),
    ],
    one_environment: [
        ("dukcapil/wsgi.py", 'import os\nx = os.environ["SECRET_KEY"]'),
        ("fleet/apps.py", "from os import getenv"),
        ("recording/apps.py", "import environ"),
    ],
    no_f_strings_in_gettext: [("fleet/views.py", '_(f"{n} mobil")'), ("fleet/views.py", 'gettext(f"{n}")')],
    no_gettext_in_f_strings: [("fleet/views.py", "f'{name}: {_(1)}'"), ("fleet/views.py", "f'{ngettext(a, b, n)}'")],
    no_signs_by_hand: [("recording/parsing/numbers.py", "f'{n:,}'.replace(',', '.')")],
    one_rule_for_a_class: [("static/a.css", ".a { top: 0; }\n.b { top: 0; }\n.a { left: 0; }")],
    nothing_inline: [
        ("templates/a.html", "<p>\n<script>alert(1)</script>"),
        ("templates/a.html", "<STYLE>p {}</STYLE>"),
        ("templates/a.html", '<div class="a"\n style="color: red">'),
        ("templates/a.html", '<a onclick="go()">'),
        ("templates/a.html", '<a href="javascript:go()">'),
    ],
    short_template_lines: [("templates/a.html", "<p>\n" + "a" * 141), ("templates/a.js", "a" * 141)],
    short_files: [("fleet/views.py", "x = 1\n" * 301), ("fleet/tests/test_a.py", "x = 1\n" * 601)],
    short_functions: [("fleet/views.py", "def long():\n" + "    x = 1\n" * 60)],
    short_test_names: [
        ("fleet/vans/tests/test_vans_page.py", "def test_a_van_of_the_agency_may_serve_every_city(): ..."),
        ("recording/tests/test_doors.py", "class A:\n    async def test_what_the_page_says_is_what_the_api_says(self): ..."),
    ],
    no_leftovers: [
        ("fleet/views.py", "x = 1  # TO" + "DO: later"),
        ("README.md", "see /ho" + "me/someone/portal"),
        ("templates/a.html", "{# FIX" + "ME #}"),
    ],
}
GOOD = [
    ("fleet/vans/views.py", "import os\nfrom recording.public import figures\nfrom fleet.vans.services import plan\n"),
    ("recording/coverage/arithmetic.py", "from decimal import Decimal\nfrom dukcapil.errors import Refused\n"),
    ("recording/coverage/figures.py", "from django.db import models\nfrom recording.coverage.arithmetic import rate\n"),
    ("recording/coverage/views/runs.py", "from recording.coverage.views.choices import asked\n"),
    ("dukcapil/wsgi.py", 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dukcapil.settings")\n'),
    ("recording/views/pages.py", "from dukcapil import clock\nx = clock.now()\ny = request.day\nz = 'now'\n"),
    ("fleet/vans/tests/test_vans_page.py", "def test_a_van_of_the_agency_serves_every_city(): ...\n"),
    ("templates/a.html", '<script src="{% static "a.js" %}" defer></script>\n<a class="style" data-on="1">on = 1</a>\n'),
    ("fleet/views.py", '_("%(n)s mobil") % {"n": f"{n}"}\n'),
]


@cache
def sources() -> list[Source]:
    """Our own files, read and parsed once for all rules."""
    return [Source(path.relative_to(BASE).as_posix(), path.read_text(encoding="utf-8")) for path in files()]


def files() -> list[Path]:
    """Our own files: the apps, the templates, and the texts at the root and in docs and deploy."""
    folders = [*OURS, "templates", "static", "docs", "deploy", ".ci"]
    inside = [path for folder in folders for path in (BASE / folder).rglob("*")]
    return sorted(path for path in [*BASE.iterdir(), *inside] if path.is_file() and path.suffix in TEXT)


@pytest.mark.parametrize("rule", BAD, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: Callable[[Source], Problems]) -> None:
    problems = [f"{source.path}:{problem}" for source in sources() for problem in rule(source)]
    assert not problems, "\n" + "\n".join(problems)


@pytest.mark.parametrize(("rule", "path", "text"), [(rule, *bad) for rule in BAD for bad in BAD[rule]])
def test_the_rule_still_sees_what_is_bad(rule: Callable[[Source], Problems], path: str, text: str) -> None:
    assert list(rule(Source(path, text)))


def test_every_rule_is_in_the_table() -> None:
    rules = {each for each in globals().values() if getattr(each, "__annotations__", {}).get("return") is Problems}
    assert rules == set(BAD)


@pytest.mark.parametrize(("path", "text"), GOOD)
def test_no_rule_forbids_what_is_good(path: str, text: str) -> None:
    assert [problem for rule in BAD for problem in rule(Source(path, text))] == []
