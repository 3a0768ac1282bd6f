"""The formats of a converted network's ports, and the Verilog that the path needs around it.

`signature` reads the formats from openrtl's description and refuses what the path can't use.
`package` writes network_pkg.sv, the constants that `hw/rtl/nn.sv` is built with. `as_a_step` writes
a wrapper with the ports of a step around a network without state.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.nets.student import OUTPUTS
from tickwire.features.table import TOP, Feature
from tickwire.gen.records import CLASSES, FEATURE_W, SCORE_W

PLAIN = "network_plain"  # openrtl's module of a network without state


@dataclass(frozen=True)
class Signature:
    """Widths and binary points. Outputs are shifted left by `shifts` to a common 2**-fraction."""

    input_width: int
    input_fraction: int
    widths: list[int]  # of the outputs
    signs: list[bool]
    shifts: list[int]
    fraction: int

    @property
    def input_scale(self) -> float:
        return float(2.0**self.input_fraction)


def signature(interface: dict[str, Any], features: list[Feature]) -> Signature:
    """From openrtl's interface.json; a ValueError names what doesn't fit."""
    inputs, outputs = interface["inputs"], interface["outputs"]
    if len(inputs) != 1 or math.prod(inputs[0]["shape"]) != len(features):
        raise ValueError(f"its input isn't one vector of {len(features)} features")
    _check_input(inputs[0], features)
    if not CLASSES <= len(outputs) <= OUTPUTS:
        raise ValueError(f"it has {len(outputs)} outputs; {CLASSES} to {OUTPUTS} are possible")
    fraction = max(output["fraction"] for output in outputs)
    shifts = [fraction - output["fraction"] for output in outputs]
    signs = [bool(output["signed"]) for output in outputs]
    widths = [_width(output) for output in outputs]
    for place, (width, shift, signed) in enumerate(zip(widths, shifts, signs, strict=True)):
        needed = width + shift + (not signed)
        if needed > SCORE_W or width < 1:
            raise ValueError(
                f"output {place} needs {needed} bits at 2**-{fraction}; a score has {SCORE_W}"
            )
    return Signature(_width(inputs[0]), inputs[0]["fraction"], widths, signs, shifts, fraction)


def _check_input(form: dict[str, Any], features: list[Feature]) -> None:
    """The module's input format must hold every feature's whole range."""
    width, whole = _width(form), form["integer"] + form["fraction"]
    if width > FEATURE_W:
        raise ValueError(
            f"its input has {width} bits, more than a feature; begin it with a FixedQuantizer"
        )
    low, high = (-(1 << whole) if form["signed"] else 0), (1 << whole) - 1
    for feature in features:
        if feature.low < low or high < TOP:
            span = f"{feature.low} to {TOP}"
            raise ValueError(
                f"feature {feature.name!r} is {span}, its input holds codes {low} to {high}"
            )


def _width(form: dict[str, Any]) -> int:
    return int(form["signed"]) + int(form["integer"]) + int(form["fraction"])


def package(about: dict[str, Any], inputs: tuple[int, ...]) -> str:
    """The text of network_pkg.sv."""
    ports = Signature(**about["signature"])
    starts = [sum(ports.widths[:place]) for place in range(len(ports.widths))]
    signs = [int(sign) for sign in ports.signs]
    return f"""\
// Generated from {about["name"]} by `python -m models.deploy.convert`. Don't edit.
//
// network_pkg: what nn must know of the module `network`. Input i is feature FEATURE[i], its lowest
// INPUT_W bits; output i is OUTPUT_W[i] bits from OUTPUT_AT[i] on, and becomes a score by
// OUTPUT_SHIFT[i] to the left.
`default_nettype none

package network_pkg;
  localparam int unsigned LATENCY = {about["latency"]};
  localparam int unsigned LOOP = {about["loop"]};  // cycles between two steps of an instrument
  localparam bit RECURRENT = {int(about["recurrent"])};
  localparam int unsigned INPUTS = {len(inputs)};
  localparam int unsigned INPUT_W = {ports.input_width};
  localparam int unsigned FEATURE[INPUTS] = '{{{_list(inputs)}}};
  localparam int unsigned OUTPUTS = {len(ports.widths)};
  localparam int unsigned OUTPUT_BITS = {sum(ports.widths)};
  localparam int unsigned OUTPUT_AT[OUTPUTS] = '{{{_list(starts)}}};
  localparam int unsigned OUTPUT_W[OUTPUTS] = '{{{_list(ports.widths)}}};
  localparam bit OUTPUT_SIGNED[OUTPUTS] = '{{{_list(signs)}}};
  localparam int unsigned OUTPUT_SHIFT[OUTPUTS] = '{{{_list(ports.shifts)}}};
  localparam logic [63:0] MODEL_ID = 64'h{about["model_id"]};
endpackage

`default_nettype wire
"""


def as_a_step(interface: dict[str, Any]) -> str:
    """The text of the module `network`: a plain network with the ports of a step."""
    return f"""\
// network: a network without state with the ports of a step. It is always ready, nothing clears it:
// s_axis_tuser isn't looked at, and what is valid is a step. Generated; don't edit.
`default_nettype none

module network #(
    parameter TAG_BITS = 4
) (
    input  wire                clk,
    input  wire                rst,
    input  wire                s_axis_tvalid,
    output wire                s_axis_tready,
    input  wire [{interface["input_bits"] - 1}:0] s_axis_tdata,
    input  wire [TAG_BITS-1:0] s_axis_tid,
    input  wire [         1:0] s_axis_tuser,
    output wire                m_axis_tvalid,
    output wire [{interface["output_bits"] - 1}:0] m_axis_tdata,
    output wire [TAG_BITS-1:0] m_axis_tid
);
  assign s_axis_tready = 1'b1;
  {PLAIN} #(
      .TAG_BITS(TAG_BITS)
  ) plain (
      .clk(clk),
      .rst(rst),
      .s_axis_tvalid(s_axis_tvalid),
      .s_axis_tdata(s_axis_tdata),
      .s_axis_tid(s_axis_tid),
      .m_axis_tvalid(m_axis_tvalid),
      .m_axis_tdata(m_axis_tdata),
      .m_axis_tid(m_axis_tid)
  );
endmodule

`default_nettype wire
"""


def _list(numbers: Any) -> str:
    return ", ".join(map(str, numbers))


def fusesoc(name: str, files: Sequence[str]) -> str:
    """A FuseSoC core of the network, on which hw/tickwire_core.core depends."""
    lines = ["CAPI=2:", f"# The network {name}, converted by models.deploy.convert.",
             "name: tickwire:hw:network:0", "filesets:", "  rtl:", "    files:"]  # fmt: skip
    for file in files:
        kind = "systemVerilogSource" if file.endswith(".sv") else "verilogSource"
        lines.append(f"      - {file}: {{file_type: {kind}}}")
    return "\n".join([*lines, "targets:", "  default:", "    filesets: [rtl]", ""])
