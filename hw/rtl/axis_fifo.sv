// axis_fifo: an AXI-Stream FIFO of DEPTH beats in RAM, plus one in its output register.
//
// What: With FRAME_DROP = 0, a plain FIFO: a full RAM lowers s_axis_tready.
// With FRAME_DROP = 1 it never holds up its source (s_axis_tready is 1 from the first cycle after
// reset), as the feed demands: a frame that meets a full RAM is dropped whole and counted in
// drop_count, which stops at its maximum. A frame longer than DEPTH is therefore always dropped.
// Timing: A beat accepted at one clock edge is presented after the next one, 2 cycles, when nothing
// waits before it; with FRAME_DROP = 1 a frame only once its last beat is stored, 2 cycles after
// that beat. Throughput is a beat each cycle, in and out at once. The room that a beat leaves is
// seen one cycle after the beat is taken out of the RAM.
// Rules: m_axis holds still while stalled. Reset empties the FIFO and clears drop_count.
// Not: It doesn't check frames: a frame is what tlast ends.
`default_nettype none

module axis_fifo #(
    parameter int unsigned DATA_W = 8,  // bits of tdata, a multiple of 8
    parameter int unsigned USER_W = 1,  // bits of tuser
    parameter int unsigned DEPTH = 16,  // beats in RAM, a power of two
    parameter bit FRAME_DROP = 0,  // drop what does not fit; else hold the source up
    parameter int unsigned COUNT_W = 32,  // bits of drop_count
    localparam int unsigned KEEP_W = DATA_W / 8
) (
    input  logic               clk,
    input  logic               rst,
    input  logic [ DATA_W-1:0] s_axis_tdata,
    input  logic [ KEEP_W-1:0] s_axis_tkeep,
    input  logic               s_axis_tlast,
    input  logic [ USER_W-1:0] s_axis_tuser,
    input  logic               s_axis_tvalid,
    output logic               s_axis_tready,
    output logic [ DATA_W-1:0] m_axis_tdata,
    output logic [ KEEP_W-1:0] m_axis_tkeep,
    output logic               m_axis_tlast,
    output logic [ USER_W-1:0] m_axis_tuser,
    output logic               m_axis_tvalid,
    input  logic               m_axis_tready,
    output logic [COUNT_W-1:0] drop_count
);
  if (DATA_W == 0 || DATA_W % 8 != 0) $error("axis_fifo: DATA_W must be a multiple of 8");
  if (USER_W == 0) $error("axis_fifo: USER_W must be at least 1");
  if (COUNT_W == 0) $error("axis_fifo: COUNT_W must be at least 1");
  if (DEPTH < 2 || (DEPTH & (DEPTH - 1)) != 0) $error("axis_fifo: DEPTH must be a power of two");

  localparam int unsigned ADDR_W = $clog2(DEPTH);
  localparam int unsigned PTR_W = ADDR_W + 1;  // one bit more tells full from empty

  typedef struct packed {
    logic [USER_W-1:0] user;
    logic              last;
    logic [KEEP_W-1:0] keep;
    logic [DATA_W-1:0] data;
  } beat_t;

  beat_t mem[DEPTH];
  beat_t in, out_q;
  // The RAM holds [rd, commit): whole, to be read; [commit, wr): the frame still coming in.
  logic [PTR_W-1:0] wr_d, wr_q, commit_d, commit_q, rd_d, rd_q;
  logic up_q, dropping_d, dropping_q, valid_d, valid_q;
  logic take, full, store, load;
  logic [COUNT_W-1:0] drops_d, drops_q;

  assign in = '{user: s_axis_tuser, last: s_axis_tlast, keep: s_axis_tkeep, data: s_axis_tdata};
  assign full = (wr_q - rd_q) == PTR_W'(DEPTH);
  assign take = s_axis_tvalid && s_axis_tready;
  assign store = take && !(FRAME_DROP && (full || dropping_q));
  assign load = (rd_q != commit_q) && (m_axis_tready || !valid_q);

  always_comb begin
    wr_d       = wr_q;
    commit_d   = commit_q;
    rd_d       = rd_q;
    dropping_d = dropping_q;
    drops_d    = drops_q;
    if (store) begin
      wr_d = wr_q + 1'b1;
      if (!FRAME_DROP || s_axis_tlast) commit_d = wr_q + 1'b1;
    end else if (take) begin
      wr_d       = commit_q;  // forget what this frame has stored
      dropping_d = !s_axis_tlast;
      if (s_axis_tlast && drops_q != '1) drops_d = drops_q + 1'b1;
    end
    if (load) rd_d = rd_q + 1'b1;
    valid_d = load || (valid_q && !m_axis_tready);
  end

  always_ff @(posedge clk) begin
    if (store) mem[wr_q[ADDR_W-1:0]] <= in;
    if (load) out_q <= mem[rd_q[ADDR_W-1:0]];
    if (rst) begin
      up_q       <= 1'b0;
      wr_q       <= '0;
      commit_q   <= '0;
      rd_q       <= '0;
      dropping_q <= 1'b0;
      valid_q    <= 1'b0;
      drops_q    <= '0;
    end else begin
      up_q       <= 1'b1;
      wr_q       <= wr_d;
      commit_q   <= commit_d;
      rd_q       <= rd_d;
      dropping_q <= dropping_d;
      valid_q    <= valid_d;
      drops_q    <= drops_d;
    end
  end

  assign s_axis_tready = up_q && (FRAME_DROP || !full);
  assign m_axis_tvalid = valid_q;
  assign m_axis_tdata  = out_q.data;
  assign m_axis_tkeep  = out_q.keep;
  assign m_axis_tlast  = out_q.last;
  assign m_axis_tuser  = out_q.user;
  assign drop_count    = drops_q;
endmodule

`default_nettype wire
