// features: the network's input integers, from what price_book shows.
//
// What: the features of docs/reference/features.md, with the numbers of feature_table_pkg. It
// joins the blocks that compute them: feature_change says what a record changed; feature_sizes,
// feature_history, feature_sampler, feature_level and feature_sum say what the features are;
// feature_show sends them. The last digit of a name between them is the cycle after its record.
//
// Timing: s_valid brings s_top and s_depth, 2 cycles or more after the last. A record that sends
// its own slot's vector presents it 4 cycles later: m_valid, m_vector. By default that is the last
// record of a packet that named its slot; the vectors of the other slots that the packet named
// follow, the lowest first, each GAP cycles or more after what left before it, and never instead
// of an own one. One that still waits leaves, whatever GAP says, 3 cycles after the next record
// that names its slot. With each_change every record with an operation sends its vector, and
// nothing else is sent. Constant latency of own vectors, no backpressure.
//
// Rules: a vector is its slot's as it stood when the packet ended; warm, the best bid and ask, and
// the reason: what the book said, ok becoming warming_up where the slot isn't warm. changed says
// that an event came since the slot's last vector left. The stamps and the sequence number are
// those of the record that sends it; of others, those of their packet's last record; a record
// without a time has that of the record before it. It depends on
// the contract of price_book: s_depth's side is the only one that the record changed; a side of
// which no record came since its slot was cleared is empty. Reset makes every slot as new and
// forgets what waits.
//
// Not: it knows no orders and no levels below the table's DEPTH.
`default_nettype none

module features
  import tick_pkg::*;
  import feature_table_pkg::*;
  import feature_pkg::*;
#(
    parameter int unsigned BOOKS = SLOTS,  // slots that may be used, from 0; 2 or more
    parameter int unsigned GAP = 2  // cycles between vectors, but before own ones
) (
    input  logic            clk,
    input  logic            rst,
    input  logic            each_change,
    input  logic            s_valid,
    input  top_of_book_t    s_top,
    input  depth_t          s_depth,
    output logic            m_valid,
    output feature_vector_t m_vector
);
  if (BOOKS < 2 || BOOKS > SLOTS) $error("features: BOOKS must be 2 to SLOTS");
  if (FEATURE_BITS != 8) $error("features: its arithmetic is for elements of 8 bits");
  if (FRACTION != 4) $error("features: its arithmetic is for 4 bits behind the point");
  if (ELEMENTS != IMBALANCES + GAPS + SUMS + RETURNS + TRENDS + MOMENTUMS + 11) begin : g_elements
    $error("features: the table has features that it doesn't make");
  end

  localparam int unsigned BOOK_W = $clog2(BOOKS);
  typedef logic [BOOK_W-1:0] slot_t;

  logic [EVENTS_W-1:0] events0;
  logic valid1, acts1, keeps1, event1, first1, side1, event2, event3, alive2, seasoned2;
  slot_t slot0, slot1, slot2, slot3;
  middle_t middle1, before1, travel2;
  price_t spread1;
  change_t flow2, trade2, pressure2;
  element_t [ELEMENTS-1:0] elements3;
  logic [MOMENTUMS-1:0] full2;
  assign slot0 = s_top.slot[BOOK_W-1:0];

  feature_change #(
      .BOOKS(BOOKS)
  ) change (
      .clk,
      .rst,
      .s_valid,
      .s_top,
      .s_depth,
      .events0,
      .valid1,
      .acts1,
      .keeps1,
      .event1,
      .first1,
      .slot1,
      .side1,
      .middle1,
      .before1,
      .spread1,
      .event2,
      .slot2,
      .alive2,
      .seasoned2,
      .flow2,
      .trade2,
      .pressure2,
      .travel2,
      .event3,
      .slot3,
      .flow3 (elements3[AT_FLOW_1]),
      .trade3(elements3[AT_TRADE])
  );

  element_t [IMBALANCES-1:0] imbalance3;
  element_t [GAPS-1:0] gap3;
  feature_sizes #(
      .BOOKS(BOOKS)
  ) sizes (
      .clk,
      .bid0           (s_top.bid_price),
      .ask0           (s_top.ask_price),
      .s_depth,
      .keeps1,
      .first1,
      .slot1,
      .side1,
      .event3,
      .slot3,
      .spread3        (elements3[AT_SPREAD]),
      .imbalance3,
      .imbalance_sum3 (elements3[AT_IMBALANCE_SUM]),
      .imbalance_mean3(elements3[AT_IMBALANCE_MEAN]),
      .micro_price3   (elements3[AT_MICRO_PRICE]),
      .gap3
  );
  for (genvar i = 0; i < IMBALANCES; i++) begin : g_imbalance
    assign elements3[AT_IMBALANCE[i]] = imbalance3[i];
  end
  for (genvar i = 0; i < GAPS; i++) begin : g_gap
    assign elements3[AT_GAP[i]] = gap3[i];
  end

  element_t [RETURNS-1:0] return3;
  feature_history #(
      .BOOKS(BOOKS)
  ) history (
      .clk,
      .slot0,
      .time0      (s_top.timestamp),
      .events0,
      .event1,
      .first1,
      .slot1,
      .middle1,
      .before1,
      .event3,
      .slot3,
      .return3,
      .last_move3 (elements3[AT_LAST_MOVE]),
      .since_move3(elements3[AT_SINCE_MOVE]),
      .pause3     (elements3[AT_PAUSE]),
      .pace3      (elements3[AT_PACE])
  );
  for (genvar i = 0; i < RETURNS; i++) begin : g_return
    assign elements3[AT_RETURN[i]] = return3[i];
  end

  for (genvar i = 0; i < MOMENTUMS; i++) begin : g_sampler
    feature_sampler #(
        .BOOKS   (BOOKS),
        .NUMBER_W(TIME_W - EXPONENT_MOMENTUM[i]),
        .BUCKETS (BUCKETS_MOMENTUM[i]),
        .KNEE    (KNEE_MOMENTUM[i])
    ) sampler (
        .clk,
        .slot0,
        .bucket0  (s_top.timestamp[TIME_W-1:EXPONENT_MOMENTUM[i]]),
        .event1,
        .first1,
        .slot1,
        .middle1,
        .before1,
        .full2    (full2[i]),
        .momentum3(elements3[AT_MOMENTUM[i]])
    );
  end

  feature_level #(
      .BOOKS(BOOKS),
      .SHIFT(SHIFT_SPREAD_CHANGE),
      .KNEE (KNEE_SPREAD_CHANGE),
      .X_W  (PRICE_W)
  ) spread_change (
      .clk,
      .event1,
      .first1,
      .slot1,
      .x1   (spread1),
      .away3(elements3[AT_SPREAD_CHANGE])
  );
  for (genvar i = 0; i < TRENDS; i++) begin : g_trend
    feature_level #(
        .BOOKS(BOOKS),
        .SHIFT(SHIFT_TREND[i]),
        .KNEE (KNEE_TREND[i])
    ) trend (
        .clk,
        .event1,
        .first1,
        .slot1,
        .x1   (middle1),
        .away3(elements3[AT_TREND[i]])
    );
  end

  for (genvar i = 0; i < SUMS; i++) begin : g_sum
    localparam bit MOVES = OF_SUM[i] == OF_MOVE;  // of a middle, and never negative
    localparam int unsigned SIZE_W = MOVES ? MIDDLE_W : CLIP_W;
    change_t x2;
    window_t window3;
    assign x2 = OF_SUM[i] == OF_FLOW ? flow2 : OF_SUM[i] == OF_PRESSURE ? pressure2 : trade2;
    feature_sum #(
        .BOOKS (BOOKS),
        .SHIFT (SHIFT_SUM[i]),
        .KNEE  (KNEE_SUM[i]),
        .SIZE_W(SIZE_W),
        .SIGNED(!MOVES)
    ) mean (
        .clk,
        .s_slot    (slot1),
        .s_first   (first1),
        .w_valid   (event2),
        .w_slot    (slot2),
        .w_negative(x2.negative),
        .w_size    (MOVES ? SIZE_W'(travel2) : SIZE_W'(x2.size)),
        .m_window  (window3)
    );
    assign elements3[AT_SUM[i]] = signed_squash(window3);
  end

  feature_show #(
      .BOOKS(BOOKS),
      .GAP  (GAP)
  ) show (
      .clk,
      .rst,
      .each_change,
      .s_top,
      .valid1,
      .acts1,
      .slot1,
      .alive2,
      .warm2(alive2 && seasoned2 && full2 == '1),
      .event3,
      .slot3,
      .elements3,
      .m_valid,
      .m_vector
  );
endmodule

`default_nettype wire
