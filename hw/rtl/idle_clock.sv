// idle_clock: a block's clock, which stands while nothing in the block can change: in simulation
// only, where it saves time and changes nothing.
//
// With GATED, m_clk rises with clk if `busy` or rst is high before that edge, or one of the two was
// before one of the LINGER edges before; busy comes from what m_clk's or clk's rising edge writes.
// LINGER is as long as the block may take from its last busy cycle until it rests. Without GATED,
// and in hardware, m_clk is clk.
`default_nettype none

module idle_clock #(
    parameter bit GATED = 1'b0,
    parameter int unsigned LINGER = 16  // cycles, 1 or more
) (
    input  logic clk,
    input  logic rst,
    input  logic busy,
    output logic m_clk
);
  if (LINGER < 1) $error("idle_clock: LINGER must be 1 or more");
`ifdef SYNTHESIS
  if (GATED) $error("idle_clock: GATED is for simulation");
`endif
  if (GATED) begin : g_gated
    localparam int unsigned LEFT_W = $clog2(LINGER + 1);
    logic [LEFT_W-1:0] left_q;
    logic open_q;
    always_ff @(posedge clk) begin
      if (rst || busy) left_q <= LEFT_W'(LINGER);
      else if (left_q != '0) left_q <= left_q - 1'b1;
    end
    always_ff @(negedge clk) open_q <= rst || busy || left_q != '0;
    assign m_clk = clk && open_q;
  end else begin : g_ungated
    logic unused;
    assign unused = &{1'b0, rst, busy};
    assign m_clk  = clk;
  end
endmodule

`default_nettype wire
