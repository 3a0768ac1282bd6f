"""Imports go one way, tests → sim → models → {openrtl, tickwire} → hwtools, and in no circle."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from hwtools.imports import PACKAGES, imports, modules
from hwtools.toolchain import ROOT
from tickwire.cli.__main__ import COMMANDS

# What a package may import, beside itself.
ALLOWED = {
    "hwtools": set[str](),
    "openrtl": {"hwtools"},
    "tickwire": {"hwtools"},
    "models": {"hwtools", "openrtl", "tickwire"},
    "sim": {"hwtools", "openrtl", "tickwire", "models"},
    "tests": {"hwtools", "openrtl", "tickwire", "models", "sim"},
}

# Likewise the parts of models, of each other.
PARTS = {
    "models.nets": set[str](),
    "models.train": {"models.nets"},
    "models.score": {"models.nets", "models.train"},
    "models.deploy": {"models.nets", "models.train", "models.score"},
}


def allowed(name: str, target: str) -> bool:
    package, other = name.partition(".")[0], target.partition(".")[0]
    part, its_part = (".".join(each.split(".")[:2]) for each in (name, target))
    if part in PARTS and its_part in PARTS:
        return its_part in PARTS[part] | {part}
    return other in ALLOWED[package] | {package}


def faults(root: Path) -> list[str]:
    """What breaks the rule, a line each."""
    paths = modules(root)
    arrows = {name: imports(name, root) for name in paths}
    wrong = []
    for name, targets in sorted(arrows.items()):
        for target in sorted(targets):
            if not allowed(name, target):
                wrong.append(f"{paths[name].relative_to(root)} imports {target}")
    try:
        TopologicalSorter(
            {name: targets & set(paths) - {name} for name, targets in arrows.items()}
        ).prepare()
    except CycleError as error:
        wrong.append("a circle: " + " → ".join(reversed(error.args[1])))
    for folder in ("hwtools", "openrtl", "tickwire"):
        for path in sorted((root / "sw" / folder).rglob("*")):
            if path.suffix not in (".py", ".cpp", ".h", ".v"):
                continue
            text = path.read_text()
            for away in ('ROOT / "sim"', 'ROOT / "models"', 'ROOT / "tests"'):
                if away in text:
                    wrong.append(f"{path.relative_to(root)} reads files of {away[8:-1]}")
    return wrong


def test_commands_that_are_found_by_name_are_there() -> None:
    assert COMMANDS
    for named, _ in COMMANDS.values():
        module = named.split()[0]
        assert {module, f"{module}.__main__"} & set(modules(ROOT)), module
        assert module.partition(".")[0] in ALLOWED


def test_arrows_go_one_way() -> None:
    assert faults(ROOT) == []
    assert len(modules(ROOT)) > 200


@pytest.mark.parametrize(
    ("file", "text", "fault"),
    [
        ("sw/hwtools/a.py", "import tickwire.book\n", "sw/hwtools/a.py imports tickwire.book"),
        ("sw/openrtl/a.py", "def f():\n    from tickwire import book\n", "imports tickwire"),
        ("sw/tickwire/a.py", "from models.nets import student\n", "imports models.nets"),
        ("models/a.py", "from sim import lib\n", "models/a.py imports sim"),
        ("sw/tickwire/a.py", 'P = ROOT / "sim" / "x"\n', "sw/tickwire/a.py reads files of sim"),
        ("models/train/a.py", "import models.score.card\n", "a.py imports models.score.card"),
        ("sim/a.py", "from sim import b\n", "a circle: sim.a → sim.b → sim.a"),
    ],
)
def test_a_wrong_arrow_is_named(tmp_path: Path, file: str, text: str, fault: str) -> None:
    for package, folder in PACKAGES.items():
        (tmp_path / folder / package).mkdir(parents=True)
    (tmp_path / "models" / "train").mkdir()
    (tmp_path / "sim" / "b.py").write_text("import sim.a\n")
    (tmp_path / "sim" / "a.py").touch()
    assert faults(tmp_path) == []
    (tmp_path / file).write_text(text)
    modules.cache_clear()
    imports.cache_clear()
    assert any(fault in line for line in faults(tmp_path)), faults(tmp_path)
