// nn: the socket of the network: feature vectors in, its scores out, each with what it is of.
//
// What: The network is the module `network` with the package `network_pkg`, as
// models/deploy/convert.py writes them. s_valid brings a vector in any cycle. Each makes one
// m_signal, in order:
//   a vector that isn't warm clears its slot's state; no step; its reason, else warming_up
//   one with a reason other than ok: no step; its reason
//   of a slot that is broken: no step; reason dropped
//   one that isn't changed: no step; reason unchanged
//   else a step; reason ok. Scores are the network's; without a step they are 0.
// Timing: The record is presented LATENCY + 1 cycles after the vector (LATENCY is network_pkg's),
// unless the vector waits: until the vectors before it are gone, 2 cycles have passed since the
// last went, and, where it steps or clears a network with state, LOOP cycles since its slot's last
// step went. From when it goes to its record it is LATENCY + 1 cycles, always. A cycle after
// their cause come the events inferences (a step went) and network_drops, and the pulse waited (a
// vector came that didn't go at once). No backpressure.
// GATED: the network's clock stands while nothing is under way in it (idle_clock).
// Rules: QUEUE vectors can wait; one that finds them all there is dropped, without a record, and
// its slot is broken until a vector of it that isn't warm is taken. Reset empties all and clears
// every state.
// Not: It gives no decision, strength and model_id.
`default_nettype none

module nn
  import tick_pkg::*;
#(
    parameter int unsigned QUEUE = 16,  // vectors that may wait; a power of two
    parameter bit GATED = 1'b0  // in simulation: the network's clock stands where it may
) (
    input  logic            clk,
    input  logic            rst,
    input  logic            s_valid,
    input  feature_vector_t s_vector,
    output logic            m_valid,
    output signal_t         m_signal,
    output path_events_t    path_events,
    output logic            waited
);
  import network_pkg::LATENCY;
  import network_pkg::LOOP;
  import network_pkg::RECURRENT;
  import network_pkg::INPUTS;
  import network_pkg::INPUT_W;
  import network_pkg::OUTPUTS;
  import network_pkg::OUTPUT_BITS;
  if (QUEUE < 2 || (QUEUE & (QUEUE - 1)) != 0)
    $error("nn: QUEUE must be a power of two, 2 or more");
  if (INPUT_W > FEATURE_W) $error("nn: an input must not be wider than a feature");
  if (OUTPUTS < CLASSES || OUTPUTS > CLASSES + 2) $error("nn: there must be 3 to 5 outputs");

  localparam int unsigned PLACE_W = $clog2(QUEUE);
  localparam int unsigned RIDES = QUEUE + LATENCY / 2 + 1;  // vectors between arrival and record
  localparam int unsigned RIDE_W = $clog2(RIDES);
  localparam int unsigned AWAY = LOOP > 2 ? LOOP - 1 : 1;  // cycles in which a step is away

  typedef struct packed {
    logic step;
    logic clear;
    logic [SLOT_W-1:0] slot;
    logic [INPUTS-1:0][INPUT_W-1:0] x;
  } job_t;
  typedef struct packed {
    logic [SLOT_W-1:0]     slot;
    logic [SEQUENCE_W-1:0] sequence_number;
    logic [TIME_W-1:0]     timestamp;
    reason_e               reason;
    logic [PRICE_W-1:0]    bid_price;
    logic [SHARES_W-1:0]   bid_shares;
    logic [PRICE_W-1:0]    ask_price;
    logic [SHARES_W-1:0]   ask_shares;
    logic [CYCLE_W-1:0]    frame_cycle;
    logic [CYCLE_W-1:0]    message_cycle;
  } ride_t;

  // What a vector is to do is known as it comes.
  logic [SLOTS-1:0] broken_q;
  logic empty, full, takes, go;
  job_t arriving, head;
  ride_t ride;
  always_comb begin
    arriving.slot  = s_vector.slot;
    arriving.clear = !s_vector.warm;
    for (int unsigned i = 0; i < INPUTS; i++) begin
      arriving.x[i] = s_vector.values[network_pkg::FEATURE[i]][INPUT_W-1:0];
    end
    ride = '{
        slot: s_vector.slot,
        sequence_number: s_vector.sequence_number,
        timestamp: s_vector.timestamp,
        reason: s_vector.reason,
        bid_price: s_vector.bid_price,
        bid_shares: s_vector.bid_shares,
        ask_price: s_vector.ask_price,
        ask_shares: s_vector.ask_shares,
        frame_cycle: s_vector.frame_cycle,
        message_cycle: s_vector.message_cycle
    };
    if (s_vector.reason == REASON_OK) begin
      if (!s_vector.warm) ride.reason = REASON_WARMING_UP;
      else if (broken_q[s_vector.slot]) ride.reason = REASON_DROPPED;
      else if (!s_vector.changed) ride.reason = REASON_UNCHANGED;
    end
    arriving.step = ride.reason == REASON_OK;
  end

  // What waits, in order. A vector that finds nothing waiting goes past it.
  (* ram_style = "distributed" *) logic [$bits(job_t)-1:0] waiting[QUEUE];
  logic [PLACE_W:0] put_q, take_q;
  logic went_q, blocked;
  logic [AWAY-1:0] away_q;  // steps that went in the last cycles
  logic [AWAY-1:0][SLOT_W-1:0] away_slot_q;
  assign empty = put_q == take_q;
  assign full  = put_q == (take_q ^ {1'b1, PLACE_W'(0)});
  assign takes = s_valid && !full;
  assign head  = empty ? arriving : job_t'(waiting[take_q[PLACE_W-1:0]]);
  always_comb begin
    blocked = 1'b0;
    for (int unsigned i = 0; i < AWAY; i++) begin
      if (away_q[i] && away_slot_q[i] == head.slot) blocked = head.step || head.clear;
    end
    if (!RECURRENT) blocked = 1'b0;
    go = (s_valid || !empty) && !went_q && !blocked;
  end
  always_ff @(posedge clk) begin
    if (takes && !(empty && go)) begin
      waiting[put_q[PLACE_W-1:0]] <= arriving;
      put_q <= put_q + 1'b1;
    end
    if (go && !empty) take_q <= take_q + 1'b1;
    if (s_valid && full) broken_q[s_vector.slot] <= 1'b1;
    else if (s_valid && !s_vector.warm) broken_q[s_vector.slot] <= 1'b0;
    away_q      <= AWAY'({away_q, go && head.step});
    away_slot_q <= (AWAY * SLOT_W)'({away_slot_q, head.slot});
    went_q      <= go;
    waited      <= takes && !(empty && go) && !rst;
    if (rst) begin
      put_q    <= '0;
      take_q   <= '0;
      broken_q <= '0;
      away_q   <= '0;
      went_q   <= 1'b0;
    end
  end
  always_ff @(posedge clk) begin
    path_events <= '0;
    if (!rst) begin
      path_events.inferences    <= go && head.step;
      path_events.network_drops <= s_valid && full;
    end
  end

  // What isn't the network's rides beside it, from arrival to record.
  (* ram_style = "distributed" *) logic [$bits(ride_t)-1:0] rides[1<<RIDE_W];
  logic [RIDE_W-1:0] boards_q, leaves_q;
  logic [LATENCY-1:0] due_q, steps_q;
  logic  m_step_q;
  ride_t m_ride_q;
  always_ff @(posedge clk) begin
    if (takes) begin
      rides[boards_q] <= ride;
      boards_q <= boards_q + 1'b1;
    end
    due_q    <= LATENCY'({due_q, go});
    steps_q  <= LATENCY'({steps_q, go && head.step});
    m_valid  <= due_q[LATENCY-1];
    m_step_q <= steps_q[LATENCY-1];
    m_ride_q <= ride_t'(rides[leaves_q]);
    if (due_q[LATENCY-1]) leaves_q <= leaves_q + 1'b1;
    if (rst) begin
      boards_q <= '0;
      leaves_q <= '0;
      due_q    <= '0;
      steps_q  <= '0;
      m_valid  <= 1'b0;
      m_step_q <= 1'b0;
    end
  end

  // The network, which takes an input in any cycle that `go` leaves it.
  logic network_clk, network_go, network_valid, network_ready;
  logic [OUTPUT_BITS-1:0] outputs;
  logic [SLOT_W-1:0] tag;
  assign network_go = go && (head.step || (RECURRENT && head.clear));
  idle_clock #(
      .GATED (GATED),
      .LINGER(LATENCY + 1)
  ) network_clock (
      .clk  (clk),
      .rst  (rst),
      .busy (network_go),
      .m_clk(network_clk)
  );
  network #(
      .TAG_BITS(SLOT_W)
  ) network_i (
      .clk(network_clk),
      .rst(rst),
      .s_axis_tvalid(network_go),
      .s_axis_tready(network_ready),
      .s_axis_tdata(head.x),
      .s_axis_tid(head.slot),
      .s_axis_tuser({1'b0, head.clear}),
      .m_axis_tvalid(network_valid),
      .m_axis_tdata(outputs),
      .m_axis_tid(tag)
  );

  // Its outputs at the scores' binary point.
  logic [CLASSES+2-1:0][SCORE_W-1:0] scores;
  for (genvar i = 0; i < CLASSES + 2; i++) begin : g_score
    if (i < OUTPUTS) begin : g_there
      localparam int unsigned WIDTH = network_pkg::OUTPUT_W[i];
      localparam int unsigned MORE = SCORE_W - WIDTH;
      logic [WIDTH-1:0] code;
      logic sign;
      assign code = outputs[network_pkg::OUTPUT_AT[i]+:WIDTH];
      assign sign = network_pkg::OUTPUT_SIGNED[i] && code[WIDTH-1];
      assign scores[i] = m_step_q ? {{MORE{sign}}, code} << network_pkg::OUTPUT_SHIFT[i] : '0;
    end else begin : g_none
      assign scores[i] = '0;
    end
  end
  always_comb begin
    m_signal                     = '0;
    m_signal.slot                = m_ride_q.slot;
    m_signal.sequence_number     = m_ride_q.sequence_number;
    m_signal.timestamp           = m_ride_q.timestamp;
    m_signal.scores              = scores[CLASSES-1:0];
    m_signal.expected_return     = scores[CLASSES];
    m_signal.expected_volatility = scores[CLASSES+1];
    m_signal.decision            = ACTION_NONE;
    m_signal.reason              = m_ride_q.reason;
    m_signal.bid_price           = m_ride_q.bid_price;
    m_signal.bid_shares          = m_ride_q.bid_shares;
    m_signal.ask_price           = m_ride_q.ask_price;
    m_signal.ask_shares          = m_ride_q.ask_shares;
    m_signal.frame_cycle         = m_ride_q.frame_cycle;
    m_signal.message_cycle       = m_ride_q.message_cycle;
  end

`ifndef SYNTHESIS
  // What the constant latency rests on: the network never holds anything back. Before the first
  // reset registers hold anything.
  logic was_reset_q;
  initial was_reset_q = 1'b0;
  always @(posedge clk) if (rst) was_reset_q <= 1'b1;
  always_ff @(posedge clk) begin
    if (was_reset_q && !rst) begin
      network_takes : assert (network_ready);
      result_is_due : assert (network_valid == m_step_q);
      result_is_its : assert (!network_valid || tag == m_ride_q.slot);
    end
  end
`endif
endmodule

`default_nettype wire
