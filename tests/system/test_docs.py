"""The pages: the README is short, and every link, path, module and make target in them exists."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from hwtools.toolchain import ROOT
from sim.measure.__main__ import MEASURES
from tickwire.gen import records

PAGES = ("README.md", "STYLE.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")))
README_LINES = 140
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
FOLDERS = ("hw", "sw", "sim", "models", "tests", "docs", "conftest.py", "Makefile")
# Names that stand for any other, or for what a reader brings.
ANY = re.compile(r"(?<![A-Za-z])(X|B|NAME)(?![A-Za-z])")


def prose(text: str) -> str:
    return FENCE.sub("", text)


def code(text: str) -> list[str]:
    """What stands in code blocks and between backticks."""
    return FENCE.findall(text) + re.findall(r"`([^`\n]+)`", prose(text))


def anchors(text: str) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.*)$", prose(text), re.MULTILINE)
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in kept}


@cache
def targets(makefile: Path) -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", makefile.read_text(), re.MULTILINE))


def faults(page: Path, root: Path = ROOT) -> list[str]:
    """What a page names that isn't there, a line each."""
    text = page.read_text()
    lines = []
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(text)):
        file, _, anchor = link.partition("#")
        path = page.parent / file if file else page
        if link.startswith("http"):
            continue
        if not path.exists():
            lines.append(f"{page.name}: no file {link}")
        elif anchor and anchor not in anchors(path.read_text()):
            lines.append(f"{page.name}: no heading {link}")
    for piece in code(text):
        for name in re.findall(r"(?<![\w./])[\w.]+(?:/[\w.*-]+)+", piece):
            if name.split("/")[0] in FOLDERS and not any(root.glob(ANY.sub("*", name))):
                lines.append(f"{page.name}: no path {name}")
        for target in re.findall(r"\bmake ([a-z][a-z-]*)", piece):
            if target not in targets(root / "Makefile"):
                lines.append(f"{page.name}: no target {target}")
        for module in re.findall(r"python -m ([\w.]+)", piece):
            path = Path(*module.split("."))
            places = [root / "sw" / path, root / path]
            files = [file for each in places for file in (each, each.with_suffix(".py"))]
            if module != "pytest" and not any(file.exists() for file in files):
                lines.append(f"{page.name}: no module {module}")
    return lines


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_is_there(page: str) -> None:
    assert faults(ROOT / page) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[a](b.md)", "no file b.md"),
        ("[a](page.md#nowhere)", "no heading page.md#nowhere"),
        ("`hw/rtl/gone.sv`", "no path hw/rtl/gone.sv"),
        ("`sim/golden/X.py`", "no path sim/golden/X.py"),
        ("```\nmake simm MODEL=x\n```", "no target simm"),
        ("`python -m sim.nothing`", "no module sim.nothing"),
    ],
)
def test_what_is_not_there_is_named(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "Makefile").write_text("sim: ## the path\n")
    page = tmp_path / "page.md"
    page.write_text(f"# Somewhere\n\n{text}\n")
    assert faults(page, tmp_path) == [f"page.md: {fault}"]


@pytest.mark.parametrize("page", PAGES)
def test_measurements_are_those_of_make_measure(page: str) -> None:
    pieces = code((ROOT / page).read_text())
    named = {name for piece in pieces for name in re.findall(r"NAME=([a-z_]+)", piece)} - {"x"}
    assert named <= set(MEASURES)


@pytest.mark.parametrize("page", ["README.md", "docs/recipes.md", "docs/layers.md"])
def test_what_a_page_has_one_write_passes_lint(page: str) -> None:
    """A file in the repository's root, as `make lint` sees it."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    assert blocks or page == "docs/layers.md"
    for block in blocks:
        for command in (("check",), ("format", "--check")):
            argv = [sys.executable, "-m", "ruff", *command, "--stdin-filename", "my_net.py", "-"]
            done = subprocess.run(
                argv, cwd=ROOT, input=block, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{block}{done.stdout}{done.stderr}"


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= README_LINES


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text()
    pages = [path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")]
    assert [page for page in pages if f"({page})" not in index and page.name != "README.md"] == []


def test_widths_on_the_map_are_those_of_the_records() -> None:
    text = (ROOT / "docs" / "path.md").read_text()
    named = re.findall(r"messages\.md#(\w+)\), (\d+) bits", text)
    drawn = re.findall(r"(?:\"|and )(\w+), (\d+)(?= and|\")", FENCE.findall(text)[0])
    assert len(named) >= 6 and len(drawn) >= 6
    known = {name for name, _ in named}
    for name, bits in [*named, *(each for each in drawn if each[0] in known)]:
        assert int(bits) == getattr(records, name.upper()).width, name


def test_every_hand_written_module_is_on_the_map() -> None:
    text = (ROOT / "docs" / "path.md").read_text()
    modules = [path.stem for path in (ROOT / "hw" / "rtl").glob("*.sv")]
    assert [module for module in modules if f"`{module}`" not in text] == []


def test_prices_beyond_the_index_are_those_of_its_width() -> None:
    readme = (ROOT / "README.md").read_text()
    core = (ROOT / "hw" / "rtl" / "tickwire_core.sv").read_text()
    placed = (ROOT / "sim" / "measure" / "area.py").read_text()
    for text, pattern in ((core, r"INDEX_W = (\d+)"), (placed, r"\"INDEX_W\": \"(\d+)\"")):
        width = int(re.findall(pattern, text)[0])
        dollars = (2**width - 9_900) * 100 // 10_000
        assert f"${dollars:,}" in readme
