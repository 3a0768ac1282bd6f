"""The models of ECP5's cells that sim/measure/netlist.py plays netlists with.

Small memories and a multiplier go through yosys as the core does; what comes out on the models must
do as the source does under random traffic, a few addresses hit again and again.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from hwtools import toolchain
from hwtools.toolchain import ROOT, ToolError
from openrtl.synth import FAMILIES

CELLS = ROOT / "sim" / "doubles" / "ecp5_cells.v"
LAX = ("-Wno-fatal", "-Wno-lint", "-Werror-USERERROR")  # as a netlist is compiled
PORTS = """
    input  logic        clk,
    input  logic [ 3:0] we,
    input  logic        re,
    input  logic [13:0] wa,
    input  logic [13:0] ra,
    input  logic [35:0] d,
    output logic [35:0] q
"""
WRITES, CHECKED = 1 << 14, 1 << 14
BENCH = f"""
module bench (input logic clk);
  logic re = 1;
  logic [3:0] we = '1;
  logic [13:0] wa = 0, ra = 0;
  logic [35:0] d = 0, q_source, q_netlist;
  int cycle = 0, compared = 0;
  source source_i (.*, .q(q_source));
  netlist netlist_i (.*, .q(q_netlist));
  always @(negedge clk) begin
    cycle <= cycle + 1;
    d <= {{$urandom, $urandom}};
    if (cycle < {WRITES}) wa <= 14'(cycle);
    else begin
      we <= $urandom & $urandom;
      re <= $urandom_range(3) != 0;
      wa <= $urandom & 14'h2019;
      ra <= $urandom & 14'h2019;
      if (cycle > {WRITES} + 100) begin
        compared <= compared + 1;
        if (q_source !== q_netlist)
          $fatal(1, "cycle %0d: %h, not %h", cycle, q_netlist, q_source);
      end
    end
    if (compared == {CHECKED}) begin
      $display("equal in %0d cycles", compared);
      $finish;
    end
  end
endmodule
"""
MAIN = """
#include "Vbench.h"
int main(int argc, char **argv) {
    VerilatedContext context;
    context.commandArgs(argc, argv);
    Vbench bench{&context};
    while (!context.gotFinish()) bench.clk = !bench.clk, bench.eval();
}
"""
# What it is of, and what must stand in its netlist so that it is a trial of that.
SOURCES = {
    "36 bits": (
        """logic [35:0] m[512];
        always_ff @(posedge clk) begin
          for (int i = 0; i < 4; i++) if (we[i]) m[wa[13:5]][9*i+:9] <= d[9*i+:9];
          if (re) q <= m[ra[13:5]];
        end""",
        ("DATA_WIDTH_A(32'd36)", "DATA_WIDTH_B(32'd36)"),
    ),
    "a bit": (
        """logic m[1<<14];
        always_ff @(posedge clk) begin
          if (we[0]) m[wa] <= d[0];
          if (re) q <= 36'(m[ra]);
        end""",
        ("DATA_WIDTH_A(32'd1)", "DATA_WIDTH_B(32'd1)"),
    ),
    "before": (
        """logic [17:0] m[1024];
        always_ff @(posedge clk) begin
          for (int i = 0; i < 2; i++) if (we[i]) m[wa[13:4]][9*i+:9] <= d[9*i+:9];
          if (re) q <= 36'(m[wa[13:4]]);
        end""",
        ("DATA_WIDTH_A(32'd18)", 'WRITEMODE_A("READBEFOREWRITE")'),
    ),
    "through": (
        """logic [8:0] m[2048];
        always_ff @(posedge clk)
          if (re) begin
            if (we[0]) m[wa[13:3]] <= d[8:0];
            q <= 36'(we[0] ? d[8:0] : m[wa[13:3]]);
          end""",
        ("DATA_WIDTH_A(32'd9)", 'WRITEMODE_A("WRITETHROUGH")'),
    ),
    "kept": (
        """logic [3:0] m[4096];
        always_ff @(posedge clk)
          if (re) begin
            if (we[0]) m[wa[13:2]] <= d[3:0];
            else q <= 36'(m[wa[13:2]]);
          end""",
        ("DATA_WIDTH_A(32'd4)", 'WRITEMODE_A("NORMAL")'),
    ),
    "constants": (
        """logic [17:0] m[1024];
        initial for (int i = 0; i < 1024; i++) m[i] = 18'(i * 18'd40503 ^ i >> 3);
        always_ff @(posedge clk) if (re) q <= 36'(m[ra[13:4]]);""",
        ("DP16KD",),
    ),
    "logic": (
        """logic [35:0] sum, back;
        logic [3:0] held, m[16];
        always_ff @(posedge clk) begin
          if (we[0]) m[wa[3:0]] <= d[35:32];
          if (!re) held <= d[3:0];
          sum <= sum + d;
          back <= back - (36'(ra) << d[3:0]);
          if (re) q[17:0] <= (sum > back ? sum[17:0] : back[35:18]) ^ 18'(m[ra[3:0]] ^ held);
          if (&we) q[35:18] <= '1;
          else if (wa == ra) q[35:18] <= '0;
          else if (!re) q[35:18] <= 18'(sum[35:18] << wa[4:0]) ^ {18{^d}};
          if (wa == 0 && &we) {sum, back} <= '0;  // as the first word is written
        end""",
        ("LUT4", "PFUMX", "L6MUX21", "CCU2C", "TRELLIS_DPR16X4", 'CEMUX("INV")', 'REGSET("SET")'),
    ),
    "signed product": (
        "always_ff @(posedge clk) q <= $signed(d[17:0]) * $signed(d[35:18]);",
        ("MULT18X18D", "SIGNEDA(1'h1)"),
    ),
    "product": (
        "always_ff @(posedge clk) q <= d[17:0] * d[35:18];",
        ("MULT18X18D", "SIGNEDA(1'h0)"),
    ),
}
# A wrong model: what becomes of a line of it, and which trial sees it.
WRONG = {
    "bytes": ("enable[1]", "enable[0]", "before"),
    "bit": ("9 * address[3] + address[2:0]", "8 * address[3] + address[2:0]", "a bit"),
    "halves": ("WIDE_B ? b_q : a_q", "WIDE_B ? upper_q : a_q", "36 bits"),
    "upper bytes": ("ada[3:2]", "ada[1:0]", "36 bits"),
    "before": ('WRITEMODE_A == "WRITETHROUGH" ?', 'WRITEMODE_A != "NORMAL" ?', "before"),
    "through": ('WRITEMODE_A == "WRITETHROUGH" ?', 'WRITEMODE_A == "NORMAL" ?', "through"),
    "kept": ('WRITEMODE_A != "NORMAL"', "1'b1", "kept"),
    "constants": ("INIT[20*n+:18]", "INIT[18*n+:18]", "constants"),
    "LUT": ("{D, C, B, A}", "{D, B, C, A}", "logic"),
    "carry": ("INIT1[{2'b0, B1, A1}]", "INIT1[{2'b0, A1, B1}]", "logic"),
    "set": ('Q <= REGSET == "SET"', "Q <= 1'b0", "logic"),
    "sign": ("SIGNEDB & B17", "1'b0", "signed product"),
}


def replay(folder: Path, name: str, cells: Path = CELLS) -> subprocess.CompletedProcess[str]:
    """A source and its netlist side by side, under the same traffic."""
    body, parts = SOURCES[name]
    source, netlist = folder / "source.sv", folder / "netlist.v"
    source.write_text(f"module source ({PORTS});\n{body}\nendmodule\n")
    (folder / "bench.sv").write_text(BENCH)
    commands = [
        f"read_slang --top source {source}",
        FAMILIES["ecp5"].format(top="source"),
        "rename source netlist",
        f"write_verilog -noattr -noexpr {netlist}",
    ]
    toolchain.run("yosys", "-q", "-p", "\n".join(commands))
    assert [part for part in parts if part not in netlist.read_text()] == []
    return played(folder, [folder / "bench.sv", source, netlist, cells])


def played(folder: Path, texts: list[Path]) -> subprocess.CompletedProcess[str]:
    """A bench, compiled and run to its end."""
    (folder / "main.cpp").write_text(MAIN)
    flags = ["--cc", "--exe", "--build", "--top-module", "bench", "--x-initial", "unique", *LAX]
    flags += ["--Mdir", str(folder / "o"), str(folder / "main.cpp")]
    toolchain.run("verilator", *flags, *texts, log=folder / "build.log")
    argv = [str(folder / "o" / "Vbench"), "+verilator+rand+reset+2"]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


@pytest.mark.long
@pytest.mark.parametrize("name", SOURCES)
def test_a_netlist_does_as_its_source(tmp_path: Path, name: str) -> None:
    done = replay(tmp_path, name)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"equal in {CHECKED} cycles" in done.stdout


@pytest.mark.long
@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_model_is_seen(tmp_path: Path, wrong: str) -> None:
    line, other, name = WRONG[wrong]
    text = CELLS.read_text()
    assert line in text
    cells = tmp_path / "cells.v"
    cells.write_text(text.replace(line, other))
    done = replay(tmp_path, name, cells)
    assert done.returncode and re.search(r"cycle \d+: \w+, not \w+", done.stdout)


@pytest.mark.parametrize(
    ("cell", "refused"),
    [
        ("CCU2C c ();", "carry"),
        ('TRELLIS_FF #(.SRMODE("ASYNC")) c ();', "reset"),
        ('TRELLIS_FF #(.CLKMUX("INV")) c ();', "pin"),
        ("TRELLIS_DPR16X4 #(.INITVAL(64'h1)) c ();", "contents"),
        ("DP16KD #(.DATA_WIDTH_B(36)) c ();", "widths"),
        ("DP16KD #(.DATA_WIDTH_A(3)) c ();", "widths"),
        ('DP16KD #(.WRITEMODE_A("OTHER")) c ();', "WRITEMODE"),
        ('DP16KD #(.REGMODE_B("OUTREG")) c ();', "REGMODE"),
        ('DP16KD #(.CSDECODE_A("0b001")) c ();', "CSDECODE"),
        ('DP16KD #(.CLKBMUX("INV")) c ();', "clock"),
        ('MULT18X18D #(.REG_OUTPUT_CLK("CLK0")) c ();', "registers"),
        ('MULT18X18D #(.MULT_BYPASS("ENABLED")) c ();', "MULT_BYPASS"),
    ],
)
def test_what_has_no_model_is_refused(tmp_path: Path, cell: str, refused: str) -> None:
    (tmp_path / "top.v").write_text(f"module top;\n  {cell}\nendmodule\n")
    flags = ["--lint-only", *LAX]
    with pytest.raises(ToolError, match=f"no model of .*{refused}"):
        toolchain.run("verilator", *flags, "--top-module", "top", tmp_path / "top.v", CELLS)


RAM_PINS = ("CEA", "WEA", "RSTA", "CSA0", "CSA1", "CSA2", "CLKB", "CEB", "WEB", "RSTB", "CSB0",
            "CSB1", "CSB2")  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize(
    ("cell", "driven", "refused"),
    [
        ("DP16KD", {"CLKB": "clk", "CEB": "1", "WEB": "late"}, "a write at port B"),
        ("DP16KD", {"RSTB": "late"}, "reset and chip select"),
        ("DP16KD", {"CSA1": "late"}, "reset and chip select"),
        ("DP16KD", {"CLKB": "!clk", "CEB": "late"}, "two clocks"),
        ("MULT18X18D", {"SOURCEB": "late"}, "the shift chain"),
    ],
)
def test_a_pin_without_a_model_stops_the_run(
    tmp_path: Path, cell: str, driven: dict[str, str], refused: str
) -> None:
    quiet = (
        {"CLKA": "clk", **dict.fromkeys(RAM_PINS, "0")} if cell == "DP16KD" else {"SOURCEA": "0"}
    )
    pins = ", ".join(f".{pin}({value})" for pin, value in {**quiet, **driven}.items())
    (tmp_path / "bench.sv").write_text(
        "module bench (input logic clk);\n  int cycle = 0;\n  logic late;\n"
        f"  assign late = cycle > 5;\n  {cell} c ({pins});\n  always @(negedge clk) begin\n"
        "    cycle <= cycle + 1;\n    if (cycle == 20) $finish;\n  end\nendmodule\n"
    )
    done = played(tmp_path, [tmp_path / "bench.sv", CELLS])
    assert done.returncode and f"no model of {refused}" in done.stdout
