// feature_history: what a slot's events before this one say: where the middle was some events ago,
// the last move of it and how many events ago that was, how long ago the last event was, and how
// long events are apart.
//
// What: the features return, last_move, since_move, pause and pace of docs/reference/features.md.
//
// Timing: a port's last digit is its cycle. slot0, time0 and events0 bring a record's slot, its
// exchange time and how many events the slot had, 2 cycles or more after the last; event1 says in
// the next cycle that it is an event, with slot1, middle1, before1, the middle of the event
// before, and first1, the slot's first: then before1 has no meaning. Of an event, the features
// stand in cycle 3: return3[i] against the middle LAG_RETURN[i] events ago, last_move3,
// since_move3, pause3 and pace3. event3 and slot3 are event1 and slot1 of 2 cycles before.
// Constant latency, no backpressure. No reset: a slot begins with its first event.
//
// Not: without an event nothing is remembered, and the features have no meaning.
`default_nettype none

module feature_history
  import tick_pkg::*;
  import feature_table_pkg::*;
  import feature_pkg::*;
#(
    parameter int unsigned BOOKS = SLOTS,  // slots that may be used, from 0; 2 or more
    localparam int unsigned BOOK_W = $clog2(BOOKS)
) (
    input  logic                    clk,
    input  logic     [  BOOK_W-1:0] slot0,
    input  logic     [  TIME_W-1:0] time0,
    input  logic     [EVENTS_W-1:0] events0,
    input  logic                    event1,
    input  logic                    first1,
    input  logic     [  BOOK_W-1:0] slot1,
    input  middle_t                 middle1,
    input  middle_t                 before1,
    input  logic                    event3,
    input  logic     [  BOOK_W-1:0] slot3,
    output element_t [ RETURNS-1:0] return3,
    output element_t                last_move3,
    output element_t                since_move3,
    output element_t                pause3,
    output element_t                pace3
);
  localparam int unsigned RING = 16;  // middles remembered; no lag is longer
  localparam int unsigned PLACE_W = $clog2(RING);
  // Events since the middle moved, and 1: no logarithm of more is below MOST.
  localparam int unsigned OCTAVE = MOST >> FRACTION;
  localparam int unsigned LONG = (1 << OCTAVE) + ((MOST % (1 << FRACTION)) << (OCTAVE - FRACTION));
  localparam int unsigned COUNT_W = $clog2(LONG + 1);
  localparam int unsigned UNITS_W = TIME_W - UNIT_PAUSE;  // of time
  localparam int unsigned PAUSE_W = LOG_W - STEP_PAUSE;
  localparam int unsigned PACE_W = PAUSE_W + SHIFT_PACE;
  typedef logic [PLACE_W-1:0] place_t;

  if (BOOKS < 2 || BOOKS > SLOTS) $error("feature_history: BOOKS must be 2 to SLOTS");
  if (UNITS_W > 39) $error("feature_history: a time's logarithm has 40 bits at most");
  if (PAUSE_W < FEATURE_BITS) $error("feature_history: pauses have too few bits");
  if (!squashable(KNEE_LAST_MOVE)) $error("feature_history: a knee must be 4 to 15");

  move_t move1;
  logic  moved1;
  assign move1  = $signed((MIDDLE_W + 1)'(middle1)) - $signed((MIDDLE_W + 1)'(before1));
  assign moved1 = middle1 != before1 && !first1;

  // 0 to 2: where the middle was some events ago. A slot that began later was where it began.
  logic [BOOKS-1:0][PLACE_W-1:0] at_q;  // of the newest
  place_t at0, at1_q;
  (* ram_style = "distributed" *)middle_t begins [  BOOKS];
  middle_t begin1;
  move_t   lag2_q [RETURNS];
  window_t lag3_q [RETURNS];
  assign at0    = at_q[slot0];
  assign begin1 = begins[slot1];
  for (genvar i = 0; i < RETURNS; i++) begin : g_return
    if (LAG_RETURN[i] < 1 || LAG_RETURN[i] > RING || LAG_RETURN[i] > WARM_EVENTS) begin : g_lag
      $error("feature_history: the ring of middles is too short for a lag");
    end
    if (!squashable(KNEE_RETURN[i])) begin : g_knee
      $error("feature_history: a knee must be 4 to 15");
    end
    if (LAG_RETURN[i] == 1) begin : g_near
      always_ff @(posedge clk) lag2_q[i] <= first1 ? '0 : move1;
    end else begin : g_far
      (* ram_style = "block" *) middle_t ring[RING*BOOKS];
      middle_t ago1_q, ago1;
      logic reach1_q;  // as many events came as the lag is long
      assign ago1 = reach1_q ? ago1_q : begin1;
      always_ff @(posedge clk) begin
        reach1_q <= events0 >= EVENTS_W'(LAG_RETURN[i]);
        ago1_q   <= ring[{slot0, at0-place_t'(LAG_RETURN[i]-1)}];
        if (event1) ring[{slot1, at1_q+place_t'(1)}] <= middle1;
        lag2_q[i] <= $signed((MIDDLE_W + 1)'(middle1)) - $signed((MIDDLE_W + 1)'(ago1));
        if (first1) lag2_q[i] <= '0;
      end
    end
    always_ff @(posedge clk) lag3_q[i] <= window(44'(lag2_q[i]), KNEE_RETURN[i]);
    assign return3[i] = signed_squash(lag3_q[i]);
  end

  // 1 and 2: the last move, and how many events ago it was.
  (* ram_style = "distributed" *)logic [ MIDDLE_W:0] steps [BOOKS];
  (* ram_style = "distributed" *)logic [COUNT_W-1:0] sinces[BOOKS];  // and 1
  logic [COUNT_W-1:0] since1, since2_q;
  log_t since3_q;
  move_t step2_q;
  window_t last3_q;
  always_comb begin
    since1 = sinces[slot1];
    if (moved1) since1 = COUNT_W'(1);
    else if (first1) since1 = COUNT_W'(2);
    else if (since1 != COUNT_W'(LONG)) since1 = since1 + 1'b1;
  end
  always_ff @(posedge clk) begin
    at1_q    <= at0;
    since2_q <= since1;
    since3_q <= octaves(40'(since2_q));
    step2_q  <= first1 ? '0 : moved1 ? move1 : $signed(steps[slot1]);
    last3_q  <= window(44'(step2_q), KNEE_LAST_MOVE);
    if (event1) begin
      at_q[slot1]   <= at1_q + place_t'(1);
      sinces[slot1] <= since1;
      if (first1) begins[slot1] <= middle1;
      if (first1 || moved1) steps[slot1] <= first1 ? '0 : move1;
    end
  end
  assign last_move3  = signed_squash(last3_q);
  assign since_move3 = element_t'(since3_q >= LOG_W'(MOST) ? LOG_W'(MOST) : since3_q);

  // 0 to 3: the time since the slot's last event, and the level of that.
  (* ram_style = "distributed" *) logic [TIME_W-1:0] times[BOOKS];
  (* ram_style = "distributed" *) logic [PACE_W-1:0] paces[BOOKS];
  logic [TIME_W-1:0] time1_q;
  logic [TIME_W:0] passed1_q;
  logic [UNITS_W:0] pause2_q;  // and 1
  logic [PAUSE_W-1:0] pause3_q;
  logic [PACE_W-1:0] pace_base3_q, pace_sum3;
  logic [PAUSE_W-1:0] pace_level3;
  logic first2_q, first3_q;
  logic [BOOK_W-1:0] slot2_q;
  always_comb begin
    pace_sum3 = pace_base3_q + PACE_W'(pause3_q);
    if (first3_q) pace_sum3 = {pause3_q, SHIFT_PACE'(0)};
    pace_level3 = PAUSE_W'(pace_sum3 >> SHIFT_PACE);
  end
  always_ff @(posedge clk) begin
    time1_q <= time0;
    passed1_q <= {1'b0, time0} - {1'b0, times[slot0]};
    pause2_q <= (UNITS_W + 1)'(passed1_q[TIME_W] || first1 ? '0 : passed1_q[TIME_W-1:UNIT_PAUSE])
                + 1'b1;
    pause3_q <= PAUSE_W'(octaves(40'(pause2_q)) >> STEP_PAUSE);
    first2_q <= first1;
    first3_q <= first2_q;
    slot2_q <= slot1;
    pace_base3_q <= paces[slot2_q] - (paces[slot2_q] >> SHIFT_PACE);
    if (event1) times[slot1] <= time1_q;
    if (event3) paces[slot3] <= pace_sum3;
  end
  assign pause3 = element_t'(pause3_q >= PAUSE_W'(MOST) ? PAUSE_W'(MOST) : pause3_q);
  assign pace3  = element_t'(pace_level3 >= PAUSE_W'(MOST) ? PAUSE_W'(MOST) : pace_level3);
endmodule

`default_nettype wire
