"""What the repository says about itself is true: paths, variables, versions, targets and records."""

import ast
import re
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parents[2]
README = BASE / "README.md"
ENV_EXAMPLE = BASE / "deploy" / ".env.example"
DECISIONS = sorted((BASE / "docs" / "decisions").glob("*.md"))
MADE_ON_EACH_MACHINE = ("var/", ".venv/")


def paths_in(markdown: str) -> set[str]:
    """Paths that a text names: targets of links, and words in code marks that hold a slash or a known ending."""
    named = set(re.findall(r"\]\(([^)#\s]+)[^)]*\)", markdown))
    for words in re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", markdown, flags=re.DOTALL)):
        if re.fullmatch(r"[\w.\-]+(/[\w.\-]*)+|[\w\-]+\.(py|md|txt|toml|ini)", words):
            named.add(words)
    return {path for path in named if "://" not in path and not path.startswith(("/", "mailto:", *MADE_ON_EACH_MACHINE))}


def variables_read(settings: str) -> set[str]:
    """Names given to `env.str("NAME")` and its like."""
    return {
        str(node.args[0].value)
        for node in ast.walk(ast.parse(settings))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and getattr(node.func.value, "id", "") == "env"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def variables_explained(example: str) -> dict[str, str]:
    """Each NAME= or # NAME= line with the comment above it."""
    explained, comment = {}, ""
    for line in example.splitlines():
        if found := re.match(r"#? ?([A-Z][A-Z0-9_]+)=", line):
            explained[found[1]] = comment
        elif line.startswith("#"):
            comment += line.lstrip("# ")
        else:
            comment = ""
    return explained


def requirement_problems(text: str) -> list[str]:
    """Lines that are not `name==version  # what for`."""
    lines = [line for line in text.splitlines() if line and not line.startswith(("#", "-r "))]
    return [line for line in lines if not re.fullmatch(r"[\w\-\[\]]+==[\w.]+  # \S.{5,}", line)]


@pytest.mark.parametrize("text", [README, *sorted((BASE / "docs").glob("*.md")), *DECISIONS], ids=lambda path: path.name)
def test_paths_in_texts_exist(text: Path) -> None:
    folder_of_links = {BASE, text.parent}
    named = paths_in(text.read_text(encoding="utf-8"))
    missing = [path for path in sorted(named) if not any((folder / path).exists() for folder in folder_of_links)]
    assert not missing, f"{text.name} names what is not there; correct the text or the path: {missing}"


def test_make_targets_in_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (BASE / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)", " ".join(re.findall(r"`+[^`]+`+", README.read_text(encoding="utf-8")))))
    assert named <= targets, f"README.md names targets that the Makefile has not: {named - targets}"


def test_variables_are_explained_exactly_where_read() -> None:
    read = variables_read((BASE / "dukcapil" / "settings.py").read_text(encoding="utf-8"))
    explained = variables_explained(ENV_EXAMPLE.read_text(encoding="utf-8"))
    assert read - explained.keys() == set(), "explain these in deploy/.env.example"
    assert explained.keys() - read == set(), "settings.py does not read these; take them out of deploy/.env.example"
    assert [name for name, comment in explained.items() if len(comment) < 20] == [], "say what these are for"


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_and_says_what_for(name: str) -> None:
    assert requirement_problems((BASE / name).read_text()) == [], f"write them as: name==1.2.3  # what for ({name})"


def test_decisions_are_numbered_and_have_their_headings() -> None:
    assert [path.name[:4] for path in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]
    for path in DECISIONS:
        headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"], path.name


def test_decisions_that_the_code_refers_to_exist() -> None:
    numbers = {path.name[:4] for path in DECISIONS}
    for path in BASE.glob("*/**/*.py"):
        if ".venv" not in path.parts:
            named = set(re.findall(r"docs/decisions/(\d{4})", path.read_text(encoding="utf-8")))
            assert named <= numbers, f"{path.relative_to(BASE)} refers to decisions that are not there"


def test_the_checkers_see_what_is_bad() -> None:
    assert paths_in("see [a](docs/no.md#x), `recording/no.py`, `a/b c`, `no.md` and [web](https://a.example/b)") == {
        "docs/no.md",
        "recording/no.py",
        "no.md",
    }
    assert variables_read('A = env.str("AA")\nB = env.bool("BB", default=False)\nC = other.str("CC")') == {"AA", "BB"}
    assert variables_explained("# Where it is.\nAA=1\n\n# BB=2\n") == {"AA": "Where it is.", "BB": ""}
    assert len(requirement_problems("a==1\nb>=2  # what it is for\nc  # what it is for\nd==4  # what it is for\n")) == 3
