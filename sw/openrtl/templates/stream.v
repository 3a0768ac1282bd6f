// @NAME@: a network behind AXI-Stream. One result a clock, LATENCY clocks after its input, in order.
//
// There is no tready on either side: the network takes an input every clock, and whoever takes the
// results must keep up. s_axis_tid rides along. Reset clears what is under way; data is not reset.
// Element 0 of each vector is in the lowest bits. Generated; don't edit.

`default_nettype none

module @NAME@ #(
    parameter LATENCY  = @LATENCY@,  // a constant of this network: only its own value is accepted
    parameter TAG_BITS = @TAG_BITS@
) (
    input  wire                clk,
    input  wire                rst,
    input  wire                s_axis_tvalid,
    input  wire [@IN_TOP@:0] s_axis_tdata,
    input  wire [TAG_BITS-1:0] s_axis_tid,
    output wire                m_axis_tvalid,
    output wire [@OUT_TOP@:0] m_axis_tdata,
    output wire [TAG_BITS-1:0] m_axis_tid
);

  localparam STAGES = @LATENCY@;

  generate
    if (LATENCY != STAGES) begin : gen_wrong_latency
      @NAME@_has_another_latency bad ();
    end
  endgenerate

  reg [STAGES:0] valid_q;
  reg [(STAGES+1)*TAG_BITS-1:0] tag_q;

  always @(posedge clk) begin
    if (rst) valid_q <= {(STAGES + 1) {1'b0}};
    else valid_q <= {valid_q[STAGES-1:0], s_axis_tvalid};
    tag_q <= {tag_q[STAGES*TAG_BITS-1:0], s_axis_tid};
  end

  assign m_axis_tvalid = valid_q[STAGES];
  assign m_axis_tid    = tag_q[STAGES*TAG_BITS+:TAG_BITS];

  @NAME@_core core (
      .clk(clk),
      .x  (s_axis_tdata),
      .y  (m_axis_tdata)
  );

endmodule

`default_nettype wire
