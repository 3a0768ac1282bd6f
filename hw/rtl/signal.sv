// signal: makes a decision, or none with its reason, of what the network says.
//
// What: s_signal is the record but for decision, strength and model_id; its reason is the book's or
// the features' (ok, or why there can be no decision). The rules, with the slot's thresholds,
// hysteresis and minimum interval, are those of sw/tickwire/replay/signals.py.
// Timing: m_signal is presented 2 cycles after s_signal, always; the events signals_none,
// signals_buy and signals_sell come with m_valid. Records come 2 cycles apart or more, since the
// state of a slot is read in one cycle and written in the next; nothing is held up.
// Rules: bad_frame says that the frame of stamp bad_frame_cycle was wrong: records of that frame
// that come then, or later until VERDICTS more frames were bad, get that reason; VERDICTS is what
// may be on its way at the shortest of frames. Settings may be changed at any time, and hold for
// the records that come after. Reset forgets what was decided, and which frames were bad.
`default_nettype none

module signal
  import tick_pkg::*;
#(
    parameter int unsigned VERDICTS = 4,
    localparam int unsigned BACK_W = 16,
    localparam int unsigned INTERVAL_W = 32,
    localparam int unsigned UNIT_BITS = 10  // an interval's unit is 1,024 ns
) (
    input  logic                                          clk,
    input  logic                                          rst,
    input  logic signed  [     SLOTS-1:0][STRENGTH_W-1:0] buy_threshold,
    input  logic signed  [     SLOTS-1:0][STRENGTH_W-1:0] sell_threshold,
    input  logic         [     SLOTS-1:0][    BACK_W-1:0] hysteresis,
    input  logic         [     SLOTS-1:0][INTERVAL_W-1:0] minimum_interval,
    input  logic         [MODEL_ID_W-1:0]                 model_id,
    input  logic                                          bad_frame,
    input  logic         [   CYCLE_W-1:0]                 bad_frame_cycle,
    input  logic                                          s_valid,
    input  signal_t                                       s_signal,
    output logic                                          m_valid,
    output signal_t                                       m_signal,
    output path_events_t                                  path_events
);
  if (VERDICTS < 1) $error("signal: VERDICTS must be 1 or more");

  // What was decided: bought and sold until the strength has come back.
  logic [SLOTS-1:0] bought_q, sold_q, decided_q;
  logic [SLOTS-1:0][TIME_W-1:0] time_q;
  logic [SLOTS-1:0] mine_q;  // the record is this slot's

  // First cycle: differences, and this slot's settings and state.
  logic valid_q, bad_q, was_bad;
  logic [VERDICTS-1:0] known_q;  // the last bad frames, the latest first
  logic [VERDICTS-1:0][CYCLE_W-1:0] known_cycle_q;
  signal_t signal_q, decided;
  logic signed [STRENGTH_W-1:0] strength_q, buy_q, sell_q;
  logic signed [STRENGTH_W+1:0] buy_back_q, sell_back_q;  // where the strength has come back
  logic back_q;  // it must
  logic [INTERVAL_W-1:0] interval_q;
  logic [TIME_W:0] elapsed_q;
  logic was_bought_q, was_sold_q, was_decided_q;
  logic signed [STRENGTH_W+1:0] back, buy_back, sell_back;

  // Second: the rules.
  logic buys, sells, bought, sold, heeded, allowed, soon, takes;
  logic signed [STRENGTH_W+1:0] strength;

  always_comb begin
    was_bad = bad_frame && bad_frame_cycle == s_signal.frame_cycle;
    for (int unsigned i = 0; i < VERDICTS; i++) begin
      if (known_q[i] && known_cycle_q[i] == s_signal.frame_cycle) was_bad = 1'b1;
    end

    back = $signed((STRENGTH_W + 2)'(hysteresis[s_signal.slot]));
    buy_back = (STRENGTH_W + 2)'($signed(buy_threshold[s_signal.slot])) - back;
    sell_back = (STRENGTH_W + 2)'($signed(sell_threshold[s_signal.slot])) + back;
    strength = (STRENGTH_W + 2)'(strength_q);
    heeded = !bad_q && signal_q.reason == REASON_OK;
    buys = strength_q >= buy_q;
    sells = strength_q <= sell_q;
    bought = was_bought_q && back_q && strength > buy_back_q;
    sold = was_sold_q && back_q && strength < sell_back_q;
    soon = was_decided_q &&
        (elapsed_q[TIME_W] || elapsed_q[TIME_W-1:0] < TIME_W'({interval_q, UNIT_BITS'(0)}));

    decided = signal_q;
    decided.strength = strength_q;
    decided.model_id = model_id;
    decided.decision = ACTION_NONE;
    allowed = heeded && buys != sells && !(buys ? bought : sold);  // whatever the time
    takes = allowed && !soon;
    if (takes) decided.decision = buys ? ACTION_BUY : ACTION_SELL;
    else if (bad_q) decided.reason = REASON_BAD_FRAME;
    else if (allowed) decided.reason = REASON_TOO_SOON;
    else if (heeded) decided.reason = buys == sells ? REASON_BELOW_THRESHOLD : REASON_HYSTERESIS;
  end

  always_ff @(posedge clk) begin
    signal_q      <= s_signal;
    bad_q         <= was_bad;
    strength_q    <= STRENGTH_W'(s_signal.scores[2]) - STRENGTH_W'(s_signal.scores[0]);
    buy_q         <= buy_threshold[s_signal.slot];
    sell_q        <= sell_threshold[s_signal.slot];
    buy_back_q    <= buy_back;
    sell_back_q   <= sell_back;
    back_q        <= back != '0;
    interval_q    <= minimum_interval[s_signal.slot];
    elapsed_q     <= {1'b0, s_signal.timestamp} - {1'b0, time_q[s_signal.slot]};
    was_bought_q  <= bought_q[s_signal.slot];
    was_sold_q    <= sold_q[s_signal.slot];
    was_decided_q <= decided_q[s_signal.slot];
    m_signal      <= decided;
    if (bad_frame) known_cycle_q <= (VERDICTS * CYCLE_W)'({known_cycle_q, bad_frame_cycle});
    if (rst) begin
      valid_q   <= 1'b0;
      known_q   <= '0;
      bought_q  <= '0;
      sold_q    <= '0;
      decided_q <= '0;
      m_valid   <= 1'b0;
    end else begin
      valid_q <= s_valid;
      if (bad_frame) known_q <= VERDICTS'({known_q, 1'b1});
      m_valid <= valid_q;
      for (int unsigned i = 0; i < SLOTS; i++) begin
        if (mine_q[i] && heeded) begin
          bought_q[i] <= takes ? buys : bought;
          sold_q[i]   <= takes ? !buys : sold;
        end
        if (mine_q[i] && takes) decided_q[i] <= 1'b1;
      end
    end
    for (int unsigned i = 0; i < SLOTS; i++) begin
      mine_q[i] <= s_valid && !rst && s_signal.slot == SLOT_W'(i);
      if (mine_q[i] && takes) time_q[i] <= signal_q.timestamp;
    end
  end

  always_ff @(posedge clk) begin
    path_events <= '0;
    if (valid_q && !rst) begin
      path_events.signals_none <= !takes;
      path_events.signals_buy  <= takes && buys;
      path_events.signals_sell <= takes && !buys;
    end
  end
endmodule

`default_nettype wire
