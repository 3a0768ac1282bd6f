// answer_queue: confirmations of several sources, one after the other, as far apart as the gate
// takes them.
//
// What: each source has a place of its own, from which they go into one queue of ROOM, the source
// with the lowest number first; what one source says stays in its order.
// Timing: a confirmation is presented (m_valid) 3 cycles after its s_valid at the earliest, and 3
// cycles or more after the one before. A source that speaks SOURCES cycles apart or more loses
// nothing while the queue has room.
// Rules: a confirmation that comes while its source's last one still has its place is lost, which
// `lost` says in the cycle after. Nothing is held up. Reset forgets what waits.
// Not: it doesn't look into them; what was lost must disarm the gate, which is the business of who
// joins them.
`default_nettype none

module answer_queue
  import tick_pkg::*;
#(
    parameter int unsigned SOURCES = 3,
    parameter int unsigned ROOM = 16,  // a power of two
    localparam int unsigned APART = 3  // cycles from one to the next, of the gate's
) (
    input  logic                        clk,
    input  logic                        rst,
    input  logic          [SOURCES-1:0] s_valid,
    input  confirmation_t [SOURCES-1:0] s_confirmation,
    output logic                        m_valid,
    output confirmation_t               m_confirmation,
    output logic                        lost
);
  if (SOURCES < 1) $error("answer_queue: SOURCES must be 1 or more");
  if (ROOM < 2 || (ROOM & (ROOM - 1)) != 0) $error("answer_queue: ROOM must be a power of two");
  localparam int unsigned PTR_W = $clog2(ROOM) + 1;  // one bit more tells full from empty

  confirmation_t mem[ROOM];
  confirmation_t [SOURCES-1:0] placed_q;
  logic [SOURCES-1:0] waits_q, moves;
  logic [PTR_W-1:0] wr_q, rd_q;
  logic [APART-2:0] shown_q;  // in which of the last cycles one was presented
  logic full, load;
  confirmation_t moved;

  assign full = (wr_q - rd_q) == PTR_W'(ROOM);
  assign load = rd_q != wr_q && shown_q == '0;
  always_comb begin
    moves = '0;
    moved = placed_q[0];
    for (int unsigned i = 0; i < SOURCES; i++) begin
      if (waits_q[i] && !full && moves == '0) begin
        moves[i] = 1'b1;
        moved = placed_q[i];
      end
    end
  end

  always_ff @(posedge clk) begin
    if (moves != '0) mem[wr_q[PTR_W-2:0]] <= moved;
    m_confirmation <= mem[rd_q[PTR_W-2:0]];
    for (int unsigned i = 0; i < SOURCES; i++) begin
      if (s_valid[i] && (!waits_q[i] || moves[i])) placed_q[i] <= s_confirmation[i];
    end
    if (rst) begin
      waits_q <= '0;
      wr_q    <= '0;
      rd_q    <= '0;
      shown_q <= '0;
      m_valid <= 1'b0;
      lost    <= 1'b0;
    end else begin
      waits_q <= (waits_q & ~moves) | s_valid;
      if (moves != '0) wr_q <= wr_q + 1'b1;
      if (load) rd_q <= rd_q + 1'b1;
      shown_q <= (APART - 1)'({shown_q, load});
      m_valid <= load;
      lost    <= (s_valid & waits_q & ~moves) != '0;
    end
  end
endmodule

`default_nettype wire
