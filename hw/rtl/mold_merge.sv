// mold_merge: one stream of messages, each once and in order, of the packets of feeds A and B.
//
// What: it takes two mold_rx (index 0 is A) and follows one session: the first packet's, the next
// session only after the end of session, and any after `resynchronise`. A packet whose first
// message is `next`, or older with newer ones behind, is taken, its messages before `next` left
// out; one that begins beyond `next` is a gap at once (gaps, with gap_first and gap_count, which
// hold), and is taken. A packet without messages moves `next` the same way. The stream goes out as
// mold_rx gives it, for messages that are not left out: m_tail, m_last, m_runts, m_start, m_lane,
// m_length. sequence_number is that of the message in progress or, with m_runts and no m_last, of
// the first of them; last_of_packet says that the packet's count ends in this beat, with m_last or
// m_runts. `lost`, with lost_reason, says that messages may be missing that no book can do without:
// a gap, a session that is joined after its message 1 or goes on after its end (no_start,
// path_events.late_joins; with any_start only the event), another session's packet while this one
// hasn't ended (other_session). in_session says that the session followed goes on, as far as is
// known: it hasn't ended, and since another one's packet came one of its own did.
//
// Timing: the stream goes out in the cycle in which it comes. A header is judged by the state of
// its cycle, and what it decides holds from the second cycle after it on (as early as its packet's
// beats can say anything). After a header, lost and over come 2 cycles later,
// path_events.sessions_ended and late_joins too, path_events.gaps 3, the events of a feed 4.
// in_session rises 2 after a header; another session's packet makes it fall 4 after, with
// other_session and lost. over comes also 2 after resynchronise; path_events.messages, how many a
// beat gave, in the cycle after the beat. Of several reasons in a cycle the first of the list
// counts. What stands beside s_header holds for 2 cycles more, and no feed's headers are closer.
// Reset forgets the session; resynchronise too, which frames are open, what is left of the packet
// being taken, and a header of its cycle and of the one before.
//
// Rules, one packet at a time: while one is being taken, in the cycle after its last, and in the
// cycle after a header that changed anything, another header brings nothing; if both headers come
// in one cycle and A's changes anything, B's is treated so. A packet is done with its last message,
// or with its frame. What is cut off is a gap when the next packet shows it.
//
// Rules, bad frames: a frame whose header changed anything is open until its end. If it ends with
// m_error, then, as soon as no packet is being taken (a header in that cycle or the next, or while
// that is waited for, or in the cycle before, brings nothing either), all is undone that open
// frames did since there was none: session, its end and `next` are as before, no frame is open, and
// what is sent again is given again. bad_frame and path_events.bad_frames pulse in the cycle after
// if that was one frame's doing, and no session's end, gap or late join; else lost does, a cycle
// later, with `next` as it was, as for a gap: what was given before may belong to anything that
// isn't given now, what an end made forgotten is missing, and a gap that wasn't one is no more.
// undone pulses with either. While a packet is waited for so, what it gives stands upon what is
// wrong: lost comes in the cycle after the wrong end, too, as for a gap. undone pulses, alone, in
// the cycle after resynchronise, if a frame was open then that doesn't end right in that cycle, or
// one had ended wrong and nothing was undone yet: nobody hears any more what becomes of them.
//
// Rules, events of a feed: packets (with messages, of the session), heartbeats (without, repeated
// ends of session too), duplicates (nothing new, or not beyond what the packet taken reaches),
// other_session, feed_drops (the others of those that brought nothing). What brought nothing is
// counted by the session and the packet taken as they are 2 cycles after it.
//
// Rules, waiting, with `hold`: a header beyond `next` changes nothing unless its s_may_gap says
// that what is missing has been waited for. refused, in the cycle after a header, says that it
// didn't act, and isn't counted, but that it may bring something when it comes again: it would have
// changed something by the state of its cycle (whatever s_may_gap says), or is of the session and
// reaches beyond what `next` was before any frame was open, or undone, or that began with one.
// acted, in the same cycle, says that it did. begins, in that cycle too, says that it is a
// session's first one, with its message 1 or by any_start. opens, likewise, says that no other
// frame is open: what is undone goes back to here. quiet says that no frame is open, no packet
// being taken and nothing undone: the one that comes then can act, if none came in the cycle
// before. Without `hold` nothing is ever refused, and a gap is one at once.
//
// Not: it keeps nothing: what is refused is line_hold's.
`default_nettype none

module mold_merge
  import tick_pkg::*;
#(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    localparam int unsigned LANES = W / 8,
    localparam int unsigned LANE_W = $clog2(LANES + 1),
    localparam int unsigned SESSION_W = 80
) (
    input  logic                                          clk,
    input  logic                                          rst,
    input  logic                                          resynchronise,
    input  logic                                          any_start,
    input  logic                                          hold,
    input  logic         [           1:0]                 s_header,
    input  logic         [           1:0]                 s_may_gap,
    input  logic         [           1:0][ SESSION_W-1:0] s_session,
    input  logic         [           1:0][SEQUENCE_W-1:0] s_sequence_number,
    input  logic         [           1:0][          15:0] s_count,
    input  logic         [           1:0][SEQUENCE_W-1:0] s_reach,
    input  logic         [           1:0][         W-1:0] s_axis_tdata,
    input  logic         [           1:0]                 s_axis_tvalid,
    input  logic         [           1:0][   CYCLE_W-1:0] s_cycle,
    input  logic         [           1:0][   CYCLE_W-1:0] s_frame_cycle,
    input  logic         [           1:0][    LANE_W-1:0] s_tail,
    input  logic         [           1:0]                 s_last,
    input  logic         [           1:0][           2:0] s_runts,
    input  logic         [           1:0]                 s_start,
    input  logic         [           1:0][    LANE_W-1:0] s_lane,
    input  logic         [           1:0][          15:0] s_length,
    input  logic         [           1:0]                 s_end,
    input  logic         [           1:0]                 s_error,
    output logic         [           1:0]                 acted,
    output logic         [           1:0]                 refused,
    output logic                                          begins,
    output logic                                          opens,
    output logic                                          quiet,
    output logic         [         W-1:0]                 m_axis_tdata,
    output logic                                          m_axis_tvalid,
    output logic         [   CYCLE_W-1:0]                 m_cycle,
    output logic         [   CYCLE_W-1:0]                 m_frame_cycle,
    output logic         [    LANE_W-1:0]                 m_tail,
    output logic                                          m_last,
    output logic         [           2:0]                 m_runts,
    output logic                                          m_start,
    output logic         [    LANE_W-1:0]                 m_lane,
    output logic         [          15:0]                 m_length,
    output logic         [SEQUENCE_W-1:0]                 sequence_number,
    output logic                                          last_of_packet,
    output logic                                          followed,
    output logic                                          in_session,
    output logic         [ SESSION_W-1:0]                 session,
    output logic         [SEQUENCE_W-1:0]                 next,
    output logic         [SEQUENCE_W-1:0]                 gap_first,
    output logic         [SEQUENCE_W-1:0]                 gap_count,
    output logic                                          bad_frame,
    output logic                                          undone,
    output logic                                          lost,
    output reason_e                                       lost_reason,
    output logic                                          over,
    output feed_events_t [           1:0]                 feed_events,
    output path_events_t                                  path_events
);
  if (W != 8 && W != 64) $error("mold_merge: W must be 8 or 64");

  localparam logic [15:0] END_OF_SESSION = '1;

  logic followed_q, ended_q, owner_q, hidden_d, hidden_q;
  logic [SESSION_W-1:0] session_q;
  logic [SEQUENCE_W-1:0] next_q, reach_q, gap_first_q, gap_count_q;
  logic [15:0] skip_q, remaining_q;
  logic [1:0] taken_d, taken_q;  // the packet of this feed is being taken
  logic taking;

  // The beat of the packet that is taken, less what was already seen.
  logic [2:0] total, left_out, given;
  logic last, start, is_new, final_of_it;
  assign taking = taken_q != '0;
  assign last   = (taken_q & s_last) != '0;
  assign start  = (taken_q & s_start) != '0;
  if (W == 8) begin : gen_bytes  // a byte ends one message
    assign total       = 3'((taken_q & (s_last | {s_runts[1][0], s_runts[0][0]})) != '0);
    assign left_out    = skip_q != '0 ? total : '0;
    assign is_new      = skip_q == '0;  // a message that begins
    assign final_of_it = total[0] && remaining_q == 16'd1;
  end else begin : gen_words
    assign total       = taking ? 3'(last) + s_runts[owner_q] : '0;
    assign left_out    = skip_q < 16'(total) ? 3'(skip_q) : total;
    assign is_new      = skip_q == 16'(left_out);
    assign final_of_it = total != '0 && remaining_q == 16'(total);
  end
  assign given           = total - left_out;
  assign hidden_d        = start ? !is_new : hidden_q;

  assign m_axis_tdata    = s_axis_tdata[owner_q];
  assign m_axis_tvalid   = (taken_q & s_axis_tvalid) != '0;
  assign m_cycle         = s_cycle[owner_q];
  assign m_frame_cycle   = s_frame_cycle[owner_q];
  assign m_tail          = taking && !hidden_q ? s_tail[owner_q] : '0;
  assign m_last          = last && !hidden_q;
  assign m_runts         = given - 3'(m_last);
  assign m_start         = start && is_new;
  assign m_lane          = s_lane[owner_q];
  assign m_length        = s_length[owner_q];
  assign sequence_number = next_q;
  assign last_of_packet  = given != '0 && final_of_it;

  // As it was when no frame was open.
  logic followed_before_q, ended_before_q;
  logic [SESSION_W-1:0] session_before_q;
  logic [SEQUENCE_W-1:0] next_before_q;
  logic began_q;  // the session, with a frame that is open
  logic [1:0] open_d, open_q, still_open;
  logic undo_q;  // all of it holds again from the next cycle on

  // Each header against the state as it is. The result is acted upon in the next cycle.
  typedef struct packed {
    logic valid;
    logic same;     // of the session followed
    logic fresh;    // it may begin a session
    logic first;    // ... with its message 1
    logic beyond;   // next
    logic changes;  // ... anything
    logic wanted;   // it may change something later
    logic ending;   // the end of session
    logic empty;
  } header_t;
  header_t [1:0] header, header_q;
  logic [1:0][15:0] behind_q;  // how far the packet begins behind next
  logic [1:0] covered;  // the packet taken reaches as far
  logic [1:0][SEQUENCE_W-1:0] behind;
  always_comb begin
    for (int unsigned f = 0; f < 2; f++) begin
      automatic logic passed = !1'((next_q - s_reach[f]) >> (SEQUENCE_W - 1));
      automatic
      logic
      again = (open_q != '0 || undo_q) &&
              (began_q || 1'((next_before_q - s_reach[f]) >> (SEQUENCE_W - 1)));
      behind[f]        = next_q - s_sequence_number[f];
      covered[f]       = s_reach[f] <= reach_q;
      header[f].valid  = s_header[f] && !resynchronise;
      header[f].ending = s_count[f] == END_OF_SESSION;
      header[f].empty  = s_count[f] == END_OF_SESSION || s_count[f] == '0;
      header[f].same   = followed_q && s_session[f] == session_q;
      header[f].fresh  = !followed_q || (ended_q && !header[f].same);
      header[f].first  = s_sequence_number[f] == SEQUENCE_W'(1);
      header[f].beyond = behind[f][SEQUENCE_W-1];
      if (header[f].same) begin
        header[f].changes = header[f].beyond || !passed || (header[f].ending && !ended_q);
        header[f].wanted  = hold && (header[f].changes || again);
        if (hold && header[f].beyond && !s_may_gap[f]) header[f].changes = 1'b0;
      end else begin
        header[f].changes = header[f].fresh && !header[f].ending;
        header[f].wanted  = hold && header[f].changes;
      end
    end
  end

  // The one of them that acts.
  logic locked_q, resynchronise_q, doubt, doubt_q, goes_on, undo, left_amid, stands;
  logic pick, jumps, free, acts, act_a, act_b;
  logic several_q;  // open frames did something since there was none, or one what nobody else may
  logic joins_late;
  header_t picked;
  assign still_open = open_q & ~s_end;
  assign doubt = doubt_q || (open_q & s_error) != '0;  // one of them ended with m_error
  assign goes_on = (taken_q & ~s_end) != '0 && !final_of_it;
  assign undo = doubt && !goes_on;
  assign stands = (open_q & s_error) != '0 && goes_on && !resynchronise;
  assign left_amid = resynchronise && (still_open != '0 || doubt);
  assign pick = !(header_q[0].valid && header_q[0].changes);
  assign picked = header_q[pick];
  assign free = !locked_q && !doubt && !undo_q && !resynchronise;
  assign act_a = !pick && free;
  assign act_b = pick && header_q[1].valid && header_q[1].changes && free;
  assign acts = act_a || act_b;
  assign jumps = picked.fresh || picked.beyond;
  assign acted = {act_b, act_a};
  assign joins_late = acts && (picked.fresh ? !picked.first : ended_q && !picked.ending);
  assign begins = acts && picked.fresh && (picked.first || any_start);
  assign opens = acts && still_open == '0;
  assign quiet = open_q == '0 && taken_q == '0 && !locked_q && !doubt_q && !undo_q;
  for (genvar f = 0; f < 2; f++) begin : gen_refused
    assign refused[f] = header_q[f].valid && header_q[f].wanted && !acted[f] && !resynchronise;
  end

  always_comb begin
    taken_d = goes_on ? taken_q : {act_b, act_a} & ~{header_q[1].empty, header_q[0].empty};
    open_d  = still_open | {act_b, act_a};
    if (undo || resynchronise) open_d = '0;
    if (resynchronise) taken_d = '0;
  end

  always_ff @(posedge clk) begin
    if (still_open == '0 && !doubt && !undo_q) begin
      followed_before_q <= followed_q;
      ended_before_q    <= ended_q;
      session_before_q  <= session_q;
      next_before_q     <= next_q;
    end
    if (undo_q || (acts && picked.fresh)) begin
      session_q <= undo_q ? session_before_q : s_session[pick];
    end
    // What comes last says whether, not what.
    if (undo_q || (acts && jumps) || given != '0) begin
      if (undo_q) next_q <= next_before_q;
      else if (!taking) next_q <= s_sequence_number[pick];
      else next_q <= next_q + SEQUENCE_W'(W == 8 ? 3'd1 : given);
    end
    if (acts) begin
      reach_q <= s_reach[pick];
      several_q <= still_open != '0 || picked.ending || joins_late ||
                   (picked.same && picked.beyond);
    end
    if (acts && picked.same && picked.beyond) gap_first_q <= next_q;
    if (taking) begin
      skip_q      <= skip_q - 16'(left_out);
      remaining_q <= remaining_q - 16'(total);
    end else begin
      owner_q     <= pick;
      skip_q      <= jumps ? '0 : behind_q[pick];
      remaining_q <= s_count[pick];
    end
    hidden_q <= hidden_d;
    for (int unsigned f = 0; f < 2; f++) behind_q[f] <= behind[f][15:0];
    if (rst) begin
      followed_q <= 1'b0;
      ended_q    <= 1'b0;
      taken_q    <= '0;
      open_q     <= '0;
      doubt_q    <= 1'b0;
      undo_q     <= 1'b0;
      header_q   <= '0;
      locked_q   <= 1'b0;
      began_q    <= 1'b0;
    end else begin
      if (resynchronise) followed_q <= 1'b0;
      else if (undo_q) followed_q <= followed_before_q;
      else if (acts) followed_q <= 1'b1;
      if (undo_q) ended_q <= ended_before_q;
      else if (acts) ended_q <= picked.ending;
      taken_q  <= taken_d;
      open_q   <= open_d;
      doubt_q  <= doubt && goes_on && !resynchronise;
      header_q <= header;
      locked_q <= taking || doubt || undo_q || acts;
      undo_q   <= undo && !resynchronise;
      began_q  <= (acts && picked.fresh) || (began_q && !(still_open == '0 && !doubt && !undo_q));
    end
  end

  // The events of it.
  header_t [1:0] kept_q, counted_q;
  logic [1:0] acted_q, acted_2q, locked_2q, locked_3q, covered_q, ours, strange;
  logic gap, gap_q, elsewhere_q;
  assign in_session = followed_q && !ended_q && !elsewhere_q;
  assign gap = acts && picked.same && picked.beyond;
  always_comb begin
    for (int unsigned f = 0; f < 2; f++) begin
      ours[f] = locked_3q[f] ? header_q[f].same : counted_q[f].same || counted_q[f].fresh;
      strange[f] = counted_q[f].valid && !ours[f] && !(locked_3q[f] && header_q[f].fresh);
    end
  end
  always_ff @(posedge clk) begin
    kept_q <= header_q;
    for (int unsigned f = 0; f < 2; f++) kept_q[f].valid <= header_q[f].valid && !refused[f];
    acted_q   <= acted;
    locked_2q <= {2{locked_q || doubt || undo_q}} | {act_a, 1'b0};
    counted_q <= kept_q;
    acted_2q  <= acted_q;
    locked_3q <= locked_2q;
    covered_q <= covered;
    if (gap_q) gap_count_q <= next_q - gap_first_q;
    feed_events <= '0;
    path_events <= '0;
    for (int unsigned f = 0; f < 2; f++) begin
      if (counted_q[f].valid) begin
        feed_events[f].other_session <= !ours[f];
        feed_events[f].packets <= ours[f] && !counted_q[f].empty;
        feed_events[f].heartbeats <= ours[f] && counted_q[f].empty &&
                                     !(acted_2q[f] && counted_q[f].ending);
        if (ours[f] && !counted_q[f].empty && !acted_2q[f]) begin
          feed_events[f].duplicates <= !locked_3q[f] || covered_q[f];
          feed_events[f].feed_drops <= locked_3q[f] && !covered_q[f];
        end
      end
    end
    if ((acts && picked.fresh) || (header_q[0].valid && header_q[0].same) ||
        (header_q[1].valid && header_q[1].same)) begin
      elsewhere_q <= 1'b0;
    end
    if (strange != '0) elsewhere_q <= 1'b1;
    bad_frame <= undo && !several_q;
    undone <= several_q ? undo_q : undo;
    path_events.bad_frames <= undo && !several_q;
    if (left_amid) undone <= 1'b1;
    gap_q <= gap;
    lost <= (undo_q && several_q) || gap || stands || (joins_late && !any_start) || strange != '0;
    lost_reason <= REASON_OTHER_SESSION;
    if (joins_late && !any_start) lost_reason <= REASON_NO_START;
    if ((undo_q && several_q) || gap || stands) lost_reason <= REASON_GAP;
    path_events.gaps           <= gap_q;
    path_events.late_joins     <= joins_late;
    path_events.sessions_ended <= acts && picked.ending;
    resynchronise_q            <= resynchronise;
    over                       <= resynchronise_q || (acts && picked.ending);
    path_events.messages       <= given;
    if (resynchronise) kept_q <= '0;
    if (rst) begin
      kept_q          <= '0;
      counted_q       <= '0;
      gap_count_q     <= '0;
      bad_frame       <= 1'b0;
      undone          <= 1'b0;
      gap_q           <= 1'b0;
      elsewhere_q     <= 1'b0;
      lost            <= 1'b0;
      resynchronise_q <= 1'b0;
      over            <= 1'b0;
      feed_events     <= '0;
      path_events     <= '0;
    end
  end

  assign followed  = followed_q;
  assign session   = session_q;
  assign next      = next_q;
  assign gap_first = gap_first_q;
  assign gap_count = gap_count_q;

  logic unused;
  assign unused = &{1'b0, picked};
endmodule

`default_nettype wire
