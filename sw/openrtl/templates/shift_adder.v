// in0 + (in1 << SHIFT1), or minus, cut by DROP_LSBS. Ports and parameters are those that alkaid's
// generated stages use; the arithmetic is written for carry chains: bits that only one operand has
// are copied, and everything else is one chain.

`default_nettype none

module shift_adder #(
    parameter BW_INPUT0 = 32,
    parameter BW_INPUT1 = 32,
    parameter SIGNED0 = 0,
    parameter SIGNED1 = 0,
    parameter BW_OUT = 32,
    parameter DROP_LSBS = 0,
    parameter SHIFT1 = 0,
    parameter IS_SUB = 0
) (
    input  wire [BW_INPUT0-1:0] in0,
    input  wire [BW_INPUT1-1:0] in1,
    output wire [   BW_OUT-1:0] out
);

  localparam UP0 = SHIFT1 < 0 ? -SHIFT1 : 0;
  localparam UP1 = SHIFT1 > 0 ? SHIFT1 : 0;
  localparam WIDTH = BW_OUT + DROP_LSBS;
  // Low bits of in0 that in1 doesn't reach pass through; those of in1 only when it is added.
  localparam COPY = SHIFT1 > 0 ? SHIFT1 : (IS_SUB == 0 ? -SHIFT1 : 0);
  localparam LOW = COPY < WIDTH ? COPY : WIDTH;

  wire signed [BW_INPUT0:0] wide0 = {SIGNED0 ? in0[BW_INPUT0-1] : 1'b0, in0};
  wire signed [BW_INPUT1:0] wide1 = {SIGNED1 ? in1[BW_INPUT1-1] : 1'b0, in1};
  // verilator lint_off UNUSEDSIGNAL
  wire signed [WIDTH+BW_INPUT0:0] a = $signed({{WIDTH{wide0[BW_INPUT0]}}, wide0}) <<< UP0;
  wire signed [WIDTH+BW_INPUT1:0] b = $signed({{WIDTH{wide1[BW_INPUT1]}}, wide1}) <<< UP1;
  wire [WIDTH-1:0] sum;
  // verilator lint_on UNUSEDSIGNAL

  generate
    if (LOW > 0) begin : gen_copy
      assign sum[LOW-1:0] = SHIFT1 > 0 ? a[LOW-1:0] : b[LOW-1:0];
    end
    if (LOW < WIDTH) begin : gen_add
      if (IS_SUB == 0) begin : gen_plus
        assign sum[WIDTH-1:LOW] = a[WIDTH-1:LOW] + b[WIDTH-1:LOW];
      end else begin : gen_minus
        assign sum[WIDTH-1:LOW] = a[WIDTH-1:LOW] - b[WIDTH-1:LOW];
      end
    end
  endgenerate

  assign out = sum[WIDTH-1:DROP_LSBS];

endmodule

`default_nettype wire
