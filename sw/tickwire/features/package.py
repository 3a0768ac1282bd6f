"""The RTL's half of the feature table: hw/gen/feature_pkg.sv, its constants and its arithmetic."""

from __future__ import annotations

from collections.abc import Iterator

from tickwire.features import table
from tickwire.features.table import SAMPLERS, SHARE, TABLE

# Bits of a share of SHARE less LOG_MICRO, signed; where nothing is, the least of them does.
_SHARE_W = 11
if table.FRACTION != 4 or table.BITS != 8 or table.TOP != 127:
    raise ImportError("the package's functions are for 8 bits and sixteenths of an octave")
if any(feature.knee is not None and feature.knee < table.FRACTION for feature in TABLE):
    raise ImportError("a knee lies below the bits behind a leading one")


def numbers() -> dict[str, int]:
    """Each constant of the package."""
    made = {
        "ELEMENTS": len(TABLE),
        "FEATURE_BITS": table.BITS,
        "MOST": table.TOP,
        "DEPTH": table.DEPTH,
        "CLIP": table.CLIP,
        "WARM_EVENTS": table.WARM_EVENTS,
        "MOST_COUNT": table.MOST_COUNT,
        "TIME_SHIFT": table.TIME_SHIFT,
        "LAGS": len(table.LAGS),
        "SAMPLERS": len(SAMPLERS),
    }
    for index, feature in enumerate(TABLE):
        name = feature.name.upper()
        made[f"AT_{name}"] = index
        if feature.knee is not None:
            made[f"KNEE_{name}"] = feature.knee
        if feature.shift is not None:
            made[f"SHIFT_{name}"] = feature.shift
    return made


def lists() -> dict[str, list[int]]:
    """Each array of constants."""
    return {
        "LAG": list(table.LAGS),
        "EXPONENT": [exponent for _, exponent, _ in SAMPLERS],
        "BUCKETS": [count for _, _, count in SAMPLERS],
    }


def package() -> str:
    """hw/gen/feature_pkg.sv."""
    return "\n".join([_HEAD, *_constants(), _ARITHMETIC, *_shares(), _TAIL])


def _constants() -> Iterator[str]:
    for name, value in numbers().items():
        yield f"  localparam int unsigned {name} = {value};"
    for name, values in lists().items():
        listed = ", ".join(map(str, values))
        yield f"  localparam int unsigned {name}[{len(values)}] = '{{{listed}}};"


def _shares() -> Iterator[str]:
    yield f"  function automatic logic signed [{_SHARE_W - 1}:0] share(input logic [6:0] d);"
    yield "    unique case (d)"
    for d, value in enumerate(SHARE):
        least = max(value - table.LOG_MICRO, -(1 << _SHARE_W - 1))
        yield f"      7'd{d}: share = -{_SHARE_W}'sd{-least};"
    yield "    endcase"
    yield "  endfunction"


_HEAD = """\
// Generated from sw/tickwire/features/table.py by `python -m tickwire.features`. Don't edit.
//
// feature_pkg: the constants of the feature table, and its arithmetic. AT_X is feature X's
// element, KNEE_X its squash's, SHIFT_X its running sum's. What the words mean stands in
// docs/reference/features.md.
`default_nettype none

package feature_pkg;"""

_ARITHMETIC = """
  // What a squash at a knee k looks at of y = |d| + 2^k: bits k + 8 to k - 4. big: y is above that.
  typedef struct packed {
    logic        negative;
    logic        big;
    logic [12:0] bits;
  } window_t;

  function automatic window_t window(input logic signed [43:0] d, input int unsigned knee);
    logic [43:0] size;  // of a negative one, one too small
    logic [24:0] sum;  // with the carry below it
    size            = d ^ {44{d[43]}};
    sum             = {24'(size) & ((24'd1 << (knee + 8)) - 1'b1), d[43]};
    sum             = sum + {24'd1 << knee, d[43]};
    window.negative = d[43];
    window.big      = (size >> (knee + 8)) != '0;
    window.bits     = 13'(sum >> (knee - 3));
  endfunction

  // squash without its sign: sixteenths of an octave of y above the knee, at most MOST. The leading
  // one is found by halves.
  function automatic logic [6:0] squash(input window_t y);
    logic [7:0] half;
    logic [5:0] quarter;
    squash[6] = y.bits[11:8] != '0;
    half      = squash[6] ? y.bits[11:4] : y.bits[7:0];
    squash[5] = half[7:6] != '0;
    quarter   = squash[5] ? half[7:2] : half[5:0];
    squash[4] = quarter[5];
    squash[3:0] = quarter[5] ? quarter[4:1] : quarter[3:0];
    if (y.big || y.bits[12]) squash = '1;
  endfunction

  function automatic logic signed [7:0] signed_squash(input window_t y);
    logic [7:0] size;
    size          = {1'b0, squash(y)};
    signed_squash = (size ^ {8{y.negative}}) + 8'(y.negative);
  endfunction

  // Sixteenths of an octave of y: the place of its leading one, and the four bits behind it. Each
  // group of four bits says what it would be if the leading one were there.
  function automatic logic [9:0] octaves(input logic [39:0] y);
    logic [43:0] padded;
    logic [9:0] any, leads;
    logic [5:0] nearest;
    padded  = {y, 4'd0};
    octaves = '0;
    for (int unsigned g = 0; g < 10; g++) any[g] = y[4*g+:4] != '0;
    for (int unsigned g = 0; g < 10; g++) leads[g] = any[g] && (any >> (g + 1)) == '0;
    for (int unsigned g = 0; g < 10; g++) begin
      nearest = {2'd0, padded[4*g+:4]};
      for (int unsigned p = 1; p < 4; p++) begin
        if (y[4*g+p]) nearest = {2'(p), padded[4*g+p+:4]};
      end
      octaves |= leads[g] ? {4'(g), nearest} : '0;
    end
  endfunction

  function automatic logic signed [7:0] hold(input logic signed [11:0] x);
    hold = 8'(x);
    if (!x[11] && x[10:7] != '0) hold = 8'sd127;
    if (x[11] && (x[10:7] != '1 || x[6:0] == '0)) hold = -8'sd127;
  endfunction

  // SHARE, less what a micro-price loses: by the difference of the logarithms of the sizes.
"""

_TAIL = """endpackage

`default_nettype wire
"""
