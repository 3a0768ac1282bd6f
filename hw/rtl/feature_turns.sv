// feature_turns: which slot's vector leaves when.
//
// What: by default, a packet that ends sends the vector of each slot that its records with an
// operation named. With each_change every record with an operation sends its own slot's, and no
// packet sends anything. m_slot is whose vector leaves; m_mark is the s_mark that the record had
// which sends it, or whose packet's end does: 16 packets with others may end before one that waits
// isn't known any more.
//
// Timing: s_valid brings a record of s_slot, 2 cycles or more after the last: s_acts, it has an
// operation; s_last, its packet ends. The record's own slot leaves first, if it was named: 2
// cycles after the record, m_own. The others follow, the lowest first, m_other, each GAP cycles or
// more after whatever left before it, never in the cycle of an own. Constant latency of own
// vectors, no backpressure.
//
// Rules: an other that waits leaves at the latest in the cycle after its slot's next record with
// an operation, whatever GAP says: before that record could change it. So a slot's vectors leave
// in order. Reset forgets what was named and what waits.
//
// Not: it holds no vectors.
`default_nettype none

module feature_turns
  import tick_pkg::*;
#(
    parameter int unsigned BOOKS = SLOTS,  // slots that may be used, from 0; 2 or more
    parameter int unsigned GAP = 2,  // cycles between vectors, but before own ones
    localparam int unsigned BOOK_W = $clog2(BOOKS),
    localparam int unsigned MARK_W = 4
) (
    input  logic              clk,
    input  logic              rst,
    input  logic              each_change,
    input  logic              s_valid,
    input  logic              s_acts,
    input  logic              s_last,
    input  logic [BOOK_W-1:0] s_slot,
    output logic [MARK_W-1:0] s_mark,
    output logic              m_own,
    output logic              m_other,
    output logic [BOOK_W-1:0] m_slot,
    output logic [MARK_W-1:0] m_mark
);
  if (BOOKS < 2 || BOOKS > SLOTS) $error("feature_turns: BOOKS must be 2 to SLOTS");
  if (GAP < 1 || GAP > 8) $error("feature_turns: GAP must be 1 to 8");

  logic [BOOKS-1:0] touched_q, waiting_q, named, touched, others, leaves;
  logic [MARK_W-1:0] mark_q, own_mark_q;
  logic [BOOKS-1:0][MARK_W-1:0] marks_q;
  logic [3:0] pause_q;
  logic own, own_q, other, hurry;
  logic [BOOK_W-1:0] slot_q, pick;

  always_comb begin
    named   = BOOKS'(1) << s_slot;
    touched = touched_q | (s_acts ? named : '0);
    own     = s_valid && (each_change ? s_acts : s_last && touched[s_slot]);
    others  = s_valid && s_last && !each_change ? touched & ~named : '0;

    hurry   = s_valid && s_acts && waiting_q[s_slot];
    other   = hurry || (waiting_q != '0 && !own_q && pause_q == '0);
    pick    = '0;
    for (int unsigned i = BOOKS; i > 0; i--) if (waiting_q[i-1]) pick = BOOK_W'(i - 1);
    if (hurry) pick = s_slot;
    leaves = other ? BOOKS'(1) << pick : '0;
  end
  assign s_mark = mark_q;

  always_ff @(posedge clk) begin
    own_q      <= own && !rst;
    slot_q     <= s_slot;
    m_own      <= own_q && !rst;
    m_other    <= other && !rst;
    m_slot     <= own_q ? slot_q : pick;
    own_mark_q <= mark_q;
    m_mark     <= own_q ? own_mark_q : marks_q[pick];
    waiting_q  <= (waiting_q & ~leaves) | others;
    if (s_valid) touched_q <= touched;
    if (each_change || (s_valid && s_last)) touched_q <= '0;
    if (others != '0) mark_q <= mark_q + 1'b1;
    for (int unsigned i = 0; i < BOOKS; i++) if (others[i]) marks_q[i] <= mark_q;
    if (own_q || other) pause_q <= 4'(GAP - 1);
    else if (pause_q != '0) pause_q <= pause_q - 1'b1;
    if (rst) begin
      waiting_q <= '0;
      touched_q <= '0;
      mark_q    <= '0;
      pause_q   <= '0;
    end
  end
endmodule

`default_nettype wire
