"""Rules of the house that import-linter cannot say."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("plugin", "lti", "discourse_hooks")
OPEN = {"kernel", "web", "events"}  # open to all above them
LONGEST = 400


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            for alias in node.names:
                yield f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_module_is_longer_than_the_limit() -> None:
    long = {named(p): n for p in modules() if (n := len(p.read_text().splitlines())) > LONGEST}
    assert long == {}


def test_every_module_says_what_it_is() -> None:
    silent = [
        named(path)
        for path in modules()
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_only_the_unit_of_work_commits_a_session() -> None:
    pattern = re.compile(r"session\.(commit|rollback)\(")
    found = {
        named(path)
        for path in modules()
        if pattern.search(path.read_text()) and "practice" not in path.parts
    }
    assert found <= {"plugin/kernel/unit_of_work.py"}


def test_time_comes_from_the_clock() -> None:
    pattern = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(")
    found = {
        named(path)
        for path in modules()
        if pattern.search(path.read_text()) and "practice" not in path.parts
    }
    assert found <= {"plugin/kernel/ports.py"}


@pytest.mark.parametrize("package", PACKAGES)
def test_others_enter_a_package_by_its_public_module(package: str) -> None:
    """Inside plugin/ the composition root may look further; nobody else may."""
    wrong: list[str] = []
    for path in sorted((ROOT / package).rglob("*.py")):
        own = path.relative_to(ROOT).parts[1] if package == "plugin" else None
        if own in {"app.py", "cli.py", "practice"}:
            continue
        for name in imports(path):
            parts = name.split(".")
            if parts[0] != "plugin" or len(parts) < 3 or parts[1] == own or parts[1] in OPEN:
                continue
            is_package = (ROOT / "plugin" / parts[1]).is_dir()
            if is_package and parts[2] != "public" and name.count(".") >= 2:
                inner = ROOT / "plugin" / parts[1] / parts[2]
                if inner.is_dir() or inner.with_suffix(".py").exists():
                    wrong.append(f"{named(path)}: {name}")
    assert wrong == []


def test_events_are_named_by_their_module_and_versioned() -> None:
    from plugin.app import parts
    from plugin.kernel.messages import known_events

    list(parts("subscribers"))
    for name, event in known_events().items():
        if not event.__module__.startswith("plugin.events."):
            continue
        package = event.__module__.rsplit(".", 1)[1]
        assert re.fullmatch(rf"{package}(\.[a-z_]+){{1,2}}\.v\d+", name), name


def test_the_top_level_holds_only_what_was_agreed() -> None:
    allowed = {
        "plugin", "lti", "discourse_hooks", "migrations", "tests", "setup.cfg", "README.md",
        "pyproject.toml", "Makefile", "CHANGELOG.md", "LICENSE", "NOTICE", ".ci", ".gitignore",
        ".pre-commit-config.yaml",
    }  # fmt: skip
    ignored = {".git", ".venv", ".cache", "var", "build", "dist"}
    found = {p.name for p in ROOT.iterdir()} - ignored
    found = {
        name
        for name in found
        if not re.match(r"\..*cache.*|.*\.egg-info|\.coverage.*|\.hypothesis", name)
    }
    assert found <= allowed
