// line_hold: keeps the packets of one feed that came before their turn, and gives them in it.
//
// What: it stands between a feed's mold_rx and mold_merge. A packet whose header comes while
// nothing of here is being given goes through as it comes, 0 cycles later; one that mold_merge says
// to have refused is kept meanwhile, and given again, from its header on, when mold_merge is quiet
// and the packet can't be refused as ahead; or is `released`, which makes the gap before it one for
// good (m_may_gap). A packet whose header comes while one of here is being given is kept unseen.
// Only packets whose frame turns out right are kept, in the order in which they came; so what is
// given of them is never undone. m_cycle and m_frame_cycle are of the packet's own coming, whenever
// it is given.
//
// Timing: a packet that goes through has 0 cycles, always. One that is kept is given from 3 cycles
// after its frame's s_end on, and 3 after the one before it was done with: in the first cycle in
// which mold_merge is quiet, and was in the cycle before, no header comes, and none came through in
// the 2 cycles before. acted and refused speak of the header of the cycle before. If it acted, the
// packet's beats come 5 cycles after the header, without a pause, and m_end in the cycle after the
// last: then it is done with. If it was refused it is given again, at the earliest 3 cycles after;
// if neither, it brings nothing, and is done with 2 cycles after its header. Reset and `clear`
// forget every packet, one that is coming in too; of one that acted and is being given `clear`
// makes the next cycle the end: m_end comes, so that mold_merge takes nothing else for its beats.
//
// Rules: a packet is left out, and the event hold_drops comes in the cycle after its frame's end,
// when it has more beats behind its header than a quarter of BEATS, or lasts 65,536 cycles or more,
// or when in the cycle after its header fewer beats than that were free, or PACKETS were kept.
// crowded says, a cycle later, that fewer than half of BEATS are free, or 1 packet at most: whoever
// waits should wait no longer. The event reordered comes 3 cycles after the header of a packet that
// acted.
//
// head: the oldest packet kept is known, and number, of it; head_ahead, that it begins beyond
// `next` of the session that is followed, as that was a cycle ago. coming, from 2 cycles after a
// header on: that one is being kept whose end isn't known; then coming_number is its. pending: one
// is kept, but the oldest isn't known yet.
//
// Not: it doesn't sort: what a feed itself has out of order is given when it is the oldest, or goes
// through when it comes in its turn.
`default_nettype none

module line_hold
  import tick_pkg::*;
#(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    parameter int unsigned BEATS = 8192,  // that are kept, a power of two
    parameter int unsigned PACKETS = 64,  // likewise
    localparam int unsigned LANES = W / 8,
    localparam int unsigned LANE_W = $clog2(LANES + 1),
    localparam int unsigned SESSION_W = 80
) (
    input  logic                          clk,
    input  logic                          rst,
    input  logic                          clear,
    input  logic                          acted,
    input  logic                          refused,
    input  logic                          quiet,
    input  logic                          followed,
    input  logic         [ SESSION_W-1:0] session,
    input  logic         [SEQUENCE_W-1:0] next,
    input  logic                          released,
    output logic                          head,
    output logic                          head_ahead,
    output logic         [SEQUENCE_W-1:0] head_number,
    output logic                          pending,
    output logic                          coming,
    output logic         [SEQUENCE_W-1:0] coming_number,
    output logic                          crowded,
    input  logic                          s_header,
    input  logic         [ SESSION_W-1:0] s_session,
    input  logic         [SEQUENCE_W-1:0] s_sequence_number,
    input  logic         [          15:0] s_count,
    input  logic         [SEQUENCE_W-1:0] s_reach,
    input  logic         [         W-1:0] s_axis_tdata,
    input  logic                          s_axis_tvalid,
    input  logic         [   CYCLE_W-1:0] s_cycle,
    input  logic         [   CYCLE_W-1:0] s_frame_cycle,
    input  logic         [    LANE_W-1:0] s_tail,
    input  logic                          s_last,
    input  logic         [           2:0] s_runts,
    input  logic                          s_start,
    input  logic         [    LANE_W-1:0] s_lane,
    input  logic         [          15:0] s_length,
    input  logic                          s_end,
    input  logic                          s_error,
    output logic                          m_header,
    output logic                          m_may_gap,
    output logic         [ SESSION_W-1:0] m_session,
    output logic         [SEQUENCE_W-1:0] m_sequence_number,
    output logic         [          15:0] m_count,
    output logic         [SEQUENCE_W-1:0] m_reach,
    output logic         [         W-1:0] m_axis_tdata,
    output logic                          m_axis_tvalid,
    output logic         [   CYCLE_W-1:0] m_cycle,
    output logic         [   CYCLE_W-1:0] m_frame_cycle,
    output logic         [    LANE_W-1:0] m_tail,
    output logic                          m_last,
    output logic         [           2:0] m_runts,
    output logic                          m_start,
    output logic         [    LANE_W-1:0] m_lane,
    output logic         [          15:0] m_length,
    output logic                          m_end,
    output logic                          m_error,
    output feed_events_t                  feed_events
);
  localparam int unsigned LONGEST = BEATS / 4;  // beats of a packet
  if (W != 8 && W != 64) $error("line_hold: W must be 8 or 64");
  if ((BEATS & (BEATS - 1)) != 0 || BEATS < 16) begin : gen_beats
    $error("line_hold: BEATS must be a power of two, and 16 or more");
  end
  if ((PACKETS & (PACKETS - 1)) != 0 || PACKETS < 4) begin : gen_packets
    $error("line_hold: PACKETS must be a power of two, and 4 or more");
  end

  localparam int unsigned AT_W = $clog2(BEATS);
  localparam int unsigned KEPT_W = $clog2(PACKETS);
  localparam int unsigned LATE_W = 16;
  localparam logic [AT_W:0] FULL = (AT_W + 1)'(BEATS - LONGEST);  // above, the longest may not fit
  localparam logic [AT_W:0] CROWD = (AT_W + 1)'(BEATS - 2 * LONGEST);

  typedef struct packed {
    logic [W-1:0]      data;
    logic [LANE_W-1:0] tail;
    logic              last;
    logic [2:0]        runts;
    logic              start;
    logic [LANE_W-1:0] lane;
    logic [15:0]       length;
  } beat_t;

  typedef struct packed {
    logic [LATE_W-1:0] late;  // cycles after the frame's first beat
    beat_t             beat;
  } kept_t;

  typedef struct packed {
    logic [SESSION_W-1:0]  session;
    logic [SEQUENCE_W-1:0] number;
    logic [15:0]           count;
    logic [CYCLE_W-1:0]    frame;
  } came_t;

  typedef struct packed {
    came_t         came;
    logic [AT_W:0] beats;
  } packet_t;

  kept_t   beats  [  BEATS];
  packet_t packets[PACKETS];

  // What comes in.
  logic keeps, unseen_q;  // the packet whose header came a cycle ago
  logic coming_q, spoilt_d, spoilt_q;
  logic [AT_W:0] from_q, write_q, read_q;  // beats: with a bit more than their place in `beats`
  logic [KEPT_W:0] put_q, got_q;
  logic [CYCLE_W-1:0] late;
  logic store, put, shown_q;
  kept_t kept;
  came_t came_q;

  // What is given.
  typedef enum logic [2:0] {
    IDLE,
    ASKED,   // its header was given a cycle ago,
    JUDGED,  // ... 2 cycles ago
    PLAY,
    DONE
  } state_e;
  state_e state_d, state_q;
  logic ours, gives, acted_q, refused_q, pop, skip;
  logic cut_q;  // what is being given is forgotten, and ends now
  logic head_d, head_q, known_q, ahead_q, quiet_q;
  logic [1:0] lately_q;  // a header came
  packet_t first_q;
  logic [AT_W:0] left_d, left_q;
  logic issue, ending;
  logic [1:0] given_q;  // a beat was read 1, 2 cycles ago
  logic [2:0] ends_q;  // ... the last
  kept_t kept_q;
  beat_t beat_q;
  logic [CYCLE_W-1:0] cycle_q;

  assign keeps = (refused && shown_q) || unseen_q;
  assign late = s_cycle - s_frame_cycle;
  assign kept = '{
          late: late[LATE_W-1:0],
          beat: '{
              data: s_axis_tdata,
              tail: s_tail,
              last: s_last,
              runts: s_runts,
              start: s_start,
              lane: s_lane,
              length: s_length
          }
      };
  assign store = coming_q && s_axis_tvalid && !spoilt_q && write_q - from_q != (AT_W + 1)'(LONGEST);
  assign put = coming_q && s_end && !s_error && !spoilt_q;

  always_comb begin
    spoilt_d = spoilt_q;
    if (s_axis_tvalid && late[CYCLE_W-1:LATE_W] != '0) spoilt_d = 1'b1;
    if (s_axis_tvalid && write_q - from_q == (AT_W + 1)'(LONGEST)) spoilt_d = 1'b1;
    if (keeps) begin
      spoilt_d = write_q - read_q > FULL || put_q - got_q == (KEPT_W + 1)'(PACKETS);
    end
  end

  always_ff @(posedge clk) begin
    if (store) beats[write_q[AT_W-1:0]] <= kept;
    if (put) packets[put_q[KEPT_W-1:0]] <= '{came: came_q, beats: write_q - from_q};
    if (keeps) begin
      came_q.session <= s_session;
      came_q.number  <= s_sequence_number;
      came_q.count   <= s_count;
      from_q         <= write_q;
    end
    if (s_axis_tvalid) came_q.frame <= s_frame_cycle;
    spoilt_q <= spoilt_d;
    if (store) write_q <= write_q + (AT_W + 1)'(1);
    if (coming_q && s_end && !put) write_q <= from_q;
    shown_q <= s_header && !ours;
    unseen_q <= s_header && ours && !clear;
    crowded <= (coming_q ? from_q : write_q) - read_q > CROWD ||
               put_q - got_q > (KEPT_W + 1)'(PACKETS - 2);
    feed_events <= '0;
    feed_events.hold_drops <= coming_q && s_end && !s_error && spoilt_q;
    feed_events.reordered <= state_q == JUDGED && acted_q;
    if (put) put_q <= put_q + (KEPT_W + 1)'(1);
    if (keeps) coming_q <= 1'b1;
    else if (s_end) coming_q <= 1'b0;
    if (rst || clear) begin
      coming_q    <= 1'b0;
      unseen_q    <= 1'b0;
      shown_q     <= 1'b0;
      write_q     <= '0;
      put_q       <= '0;
      crowded     <= 1'b0;
      feed_events <= '0;
    end
  end

  // The oldest.
  assign head_d = (head_q || put_q != got_q) && !pop;
  always_ff @(posedge clk) begin
    if (!head_q) first_q <= packets[got_q[KEPT_W-1:0]];
    known_q <= head_q && !pop;
    ahead_q <= followed && first_q.came.session == session &&
               1'((next - first_q.came.number) >> (SEQUENCE_W - 1));
    quiet_q <= quiet;
    lately_q <= {lately_q[0], s_header && !ours};
    head_q <= head_d;
    if (pop) got_q <= got_q + (KEPT_W + 1)'(1);
    if (issue) read_q <= read_q + (AT_W + 1)'(1);
    if (skip) read_q <= read_q + first_q.beats;
    if (rst || clear) begin
      head_q   <= 1'b0;
      known_q  <= 1'b0;
      got_q    <= '0;
      read_q   <= '0;
      lately_q <= '0;
      quiet_q  <= 1'b0;
    end
  end

  assign gives = state_q == IDLE && known_q && quiet && quiet_q && !s_header && lately_q == '0 &&
                 (!ahead_q || released) && !clear;
  assign ours = gives || state_q != IDLE;
  assign issue = state_q == PLAY && left_q != '0;
  assign ending = state_q == PLAY && left_q[AT_W:1] == '0;
  assign skip = state_q == JUDGED && !acted_q && !refused_q;
  assign pop = skip || (ends_q[2] && !cut_q);

  always_comb begin
    state_d = state_q;
    left_d  = left_q - (AT_W + 1)'(issue);
    unique case (state_q)
      IDLE: if (gives) state_d = ASKED;
      ASKED: state_d = JUDGED;
      JUDGED: begin
        state_d = acted_q ? PLAY : IDLE;
        left_d  = first_q.beats;
      end
      PLAY: if (ending) state_d = DONE;
      default: if (ends_q[2]) state_d = IDLE;
    endcase
  end

  always_ff @(posedge clk) begin
    acted_q   <= acted;
    refused_q <= refused;
    left_q    <= left_d;
    kept_q    <= beats[read_q[AT_W-1:0]];
    beat_q    <= kept_q.beat;
    cycle_q   <= first_q.came.frame + CYCLE_W'(kept_q.late);
    given_q   <= {given_q[0], issue};
    ends_q    <= {ends_q[1:0], ending};
    cut_q     <= 1'b0;
    state_q   <= state_d;
    if (rst || clear) begin
      state_q <= IDLE;
      given_q <= '0;
      ends_q  <= '0;
    end
    if (!rst && clear && (state_d == PLAY || state_d == DONE)) begin
      state_q   <= DONE;
      ends_q[2] <= 1'b1;
      cut_q     <= 1'b1;
    end
  end

  always_comb begin
    m_header          = s_header;
    m_session         = s_session;
    m_sequence_number = s_sequence_number;
    m_count           = s_count;
    m_reach           = s_reach;
    m_axis_tdata      = s_axis_tdata;
    m_axis_tvalid     = s_axis_tvalid;
    m_cycle           = s_cycle;
    m_frame_cycle     = s_frame_cycle;
    m_tail            = s_tail;
    m_last            = s_last;
    m_runts           = s_runts;
    m_start           = s_start;
    m_lane            = s_lane;
    m_length          = s_length;
    m_end             = s_end;
    m_error           = s_error;
    m_may_gap         = 1'b0;
    if (ours) begin
      m_header          = gives;
      m_may_gap         = released;
      m_session         = first_q.came.session;
      m_sequence_number = first_q.came.number;
      m_count           = first_q.came.count;
      m_reach           = first_q.came.number;
      if (first_q.came.count != '1) m_reach += SEQUENCE_W'(first_q.came.count);
      m_axis_tdata  = beat_q.data;
      m_axis_tvalid = given_q[1];
      m_cycle       = cycle_q;
      m_frame_cycle = first_q.came.frame;
      m_tail        = given_q[1] ? beat_q.tail : '0;
      m_last        = given_q[1] && beat_q.last;
      m_runts       = given_q[1] ? beat_q.runts : '0;
      m_start       = given_q[1] && beat_q.start;
      m_lane        = beat_q.lane;
      m_length      = beat_q.length;
      m_end         = ends_q[2];
      m_error       = 1'b0;
    end
  end

  assign head          = known_q;
  assign head_ahead    = ahead_q;
  assign head_number   = first_q.came.number;
  assign pending       = put_q != got_q && !known_q;
  assign coming        = coming_q;
  assign coming_number = came_q.number;
endmodule

`default_nettype wire
