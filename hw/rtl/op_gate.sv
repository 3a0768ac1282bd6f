// op_gate: one paced stream of operations from the feed's and the host's, and the feed's mishaps in
// order with it.
//
// Operations leave (m_valid, m_op) at least 2 cycles apart, and 4 after a replace. One of the feed
// leaves in the next cycle if it may and none waits, else it waits in a queue of DEPTH; one that
// finds DEPTH waiting, one that is about to leave counted, is lost: `dropped`, and its slot, unless
// it is a none, becomes stale.
// m_stale, a mask of slots with m_stale_reason, is in effect before m_op of the same cycle. What
// happens in one cycle happens in this order: gap (every slot), session_ended (every slot), the
// operation, dropped (its slot), bad_frame (the slots of the feed's operations, none aside, whose
// frame_cycle is that of the feed's last operation). A mask leaves in the next cycle if none waits
// (and, for the last two, no operation came in its own cycle), else with the next operation to
// leave of those behind it, or by itself as soon as none waits. Masks that leave together are one,
// with the first's reason.
// The host's operation is taken (host_ready) when host_valid was high without host_ready in the
// cycle before too, neither an operation of the feed nor session_ended came in either cycle, none
// waits and one may leave; a clear or load also waits while sweeping[slot]. Like the feed's it
// leaves in the next cycle. The source holds host_op until then.
// Loading: from load on, the slot's operations from the feed are kept out. Of each slot the number
// of the feed's last operation is remembered, let through or kept out, also across clear and load,
// until session_ended. trust ends loading if that number, if any, isn't above its own S: nothing
// that the snapshot lacks came before or since. From then on operations of the feed with numbers up
// to S (which counts as seen) are kept out, until one above it, a clear, a load or session_ended.
// Else, or if the slot isn't loading, trust is refused: it doesn't leave and nothing changes. A
// clear ends loading, too; stale doesn't (price_book ignores what is stale). What is kept out and
// ends its packet (last_of_packet) becomes a none of slot 0, its other fields as they were; else it
// doesn't leave. A feed's none is never kept out. Slots from BOOKS on don't load.
// dropped, kept_out and refused_trusts pulse in the cycle after. Reset empties the queue; no slot
// loads, nothing is kept out. It doesn't judge operations.
`default_nettype none

module op_gate
  import tick_pkg::*;
#(
    parameter int unsigned DEPTH = 16,    // operations that may wait, a power of two
    parameter int unsigned BOOKS = SLOTS  // slots that have a book, from 0
) (
    input  logic                 clk,
    input  logic                 rst,
    input  logic                 s_valid,
    input  book_op_t             s_op,
    input  logic                 gap,
    input  logic                 session_ended,
    input  logic                 bad_frame,
    input  logic                 host_valid,
    input  book_op_t             host_op,
    output logic                 host_ready,
    input  logic     [SLOTS-1:0] sweeping,
    output logic                 m_valid,
    output book_op_t             m_op,
    output logic     [SLOTS-1:0] m_stale,
    output reason_e              m_stale_reason,
    output logic                 dropped,
    output logic                 kept_out,
    output logic                 refused_trusts
);
  if (DEPTH < 2 || (DEPTH & (DEPTH - 1)) != 0) $error("op_gate: DEPTH must be a power of two");
  if (BOOKS == 0 || BOOKS > SLOTS) $error("op_gate: BOOKS must be 1 to SLOTS");

  localparam int unsigned ADDR_W = $clog2(DEPTH);
  localparam int unsigned PTR_W = ADDR_W + 1;
  localparam logic [1:0] AFTER_REPLACE = 2'd3;
  localparam logic [1:0] AFTER_OTHERS = 2'd1;

  // a > b in two halves at once, told by borrows: half the carry chain, and no tree for equality.
  localparam int unsigned HALF = SEQUENCE_W / 2;
  function automatic logic exceeds(input logic [SEQUENCE_W-1:0] a, input logic [SEQUENCE_W-1:0] b);
    logic above, below, low;
    above   = 1'(({1'b0, b[SEQUENCE_W-1:HALF]} - {1'b0, a[SEQUENCE_W-1:HALF]}) >> HALF);
    below   = 1'(({1'b0, a[SEQUENCE_W-1:HALF]} - {1'b0, b[SEQUENCE_W-1:HALF]}) >> HALF);
    low     = 1'(({1'b0, b[HALF-1:0]} - {1'b0, a[HALF-1:0]}) >> HALF);
    exceeds = above || (!below && low);
  endfunction

  // Loading. A slot's mark is the number of its last operation, or the S of trust.
  logic [BOOKS-1:0] loading_q, guarded_q, marked_q;
  logic [BOOKS-1:0][SEQUENCE_W-1:0] mark_q;
  logic [BOOKS-1:0] above;  // the operation's number is above the mark
  logic [BOOKS-1:0] named, guards;  // the comparison comes last
  logic keep;
  always_comb begin
    for (int unsigned i = 0; i < BOOKS; i++) begin
      named[i]  = 32'(s_op.slot) == i && s_op.operation != OPERATION_NONE;
      guards[i] = named[i] && guarded_q[i] && !session_ended;
      above[i]  = exceeds(s_op.sequence_number, mark_q[i]);
    end
    keep = (named & loading_q) != '0 || (guards & ~above) != '0;
  end

  // The host's turn. What trust is compared with hasn't changed since the cycle before.
  logic settled_q, covered_q, host_loads, trusts, refused, host_leaves, may;
  logic [SEQUENCE_W-1:0] host_mark, mark;
  logic host_loading, host_marked;
  always_comb begin
    host_mark    = '0;
    host_loading = 1'b0;
    host_marked  = 1'b0;
    for (int unsigned i = 0; i < BOOKS; i++) begin
      if (32'(host_op.slot) == i) begin
        host_mark    = mark_q[i];
        host_loading = loading_q[i];
        host_marked  = marked_q[i];
      end
    end
  end
  assign mark = s_valid ? s_op.sequence_number : host_op.sequence_number;
  assign host_loads = host_op.operation inside {OPERATION_CLEAR, OPERATION_LOAD};
  assign host_ready  = host_valid && settled_q && !s_valid && !session_ended && may &&
                       !(host_loads && sweeping[host_op.slot]);
  assign trusts = host_op.operation == OPERATION_TRUST;
  assign refused = host_ready && trusts && !covered_q;
  assign host_leaves = host_ready && (!trusts || covered_q);

  always_ff @(posedge clk) begin
    settled_q <= host_valid && !host_ready && !s_valid && !session_ended && !rst;
    covered_q <= host_loading && (!host_marked || !exceeds(host_mark, host_op.sequence_number));
    for (int unsigned i = 0; i < BOOKS; i++) begin
      if (session_ended) begin
        marked_q[i]  <= 1'b0;
        guarded_q[i] <= 1'b0;
      end
      if (s_valid && named[i]) begin
        marked_q[i] <= 1'b1;
        if (!guarded_q[i] || above[i] || session_ended) begin
          guarded_q[i] <= 1'b0;
          mark_q[i]    <= mark;
        end
      end
      if (host_leaves && 32'(host_op.slot) == i) begin
        if (host_loads) begin
          loading_q[i] <= host_op.operation == OPERATION_LOAD;
          guarded_q[i] <= 1'b0;
        end
        if (trusts) begin
          loading_q[i] <= 1'b0;
          guarded_q[i] <= 1'b1;
          marked_q[i]  <= 1'b1;
          mark_q[i]    <= mark;
        end
      end
    end
    if (rst) begin
      loading_q <= '0;
      guarded_q <= '0;
      marked_q  <= '0;
    end
  end

  // The slots that the frame in progress has touched.
  logic [SLOTS-1:0] touched_d, touched_q;
  logic [CYCLE_W-1:0] frame_q;
  always_comb begin
    touched_d = touched_q;
    if (s_valid) begin
      if (s_op.frame_cycle != frame_q) touched_d = '0;
      if (s_op.operation != OPERATION_NONE) touched_d[s_op.slot] = 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    touched_q <= rst ? '0 : touched_d;
    if (s_valid) frame_q <= s_op.frame_cycle;
  end

  // The queue, each entry with the mask before it; and the mask behind all of it.
  typedef struct packed {
    logic [SLOTS-1:0] stale;
    reason_e          reason;
    book_op_t         op;
  } entry_t;
  entry_t   queue  [DEPTH];
  entry_t   head;
  book_op_t passed;
  logic [PTR_W-1:0] wr_q, rd_q;
  logic [1:0] wait_q;  // cycles until an operation may be taken to leave
  logic empty, full, pop, alone;
  logic [SLOTS-1:0] tail_q, ahead;
  reason_e tail_reason_q, ahead_reason;

  assign empty = wr_q == rd_q;
  assign full  = (wr_q - rd_q) == PTR_W'(DEPTH);
  assign may   = empty && wait_q == '0;
  assign pop   = !empty && wait_q == '0;
  assign alone = empty && !s_valid && !host_leaves;
  assign head  = queue[rd_q[ADDR_W-1:0]];

  // What becomes of the feed's operation and of the mask behind the queue, let through [0] and kept
  // out [1]: which of them it is is known last.
  typedef struct packed {
    logic             direct;
    logic             push;
    logic             lost;
    logic [SLOTS-1:0] stale;
    reason_e          reason;
  } outcome_t;
  outcome_t [1:0] outcomes;
  outcome_t outcome;
  always_comb begin
    ahead        = tail_q;
    ahead_reason = tail_reason_q;
    if (ahead == '0) ahead_reason = gap ? REASON_GAP : REASON_SESSION_ENDED;
    if (gap || session_ended) ahead = '1;
    for (int unsigned k = 0; k < 2; k++) begin
      automatic logic leaves = s_valid && (k == 0 || s_op.last_of_packet);
      outcomes[k].direct = leaves && may;
      outcomes[k].push   = leaves && !may && !full;
      outcomes[k].lost   = leaves && !may && full;
      outcomes[k].stale  = empty || outcomes[k].push ? '0 : ahead;
      outcomes[k].reason = ahead_reason;
      if (outcomes[k].lost && k == 0 && s_op.operation != OPERATION_NONE) begin
        if (outcomes[k].stale == '0) outcomes[k].reason = REASON_DROPPED;
        outcomes[k].stale[s_op.slot] = 1'b1;
      end
      if (bad_frame && !alone) begin
        if (outcomes[k].stale == '0) outcomes[k].reason = REASON_BAD_FRAME;
        outcomes[k].stale |= touched_d;
      end
    end
    outcome = outcomes[keep];
    passed  = s_op;
    if (keep) begin
      passed.operation = OPERATION_NONE;
      passed.slot      = '0;
    end
  end

  always_ff @(posedge clk) begin
    if (outcome.push) wr_q <= wr_q + 1'b1;
    if (pop) rd_q <= rd_q + 1'b1;
    if (!full) queue[wr_q[ADDR_W-1:0]] <= '{empty ? '0 : ahead, ahead_reason, passed};
    m_op           <= pop ? head.op : s_valid ? passed : host_op;
    m_valid        <= (outcome.direct || pop || host_leaves) && !rst;
    m_stale        <= empty ? ahead : pop ? head.stale : '0;
    m_stale_reason <= empty ? ahead_reason : head.reason;
    if (bad_frame && alone) begin
      m_stale <= ahead | touched_q;
      if (ahead == '0) m_stale_reason <= REASON_BAD_FRAME;
    end
    tail_q         <= outcome.stale;
    tail_reason_q  <= outcome.reason;
    wait_q         <= wait_q - 2'(wait_q != '0);
    dropped        <= outcome.lost && !rst;
    kept_out       <= s_valid && keep && !rst;
    refused_trusts <= refused && !rst;
    if (outcome.direct || pop || host_leaves) begin
      wait_q <= AFTER_OTHERS;
      if ((pop ? head.op.operation : s_valid ? s_op.operation : host_op.operation) ==
          OPERATION_REPLACE && (pop || !s_valid || !keep)) begin
        wait_q <= AFTER_REPLACE;
      end
    end
    if (rst) begin
      m_stale <= '0;
      tail_q  <= '0;
      wr_q    <= '0;
      rd_q    <= '0;
      wait_q  <= '0;
    end
  end
endmodule

`default_nettype wire
