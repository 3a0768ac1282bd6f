"""Generated files are what their sources make, and a source that isn't clear is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hwtools.generate import __main__ as generate
from hwtools.generate import files, message_table, registers
from hwtools.generate.message_table import TableError
from hwtools.generate.registers import MapError
from hwtools.registers import RegisterError
from hwtools.toolchain import ROOT
from tickwire.gen import regmap

GOOD = """
[constants]
WIDE = { value = 12, unit = "bits", meaning = "a width" }

[[enum]]
name = "side"
width = 1
meaning = "a side"
values = [
  { name = "buy", value = 0, meaning = "bid" },
  { name = "sell", value = 1, meaning = "ask" },
]

[[record]]
name = "trade"
meaning = "a trade"
fields = [
  { name = "price", kind = "unsigned", width = "WIDE", range = [1, 4000], meaning = "p" },
  { name = "way", kind = "side", meaning = "w" },
  { name = "scores", kind = "signed", width = 4, count = 3, meaning = "s" },
  { name = "last", kind = "flag", meaning = "l" },
]
"""

# What is replaced in the good table, by what, and the error.
BAD = {
    "not TOML": ('name = "trade"', "name = trade", "not TOML: "),
    "unknown key": ("[constants]", "[colours]\n[constants]", "the table: unknown key 'colours'"),
    "unknown key of a record": (
        'meaning = "a trade"',
        'meaning = "a"\nsize = 3',
        "record trade: unknown key 'size'",
    ),
    "unknown key of a field": (
        "[1, 4000], ",
        "[1, 4000], with = 3, ",
        "record trade, field price: unknown key 'with'",
    ),
    "no meaning": (', meaning = "w"', "", "record trade, field way: meaning is lacking"),
    "empty meaning": (
        'meaning = "w"',
        'meaning = " "',
        "record trade, field way: meaning is empty",
    ),
    "no width": ('width = "WIDE", ', "", "record trade, field price: width is lacking"),
    "field twice": ('"way"', '"price"', "record trade: field price is there twice"),
    "value twice": ('"sell", value', '"buy", value', "enum side: value buy is there twice"),
    "number twice": ("value = 1,", "value = 0,", "enum side: number 0 is there twice"),
    "unknown kind": (
        'kind = "flag"',
        'kind = "bool"',
        "record trade, field last: kind 'bool' isn't one of ",
    ),
    "unknown constant": (
        '"WIDE", range',
        '"WIDTH", range',
        "record trade, field price: width 'WIDTH' isn't a constant of the table",
    ),
    "too wide": (
        "width = 4",
        "width = 65",
        "record trade, field scores: width 65 isn't within 1 to 64",
    ),
    "width 0": (
        "width = 4",
        "width = 0",
        "record trade, field scores: width 0 isn't within 1 to 64",
    ),
    "width true": (
        "width = 4",
        "width = true",
        "record trade, field scores: width must be a whole number, not True",
    ),
    "count 0": (
        "count = 3",
        "count = 0",
        "record trade, field scores: count 0 isn't within 1 to 4096",
    ),
    "width of a flag": (
        'kind = "flag"',
        'kind = "flag", width = 2',
        "record trade, field last: width 2, but flag has 1",
    ),
    "width of an enum": (
        'kind = "side"',
        'kind = "side", width = 2',
        "record trade, field way: width 2, but side has 1",
    ),
    "value too wide": ("value = 1,", "value = 2,", "enum side, value sell: 2 doesn't fit 1 bits"),
    "no value 0": ("value = 0,", "value = 1,", "enum side: the first value must be 0"),
    "range beyond width": (
        "[1, 4000]",
        "[1, 4096]",
        "record trade, field price: range 1 to 4096 isn't within 0 to 4095",
    ),
    "range upside down": (
        "[1, 4000]",
        "[9, 1]",
        "record trade, field price: range 9 to 1 isn't within 0 to 4095",
    ),
    "range of one": ("[1, 4000]", "[1]", "record trade, field price: range must be [least, most]"),
    "range of a flag": (
        'kind = "flag"',
        'kind = "flag", range = [0, 1]',
        "record trade, field last: a flag has no range of its own",
    ),
    "keyword of SystemVerilog": (
        '"last"',
        '"sequence"',
        "record trade, field sequence: sequence is a keyword of SystemVerilog",
    ),
    "keyword of Python": (
        '"last"',
        '"yield"',
        "record trade, field yield: yield is a keyword of Python",
    ),
    "capitals": ('"last"', '"Last"', "record trade, field Last: the name must be in small_letters"),
    "small constant": ("WIDE = {", "wide = {", "constant wide: the name must be in CAPITALS"),
    "constant 0": ("value = 12", "value = 0", "constant WIDE: value 0 isn't within 1 to 2**31 - 1"),
    "one name for two": (
        "[constants]",
        '[constants]\nSIDE_BUY = { value = 1, unit = "", meaning = "m" }',
        "the package: name SIDE_BUY is there twice",
    ),
    "no fields": ("fields = [", "fields = []\nignored = [", "record trade: unknown key 'ignored'"),
    "nothing": (GOOD, "", "the table: constants is lacking"),
}


def test_the_repository_has_not_drifted(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--check"]) == 0
    assert "31 generated files" in capsys.readouterr().out
    assert tuple(generate.outputs()) == generate.GENERATED


def test_the_readable_words_begin_where_they_are_declared() -> None:
    """What the exporter writes otherwise costs a sixth of a simulation; it may change."""
    block = generate.outputs()["hw/gen/tickwire_regs.sv"]
    declared = [
        line for line in block.splitlines() if "automatic logic" in line and "_var[" in line
    ]
    assert len(declared) == 1 and declared[0].endswith("= '{default: '0};"), declared


def test_a_changed_table_is_seen_as_drift(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = tmp_path / "messages.toml"
    changed.write_text(
        message_table.MESSAGES.read_text().replace("LEVELS = { value = 10", "LEVELS = { value = 11")
    )
    assert generate.main(["--check", "--messages", str(changed)]) == 1
    output = capsys.readouterr().out
    assert "hw/gen/tick_pkg.sv has drifted:" in output
    assert "+  localparam int unsigned LEVELS = 11;" in output
    assert "records.py has drifted" in output and "docs/reference/messages.md has drifted" in output
    assert "tickwire_regs.sv" not in output


def test_a_changed_map_is_seen_as_drift(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed = tmp_path / "tickwire.rdl"
    changed.write_text(registers.REGISTERS.read_text().replace("17'h0FFFF", "17'h00FFF"))
    assert generate.main(["--check", "--registers", str(changed)]) == 1
    output = capsys.readouterr().out
    for name in (
        "hw/gen/tickwire_regs.sv",
        "sw/tickwire/gen/regmap.py",
        "docs/reference/registers.md",
    ):
        assert f"{name} has drifted:" in output
    assert "tick_pkg.sv" not in output


def test_a_missing_file_is_seen_as_drift(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate.main(["--check", "--root", str(tmp_path)]) == 1
    assert "docs/reference/registers.md is missing" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())


def test_writing_is_repeatable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--root", str(tmp_path)]) == 0
    assert generate.main(["--root", str(tmp_path)]) == 0
    assert "31 files were up to date" in capsys.readouterr().out
    for name in generate.GENERATED:
        assert (tmp_path / name).read_bytes() == (ROOT / name).read_bytes()
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == len(generate.GENERATED)


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("in the way of a folder")
    with pytest.raises(OSError):
        files.write({"a": "new", "b/c": "new"}, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_a_refused_source_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "messages.toml"
    bad.write_text(GOOD.replace("WIDE = {", "wide = {"))
    root = tmp_path / "tree"
    assert generate.main(["--messages", str(bad), "--root", str(root)]) == 2
    assert capsys.readouterr().err == (
        "generate: messages.toml: constant wide: the name must be in CAPITALS_with_underscores\n"
    )
    assert not root.exists()


def test_the_good_table_is_taken() -> None:
    record = message_table.parse(GOOD).records[0]
    assert record.width == 12 + 1 + 3 * 4 + 1
    assert (record.fields[0].low, record.fields[0].high) == (1, 4000)
    assert (record.fields[2].low, record.fields[2].high) == (-8, 7)


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_table_is_refused(kind: str) -> None:
    old, new, error = BAD[kind]
    assert GOOD.count(old) >= 1
    with pytest.raises(TableError) as caught:
        message_table.parse(GOOD.replace(old, new, 1))
    assert str(caught.value).startswith(error)
    assert "\n" not in str(caught.value)


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="No such file"):
        message_table.load(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("addrmap tickwire_regs {", "addrmap tickwire_regs", "tickwire.rdl:"),
        ("stock_locate[15:0] = 0", "stock_locate[15:0] = 70000", "tickwire.rdl:"),
        (
            'desc = "Take packets from this feed."; ',
            "",
            "tickwire.rdl: feeds[].control.enable has no description",
        ),
        ("slots[8] @", "slots[4] @", "the number of slots is 4 in the register map, 8 in"),
        ("reason[15:8]", "reason[14:8]", "the width of a reason is 7 in the register map, 8 in"),
        (
            'cause = "bad_price"',
            'cause = "bad_prize"',
            "counters.path.zero_prices: cause 'bad_prize' isn't a reason",
        ),
        (
            'cause = "bad_price"',
            'cause = "bad_shares"',
            "counters.path.zero_shares: zero_prices has cause 'bad_shares'",
        ),
        ("messages->step_bits = 3", "messages->step_bits = 0", "counters.path.messages: step_bits"),
        (
            "counter_reg heartbeats;",
            "counter_reg heartbeats; heartbeats->each_feed = true;",
            "counters.feeds[0].heartbeats: each_feed is for a counter of the path",
        ),
        (
            'counts_of = "check"',
            'counts_of = "checks"',
            "risk_checks: counts_of 'checks' isn't an enum of the message table",
        ),
        ("mementries = 512", "mementries = 256", "risk_checks: a slot's row has no place 32"),
        ("counter_reg gaps; gaps", "counter_reg priority; priority", "record path_events, field "),
    ],
)
def test_a_bad_map_is_refused(tmp_path: Path, old: str, new: str, error: str) -> None:
    text = registers.REGISTERS.read_text()
    assert old in text
    bad = tmp_path / "tickwire.rdl"
    bad.write_text(text.replace(old, new, 1))
    with pytest.raises((MapError, TableError)) as caught:
        generate.outputs(register_file=bad)
    assert str(caught.value).startswith(error)
    assert "\n" not in str(caught.value)


def _places(package: str) -> int:
    """Of the counters' window, with those that no counter has."""
    number = re.search(r"int unsigned COUNTERS = (\d+);", package)
    assert number is not None
    return int(number[1])


def test_a_new_counter_is_a_line_of_the_map(tmp_path: Path) -> None:
    """It has a field, an index and a register; in the block only the counters' window grows."""
    text = registers.REGISTERS.read_text()
    counters = [line for line in text.splitlines() if line.strip().startswith("counter_reg ")]
    last = counters[-1]  # of the path
    new = '    counter_reg halts; halts->desc = "Halts."; halts->step_bits = 2;'
    changed = tmp_path / "tickwire.rdl"
    changed.write_text(text.replace(last, f"{last}\n{new}"))
    before, after = generate.outputs(), generate.outputs(register_file=changed)
    added = {
        name: set(after[name].splitlines()) - set(before[name].splitlines())
        for name in before
        if after[name] != before[name]
    }
    assert set(added) == {
        *("hw/gen/tick_pkg.sv", "sw/tickwire/gen/records.py", "docs/reference/messages.md"),
        *("hw/gen/counter_regs_pkg.sv", "sw/tickwire/gen/regmap.py", "docs/reference/registers.md"),
        "hw/gen/tickwire_regs.sv",
    }
    places = _places(before["hw/gen/counter_regs_pkg.sv"])
    counters = before["hw/gen/counter_regs_pkg.sv"].splitlines()
    last_of_several = [line for line in counters if "COUNTERS'(1) <<" in line][-1].rstrip(";")
    block = added["hw/gen/tickwire_regs.sv"]
    ends = f"14'h2000 + 14'h{4 * places + 3:x}"
    assert block and all(ends in line for line in block), block
    assert "    logic [1:0] halts;  // events: Halts" in added["hw/gen/tick_pkg.sv"]
    assert added["hw/gen/counter_regs_pkg.sv"] == {
        f"  localparam int unsigned COUNTERS = {places + 1};",
        f"  localparam int unsigned PATH_HALTS = {places};",
        f"{last_of_several} |",
        "      (COUNTERS'(1) << PATH_HALTS);",
        "    increments_of[PATH_HALTS] = STEP_W'(path.halts);",
    }
    assert "COUNTERS_PATH_HALTS: Final = Register(" in added["sw/tickwire/gen/regmap.py"]


def test_the_map_knows_elements_and_fields() -> None:
    register = regmap.SLOTS_SELL_THRESHOLD[3]
    assert (register.name, register.address) == (
        "slots[3].sell_threshold",
        0x1000 + 3 * 0x40 + 0x14,
    )
    assert register.decode(register.reset) == {"strength": -65_536}
    assert register.decode(register.encode(strength=-5)) == {"strength": -5}
    assert regmap.MAGIC.reset == int.from_bytes(b"TICK", "big")
    assert (regmap.RISK_WINDOW.address, regmap.RISK_WINDOW.size) == (0x3000, 4096)
    assert regmap.CYCLES.words == 2 and regmap.CYCLES.fields[0].reset is None
    for wrong in (
        lambda: regmap.SLOTS_STATUS[8],
        lambda: regmap.MAGIC[0],
        lambda: register.encode(strength=65_536),
        lambda: register.encode(power=1),
    ):
        with pytest.raises(RegisterError):
            wrong()


def test_no_two_registers_share_an_address() -> None:
    taken: set[int] = set()
    for register in regmap.REGISTERS:
        for index in range(register.count):
            first = register.address + index * register.stride
            words = set(range(first, first + register.width // 8, 4))
            assert not words & taken, register.name
            taken |= words
    window = range(regmap.RISK_WINDOW.address, regmap.RISK_WINDOW.address + regmap.RISK_WINDOW.size)
    assert not taken & set(window)
