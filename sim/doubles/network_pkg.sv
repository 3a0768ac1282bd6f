// network_pkg: of the stand-in for a network, what models/deploy/convert.py writes of a real one.
// The widths, signs and shifts of its outputs differ, so that whoever takes one for another is
// seen.
`default_nettype none

package network_pkg;
  localparam int unsigned LATENCY = 13;
  localparam int unsigned LOOP = 12;  // cycles between two steps of an instrument
  localparam bit RECURRENT = 1;
  localparam int unsigned INPUTS = 31;
  localparam int unsigned INPUT_W = 8;
  localparam int unsigned FEATURE[INPUTS] = '{
      0,
      1,
      2,
      4,
      5,
      6,
      7,
      8,
      9,
      10,
      11,
      12,
      13,
      14,
      15,
      16,
      17,
      18,
      19,
      20,
      21,
      22,
      23,
      24,
      25,
      26,
      27,
      28,
      29,
      30,
      31
  };
  localparam int unsigned OUTPUTS = 5;
  localparam int unsigned OUTPUT_BITS = 52;
  localparam int unsigned OUTPUT_AT[OUTPUTS] = '{0, 12, 24, 36, 45};
  localparam int unsigned OUTPUT_W[OUTPUTS] = '{12, 12, 12, 9, 7};
  localparam bit OUTPUT_SIGNED[OUTPUTS] = '{1, 1, 1, 1, 0};
  localparam int unsigned OUTPUT_SHIFT[OUTPUTS] = '{0, 0, 0, 7, 1};
  localparam logic [63:0] MODEL_ID = 64'h5354414E442D494E;  // STAND-IN
endpackage

`default_nettype wire
