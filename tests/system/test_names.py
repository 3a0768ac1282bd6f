"""One name everywhere: hw/rtl/X.sv, sim/test_X.py, sim/golden/X.py, hw/formal/X.sby."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hwtools.toolchain import ROOT

RTL, GEN = ROOT / "hw" / "rtl", ROOT / "hw" / "gen"
SIM, FORMAL = ROOT / "sim", ROOT / "hw" / "formal"


def faults(root: Path) -> list[str]:
    """What breaks the rule, a line each."""
    rtl, gen, sim, formal = (root / part.relative_to(ROOT) for part in (RTL, GEN, SIM, FORMAL))
    breaches = []
    sources = sorted([*rtl.glob("*.sv"), *gen.glob("*.sv")])
    names = {path.stem for path in sources}
    for path in sources:
        declared = re.findall(r"^(?:module|package)\s+(\w+)", path.read_text(), re.MULTILINE)
        if declared != [path.stem]:
            breaches.append(f"{path.name} declares {declared}: one module a file, named alike")
        if path.stem.endswith("_regs_pkg"):  # the register block's own types, tried with the block
            continue
        for file in (sim / f"test_{path.stem}.py", sim / "golden" / f"{path.stem}.py"):
            if not file.exists():
                breaches.append(f"{path.name} has no {file.relative_to(root)}")
    for path in [*sim.glob("test_*.py"), *(sim / "golden").glob("*.py"), *formal.glob("*.sby")]:
        name = path.stem.removeprefix("test_")
        if name not in names and name != "__init__":
            breaches.append(f"{path.relative_to(root)} stands for no module of hw/rtl or hw/gen")
    for path in formal.glob("*.sby"):
        if not (formal / f"{path.stem}_props.sv").exists():
            breaches.append(f"{path.name} has no {path.stem}_props.sv")
    return breaches


def test_every_module_has_its_bench_and_golden_model() -> None:
    assert faults(ROOT) == []
    assert len(list(RTL.glob("*.sv"))) >= 4


@pytest.mark.parametrize(
    ("path", "text", "breach"),
    [
        ("hw/rtl/lonely.sv", "module lonely;\nendmodule\n", "lonely.sv has no sim/test_lonely.py"),
        (
            "hw/rtl/two.sv",
            "module two;\nendmodule\nmodule b;\nendmodule\n",
            "declares ['two', 'b']",
        ),
        ("sim/test_ghost.py", "", "sim/test_ghost.py stands for no module"),
        ("hw/formal/ghost.sby", "", "hw/formal/ghost.sby stands for no module"),
    ],
)
def test_a_breach_is_named(tmp_path: Path, path: str, text: str, breach: str) -> None:
    for part in ("hw/rtl", "hw/formal", "sim/golden"):
        (tmp_path / part).mkdir(parents=True)
    (tmp_path / path).write_text(text)
    assert any(breach in line for line in faults(tmp_path)), faults(tmp_path)
