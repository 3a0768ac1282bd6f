// op_gate: one paced stream of operations from the feed's and the host's, and the feed's mishaps in
// order with it.
//
// What: Operations leave (m_valid, m_op) at least SPACING cycles apart, and 2 more after a replace
// or a level.
// One of the feed's that may not leave at once waits in a queue of DEPTH; one that finds DEPTH
// waiting, one that is about to leave counted, is dropped: book_drops, and its slot, unless it is a
// none or kept out, becomes stale. Masks of stale slots leave in order with the operations:
// m_stale, with m_stale_reasons of the slots that it has, is in effect before m_op of the same
// cycle.
// Timing: An operation of the feed leaves in the next cycle if it may and none waits. n_op is what
// m_op will be when an operation leaves in the next cycle, but for the slot of a none; n_leaves,
// without which none does, says that one's turn is over then. n_sequence_number is s_op's, a cycle
// before it comes. The events book_drops, kept_out and refused_trusts come in the cycle after their
// cause.
// A mask leaves in the next cycle if none waits (and, for bad_frame and a drop, neither did an
// operation of the feed come in its own cycle nor did the host offer one), else with the next
// operation to leave of those behind it, or by itself as soon as none waits.
// The host's operation is taken (host_ready) when host_valid was high without host_ready in the
// cycle before too, nothing that makes slots stale and no operation of the feed came in either
// cycle (a bad_frame aside), none waits and one may leave; a trust when all that held in the cycle
// before that, too; a clear or load also waits while sweeping[slot]. Like the feed's it leaves in
// the next cycle. The source holds host_op until then.
// Rules: What happens in one cycle happens in this order: lost, with lost_reason (every slot),
// turned, with turned_reason (the slots it names), session_ended (every slot), begins (the slots
// that load, or have a book since session_ended or reset), the operation, its drop (its slot),
// bad_frame (the slots of the feed's operations, none aside, whose frame_cycle is that of the
// feed's last operation). Masks that leave together are one. Of a slot that several masks have
// while operations wait, or as the last has left, each of these gives the first's reason.
// Loading: from load on, the slot's operations from the feed are kept out. Of each slot its newest
// number is remembered, until session_ended: that of the feed's last operation, let through or kept
// out; or, if the slot was lost or turned in the same cycle or since, the one before
// n_sequence_number of the cycle after that: the newest of what may be missing. trust ends loading
// if that number, if any, isn't above its own S: the snapshot lacks nothing that came, or is
// missing, before or since. From then on operations of the feed with numbers up to S (which counts
// as seen) are kept out, until one above it, a clear, a load, a loss or turn of the slot, or
// session_ended. begins, a session's first message, is to all of that as session_ended is: what the
// host gave before is of another session. trust names the session that its snapshot is of, by its
// characters in order_reference and price[15:0]; price[31:16] is 0. If 2 cycles before that wasn't
// `session`, or nobody was in_session, or the slot followed no instrument; or if the slot isn't
// loading, or what it lacks is above S, trust is refused: it doesn't leave and nothing changes. A
// clear ends loading, too; stale doesn't (price_book ignores what is stale).
// Clearing: a clear leaves with reason ok if since session_ended the slot had no operation of the
// feed's but none, no trust, and wasn't lost or turned; else with reason no_start: an empty book
// isn't what it has in this session, or a halt that was kept out or undone isn't known. Slots from
// BOOKS on neither load nor lack a start.
// What is kept out and ends its packet (last_of_packet) becomes a none of slot 0, its other fields
// as they were; else it doesn't leave, though it waits, and keeps others waiting, as if it did. A
// feed's none is never kept out.
// Reset empties the queue; no slot loads, nothing is kept out.
// Not: It doesn't judge operations.
`default_nettype none

module op_gate
  import tick_pkg::*;
#(
    parameter int unsigned SPACING = 2,  // cycles between operations, 2 or more
    parameter int unsigned DEPTH = 16,  // operations that may wait, a power of two
    parameter int unsigned BOOKS = SLOTS,  // slots that have a book, from 0
    localparam int unsigned SESSION_W = 80
) (
    input  logic                          clk,
    input  logic                          rst,
    input  logic         [SEQUENCE_W-1:0] n_sequence_number,
    input  logic                          s_valid,
    input  book_op_t                      s_op,
    input  logic                          lost,
    input  reason_e                       lost_reason,
    input  logic         [     SLOTS-1:0] turned,
    input  reason_e                       turned_reason,
    input  logic         [     SLOTS-1:0] follows,
    input  logic                          session_ended,
    input  logic                          begins,
    input  logic                          in_session,
    input  logic         [ SESSION_W-1:0] session,
    input  logic                          bad_frame,
    input  logic                          host_valid,
    input  book_op_t                      host_op,
    output logic                          host_ready,
    input  logic         [     SLOTS-1:0] sweeping,
    output logic                          m_valid,
    output book_op_t                      m_op,
    output book_op_t                      n_op,
    output logic                          n_leaves,
    output logic         [     SLOTS-1:0] m_stale,
    output reason_e      [     SLOTS-1:0] m_stale_reasons,
    output path_events_t                  path_events
);
  if (DEPTH < 2 || (DEPTH & (DEPTH - 1)) != 0) $error("op_gate: DEPTH must be a power of two");
  if (SPACING < 2) $error("op_gate: SPACING must be 2 or more");
  if (BOOKS == 0 || BOOKS > SLOTS) $error("op_gate: BOOKS must be 1 to SLOTS");

  localparam int unsigned ADDR_W = $clog2(DEPTH);
  localparam int unsigned PTR_W = ADDR_W + 1;
  localparam int unsigned WAIT_W = $clog2(SPACING + 2);

  // Loading. A slot's mark is its newest number, or the S of trust. It is compared with a number
  // before that comes, the S of a trust that is just then taken, too; and an operation's number, or
  // what may be missing, is marked a cycle late: nothing asks for it before.
  logic [BOOKS-1:0] loading_q, guarded_q, marked_q, begun_q, late_q, missed, missed_q;
  logic [SEQUENCE_W-1:0] below;
  logic [BOOKS-1:0][SEQUENCE_W-1:0] mark_q;
  logic [SEQUENCE_W-1:0] number_q;
  logic [BOOKS-1:0] above_q, fresh_q;  // the number is above the mark; which is the host's newest
  logic above_host_q;
  logic [BOOKS-1:0] named, above;
  logic keep, quiet;
  assign missed = turned[BOOKS-1:0] | {BOOKS{lost}};
  assign below  = n_sequence_number - 1'b1;
  assign quiet  = !s_valid && !session_ended && !begins && !lost && turned == '0;
  always_comb begin
    keep = 1'b0;
    for (int unsigned i = 0; i < BOOKS; i++) begin
      named[i] = 32'(s_op.slot) == i && s_op.operation != OPERATION_NONE;
      above[i] = session_ended || begins || missed[i] || (fresh_q[i] ? above_host_q : above_q[i]);
      if (named[i] && (loading_q[i] || (guarded_q[i] && !above[i]))) keep = 1'b1;
    end
  end

  // The host's turn. What trust is compared with hasn't changed in the two cycles before.
  logic settled_q, trustful_q, covered_q, host_loads, trusts, refused, host_leaves, may;
  logic [SEQUENCE_W-1:0] host_mark_q;
  logic host_loading_q, host_marked_q, host_begun_q, host_follows_q, host_session_q;
  logic [SESSION_W-1:0] named_session;
  assign named_session = {host_op.order_reference, host_op.price[15:0]};
  assign host_loads = host_op.operation inside {OPERATION_CLEAR, OPERATION_LOAD};
  assign host_ready = host_valid && settled_q && (!trusts || trustful_q) && quiet && may &&
                      !(host_loads && sweeping[host_op.slot]);
  assign trusts = host_op.operation == OPERATION_TRUST;
  assign refused = host_ready && trusts && !covered_q;
  book_op_t hosts;
  always_comb begin
    hosts = host_op;
    if (host_op.operation == OPERATION_CLEAR) begin
      hosts.reason = host_begun_q ? REASON_NO_START : REASON_OK;
    end
  end
  assign host_leaves = host_ready && (!trusts || covered_q);

  always_ff @(posedge clk) begin
    settled_q <= host_valid && !host_ready && quiet && !rst;
    trustful_q <= host_valid && !host_ready && quiet && settled_q;
    host_session_q <= in_session && named_session == session && host_op.price[31:16] == '0;
    covered_q  <= host_loading_q && host_follows_q && host_session_q &&
                  (!host_marked_q || host_mark_q <= host_op.sequence_number);
    for (int unsigned i = 0; i < BOOKS; i++) begin
      if (32'(host_op.slot) == i) begin
        host_mark_q    <= missed_q[i] ? below : late_q[i] ? number_q : mark_q[i];
        host_loading_q <= loading_q[i];
        host_follows_q <= follows[i];
        host_marked_q  <= marked_q[i];
        host_begun_q   <= begun_q[i];
      end
    end
    if (32'(host_op.slot) >= BOOKS) begin
      host_loading_q <= 1'b0;
      host_begun_q   <= 1'b0;
    end
    number_q <= s_op.sequence_number;
    above_host_q <= n_sequence_number > host_op.sequence_number;
    missed_q <= missed;
    fresh_q <= '0;
    for (int unsigned i = 0; i < BOOKS; i++) begin
      above_q[i] <= n_sequence_number > mark_q[i];
      late_q[i]  <= s_valid && named[i] && (!guarded_q[i] || above[i]);
      if (late_q[i]) mark_q[i] <= number_q;
      if (missed_q[i]) mark_q[i] <= below;
      if (missed[i]) begin
        marked_q[i]  <= 1'b1;
        begun_q[i]   <= 1'b1;
        guarded_q[i] <= 1'b0;
      end
      if (session_ended || begins) begin
        marked_q[i]  <= 1'b0;
        begun_q[i]   <= 1'b0;
        guarded_q[i] <= 1'b0;
      end
      if (s_valid && named[i]) begin
        marked_q[i] <= 1'b1;
        begun_q[i]  <= 1'b1;
        if (above[i]) guarded_q[i] <= 1'b0;
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
          begun_q[i]   <= 1'b1;
          fresh_q[i]   <= 1'b1;
          mark_q[i]    <= host_op.sequence_number;
        end
      end
    end
    if (rst) begin
      loading_q <= '0;
      guarded_q <= '0;
      marked_q  <= '0;
      begun_q   <= '0;
      missed_q  <= '0;
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
    logic             kept;   // out: it is a none
    book_op_t         op;
  } entry_t;
  entry_t   queue       [DEPTH];
  entry_t   head;
  book_op_t leaving;
  logic     leaves_kept;
  logic [ADDR_W-1:0] wr_q, rd_q;
  logic [PTR_W-1:0] count_d, count_q;  // operations that wait
  logic [WAIT_W-1:0] wait_q;  // cycles until an operation may be taken to leave
  logic empty_q, full_q, direct, push, pop, dropped, alone;
  logic [SLOTS-1:0] tail_d, tail_q, ahead;

  // Why: of the slots that became stale since none waited last, the first reason.
  logic [SLOTS-1:0] known_d, known_q;
  reason_e [SLOTS-1:0] why, why_d, why_q;

  assign count_d = count_q + PTR_W'(push) - PTR_W'(pop);
  assign may     = empty_q && wait_q == '0;
  assign pop     = !empty_q && wait_q == '0;
  assign alone   = empty_q && !s_valid && !host_valid;
  assign head    = queue[rd_q];

  // The feed's operation; kept out or not, which is known last, it takes its place.
  always_comb begin
    direct  = s_valid && may;
    push    = s_valid && !may && !full_q;
    dropped = s_valid && !may && full_q;
    ahead   = tail_q | turned;
    if (begins) ahead |= SLOTS'(loading_q | begun_q);
    if (lost || session_ended) ahead = '1;
    for (int unsigned s = 0; s < SLOTS; s++) begin
      why[s] = REASON_SESSION_ENDED;
      if (turned[s]) why[s] = turned_reason;
      if (lost) why[s] = lost_reason;
      if (known_q[s]) why[s] = why_q[s];
    end
    tail_d  = empty_q || push ? '0 : ahead;
    known_d = empty_q ? '0 : known_q | ahead;
    why_d   = why;
    if (dropped && !keep && s_op.operation != OPERATION_NONE) begin
      if (!known_d[s_op.slot]) why_d[s_op.slot] = REASON_DROPPED;
      tail_d[s_op.slot] = 1'b1;
    end
    known_d |= tail_d;
    if (bad_frame && !alone) begin
      for (int unsigned s = 0; s < SLOTS; s++) begin
        if (touched_d[s] && !known_d[s]) why_d[s] = REASON_BAD_FRAME;
      end
      tail_d |= touched_d;
      known_d |= touched_d;
    end
    leaving     = pop ? head.op : s_valid ? s_op : hosts;
    leaves_kept = pop ? head.kept : s_valid && keep;
    n_op        = leaving;
    if (leaves_kept) n_op.operation = OPERATION_NONE;
    n_leaves = direct || pop || host_leaves;
  end

  always_ff @(posedge clk) begin
    count_q <= count_d;
    empty_q <= count_d == '0;
    full_q  <= count_d == PTR_W'(DEPTH);
    if (push) wr_q <= wr_q + 1'b1;
    if (pop) rd_q <= rd_q + 1'b1;
    if (!full_q) queue[wr_q] <= '{empty_q ? '0 : ahead, keep, s_op};
    m_op <= n_op;
    if (leaves_kept) m_op.slot <= '0;
    m_valid <= n_leaves && !(leaves_kept && !leaving.last_of_packet) && !rst;
    m_stale <= empty_q ? ahead : pop ? head.stale : '0;
    m_stale_reasons <= why;
    if (bad_frame && alone) begin
      m_stale <= ahead | touched_q;
      for (int unsigned s = 0; s < SLOTS; s++) begin
        if (!ahead[s] && !known_q[s]) m_stale_reasons[s] <= REASON_BAD_FRAME;
      end
    end
    tail_q  <= tail_d;
    known_q <= known_d;
    why_q   <= why_d;
    wait_q  <= wait_q - WAIT_W'(wait_q != '0);
    if (n_leaves) begin
      wait_q <= WAIT_W'(leaving.operation inside {OPERATION_REPLACE, OPERATION_LEVEL} ?
                            SPACING + 1 : SPACING - 1);
    end
    if (rst) begin
      m_stale <= '0;
      tail_q  <= '0;
      known_q <= '0;
      count_q <= '0;
      empty_q <= 1'b1;
      full_q  <= 1'b0;
      wr_q    <= '0;
      rd_q    <= '0;
      wait_q  <= '0;
    end
  end

  always_ff @(posedge clk) begin
    path_events <= '0;
    if (!rst) begin
      path_events.book_drops     <= dropped;
      path_events.kept_out       <= s_valid && keep;
      path_events.refused_trusts <= refused;
    end
  end
endmodule

`default_nettype wire
