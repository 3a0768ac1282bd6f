// mold_merge: makes one stream of messages, each once and in order, of the packets of feeds A and B.
//
// It takes two mold_rx (index 0 is A) and follows one session: the first packet's, the next
// session only after the end of session, and any after `resynchronise`. A header is judged in its
// cycle, and what it decides holds from the next on: a packet whose first message is `next`, or
// older with newer ones behind, is taken, its messages before `next` left out; one that begins
// beyond `next` is a gap at once (gaps, with gap_first and gap_count, which hold), and is taken. A
// packet without messages moves `next` the same way. One packet at a time: while one is being
// taken, another feed's header brings nothing: duplicates when the packet taken reaches as far,
// else feed_drops. If both headers come in one cycle and A's changes anything, B's is treated so.
// A packet is done with its last message, or with its frame. What is cut off is a gap when the
// next packet shows it. The stream is said as mold_rx says it, in the same cycle, for messages
// that are not left out: m_tail, m_last, m_runts, m_start, m_lane, m_length. sequence_number is
// that of the message in progress or, with m_runts and no m_last, of the first of them;
// last_of_packet says that the packet's count ends in this beat, with m_last or m_runts.
// A frame whose header changed anything is open until its end. If it ends with m_error, then, as
// soon as no packet is being taken (a header in that cycle is treated as if one were), all is undone
// that open frames did since there was none: session, its end and `next` are as before, no frame is
// open, and what is sent again is given again. bad_frame pulses in the cycle after if that was one
// frame's doing; else lost does, which also pulses with gaps: what was given before may belong to
// anything that isn't given now. Events come in the cycle after, by feed: packets (with messages, of
// the session), heartbeats (without, repeated ends of session too), duplicates, other_session,
// feed_drops; of both: gaps, sessions_ended; messages is how many this beat gave. Reset forgets the
// session; resynchronise too, and which frames are open. It holds nothing back: there is no
// reordering and no wait.
`default_nettype none

module mold_merge #(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    localparam int unsigned LANES = W / 8,
    localparam int unsigned LANE_W = $clog2(LANES + 1),
    localparam int unsigned CYCLE_W = tick_pkg::CYCLE_W,
    localparam int unsigned SEQUENCE_W = tick_pkg::SEQUENCE_W,
    localparam int unsigned SESSION_W = 80
) (
    input  logic                                  clk,
    input  logic                                  rst,
    input  logic                                  resynchronise,
    input  logic [           1:0]                 s_header,
    input  logic [           1:0][ SESSION_W-1:0] s_session,
    input  logic [           1:0][SEQUENCE_W-1:0] s_sequence_number,
    input  logic [           1:0][          15:0] s_count,
    input  logic [           1:0][         W-1:0] s_axis_tdata,
    input  logic [           1:0]                 s_axis_tvalid,
    input  logic [           1:0][   CYCLE_W-1:0] s_cycle,
    input  logic [           1:0][   CYCLE_W-1:0] s_frame_cycle,
    input  logic [           1:0][    LANE_W-1:0] s_tail,
    input  logic [           1:0]                 s_last,
    input  logic [           1:0][           2:0] s_runts,
    input  logic [           1:0]                 s_start,
    input  logic [           1:0][    LANE_W-1:0] s_lane,
    input  logic [           1:0][          15:0] s_length,
    input  logic [           1:0]                 s_end,
    input  logic [           1:0]                 s_error,
    output logic [         W-1:0]                 m_axis_tdata,
    output logic                                  m_axis_tvalid,
    output logic [   CYCLE_W-1:0]                 m_cycle,
    output logic [   CYCLE_W-1:0]                 m_frame_cycle,
    output logic [    LANE_W-1:0]                 m_tail,
    output logic                                  m_last,
    output logic [           2:0]                 m_runts,
    output logic                                  m_start,
    output logic [    LANE_W-1:0]                 m_lane,
    output logic [          15:0]                 m_length,
    output logic [SEQUENCE_W-1:0]                 sequence_number,
    output logic                                  last_of_packet,
    output logic                                  followed,
    output logic [ SESSION_W-1:0]                 session,
    output logic [SEQUENCE_W-1:0]                 next,
    output logic [SEQUENCE_W-1:0]                 gap_first,
    output logic [SEQUENCE_W-1:0]                 gap_count,
    output logic                                  bad_frame,
    output logic                                  lost,
    output logic [           1:0]                 packets,
    output logic [           1:0]                 heartbeats,
    output logic [           1:0]                 duplicates,
    output logic [           1:0]                 other_session,
    output logic [           1:0]                 feed_drops,
    output logic                                  gaps,
    output logic                                  sessions_ended,
    output logic [           2:0]                 messages
);
  if (W != 8 && W != 64) $error("mold_merge: W must be 8 or 64");

  localparam logic [15:0] END_OF_SESSION = '1;

  logic followed_d, followed_q, ended_d, ended_q, taking_d, taking_q, owner_d, owner_q;
  logic [SESSION_W-1:0] session_d, session_q;
  logic [SEQUENCE_W-1:0] next_d, next_q, reach_d, reach_q, gap_first_d, gap_first_q;
  logic [SEQUENCE_W-1:0] gap_count_d, gap_count_q;
  logic [15:0] skip_d, skip_q, remaining_d, remaining_q;
  logic hidden_d, hidden_q, bad_d, gap_d, over_d, lost_d;
  logic [1:0] open_d, open_q, packets_d, heartbeats_d, duplicates_d, other_d, drops_d;
  logic several_d, several_q;  // open frames did something since there was none
  logic doubt, doubt_d, doubt_q;  // one of them ended with m_error
  logic followed_before_q, ended_before_q;  // as it was when there was none
  logic [SESSION_W-1:0] session_before_q;
  logic [SEQUENCE_W-1:0] next_before_q;
  logic keep;  // it is so now
  logic [2:0] messages_d;

  // The beat of the packet that is taken, less what was already seen.
  logic [2:0] total, left_out, given;
  logic ends, starts;
  always_comb begin
    total    = taking_q ? 3'(s_last[owner_q]) + s_runts[owner_q] : '0;
    left_out = skip_q < 16'(total) ? 3'(skip_q) : total;
    given    = total - left_out;
    ends     = taking_q && s_last[owner_q] && !hidden_q;
    starts   = taking_q && s_start[owner_q] && skip_q == 16'(left_out);
    hidden_d = taking_q && s_start[owner_q] ? skip_q != 16'(left_out) : hidden_q;
  end

  assign m_axis_tdata    = s_axis_tdata[owner_q];
  assign m_axis_tvalid   = taking_q && s_axis_tvalid[owner_q];
  assign m_cycle         = s_cycle[owner_q];
  assign m_frame_cycle   = s_frame_cycle[owner_q];
  assign m_tail          = taking_q && !hidden_q ? s_tail[owner_q] : '0;
  assign m_last          = ends;
  assign m_runts         = given - 3'(ends);
  assign m_start         = starts;
  assign m_lane          = s_lane[owner_q];
  assign m_length        = s_length[owner_q];
  assign sequence_number = next_q;
  assign last_of_packet  = given != '0 && remaining_q == 16'(total);

  // Each header against the state as it is.
  logic [1:0][SEQUENCE_W-1:0] behind, reaches;  // how far the packet begins behind next; its end
  logic [1:0][15:0] has;
  logic [1:0] same, fresh, beyond, seen, changes;
  always_comb begin
    for (int unsigned f = 0; f < 2; f++) begin
      has[f]     = s_count[f] == END_OF_SESSION ? '0 : s_count[f];
      behind[f]  = next_q - s_sequence_number[f];
      reaches[f] = s_sequence_number[f] + SEQUENCE_W'(has[f]);
      same[f]    = followed_q && s_session[f] == session_q;
      fresh[f]   = !followed_q || (ended_q && !same[f]);
      beyond[f]  = behind[f][SEQUENCE_W-1];
      seen[f]    = behind[f] >= SEQUENCE_W'(has[f]);
      changes[f] = same[f] ? beyond[f] || !seen[f] : s_count[f] != END_OF_SESSION;
      if (same[f] && s_count[f] == END_OF_SESSION && !ended_q) changes[f] = 1'b1;
    end
  end

  logic locked;  // nothing more may change in this cycle
  always_comb begin
    followed_d   = followed_q;
    ended_d      = ended_q;
    session_d    = session_q;
    next_d       = next_q + SEQUENCE_W'(given);
    reach_d      = reach_q;
    owner_d      = owner_q;
    skip_d       = skip_q - 16'(left_out);
    remaining_d  = remaining_q - 16'(total);
    taking_d     = taking_q && remaining_d != '0 && !s_end[owner_q];
    gap_first_d  = gap_first_q;
    gap_count_d  = gap_count_q;
    open_d       = open_q & ~s_end;
    several_d    = several_q;
    doubt        = doubt_q || |(open_q & s_end & s_error);
    doubt_d      = doubt && taking_d;
    bad_d        = 1'b0;
    lost_d       = 1'b0;
    keep         = 1'b0;
    messages_d   = given;
    gap_d        = 1'b0;
    over_d       = 1'b0;
    packets_d    = '0;
    heartbeats_d = '0;
    duplicates_d = '0;
    other_d      = '0;
    drops_d      = '0;
    locked       = taking_q || doubt;
    for (int unsigned f = 0; f < 2; f++) begin
      if (s_header[f]) begin
        heartbeats_d[f] = has[f] == '0;
        packets_d[f]    = has[f] != '0;
        if (locked) begin
          if (s_session[f] != session_d) begin
            heartbeats_d[f] = 1'b0;
            packets_d[f]    = 1'b0;
            other_d[f]      = 1'b1;
          end else if (has[f] != '0) begin
            duplicates_d[f] = reaches[f] <= reach_d;
            drops_d[f]      = reaches[f] > reach_d;
          end
        end else if (!same[f] && !fresh[f]) begin
          heartbeats_d[f] = 1'b0;
          packets_d[f]    = 1'b0;
          other_d[f]      = 1'b1;
        end else if (changes[f]) begin
          locked      = 1'b1;
          keep        = open_d == '0;
          several_d   = open_d != '0;
          open_d[f]   = 1'b1;
          gap_d       = same[f] && beyond[f];
          lost_d      = gap_d;
          gap_first_d = gap_d ? next_q : gap_first_q;
          gap_count_d = gap_d ? -behind[f] : gap_count_q;
          followed_d  = 1'b1;
          session_d   = s_session[f];
          ended_d     = s_count[f] == END_OF_SESSION;
          over_d      = ended_d;
          if (ended_d) heartbeats_d[f] = 1'b0;
          if (fresh[f] || beyond[f]) next_d = s_sequence_number[f];
          reach_d = reaches[f];
          if (has[f] != '0) begin
            taking_d    = 1'b1;
            owner_d     = f[0];
            skip_d      = fresh[f] || beyond[f] ? '0 : behind[f][15:0];
            remaining_d = has[f];
          end
        end else if (same[f] && has[f] != '0) begin
          duplicates_d[f] = 1'b1;
        end
      end
    end
    if (doubt && !doubt_d) begin
      followed_d = followed_before_q;
      ended_d    = ended_before_q;
      session_d  = session_before_q;
      next_d     = next_before_q;
      open_d     = '0;
      bad_d      = !several_q;
      lost_d     = several_q;
    end
    if (resynchronise) begin
      followed_d = 1'b0;
      open_d     = '0;
      doubt_d    = 1'b0;
    end
  end

  always_ff @(posedge clk) begin
    session_q   <= session_d;
    next_q      <= next_d;
    reach_q     <= reach_d;
    owner_q     <= owner_d;
    skip_q      <= skip_d;
    remaining_q <= remaining_d;
    hidden_q    <= hidden_d;
    gap_first_q <= gap_first_d;
    several_q   <= several_d;
    if (keep) begin
      followed_before_q <= followed_q;
      ended_before_q    <= ended_q;
      session_before_q  <= session_q;
      next_before_q     <= next_q;
    end
    if (rst) begin
      followed_q     <= 1'b0;
      ended_q        <= 1'b0;
      taking_q       <= 1'b0;
      open_q         <= '0;
      doubt_q        <= 1'b0;
      gap_count_q    <= '0;
      bad_frame      <= 1'b0;
      lost           <= 1'b0;
      gaps           <= 1'b0;
      sessions_ended <= 1'b0;
      packets        <= '0;
      heartbeats     <= '0;
      duplicates     <= '0;
      other_session  <= '0;
      feed_drops     <= '0;
      messages       <= '0;
    end else begin
      followed_q     <= followed_d;
      ended_q        <= ended_d;
      taking_q       <= taking_d;
      open_q         <= open_d;
      doubt_q        <= doubt_d;
      gap_count_q    <= gap_count_d;
      bad_frame      <= bad_d;
      lost           <= lost_d;
      gaps           <= gap_d;
      sessions_ended <= over_d;
      packets        <= packets_d;
      heartbeats     <= heartbeats_d;
      duplicates     <= duplicates_d;
      other_session  <= other_d;
      feed_drops     <= drops_d;
      messages       <= messages_d;
    end
  end

  assign followed  = followed_q;
  assign session   = session_q;
  assign next      = next_q;
  assign gap_first = gap_first_q;
  assign gap_count = gap_count_q;
endmodule

`default_nettype wire
