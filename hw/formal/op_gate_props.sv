// Properties of op_gate with a queue of 2 and two books. The feed and the host do anything, but
// that the feed has no clear, load or trust, and the host holds its operation. What the module
// doesn't look at tells operations apart: timestamp bit 0 is the feed's, message_cycle numbers the
// feed's operations that weren't lost or kept out. ORDER: slot 7 has no operations, so that its
// stale bit tells of the one loss that there is.
`default_nettype none

module op_gate_props
  import tick_pkg::*;
#(
    parameter bit ORDER = 0,  // the properties of order, which aren't inductive
    localparam int unsigned BOOKS = 2,
    localparam int unsigned NUMBER_W = 4,
    localparam int unsigned SESSION_W = 80
) (
    input logic                      clk,
    input logic                      rst,
    input logic                      s_valid,
    input book_op_t                  s_any,
    input logic     [SEQUENCE_W-1:0] n_sequence_number,
    input logic                      lost,
    input reason_e                   lost_reason,
    input logic     [     SLOTS-1:0] turned_any,
    input reason_e                   turned_reason,
    input logic     [     SLOTS-1:0] follows,
    input logic                      ends,
    input logic                      begins,
    input logic                      in_session,
    input logic     [ SESSION_W-1:0] session,
    input logic                      bad_frame,
    input logic                      host_valid,
    input book_op_t                  host_any,
    input logic     [     SLOTS-1:0] sweeping
);
  logic m_valid, n_leaves, host_ready;
  logic [SLOTS-1:0] turned;
  path_events_t path_events;
  book_op_t s_op, host_op, n_op, m_op;
  logic [SLOTS-1:0] m_stale;
  reason_e [SLOTS-1:0] m_stale_reasons;
  logic [NUMBER_W-1:0] number_q;  // of the feed's operations that entered

  op_gate #(
      .DEPTH(2),
      .BOOKS(BOOKS)
  ) dut (
      .session_ended(ends),
      .*
  );
  assign turned = ORDER ? '0 : turned_any;

  logic started_q = 1'b0;
  logic enters, came_q, last_q;
  book_op_t next_q;
  logic leaves_q;
  logic [SEQUENCE_W-1:0] coming_q;  // the number of what comes
  logic held_q, feeds, loads_q, clears_q;
  book_op_t held_op_q;
  logic [2:0] apart_q;  // cycles since an operation left, 4 at most
  logic replaced_q;
  logic [SLOTS-1:0] loading_q, loading;
  logic [NUMBER_W-1:0] left_q;
  logic trusted_q;
  logic lost_q, stale_q;  // the loss came; its mask left
  logic [NUMBER_W-1:0] lost_at_q;  // the number of the first operation behind it

  // A number is known in the cycle after its operation came: it entered unless it was lost or kept
  // out without a none in its place.
  assign enters = came_q && !path_events.book_drops && !(path_events.kept_out && !last_q);

  logic [NUMBER_W-1:0] number;
  assign number = number_q + NUMBER_W'(enters);
  always_comb begin
    s_op                 = s_any;
    s_op.timestamp       = TIME_W'(1);
    s_op.sequence_number = coming_q;
    s_op.message_cycle   = CYCLE_W'(number);
    host_op              = host_any;
    host_op.timestamp    = '0;
  end

  assign feeds = m_valid && m_op.timestamp[0];
  always_comb begin
    loading = loading_q;  // what the host's operations that left say
    if (m_valid && !feeds) begin
      if (m_op.operation == OPERATION_LOAD) loading[m_op.slot] = 32'(m_op.slot) < BOOKS;
      if (m_op.operation inside {OPERATION_CLEAR, OPERATION_TRUST}) loading[m_op.slot] = 1'b0;
    end
  end

  always_ff @(posedge clk) begin
    started_q <= started_q || rst;
    came_q    <= s_valid;
    last_q    <= s_op.last_of_packet;
    held_q    <= host_valid && !host_ready;
    held_op_q <= host_op;
    next_q    <= n_op;
    leaves_q  <= n_leaves;
    coming_q  <= n_sequence_number;
    number_q  <= number;
    loading_q <= loading;
    apart_q   <= m_valid ? 3'd1 : apart_q + 3'(apart_q != 3'd4);
    if (m_valid) replaced_q <= m_op.operation inside {OPERATION_REPLACE, OPERATION_LEVEL};
    if (m_valid && m_op.operation == OPERATION_TRUST) trusted_q <= 1'b1;
    if (feeds) left_q <= left_q + 1'b1;
    if (lost) begin
      lost_q <= 1'b1;
      lost_at_q <= number;
    end
    if (m_stale[SLOTS-1]) stale_q <= 1'b1;
    if (rst) begin
      came_q     <= 1'b0;
      held_q     <= 1'b0;
      number_q   <= '0;
      loading_q  <= '0;
      apart_q    <= 3'd4;
      replaced_q <= 1'b0;
      left_q     <= '0;
      trusted_q  <= 1'b0;
      lost_q     <= 1'b0;
      stale_q    <= 1'b0;
    end
  end

  // Trust has a start. Of each book, whether the session had anything of it; and the newest number
  // of what may be missing since its last operation. Both also as they were a cycle before.
  logic [BOOKS-1:0] begun_q, begun_2q, missing_q, missing_2q, missed, missed_q;
  logic [SLOTS-1:0] follows_q, follows_2q, follows_3q;
  logic [2:0] named_q;  // the host's operation named the session, 1 to 3 cycles before
  logic [BOOKS-1:0] given_q;  // a book, as a session began and nothing waited
  logic [BOOKS-1:0][SEQUENCE_W-1:0] newest, newest_q, newest_2q;
  assign missed = turned[BOOKS-1:0] | {BOOKS{lost}};
  always_comb begin
    for (int unsigned i = 0; i < BOOKS; i++) begin
      newest[i] = missed_q[i] ? n_sequence_number - 1'b1 : newest_q[i];
    end
  end
  always_ff @(posedge clk) begin
    missed_q <= missed;
    newest_q <= newest;
    newest_2q <= newest;
    begun_2q <= begun_q;
    given_q <= begins && dut.empty_q ? loading[BOOKS-1:0] | begun_q : '0;
    missing_2q <= missing_q;
    follows_q <= follows;
    follows_2q <= follows_q;
    follows_3q <= follows_2q;
    named_q <= {
      named_q[1:0],
      in_session && host_op.price == {16'd0, session[15:0]} &&
                host_op.order_reference == session[79:16]
    };
    for (int unsigned i = 0; i < BOOKS; i++) begin
      automatic logic comes = s_valid && 32'(s_op.slot) == i && s_op.operation != OPERATION_NONE;
      automatic
      logic
      trusts = dut.host_leaves && 32'(host_op.slot) == i && host_op.operation == OPERATION_TRUST;
      if (missed[i]) begun_q[i] <= 1'b1;
      if (ends || begins) begun_q[i] <= 1'b0;
      if (comes) begun_q[i] <= 1'b1;
      if (trusts) begun_q[i] <= 1'b1;
      if (comes || ends || begins || trusts) missing_q[i] <= 1'b0;
      if (missed[i] && !ends && !begins) missing_q[i] <= 1'b1;
    end
    if (rst) begin
      missed_q  <= '0;
      begun_q   <= '0;
      given_q   <= '0;
      missing_q <= '0;
    end
  end

  logic waiting_known;  // it is the feed's, and not of a slot that loads
  always_comb begin
    waiting_known = 1'b1;
    for (int unsigned i = 0; i < 2; i++) begin
      automatic book_op_t waiting = dut.queue[dut.rd_q+1'(i)].op;
      automatic logic kept = dut.queue[dut.rd_q+1'(i)].kept;
      if (2'(i) < dut.count_q) begin
        if (!waiting.timestamp[0]) waiting_known = 1'b0;
        if (!kept && waiting.operation != OPERATION_NONE && loading[waiting.slot]) begin
          waiting_known = 1'b0;
        end
      end
    end
  end

  for (genvar i = 0; i < int'(BOOKS); i++) begin : gen_book
    always_ff @(posedge clk) begin
      if (started_q && !rst) begin
        if (m_valid && !feeds && 32'(m_op.slot) == i) begin
          an_empty_book_is_trusted_at_the_start_only :
          assert (m_op.operation != OPERATION_CLEAR || m_op.reason != REASON_OK || !begun_2q[i]);
          a_snapshot_is_of_a_slot_that_follows :
          assert (m_op.operation != OPERATION_TRUST || follows_3q[i]);
          a_snapshot_is_of_the_session : assert (m_op.operation != OPERATION_TRUST || named_q[2]);
          a_snapshot_has_what_is_missing :
          assert (m_op.operation != OPERATION_TRUST || !missing_2q[i] ||
                  m_op.sequence_number >= newest_2q[i]);
        end
        no_book_is_of_a_session_before : assert (!given_q[i] || m_stale[i]);
        follows_known :
        assert (32'(host_op.slot) != i || !held_q || dut.host_follows_q == follows_q[i]);
        session_known : assert (!held_q || dut.host_session_q == named_q[0]);
        begun_known : assert (dut.begun_q[i] == begun_q[i]);
        missed_known : assert (dut.missed_q[i] == missed_q[i]);
        missing_known :
        assert (!missing_q[i] || (dut.marked_q[i] &&
                                  (missed_q[i] || dut.mark_q[i] == newest_q[i])));
      end
    end
  end

  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    feed_has_no_host_operations : assume (s_op.operation <= OPERATION_STALE);
    host_holds : assume (!held_q || (host_valid && host_op == held_op_q));
    if (started_q && !rst) begin
      apart : assert (!m_valid || apart_q >= (replaced_q ? 3'd4 : 3'd2));
      loading_is_kept_out :
      assert (!feeds || m_op.operation == OPERATION_NONE || !loading_q[m_op.slot]);
      op_known_before :
      assert (!m_valid || m_op == next_q ||
              (m_op.operation == OPERATION_NONE && next_q.operation == OPERATION_NONE));
      turn_known_before : assert (!m_valid || leaves_q);
      never_ready_beside_the_feed : assert (!(host_ready && s_valid));
      no_clear_while_sweeping :
      assert (!(host_ready && sweeping[host_op.slot]) ||
              !(host_op.operation inside {OPERATION_CLEAR, OPERATION_LOAD}));
      // What makes it inductive: who loads, and that what waits isn't of such a slot.
      loading_known : assert (dut.loading_q == loading[BOOKS-1:0] && loading[SLOTS-1:BOOKS] == '0);
      pace_known : assert (m_valid || 3'(dut.wait_q) + apart_q >= (replaced_q ? 3'd3 : 3'd1));
      pace_of_what_leaves :
      assert (!m_valid || dut.wait_q == 2'd3 ||
              (dut.wait_q == 2'd1 &&
               !(m_op.operation inside {OPERATION_REPLACE, OPERATION_LEVEL})));
      few_wait :
      assert (dut.count_q <= 2'd2 && 1'(dut.wr_q - dut.rd_q) == dut.count_q[0] &&
                         dut.empty_q == (dut.count_q == '0) && dut.full_q == dut.count_q[1]);
      what_waits_is_known : assert (waiting_known);
      waits : cover (feeds && left_q == 2 && m_op.operation == OPERATION_ADD);
      trusted : cover (feeds && trusted_q && m_op.operation == OPERATION_ADD);
      refused : cover (path_events.refused_trusts);
      too_late : cover (m_valid && m_op.operation == OPERATION_CLEAR && m_op.reason != REASON_OK);
      at_the_start :
      cover (m_valid && !feeds && m_op.operation == OPERATION_CLEAR && m_op.reason == REASON_OK);
      loaded_after_a_loss :
      cover (m_valid && m_op.operation == OPERATION_TRUST && missing_2q != '0);
      dropped : cover (path_events.book_drops);
      kept : cover (path_events.kept_out && feeds);
    end
    if (ORDER) begin
      one_loss : assume (!lost || !lost_q);
      one_session : assume (!ends && !begins);
      slot_7_is_silent : assume (s_op.slot != '1 && host_op.slot != '1);
      reset_once : assume (!(rst && started_q));
      if (started_q && !rst) begin
        in_order : assert (!feeds || m_op.message_cycle == CYCLE_W'(left_q));
        nothing_invented : assert (!feeds || left_q != number);
        the_mask_of_the_loss_only : assert (!m_stale[SLOTS-1] || (lost_q && m_stale == '1));
        mask_before_what_is_behind :
        assert (!feeds || !lost_q || left_q < lost_at_q || stale_q || m_stale == '1);
        mask_behind_what_was_before : assert (!m_stale[SLOTS-1] || left_q == lost_at_q);
        mask_before_the_host : assert (!(m_valid && !feeds && lost_q) || stale_q || m_stale == '1);
      end
    end
  end
endmodule

`default_nettype wire
