// Properties of mold_merge: headers, beats and ends are anything, but that no feed's headers come in
// two cycles running, that what stands beside one holds for a cycle more, and that a beat gives no
// more messages than a packet has left.
`default_nettype none

module mold_merge_props
  import tick_pkg::*;
#(
    parameter  int unsigned W         = 8,
    localparam int unsigned LANES     = W / 8,
    localparam int unsigned LANE_W    = $clog2(LANES + 1),
    localparam int unsigned SESSION_W = 80
) (
    input logic                       clk,
    input logic                       rst,
    input logic                       resynchronise,
    input logic                       any_start,
    input logic                       hold,
    input logic [1:0]                 s_header,
    input logic [1:0]                 s_may_gap,
    input logic [1:0][ SESSION_W-1:0] s_session,
    input logic [1:0][SEQUENCE_W-1:0] s_sequence_number,
    input logic [1:0][          15:0] s_count,
    input logic [1:0][         W-1:0] s_axis_tdata,
    input logic [1:0]                 s_axis_tvalid,
    input logic [1:0][   CYCLE_W-1:0] s_cycle,
    input logic [1:0][   CYCLE_W-1:0] s_frame_cycle,
    input logic [1:0][    LANE_W-1:0] s_tail,
    input logic [1:0]                 s_last,
    input logic [1:0][           2:0] s_runts,
    input logic [1:0]                 s_start,
    input logic [1:0][    LANE_W-1:0] s_lane,
    input logic [1:0][          15:0] s_length,
    input logic [1:0]                 s_end,
    input logic [1:0]                 s_error
);
  logic [1:0][SEQUENCE_W-1:0] s_reach;
  logic [1:0] acted, refused;
  logic
      begins,
      opens,
      quiet,
      m_axis_tvalid,
      m_last,
      m_start,
      last_of_packet,
      followed,
      in_session,
      bad_frame,
      undone,
      lost,
      over;
  logic [W-1:0] m_axis_tdata;
  logic [CYCLE_W-1:0] m_cycle, m_frame_cycle;
  logic [LANE_W-1:0] m_tail, m_lane;
  logic [ 2:0] m_runts;
  logic [15:0] m_length;
  logic [SEQUENCE_W-1:0] sequence_number, next, gap_first, gap_count;
  logic [SESSION_W-1:0] session;
  reason_e lost_reason;
  feed_events_t [1:0] feed_events;
  path_events_t path_events;
  mold_merge #(.W(W)) dut (.*);

  for (genvar f = 0; f < 2; f++) begin : gen_reach
    assign s_reach[f] = s_sequence_number[f] + (s_count[f] == '1 ? '0 : SEQUENCE_W'(s_count[f]));
  end

  logic started_q = 1'b0;
  logic delivers, hold_q, begins_q, undone_q, left_amid_q, late_q;
  logic [1:0] header_q, may_gap_q, open_q;
  logic [1:0][SEQUENCE_W-1:0] number_q;
  logic [1:0][SESSION_W-1:0] session_q;
  logic [1:0][15:0] count_q;
  logic [SEQUENCE_W-1:0] next_q;
  logic [2:0] given_q;
  assign delivers = m_last || m_runts != '0;
  always_ff @(posedge clk) begin
    started_q <= started_q || rst;
    hold_q <= hold;
    header_q <= rst ? '0 : s_header;
    may_gap_q <= s_may_gap;
    number_q <= s_sequence_number;
    session_q <= s_session;
    count_q <= s_count;
    next_q <= next;
    given_q <= 3'(m_last) + m_runts;
    begins_q <= dut.acts && dut.picked.fresh;
    undone_q <= dut.undo_q;
    late_q    <= dut.acts && dut.picked.fresh && !any_start &&
                 s_sequence_number[acted[1]] != SEQUENCE_W'(1);
    // A frame has acted, and hasn't ended right by now; what it did may yet be to be undone.
    open_q <= rst || resynchronise || dut.undo ? '0 : (open_q & ~s_end) | acted;
    left_amid_q <= !rst && resynchronise && (|(open_q & (~s_end | s_error)) || dut.doubt_q);
  end

  for (genvar f = 0; f < 2; f++) begin : gen_feed
    always_ff @(posedge clk) begin
      apart : assume (!(s_header[f] && header_q[f]));
      if (header_q[f]) begin
        number_holds : assume (s_sequence_number[f] == number_q[f]);
        session_holds : assume (s_session[f] == session_q[f]);
        count_holds : assume (s_count[f] == count_q[f]);
      end
      // as mold_rx: a beat ends a message and a few tiny ones
      few : assume (W == 64 ? s_runts[f] <= 3'd4 : s_runts[f] <= 3'd1 - 3'(s_last[f]));
    end
  end

  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    if (started_q && !rst) begin
      one_acts : assert (acted != 2'b11);
      refused_has_not_acted : assert ((acted & refused) == '0);
      only_after_a_header : assert (((acted | refused) & ~header_q) == '0);
      none_refused_at_once : assert (hold_q || refused == '0);
      no_gap_that_could_wait : assert (!dut.gap || !hold_q || (acted & may_gap_q) != '0);
      just_the_next : assert (!delivers || sequence_number == next);
      one_line_at_a_time : assert (dut.taken_q != 2'b11);
      undone_is_said : assert (!undone || bad_frame || lost || left_amid_q);
      left_amid_is_undone : assert (!left_amid_q || undone);
      bad_frame_is_undone : assert (!bad_frame || undone);
      quiet_takes_nothing : assert (!quiet || !m_axis_tvalid);
      // What makes it inductive: while a packet is being taken no header acts.
      open_known : assert (open_q == dut.open_q);
      taking_is_locked : assert (dut.taken_q == '0 || dut.locked_q);
    end
    if (started_q && !rst && !$past(rst)) begin
      // A jump by half of all numbers counts as one ahead.
      never_back :
      assert (undone_q || begins_q || next == next_q || 1'((next_q - next) >> (SEQUENCE_W - 1)));
      what_is_skipped_is_said :
      assert (undone_q || begins_q || lost || next == next_q + SEQUENCE_W'(given_q));
      a_late_join_is_said : assert (!late_q || lost);
      as_far_as_delivered :
      assert (undone_q || given_q == '0 || next == next_q + SEQUENCE_W'(given_q));
    end
  end

  always_ff @(posedge clk) begin
    if (started_q && !rst) begin
      a_delivery : cover (delivers);
      a_gap : cover (dut.gap && hold);
      a_late_join : cover (late_q);
      a_refusal : cover (refused != '0);
      an_undoing : cover (bad_frame);
      left_amid : cover (undone && !bad_frame && !lost);
    end
  end
endmodule

`default_nettype wire
