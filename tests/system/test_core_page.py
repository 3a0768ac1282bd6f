"""tickwire_core can be instantiated by its page: the example elaborates, what is listed is true."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import pytest

from hwtools import rtl, toolchain
from hwtools.generate import core, path_map, registers
from hwtools.generate.__main__ import tables
from hwtools.generate.message_table import TableError
from hwtools.report import FIGURES
from hwtools.toolchain import ROOT, ToolError
from models.deploy.files import fusesoc
from sim.checks import lint
from sim.doubles import STAND_IN
from tickwire.board.virtual import core as virtual
from tickwire.gen import regmap
from tickwire.gen.records import SLOTS
from tickwire.replay.signals import SETTINGS
from tickwire.wire.traffic import Registers

TEXT = rtl.files()[core.TOP].read_text()


def test_the_example_elaborates() -> None:
    lint._verilator(lint.EXAMPLE.stem)
    lint._slang(lint.EXAMPLE.stem)


def test_an_example_that_forgets_a_port_does_not(tmp_path: Path) -> None:
    wrong = tmp_path / "example_top.sv"
    wrong.write_text(lint.EXAMPLE.read_text().replace("      .s_axil_awprot(3'b000),\n", ""))
    files = rtl.sources(wrong, network=STAND_IN)
    with pytest.raises(ToolError, match="s_axil_awprot"):
        toolchain.run("verilator", "--lint-only", "--top-module", "example_top", *files)


def test_the_list_compiles_in_its_order() -> None:
    """By Verilator, which takes files as they come, from another folder than theirs."""
    listed = (ROOT / "hw" / "tickwire_core.f").read_text().splitlines()[1:]
    assert listed[-1] == "rtl/tickwire_core.sv" and len(listed) == len(set(listed)) > 30
    toolchain.run(
        *("verilator", "--lint-only", "-Wno-lint", "-Wno-fatal", "--top-module", core.TOP),
        *(*STAND_IN, "-F", ROOT / "hw" / "tickwire_core.f"), cwd=Path("/tmp"),
    )  # fmt: skip


@pytest.mark.parametrize(("chosen", "says"), [("W=32", "W must be 8 or 64"), ("QUEUE=3", "DEPTH")])
def test_a_parameter_that_cannot_be_is_an_error(chosen: str, says: str) -> None:
    """By the line of the page, which warns of no less; and by FuseSoC's target."""
    options = [word for word in core._SOURCES.split() if word.startswith("-W")]
    assert f"[{', '.join(options)}]" in core.fusesoc("1")
    with pytest.raises(ToolError, match=says):
        toolchain.run(
            *("verilator", "--lint-only", *options, "--top-module", core.TOP, f"-G{chosen}"),
            *(*STAND_IN, "-F", ROOT / "hw" / "tickwire_core.f"),
        )


def test_every_port_and_parameter_is_read() -> None:
    names = [port.name for port in core.ports(TEXT)]
    body = TEXT[TEXT.index(") (") : TEXT.index("\n);")]
    assert len(names) == len(re.findall(r"\b(?:input|output)\b", body)) == body.count(",\n") + 1
    page = (ROOT / "docs" / "reference" / "core.md").read_text()
    for name in names:
        assert page.count(f"| `{name}` |") == 1, name
    for parameter in core.parameters(TEXT):
        assert parameter.local or page.count(f"| `{parameter.name}` |") == 1
    table, _ = tables()
    known, kinds = core._known(TEXT, table, 64), core._kinds(table)
    widths = {port.name: core._bits(port, known, kinds) for port in core.ports(TEXT)}
    assert widths["s_axis_tdata"] == 128 and widths["m_signal"] == 510
    assert widths["tap_cause"] == 8 and widths["host_message"] == 320


def test_a_port_that_nobody_explains_is_refused() -> None:
    core._check_groups(TEXT)
    with pytest.raises(TableError, match=r"port armed is in 0 of core\.py's groups"):
        core._check_groups(TEXT.replace("    input logic rst,\n", "    input logic armed,\n"))


def test_the_bring_up_is_the_order_of_a_host() -> None:
    """That of the simulation writes the same registers in the same order."""
    words = virtual.writes(Registers(), np.zeros(SLOTS, SETTINGS))
    known = {
        getattr(regmap, name)[n].address if getattr(regmap, name).stride else value.address: name
        for name, value in vars(regmap).items()
        if isinstance(value, registers.Register)
        for n in range(value.count)
    }
    written = list(dict.fromkeys(known[address] for address, _ in words))
    named = [name.replace("[].", "_").upper() for name, _ in core.BRING_UP]
    assert named[:3] == ["MAGIC", "CAPABILITIES", "MODEL"] and named[-1] == "COMMAND"
    assert named[3:-1] == written


def test_the_fusesoc_cores_name_what_is_there() -> None:
    text = (ROOT / "hw" / "tickwire_core.core").read_text()
    assert text.startswith("CAPI=2:\n") and f'depend: ["{core.NETWORK}"]' in text
    listed = re.findall(r"^      - (\S+\.sv)$", text, re.MULTILINE)
    assert [f"hw/{name}" for name in listed] == core.files()
    network = fusesoc("mlp", ["network_pkg.sv", "src/network.v"])
    assert f"name: {core.NETWORK}\n" in network
    assert "- network_pkg.sv: {file_type: systemVerilogSource}\n" in network
    assert "- src/network.v: {file_type: verilogSource}\n" in network


# -- The map ---------------------------------------------------------------------------------------


def test_cycles_on_the_map_are_those_that_were_measured() -> None:
    blocks = {block.name: block for block in path_map.load()}
    kept = json.loads((FIGURES / "modules.json").read_text())["rows"]
    measured = {row["case"]: row["value"] for row in kept if row["metric"] == "latency"}
    compared = [name for name in blocks if name in measured and name not in ("nn", core.TOP)]
    assert len(compared) >= 9
    for name in compared:
        assert blocks[name].cycles[1] == measured[name], name
    rows = json.loads((FIGURES / "path.json").read_text())["rows"]
    for at, width in enumerate((8, 64)):
        stages = {
            row["metric"].removeprefix("latency_of_").removesuffix("_min"): row["value"]
            for row in rows
            if fnmatchcase(row["case"], f"mlp, W={width}, idle") and row["metric"].endswith("_min")
        }
        book = sum(blocks[name].cycles[at] for name in ("op_gate", "order_table", "price_book"))
        assert blocks["feed_rx"].cycles[at] == stages["operations"]
        assert book == stages["book"]
        for name in ("features", "signal"):
            assert blocks[name].cycles[at] == stages[name]
        rest = stages["network"] - blocks["nn"].cycles[at]  # the network's own
        assert blocks[core.TOP].cycles[at] + rest == stages["tick_to_signal"]


def test_a_key_that_the_map_does_not_know_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "path.toml"
    wrong.write_text(path_map.PATH.read_text().replace("cycles = [4, 4]", "cycle = [4, 4]", 1))
    with pytest.raises(TableError, match="order_table: unknown cycle"):
        path_map.load(wrong)
