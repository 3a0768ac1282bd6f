// axis_register: one pipeline stage of an AXI-Stream, registered both ways (a skid buffer).
//
// Every output, s_axis_tready included, comes from a flip-flop, so that the stage cuts the timing
// path of a stream in both directions. Latency: a beat accepted at one clock edge is presented
// after that edge, 1 cycle, always. Throughput: a beat each cycle. Backpressure: when the sink
// stops, one beat more is taken, kept in the skid register, and s_axis_tready falls; nothing is
// lost. Reset empties the stage; a beat offered during reset is not taken. It does not look at
// frames.
`default_nettype none

module axis_register #(
    parameter int unsigned DATA_W = 8,  // bits of tdata, a multiple of 8
    parameter int unsigned USER_W = 1,  // bits of tuser
    localparam int unsigned KEEP_W = DATA_W / 8
) (
    input  logic              clk,
    input  logic              rst,
    input  logic [DATA_W-1:0] s_axis_tdata,
    input  logic [KEEP_W-1:0] s_axis_tkeep,
    input  logic              s_axis_tlast,
    input  logic [USER_W-1:0] s_axis_tuser,
    input  logic              s_axis_tvalid,
    output logic              s_axis_tready,
    output logic [DATA_W-1:0] m_axis_tdata,
    output logic [KEEP_W-1:0] m_axis_tkeep,
    output logic              m_axis_tlast,
    output logic [USER_W-1:0] m_axis_tuser,
    output logic              m_axis_tvalid,
    input  logic              m_axis_tready
);
  if (DATA_W == 0 || DATA_W % 8 != 0) $error("axis_register: DATA_W must be a multiple of 8");
  if (USER_W == 0) $error("axis_register: USER_W must be at least 1");

  typedef struct packed {
    logic [USER_W-1:0] user;
    logic              last;
    logic [KEEP_W-1:0] keep;
    logic [DATA_W-1:0] data;
  } beat_t;

  beat_t in, out_d, out_q, skid_d, skid_q;
  logic out_valid_d, out_valid_q, skid_valid_d, skid_valid_q, ready_q;

  assign in = '{user: s_axis_tuser, last: s_axis_tlast, keep: s_axis_tkeep, data: s_axis_tdata};

  always_comb begin
    out_d        = out_q;
    out_valid_d  = out_valid_q;
    skid_d       = skid_q;
    skid_valid_d = skid_valid_q;
    if (m_axis_tready || !out_valid_q) begin
      // The skid register is the older beat, and while it is full nothing new is taken.
      out_d        = skid_valid_q ? skid_q : in;
      out_valid_d  = skid_valid_q || (s_axis_tvalid && ready_q);
      skid_valid_d = 1'b0;
    end else if (s_axis_tvalid && ready_q) begin
      skid_d       = in;
      skid_valid_d = 1'b1;
    end
  end

  always_ff @(posedge clk) begin
    out_q  <= out_d;
    skid_q <= skid_d;
    if (rst) begin
      out_valid_q  <= 1'b0;
      skid_valid_q <= 1'b0;
      ready_q      <= 1'b0;
    end else begin
      out_valid_q  <= out_valid_d;
      skid_valid_q <= skid_valid_d;
      ready_q      <= !skid_valid_d;
    end
  end

  assign s_axis_tready = ready_q;
  assign m_axis_tvalid = out_valid_q;
  assign m_axis_tdata  = out_q.data;
  assign m_axis_tkeep  = out_q.keep;
  assign m_axis_tlast  = out_q.last;
  assign m_axis_tuser  = out_q.user;
endmodule

`default_nettype wire
