"""Figures come from clean reports, make the tables of pages, and speak of what is there."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from hwtools import figures, pages
from hwtools.report import Report, read
from hwtools.toolchain import ROOT

HOW: dict[str, Any] = {"n": 1, "how": "simulated"}


def clean(path: Path, commit: str = "0123456789ab") -> Path:
    """As if it was made from a commit."""
    report = json.loads(path.read_text())
    report["commit"] = commit
    path.write_text(json.dumps(report))
    return path


def feed(folder: Path, cycles: int = 12) -> Path:
    report = Report("feed", command="make measure NAME=feed", seed=3)
    report.row("W=8", "latency_book", cycles, "cycles", **HOW, bound=14, op="<=")
    for case in ("W=8", "W=64"):
        report.row(case, "messages", 155935, "rows", **HOW)
        report.row(case, "rate", 3.5 if case == "W=8" else 4.5, "messages/s", **HOW)
        report.row(case, "latency_of_a_gap", 3, "cycles", **HOW)
    return clean(report.write(folder))


def metrics(path: Path) -> list[str]:
    return [row["metric"] for row in read(path)["rows"]]


# -- What is kept ----------------------------------------------------------------------------------


def test_latency_may_not_rise_nor_vanish(tmp_path: Path) -> None:
    built, kept = tmp_path / "built", tmp_path / "kept"
    feed(kept)
    feed(built)
    assert figures.risen(built, kept) == []
    feed(built, cycles=13)
    assert figures.risen(built, kept) == ["feed: W=8 latency_book is 13 cycles, was 12"]
    Report("feed", command="x").write(built)
    assert "feed: W=8 latency_book is no longer reported" in figures.risen(built, kept)
    (built / "feed.json").unlink()  # what wasn't built has no latency to compare
    assert figures.risen(built, kept) == []


def test_a_latency_is_in_cycles_and_named_so(tmp_path: Path) -> None:
    kept, built = tmp_path / "kept", tmp_path / "built"
    for folder, more in ((kept, 0), (built, 1)):
        report = Report("feed", command="x")
        for metric, unit in (("loop", "cycles"), ("latency_on_host", "ns"), ("latency", "cycles")):
            report.row("W=8", metric, 5 + more, unit, **HOW)
        report.write(folder)
    assert figures.risen(built, kept) == ["feed: W=8 latency is 6 cycles, was 5"]
    assert metrics(figures.keep((), _clean_copy(built, tmp_path), kept)[0]) == ["latency"]


def _clean_copy(built: Path, folder: Path) -> Path:
    (folder / "clean").mkdir()
    copy = folder / "clean" / "feed.json"
    copy.write_text((built / "feed.json").read_text())
    return clean(copy).parent


def test_only_figures_that_hold_and_belong_to_a_commit_are_kept(tmp_path: Path) -> None:
    built, kept = tmp_path / "built", tmp_path / "kept"
    feed(built)
    assert figures.keep((), built, kept) == []  # nobody asked for it, and nothing states it
    assert figures.keep(["feed"], built, kept) == [kept / "feed.json"]
    assert figures.keep((), built, kept) == []  # the same again
    feed(built, cycles=11)
    assert figures.keep((), built, kept) == [kept / "feed.json"]
    with pytest.raises(ValueError, match="fee: no such report"):
        figures.keep(["fee"], built, kept)
    feed(built, cycles=99)
    with pytest.raises(ValueError, match=r"feed\.json: 1 figures miss their bound"):
        figures.keep((), built, kept)
    clean(feed(built), "0123456789ab-dirty")
    with pytest.raises(ValueError, match="uncommitted"):
        figures.keep((), built, kept)


def test_only_rows_that_something_shows_or_checks_are_kept(tmp_path: Path) -> None:
    built, kept = tmp_path / "built", tmp_path / "kept"
    feed(built)
    page = "<!-- figures feed by case @ W=6*: messages -->\n<!-- end -->\n"
    (path,) = figures.keep(["feed"], built, kept, [page])
    assert metrics(path) == ["latency_book", "latency_of_a_gap", "messages", "latency_of_a_gap"]
    (kept / pages.SUMMARY_FILE).write_text('[[row]]\nwhat = "x"\nvalue = "{feed: ra*}"\n')
    assert metrics(figures.keep((), built, kept, [page])[0]).count("rate") == 2
    (built / "feed.json").unlink()  # what was kept is pruned again
    (kept / pages.SUMMARY_FILE).unlink()
    assert metrics(figures.keep((), built, kept, [page])[0]).count("rate") == 0


# -- Tables ----------------------------------------------------------------------------------------


def test_tables_come_from_the_figures(tmp_path: Path) -> None:
    feed(tmp_path)
    page = "a\n<!-- figures feed: latency_book -->\nold\n<!-- end -->\nb\n"
    text = pages.rendered(page, tmp_path)
    assert "| W=8 | latency book | 12 cycles | <= 14 | simulated |" in text
    assert "`make measure NAME=feed` at 0123456789ab, " in text
    assert "messages" not in text
    assert "old\n<!--" not in text
    assert pages.rendered(text, tmp_path) == text
    with pytest.raises(ValueError, match=r"feed\.json has no row 'gone' of '\*'"):
        pages.rendered("<!-- figures feed: gone -->\n<!-- end -->", tmp_path)


def test_a_table_of_some_cases(tmp_path: Path) -> None:
    feed(tmp_path)
    page = "<!-- figures feed by case @ W=8: latency_book; messages -->\n<!-- end -->\n"
    text = pages.rendered(page, tmp_path)
    assert "latency book, cycles<br>*simulated*" in text
    assert "| W=8 | 12 | 155,935 |" in text
    assert "| W=64 |" not in text


def test_a_list_of_some_cases_and_a_table_of_all(tmp_path: Path) -> None:
    feed(tmp_path)
    listed = pages.rendered("<!-- figures feed @ W=64: messages -->\n<!-- end -->", tmp_path)
    assert "| W=64 | messages | 155,935 rows |  | simulated |" in listed and "W=8" not in listed
    by_case = pages.rendered("<!-- figures feed by case: messages -->\n<!-- end -->", tmp_path)
    assert "| W=64 | 155,935 |" in by_case and "| W=8 | 155,935 |" in by_case


def test_the_summary_adds_and_spans(tmp_path: Path) -> None:
    feed(tmp_path)
    (tmp_path / pages.SUMMARY_FILE).write_text(
        '[[row]]\nwhat = "rows"\n'
        'value = "{sum feed: messages} at {feed: rate}, {feed: rate @ W=8}"\n'
        '[[row]]\nwhat = "a board"\nvalue = "nothing"\nhow = "none"\n'
    )
    text = pages.rendered("<!-- summary -->\nold\n<!-- end -->\n", tmp_path)
    assert "| rows | 311,870 at 3.5 to 4.5, 3.5 | simulated: `make measure NAME=feed`, " in text
    assert "| a board | nothing | none |" in text


def test_an_age_is_counted_in_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # wherever the command is started
    pages.age.cache_clear()
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    assert pages.age(head) == "0 commits old"
    assert pages.age("0123456789ab") == "at a commit that git doesn't find"


# -- The check -------------------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository of one module with everything, and its kept reports."""
    for name in (
        *("hw/rtl/crc32.sv", "sim/test_crc32.py", "sim/mutants/crc32_wrong.patch"),
        *("hw/gen/tick_pkg.sv", "sim/test_tick_pkg.py", "models/trained/mlp_50/weights.json"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "hw" / "formal").mkdir()
    (tmp_path / "hw/formal/crc32.sby").write_text("[tasks]\nprove a\n\ncover\n\n[options]\n")
    rows = {
        "modules": [("crc32", "tests"), ("tick_pkg", "tests")],
        "mutants": [("crc32_wrong", "judges_that_caught_it"), ("crc32", "faults")],
        "formal": [("crc32 prove", "assertions_proved"), ("crc32 cover", "covers_reached")],
        "area": [("crc32", "comb")],
        "core": [("crc32, mlp", "comb")],
        "students": [("mlp_50", "comb (ecp5)")],
    }
    page = ""
    for name, cases in rows.items():
        report = Report(name, command=f"make {name}")
        for case, metric in cases:
            report.row(case, metric, 1, "", **HOW)
        clean(report.write(tmp_path / "docs" / "figures"))
        page += f"<!-- figures {name} -->\n<!-- end -->\n"
    (tmp_path / "README.md").write_text(pages.rendered(page, tmp_path / "docs" / "figures"))
    assert faults(tmp_path) == []
    return tmp_path


def faults(tree: Path) -> list[str]:
    return figures.faults(tree, tree / "docs" / "figures")


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        ("hw/rtl/crc32.sv", "modules.json names what is gone from hw/rtl and hw/gen: crc32"),
        ("hw/rtl/crc32.sv", "mutants.json names what is gone from hw/rtl and hw/gen: crc32"),
        ("hw/rtl/crc32.sv", "area.json names what is gone from hw/rtl and hw/gen: crc32"),
        ("hw/rtl/crc32.sv", "core.json names what is gone from hw/rtl and hw/gen: crc32"),
        ("hw/gen/tick_pkg.sv", "modules.json names what is gone from hw/rtl and hw/gen: tick_pkg"),
        (
            "sim/mutants/crc32_wrong.patch",
            "mutants.json names what is gone from sim/mutants: crc32_wrong",
        ),
        (
            "hw/formal/crc32.sby",
            "formal.json names what is gone from hw/formal: crc32 cover, crc32 prove",
        ),
        (
            "models/trained/mlp_50/weights.json",
            "students.json names what is gone from models/trained: mlp_50",
        ),
    ],
)
def test_a_report_that_names_what_is_gone_fails(tree: Path, file: str, fault: str) -> None:
    (tree / file).unlink()
    lines = faults(tree)
    command = f"make {fault.partition('.')[0]}"
    assert f"docs/figures/{fault}; {command}, then make figures" in lines


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        (
            ("hw/rtl/nn.sv", "sim/test_nn.py"),
            "modules.json lacks what is in hw/rtl and hw/gen: nn; make modules",
        ),
        (
            ("sim/mutants/b.patch", "sim/mutants/a.patch"),
            "mutants.json lacks what is in sim/mutants: a, b",
        ),
        (
            ("models/trained/cnn/weights.json",),
            "students.json lacks what is in models/trained: cnn",
        ),
    ],
)
def test_a_report_that_lacks_what_is_there_fails(
    tree: Path, files: tuple[str, ...], fault: str
) -> None:
    for name in files:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).touch()
    (line,) = faults(tree)
    assert line.startswith(f"docs/figures/{fault}")


def test_a_task_that_is_not_in_the_report_of_proofs_fails(tree: Path) -> None:
    path = tree / "hw/formal/crc32.sby"
    path.write_text(path.read_text().replace("cover\n", "cover\nbounded\n"))
    assert "formal.json lacks what is in hw/formal: crc32 bounded;" in faults(tree)[0]


def test_a_typed_in_figure_fails_and_a_new_commit_does_not(tree: Path) -> None:
    page = tree / "README.md"
    text = page.read_text()
    page.write_text(text.replace("| crc32, mlp | comb | 1 |", "| crc32, mlp | comb | 2 |"))
    assert faults(tree) == ["README.md: a table isn't what docs/figures makes; make figures"]
    older = pages.AGE.sub(", 7 commits old", text)
    assert older != text
    page.write_text(older)
    assert faults(tree) == []


def test_a_report_that_was_never_kept_is_no_fault(tree: Path) -> None:
    """Only a page that shows it would be one."""
    page = tree / "README.md"
    table = next(one for one in pages.TABLE.finditer(page.read_text()) if one[2] == "area")
    page.write_text(page.read_text().replace(table[0], ""))
    (tree / "docs" / "figures" / "area.json").unlink()
    assert faults(tree) == []


def test_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page, wrong, asked = tmp_path / "page.md", list[str](), list[tuple[str, ...]]()
    page.write_text("a page\n<!-- figures x -->\nold\n<!-- end -->\n")

    def kept(names: list[str], texts: list[str]) -> list[Path]:
        asked.append((*names, *texts))
        return [ROOT / "docs" / "figures" / "x.json"]

    monkeypatch.setattr(figures, "keep", kept)
    monkeypatch.setattr(figures, "pages", lambda: [page])
    monkeypatch.setattr(figures, "rendered", lambda text: text.replace("old", "new"))
    monkeypatch.setattr(figures, "faults", lambda: wrong)
    monkeypatch.setattr(figures, "risen", lambda: ["it is 6 cycles, was 5"])
    before = page.read_text()
    assert figures.main(["--check"]) == 0 and asked == [] and page.read_text() == before
    assert capsys.readouterr().out == "figures: nothing wrong\n"
    assert figures.main(["x"]) == 0 and asked == [("x", before)]
    assert page.read_text() == before.replace("old", "new")
    assert capsys.readouterr().out == "kept docs/figures/x.json\nfigures: nothing wrong\n"
    wrong += ["one", "two"]
    assert figures.main(["--check"]) == 1
    assert capsys.readouterr() == ("", "one\ntwo\n")
    assert figures.main(["--latency"]) == 1
    assert capsys.readouterr() == ("", "it is 6 cycles, was 5\n")

    def refused(*_: Any, **__: Any) -> list[Path]:
        raise ValueError("x.json: not kept")

    monkeypatch.setattr(figures, "keep", refused)
    assert figures.main([]) == 1 and capsys.readouterr().err == "x.json: not kept\n"


def test_a_stale_table_fails(tree: Path) -> None:
    """Its report was kept anew, the page wasn't made anew; by its figures or its commit."""
    path = tree / "docs" / "figures" / "core.json"
    stale = "README.md: a table isn't what docs/figures makes; make figures"
    whole = path.read_text()
    path.write_text(whole.replace('"value": 1', '"value": 2'))
    assert stale in faults(tree)
    clean(path, "123456789abc")
    assert stale in faults(tree)
    path.write_text(whole)
    assert faults(tree) == []


def test_a_table_that_is_missing_fails(tree: Path) -> None:
    """The whole of it, or what stands between its marks."""
    page = tree / "README.md"
    text = page.read_text()
    table = next(one for one in pages.TABLE.finditer(text) if one[2] == "core")
    page.write_text(text.replace(table[0], ""))
    assert "docs/figures/core.json: no table shows it" in faults(tree)
    page.write_text(text.replace(table[0], f"{table[1]}{table[6]}"))
    assert faults(tree) == ["README.md: a table isn't what docs/figures makes; make figures"]
    (tree / "docs" / "figures" / "core.json").unlink()
    with pytest.raises(ValueError, match=r"core\.json: not a report"):
        faults(tree)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"value": 3}, "1 figures miss their bound; not kept"),
        ({"holds": False}, "1 figures miss their bound; not kept"),
        ({"value": float("nan")}, "1 figures miss their bound; not kept"),
        ({"value": None}, "1 figures miss their bound; not kept"),
        ({"bound": None}, "1 figures miss their bound; not kept"),
        ({}, "made from uncommitted sources; commit, then run it again"),
    ],
)
def test_a_kept_report_that_was_edited_fails(
    tree: Path, change: dict[str, Any], wrong: str
) -> None:
    """Also where the page was made anew from it, and when it is asked for to be kept."""
    folder = tree / "docs" / "figures"
    report = Report("core", command="make core")
    report.row("crc32, mlp", "comb", 1, "", **HOW, bound=2, op="<=")
    path = clean(report.write(folder))
    page = tree / "README.md"
    page.write_text(pages.rendered(page.read_text(), folder))
    assert faults(tree) == []
    edited = read(path)
    edited["rows"][0] |= change
    for name, value in change.items():
        if value is None:
            del edited["rows"][0][name]
    edited["commit"] += "" if change else "-dirty"
    path.write_text(json.dumps(edited))
    if change.keys() != {"bound"} and change != {"value": None}:  # those can't be shown at all
        page.write_text(pages.rendered(page.read_text(), folder))
        assert faults(tree) == [f"docs/figures/core.json: {wrong}"]
    with pytest.raises(ValueError, match=wrong):
        figures.keep((), tree, folder, [page.read_text()])


def test_a_row_in_vain_fails(tree: Path) -> None:
    page = tree / "README.md"
    page.write_text(page.read_text().replace("figures area", "figures core"))
    assert "docs/figures/area.json holds 1 rows that nothing shows or checks; make figures" in (
        faults(tree)
    )
