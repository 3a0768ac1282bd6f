// features: the network's input integers, from what price_book shows. What they are stands in
// docs/reference/features.md.
//
// s_valid brings s_top and s_depth, 2 cycles or more after the last. A record that sends its own
// slot's vector presents it 4 cycles later: m_valid, m_vector. By default that is the last record
// of a packet that named its slot; the vectors of the other slots that the packet named follow, the
// lowest first, each GAP cycles or more after what left before it, and never instead of an own one.
// One that still waits leaves, whatever GAP says, 3 cycles after the next record that names its
// slot. With each_change every record with an operation sends its vector, and nothing else is sent.
// A vector is its slot's as it stood when the packet ended; warm, the best bid and ask, and the
// reason: what the book said, ok becoming warming_up where the slot isn't warm. changed says that an
// event came since the slot's last vector left. The stamps and the sequence number are
// those of the record that sends it; of others, those of their packet's last record.
// What depends on the contract of price_book: s_depth's side is the only one that the record
// changed; a side of which no record came since its slot was cleared is empty. Constant latency of
// own vectors, no backpressure. Reset makes every slot as new and forgets what waits.
`default_nettype none

module features
  import tick_pkg::*;
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
  if (ELEMENTS > FEATURES) $error("features: the feature table is too long for feature_vector");

  localparam int unsigned BOOK_W = $clog2(BOOKS);
  localparam int unsigned MIDDLE_W = PRICE_W + 1;
  localparam int unsigned LOG_W = 10;
  localparam int unsigned RING = 16;  // middles remembered; no lag is longer
  localparam int unsigned MARK_W = 4;
  localparam int unsigned EVENTS_W = $clog2(WARM_EVENTS + 1);
  localparam int unsigned COUNT_W = $clog2(MOST_COUNT + 2);

  typedef logic [BOOK_W-1:0] slot_t;
  typedef logic [MIDDLE_W-1:0] middle_t;
  typedef logic signed [MIDDLE_W:0] move_t;
  typedef logic [LOG_W-1:0] log_t;
  typedef logic signed [LOG_W:0] difference_t;
  typedef logic [PRICE_W-1:0] price_t;
  typedef logic [SHARES_W-1:0] shares_t;
  typedef struct packed {
    logic [TIME_W-1:0] timestamp;
    logic [SEQUENCE_W-1:0] sequence_number;
    logic [CYCLE_W-1:0] frame_cycle;
    logic [CYCLE_W-1:0] message_cycle;
  } stamps_t;
  typedef struct packed {
    price_t  bid_price;
    shares_t bid_shares;
    price_t  ask_price;
    shares_t ask_shares;
  } best_t;
  typedef struct packed {
    price_t [DEPTH-1:0]  prices;
    shares_t [DEPTH-1:0] shares;
  } levels_t;
  typedef struct packed {
    logic negative;
    logic [15:0] size;
  } change_t;  // of shares, held within CLIP

  function automatic logic [15:0] clip(input shares_t shares);
    return shares > CLIP ? 16'(CLIP) : 16'(shares);
  endfunction

  // 0: the record is compared with what its slot showed before.
  logic v1_q, acts0, acts1_q, resets0, resets1_q, keeps0, keeps1_q, keeps2_q;
  logic [BOOKS-1:0] fine_q;
  logic [BOOKS-1:0][1:0] known_q, lacking_q;
  logic [1:0] lacking0;
  slot_t slot0, slot1_q, slot2_q, slot3_q;
  logic side1_q, side2_q, side3_q;
  logic [BOOK_W:0] row0;
  logic last1_q;
  reason_e reason1_q, reason2_q;
  stamps_t stamps0, stamps1_q, stamps2_q;
  levels_t now0, before0;
  (* ram_style = "distributed" *) levels_t levels[2*BOOKS];
  logic known1_q, fine1_q, was_fine1_q, above1_q, same1_q, below1;
  logic [DEPTH-1:0] differs1_q;
  logic [SHARES_W:0] more1_q;  // shares at the best price: now, less before
  shares_t less1_q;  // the other way round
  shares_t now1_q, before1_q;
  logic [SHARES_W:0] one1_q[3];  // shares of a level, and 1
  logic [SHARES_W+1:0] sum1_q[2];
  logic [SHARES_W:0] rest1_q;
  logic signed [PRICE_W:0] away1_q[2];
  logic there1_q[2];
  change_t trade0, pressure0, trade1_q, trade2_q, pressure1_q, pressure2_q;
  middle_t middle0, middle1_q, middle2_q;
  price_t spread0, spread1_q, spread2_q;
  logic [PRICE_W:0] spread_one1_q;
  always_comb begin
    acts0 = s_top.operation != OPERATION_NONE;
    resets0 = s_top.stale || s_top.operation inside {OPERATION_CLEAR, OPERATION_LOAD,
                                                     OPERATION_TRUST};
    keeps0 = s_valid && acts0 && !resets0;
    slot0 = s_top.slot[BOOK_W-1:0];
    row0 = {slot0, s_depth.side};
    lacking0 = lacking_q[slot0];
    lacking0[s_depth.side] = 1'b0;
    stamps0 = '{
        timestamp: s_top.timestamp,
        sequence_number: s_top.sequence_number,
        frame_cycle: s_top.frame_cycle,
        message_cycle: s_top.message_cycle
    };
    now0.prices = s_depth.prices[DEPTH-1:0];
    now0.shares = s_depth.shares[DEPTH-1:0];
    before0 = levels[row0];
    middle0 = MIDDLE_W'(s_top.bid_price) + MIDDLE_W'(s_top.ask_price);
    spread0 = s_top.ask_price - s_top.bid_price;

    trade0 = '0;
    pressure0 = '0;
    if (s_top.operation inside {OPERATION_EXECUTE, OPERATION_EXECUTE_PRICE}) begin
      trade0 = '{s_top.operation_side == SIDE_BUY, clip(s_top.operation_shares)};
    end
    if (s_top.operation == OPERATION_ADD) begin
      pressure0 = '{s_top.operation_side == SIDE_SELL, clip(s_top.operation_shares)};
    end else if (s_top.operation inside {OPERATION_EXECUTE, OPERATION_EXECUTE_PRICE,
                                         OPERATION_CANCEL, OPERATION_DELETE}) begin
      pressure0 = '{s_top.operation_side == SIDE_BUY, clip(s_top.operation_shares)};
    end
  end
  always_ff @(posedge clk) begin
    v1_q          <= s_valid && !rst;
    acts1_q       <= acts0;
    resets1_q     <= resets0 && acts0;
    keeps1_q      <= keeps0 && !rst;
    slot1_q       <= slot0;
    side1_q       <= s_depth.side;
    last1_q       <= s_top.last_of_packet;
    reason1_q     <= s_top.reason;
    reason2_q     <= reason1_q;
    stamps1_q     <= stamps0;
    known1_q      <= known_q[slot0][s_depth.side];
    was_fine1_q   <= fine_q[slot0];
    fine1_q       <= s_top.reason == REASON_OK && lacking0 == '0;
    above1_q      <= now0.prices[0] > before0.prices[0];
    same1_q       <= now0.prices[0] == before0.prices[0];
    more1_q       <= (SHARES_W + 1)'(now0.shares[0]) - (SHARES_W + 1)'(before0.shares[0]);
    less1_q       <= before0.shares[0] - now0.shares[0];
    now1_q        <= now0.shares[0];
    before1_q     <= before0.shares[0];
    sum1_q[0]     <= (SHARES_W + 2)'(now0.shares[0]) + (SHARES_W + 2)'(now0.shares[1]);
    sum1_q[1]     <= (SHARES_W + 2)'(now0.shares[2]) + (SHARES_W + 2)'(now0.shares[3]);
    rest1_q       <= (SHARES_W + 1)'(now0.shares[4]) + 1'b1;
    trade1_q      <= trade0;
    trade2_q      <= trade1_q;
    pressure1_q   <= pressure0;
    pressure2_q   <= pressure1_q;
    middle1_q     <= middle0;
    spread1_q     <= spread0;
    spread_one1_q <= (PRICE_W + 1)'(spread0) + 1'b1;
    for (int unsigned k = 0; k < DEPTH; k++) begin
      differs1_q[k] <= now0.prices[k] != before0.prices[k] || now0.shares[k] != before0.shares[k];
    end
    for (int unsigned k = 0; k < 3; k++) begin
      one1_q[k] <= (SHARES_W + 1)'(now0.shares[k]) + 1'b1;
    end
    for (int unsigned k = 0; k < 2; k++) begin
      there1_q[k] <= now0.prices[k==0?1 : DEPTH-1] != '0;
      away1_q[k] <= $signed(
          (PRICE_W + 1)'(now0.prices[0])
      ) - $signed(
          (PRICE_W + 1)'(now0.prices[k==0?1 : DEPTH-1])
      );
    end

    if (keeps0) levels[row0] <= now0;
    if (s_valid && acts0) begin
      fine_q[slot0]    <= keeps0 && s_top.reason == REASON_OK && lacking0 == '0;
      lacking_q[slot0] <= resets0 ? {2{s_top.operation == OPERATION_TRUST}} : lacking0;
      if (resets0) known_q[slot0] <= '0;
      else known_q[slot0][s_depth.side] <= 1'b1;
    end
    if (rst) begin
      fine_q    <= '0;
      known_q   <= '0;
      lacking_q <= '0;
    end
  end

  // 0: the time since the slot's last event, and buckets that began since.
  (* ram_style = "distributed" *) logic [TIME_W-1:0] times[BOOKS];
  logic [TIME_W:0] passed1_q;
  always_ff @(posedge clk) passed1_q <= {1'b0, s_top.timestamp} - {1'b0, times[slot0]};

  // 1: whether it is an event, and what it did.
  logic event1, event2_q, event3_q, first0, first1_q, first2_q, alive2_q;
  logic [BOOKS-1:0] started_q;
  (* ram_style = "distributed" *) logic [EVENTS_W-1:0] events[BOOKS];
  logic [EVENTS_W-1:0] events0, events1_q, events1, events2_q;
  (* ram_style = "distributed" *) middle_t middles[BOOKS];
  middle_t before_middle1_q;
  move_t move1, back1;
  logic moved1;
  logic [MIDDLE_W-1:0] travel2_q;
  change_t flow1, flow2_q;
  assign first0  = !started_q[slot0];
  assign events0 = first0 ? '0 : events[slot0];
  always_ff @(posedge clk) begin
    before_middle1_q <= middles[slot0];
    first1_q <= first0;
    events1_q <= events0;
  end
  always_comb begin
    event1  = keeps1_q && fine1_q && (!known1_q || differs1_q != '0);

    events1 = events1_q;
    if (event1 && events1 != EVENTS_W'(WARM_EVENTS)) events1 = events1 + 1'b1;

    move1  = $signed((MIDDLE_W + 1)'(middle1_q)) - $signed((MIDDLE_W + 1)'(before_middle1_q));
    back1  = $signed((MIDDLE_W + 1)'(before_middle1_q)) - $signed((MIDDLE_W + 1)'(middle1_q));
    moved1 = middle1_q != before_middle1_q && !first1_q;

    below1 = !above1_q && !same1_q;
    if ((side1_q == SIDE_BUY) ? above1_q : below1) flow1 = '{side1_q, clip(now1_q)};
    else if (above1_q || below1) flow1 = '{!side1_q, clip(before1_q)};
    else begin
      flow1.negative = more1_q[SHARES_W] ^ side1_q;
      flow1.size     = clip(more1_q[SHARES_W] ? less1_q : more1_q[SHARES_W-1:0]);
    end
    if (!was_fine1_q) flow1.size = '0;
  end
  always_ff @(posedge clk) begin
    event2_q  <= event1 && !rst;
    event3_q  <= event2_q && !rst;
    keeps2_q  <= keeps1_q && !rst;
    first2_q  <= first1_q;
    alive2_q  <= event1 || (!first1_q && !resets1_q);
    slot2_q   <= slot1_q;
    slot3_q   <= slot2_q;
    side2_q   <= side1_q;
    side3_q   <= side2_q;
    stamps2_q <= stamps1_q;
    events2_q <= events1;
    middle2_q <= middle1_q;
    spread2_q <= spread1_q;
    flow2_q   <= flow1;
    travel2_q <= first1_q ? '0 : MIDDLE_W'(move1[MIDDLE_W] ? back1 : move1);
    if (event1) begin
      times[slot1_q]   <= stamps1_q.timestamp;
      events[slot1_q]  <= events1;
      middles[slot1_q] <= middle1_q;
    end
    if (v1_q && acts1_q && (resets1_q || event1)) started_q[slot1_q] <= event1;
    if (rst) started_q <= '0;
  end

  // 1: where the middle was some events ago. A slot that began later was where it began.
  slot_t ring_slot;
  logic [BOOKS-1:0][3:0] at_q;  // of the newest
  logic [3:0] at0, at1_q;
  (* ram_style = "distributed" *)middle_t begins [BOOKS];
  middle_t begin1;
  window_t lag3_q[LAGS], last3_q;
  move_t lag2_q[LAGS], step2_q;
  (* ram_style = "distributed" *)logic [ MIDDLE_W:0] steps [BOOKS];
  (* ram_style = "distributed" *)logic [COUNT_W-1:0] sinces[BOOKS];  // and 1
  logic [COUNT_W-1:0] since1, since2_q;
  assign ring_slot = slot0;
  assign at0       = at_q[ring_slot];
  assign begin1    = begins[slot1_q];
  for (genvar i = 0; i < LAGS; i++) begin : g_lag
    if (LAG[i] > RING) $error("features: the ring of middles is too short");
    if (LAG[i] == 1) begin : g_near
      always_ff @(posedge clk) lag2_q[i] <= first1_q ? '0 : move1;
    end else begin : g_far
      (* ram_style = "block" *) middle_t ring[RING*BOOKS];
      middle_t ago1_q, ago1;
      logic reach1_q;  // as many events came as the lag is long
      assign ago1 = reach1_q ? ago1_q : begin1;
      always_ff @(posedge clk) begin
        reach1_q <= events0 >= EVENTS_W'(LAG[i]);
        ago1_q   <= ring[{ring_slot, at0-4'(LAG[i]-1)}];
        if (event1) ring[{slot1_q, at1_q+4'd1}] <= middle1_q;
        lag2_q[i] <= $signed((MIDDLE_W + 1)'(middle1_q)) - $signed((MIDDLE_W + 1)'(ago1));
        if (first1_q) lag2_q[i] <= '0;
      end
    end
    always_ff @(posedge clk) lag3_q[i] <= window(44'(lag2_q[i]), KNEE_RETURN_1);
  end
  always_comb begin
    since1 = sinces[slot1_q];
    if (moved1) since1 = COUNT_W'(1);
    else if (first1_q) since1 = COUNT_W'(2);
    else if (since1 != COUNT_W'(MOST_COUNT + 1)) since1 = since1 + 1'b1;
  end
  always_ff @(posedge clk) begin
    at1_q    <= at0;
    since2_q <= since1;
    step2_q  <= first1_q ? '0 : moved1 ? move1 : $signed(steps[slot1_q]);
    last3_q  <= window(44'(step2_q), KNEE_LAST_MOVE);
    if (event1) begin
      at_q[slot1_q]   <= at1_q + 4'd1;
      sinces[slot1_q] <= since1;
      if (first1_q) begins[slot1_q] <= middle1_q;
      if (first1_q || moved1) steps[slot1_q] <= first1_q ? '0 : move1;
    end
  end

  // 0 to 2: the middle as an earlier bucket began. Of the buckets that a sampler looks back on it
  // keeps those in which an event came; the middle of one that was skipped is that of the next.
  window_t sample3_q[SAMPLERS];
  logic [SAMPLERS-1:0] full2_q;
  for (genvar i = 0; i < SAMPLERS; i++) begin : g_sampler
    localparam int unsigned MOST_AGE = BUCKETS[i] - 1;
    localparam int unsigned PLACE_W = $clog2(BUCKETS[i]);
    localparam int unsigned NUMBER_W = TIME_W - EXPONENT[i];
    typedef logic [PLACE_W-1:0] place_t;
    (* ram_style = "distributed" *) logic [NUMBER_W-1:0] numbers[BOOKS];
    (* ram_style = "distributed" *) logic [MOST_AGE:0] met[BOOKS];  // by age: an event came
    (* ram_style = "distributed" *) logic [PLACE_W:0] counts[BOOKS];  // begun since the first
    (* ram_style = "distributed" *) middle_t samples[BOOKS<<PLACE_W];
    logic [NUMBER_W-1:0] number0, number1_q;
    logic [NUMBER_W:0] begun0;
    logic [ PLACE_W:0] begun1_q;  // at most the places
    logic [MOST_AGE:0] met1;
    logic [ PLACE_W:0] count1;
    place_t age1, place1, place1_q, place2_q;
    move_t away2;
    always_comb begin
      number0 = s_top.timestamp[TIME_W-1:EXPONENT[i]];
      begun0  = {1'b0, number0} - {1'b0, numbers[slot0]};
      met1    = first1_q ? '0 : (met[slot1_q] << begun1_q);
      met1[0] = 1'b1;
      age1    = '0;
      for (int unsigned age = 0; age <= MOST_AGE; age++) if (met1[age]) age1 = PLACE_W'(age);
      place1 = begun1_q == '0 && !first1_q ? place1_q : place_t'(number1_q);
      count1 = first1_q ? '0 : counts[slot1_q];
      if (!first1_q) begin
        if (begun1_q >= (PLACE_W + 1)'(BUCKETS[i]) - count1) count1 = (PLACE_W + 1)'(BUCKETS[i]);
        else count1 = count1 + begun1_q;
      end
      away2 = $signed((MIDDLE_W + 1)'(middle2_q)) -
          $signed((MIDDLE_W + 1)'(samples[{slot2_q, place2_q}]));
    end
    always_ff @(posedge clk) begin
      number1_q <= number0;
      place1_q  <= place_t'(numbers[slot0]);
      if (begun0[NUMBER_W]) begun1_q <= '0;
      else if (begun0[NUMBER_W-1:PLACE_W] != '0) begun1_q <= {1'b1, PLACE_W'(0)};
      else begun1_q <= (PLACE_W + 1)'(begun0);
      place2_q <= place1 - age1;
      full2_q[i] <= event1 ? count1 == (PLACE_W + 1)'(BUCKETS[i]) :
                    counts[slot1_q] == (PLACE_W + 1)'(BUCKETS[i]);
      sample3_q[i] <= window(44'(away2), KNEE_MOMENTUM_1S + i);
      if (event1) begin
        met[slot1_q]    <= met1;
        counts[slot1_q] <= count1;
        if (first1_q || begun1_q != '0) begin
          numbers[slot1_q]           <= number1_q;
          samples[{slot1_q, place1}] <= first1_q ? middle1_q : before_middle1_q;
        end
      end
    end
  end

  // 1 to 3: the sizes of both sides. Of the side that isn't the record's they were kept.
  log_t log1[3], log2_q[3], log_kept2_q[3], log_sum2, log_sum3_q, log_sum_kept3_q;
  (* ram_style = "distributed" *) log_t [2:0] logs[2*BOOKS];
  (* ram_style = "distributed" *) log_t log_sums[2*BOOKS];
  logic [SHARES_W+2:0] sum2_q;
  difference_t ahead2[3], behind2[3];  // of the record's side and of the other
  difference_t imbalance2[3], imbalance3_q;
  logic signed [7:0] held3_q[3];
  (* ram_style = "distributed" *) logic [1:0][6:0] gaps[2*BOOKS];
  logic [1:0][6:0] gap2, gap3_q, gap_kept3_q;
  window_t away2_q[2];
  log_t spread_log2_q, spread_log3_q;
  log_t distance2;  // the first imbalance's size
  logic [7:0] below3_q;  // the spread's logarithm less 1
  logic signed [10:0] share3_q;
  logic less3_q;
  always_comb begin
    for (int unsigned k = 0; k < 3; k++) begin
      log1[k] = octaves(40'(one1_q[k]));
      ahead2[k] = $signed((LOG_W + 1)'(log2_q[k])) - $signed((LOG_W + 1)'(log_kept2_q[k]));
      behind2[k] = $signed((LOG_W + 1)'(log_kept2_q[k])) - $signed((LOG_W + 1)'(log2_q[k]));
      imbalance2[k] = side2_q == SIDE_BUY ? ahead2[k] : behind2[k];
    end
    distance2 = LOG_W'(ahead2[0][LOG_W] ? behind2[0] : ahead2[0]);
    log_sum2  = octaves(40'(sum2_q));
    for (int unsigned k = 0; k < 2; k++) gap2[k] = squash(away2_q[k]);
  end
  always_ff @(posedge clk) begin
    sum2_q <= (SHARES_W + 3)'(sum1_q[0]) + (SHARES_W + 3)'(sum1_q[1]) + (SHARES_W + 3)'(rest1_q);
    for (int unsigned k = 0; k < 3; k++) begin
      log2_q[k]      <= log1[k];
      log_kept2_q[k] <= logs[{slot1_q, !side1_q}][k];
      held3_q[k]     <= hold(12'(imbalance2[k]));
    end
    imbalance3_q    <= imbalance2[0];
    log_sum3_q      <= log_sum2;
    log_sum_kept3_q <= log_sums[{slot2_q, !side2_q}];
    gap3_q          <= gap2;
    gap_kept3_q     <= gaps[{slot2_q, !side2_q}];
    for (int unsigned k = 0; k < 2; k++) begin
      away2_q[k] <= window(there1_q[k] ? 44'(away1_q[k]) : '0, KNEE_GAP_1);
    end
    spread_log2_q <= octaves(40'(spread_one1_q));
    spread_log3_q <= spread_log2_q;
    below3_q <= 8'(spread_log2_q) - 8'd1;
    share3_q <= distance2[LOG_W-1:7] != '0 ? share(7'(MOST)) : share(distance2[6:0]);
    less3_q <= imbalance2[0][LOG_W];
    if (keeps1_q) logs[{slot1_q, side1_q}] <= {log1[2], log1[1], log1[0]};
    if (keeps2_q) begin
      log_sums[{slot2_q, side2_q}] <= log_sum2;
      gaps[{slot2_q, side2_q}]     <= gap2;
    end
  end

  // 1 and 2: levels that are there at the record's start.
  localparam int unsigned TRENDS = 2;
  localparam int unsigned TREND_SHIFT[TRENDS] = '{SHIFT_TREND_32, SHIFT_TREND_128};
  window_t spread3_q, spread_change3_q, trend3_q[TRENDS];
  localparam int unsigned SPREAD_W = PRICE_W + SHIFT_SPREAD_CHANGE;
  (* ram_style = "distributed" *) logic [SPREAD_W-1:0] spreads[BOOKS];
  logic [SPREAD_W-1:0] spread_sum1;
  price_t spread_level2_q;
  always_comb begin
    spread_sum1 = spreads[slot1_q];
    spread_sum1 = spread_sum1 - (spread_sum1 >> SHIFT_SPREAD_CHANGE) + SPREAD_W'(spread1_q);
    if (first1_q) spread_sum1 = {spread1_q, SHIFT_SPREAD_CHANGE'(0)};
  end
  always_ff @(posedge clk) begin
    spread_level2_q <= PRICE_W'(spread_sum1 >> SHIFT_SPREAD_CHANGE);
    spread3_q <= window(44'(spread2_q), KNEE_SPREAD);
    spread_change3_q <= window(
        44'($signed(
            (PRICE_W + 1)'(spread2_q)
        ) - $signed(
            (PRICE_W + 1)'(spread_level2_q)
        )),
        KNEE_SPREAD_CHANGE
    );
    if (event1) spreads[slot1_q] <= spread_sum1;
  end
  for (genvar i = 0; i < TRENDS; i++) begin : g_trend
    localparam int unsigned SUM_W = MIDDLE_W + TREND_SHIFT[i];
    (* ram_style = "distributed" *) logic [SUM_W-1:0] sums[BOOKS];
    logic [SUM_W-1:0] sum1;
    middle_t level2_q;
    move_t away2;
    always_comb begin
      sum1 = sums[slot1_q];
      sum1 = sum1 - (sum1 >> TREND_SHIFT[i]) + SUM_W'(middle1_q);
      if (first1_q) sum1 = {middle1_q, TREND_SHIFT[i]'(0)};
      away2 = $signed((MIDDLE_W + 1)'(middle2_q)) - $signed((MIDDLE_W + 1)'(level2_q));
    end
    always_ff @(posedge clk) begin
      level2_q    <= MIDDLE_W'(sum1 >> TREND_SHIFT[i]);
      trend3_q[i] <= window(44'(away2), KNEE_TREND_32);
      if (event1) sums[slot1_q] <= sum1;
    end
  end

  // 2 and 3: levels of what is known late.
  localparam int unsigned IMBALANCE_W = LOG_W + 1 + SHIFT_IMBALANCE_MEAN;
  localparam int unsigned PAUSE_W = 8;
  localparam int unsigned PACE_W = PAUSE_W + SHIFT_PACE;
  localparam int unsigned UNITS_W = TIME_W - TIME_SHIFT;  // of time
  (* ram_style = "distributed" *) logic [IMBALANCE_W-1:0] imbalances[BOOKS];
  (* ram_style = "distributed" *) logic [PACE_W-1:0] paces[BOOKS];
  logic first3_q;
  logic signed [IMBALANCE_W-1:0] imbalance_base2, imbalance_base3_q, imbalance_sum3;
  logic [PACE_W-1:0] pace_base3_q, pace_sum3;
  logic [UNITS_W:0] pause2_q;  // and 1
  logic [PAUSE_W-1:0] pause3_q;
  log_t since3_q;
  always_comb begin
    imbalance_base2 = $signed(imbalances[slot2_q]);
    imbalance_sum3  = imbalance_base3_q + IMBALANCE_W'(imbalance3_q);
    if (first3_q) imbalance_sum3 = {imbalance3_q, SHIFT_IMBALANCE_MEAN'(0)};
    pace_sum3 = pace_base3_q + PACE_W'(pause3_q);
    if (first3_q) pace_sum3 = {pause3_q, SHIFT_PACE'(0)};
  end
  always_ff @(posedge clk) begin
    first3_q <= first2_q;
    imbalance_base3_q <= imbalance_base2 - (imbalance_base2 >>> SHIFT_IMBALANCE_MEAN);
    pace_base3_q <= paces[slot2_q] - (paces[slot2_q] >> SHIFT_PACE);
    pause2_q <= (UNITS_W + 1)'(passed1_q[TIME_W] || first1_q ? '0 : passed1_q[TIME_W-1:TIME_SHIFT])
                + 1'b1;
    pause3_q <= PAUSE_W'(octaves(40'(pause2_q)) >> 2);
    since3_q <= octaves(40'(since2_q));
    if (event3_q) begin
      imbalances[slot3_q] <= imbalance_sum3;
      paces[slot3_q]      <= pace_sum3;
    end
  end

  // 1 and 2: running sums.
  window_t flow3_q, trade3_q, flow_8, flow_32, flow_128, pressure_32, trades_8, trades_64;
  window_t volatility_16, volatility_256;
  always_ff @(posedge clk) begin
    flow3_q           <= window(44'(flow2_q.size), KNEE_FLOW_1);
    trade3_q          <= window(44'(trade2_q.size), KNEE_TRADE);
    flow3_q.negative  <= flow2_q.negative;
    trade3_q.negative <= trade2_q.negative;
  end
  feature_sum #(
      .BOOKS(BOOKS),
      .SHIFT(SHIFT_FLOW_8),
      .KNEE (KNEE_FLOW_8)
  ) flow_8_sum (
      .clk,
      .s_slot(slot1_q),
      .s_first(first1_q),
      .w_valid(event2_q),
      .w_slot(slot2_q),
      .w_negative(flow2_q.negative),
      .w_size(flow2_q.size),
      .m_window(flow_8)
  );
  feature_sum #(
      .BOOKS(BOOKS),
      .SHIFT(SHIFT_FLOW_32),
      .KNEE (KNEE_FLOW_32)
  ) flow_32_sum (
      .clk,
      .s_slot(slot1_q),
      .s_first(first1_q),
      .w_valid(event2_q),
      .w_slot(slot2_q),
      .w_negative(flow2_q.negative),
      .w_size(flow2_q.size),
      .m_window(flow_32)
  );
  feature_sum #(
      .BOOKS(BOOKS),
      .SHIFT(SHIFT_FLOW_128),
      .KNEE (KNEE_FLOW_128)
  ) flow_128_sum (
      .clk,
      .s_slot(slot1_q),
      .s_first(first1_q),
      .w_valid(event2_q),
      .w_slot(slot2_q),
      .w_negative(flow2_q.negative),
      .w_size(flow2_q.size),
      .m_window(flow_128)
  );
  feature_sum #(
      .BOOKS(BOOKS),
      .SHIFT(SHIFT_PRESSURE_32),
      .KNEE (KNEE_PRESSURE_32)
  ) pressure_32_sum (
      .clk,
      .s_slot(slot1_q),
      .s_first(first1_q),
      .w_valid(event2_q),
      .w_slot(slot2_q),
      .w_negative(pressure2_q.negative),
      .w_size(pressure2_q.size),
      .m_window(pressure_32)
  );
  feature_sum #(
      .BOOKS(BOOKS),
      .SHIFT(SHIFT_TRADES_8),
      .KNEE (KNEE_TRADES_8)
  ) trades_8_sum (
      .clk,
      .s_slot(slot1_q),
      .s_first(first1_q),
      .w_valid(event2_q),
      .w_slot(slot2_q),
      .w_negative(trade2_q.negative),
      .w_size(trade2_q.size),
      .m_window(trades_8)
  );
  feature_sum #(
      .BOOKS(BOOKS),
      .SHIFT(SHIFT_TRADES_64),
      .KNEE (KNEE_TRADES_64)
  ) trades_64_sum (
      .clk,
      .s_slot(slot1_q),
      .s_first(first1_q),
      .w_valid(event2_q),
      .w_slot(slot2_q),
      .w_negative(trade2_q.negative),
      .w_size(trade2_q.size),
      .m_window(trades_64)
  );
  feature_sum #(
      .BOOKS (BOOKS),
      .SHIFT (SHIFT_VOLATILITY_16),
      .KNEE  (KNEE_VOLATILITY_16),
      .SIZE_W(MIDDLE_W),
      .SIGNED(1'b0)
  ) volatility_16_sum (
      .clk,
      .s_slot(slot1_q),
      .s_first(first1_q),
      .w_valid(event2_q),
      .w_slot(slot2_q),
      .w_negative(1'b0),
      .w_size(travel2_q),
      .m_window(volatility_16)
  );
  feature_sum #(
      .BOOKS (BOOKS),
      .SHIFT (SHIFT_VOLATILITY_256),
      .KNEE  (KNEE_VOLATILITY_256),
      .SIZE_W(MIDDLE_W),
      .SIGNED(1'b0)
  ) volatility_256_sum (
      .clk,
      .s_slot(slot1_q),
      .s_first(first1_q),
      .w_valid(event2_q),
      .w_slot(slot2_q),
      .w_negative(1'b0),
      .w_size(travel2_q),
      .m_window(volatility_256)
  );

  // 3: the elements, anew or as they were.
  typedef logic signed [FEATURE_BITS-1:0] element_t;
  typedef struct packed {
    logic    alive;   // an event came since the slot was as new
    logic    warm;
    reason_e reason;
  } state_t;
  element_t [ELEMENTS-1:0] made3, kept3, shown3;
  (* ram_style = "distributed" *) element_t [ELEMENTS-1:0] vectors[BOOKS];
  (* ram_style = "distributed" *) logic [$bits(state_t)-1:0] states[BOOKS];
  (* ram_style = "distributed" *) logic [$bits(stamps_t)-1:0] marked[1<<MARK_W];
  (* ram_style = "distributed" *) logic [$bits(best_t)-1:0] bests[BOOKS];
  best_t best0, best1_q, best2_q, best3_q, best_shown3;
  logic [BOOKS-1:0] changed_q;  // by an event, since the vector left
  state_t state2, state3_q, state_shown3, state_kept3;
  stamps_t stamps_shown3;
  logic v2_q, keeps3_q, acts2_q, own3, other3;
  logic [MARK_W-1:0] mark1, mark2_q, mark_shown3;
  slot_t slot_shown3;
  logic signed [10:0] offset3;
  logic [7:0] against3;
  logic signed [11:0] level3, ahead3, behind3;
  feature_turns #(
      .BOOKS(BOOKS),
      .GAP  (GAP)
  ) turns (
      .clk,
      .rst,
      .each_change,
      .s_valid(v1_q),
      .s_acts (acts1_q),
      .s_last (last1_q),
      .s_slot (slot1_q),
      .s_mark (mark1),
      .m_own  (own3),
      .m_other(other3),
      .m_slot (slot_shown3),
      .m_mark (mark_shown3)
  );
  always_comb begin
    best0 = '{
        bid_price: s_top.bid_price,
        bid_shares: s_top.bid_shares,
        ask_price: s_top.ask_price,
        ask_shares: s_top.ask_shares
    };
    state2.alive = alive2_q;
    state2.warm = alive2_q && events2_q == EVENTS_W'(WARM_EVENTS) && full2_q == '1;
    state2.reason = reason2_q;
    if (state2.reason == REASON_OK && !state2.warm) state2.reason = REASON_WARMING_UP;
  end
  always_comb begin
    made3 = '0;
    made3[AT_SPREAD] = element_t'(squash(spread3_q));
    made3[AT_SPREAD_CHANGE] = signed_squash(spread_change3_q);
    made3[AT_IMBALANCE_1] = held3_q[0];
    made3[AT_IMBALANCE_2] = held3_q[1];
    made3[AT_IMBALANCE_3] = held3_q[2];
    ahead3 = $signed(12'(log_sum3_q)) - $signed(12'(log_sum_kept3_q));
    behind3 = $signed(12'(log_sum_kept3_q)) - $signed(12'(log_sum3_q));
    made3[AT_IMBALANCE_5] = hold(side3_q == SIDE_BUY ? ahead3 : behind3);
    level3 = 12'(imbalance_sum3 >>> SHIFT_IMBALANCE_MEAN);
    made3[AT_IMBALANCE_MEAN] = hold(level3);
    // both signs of it at once; what is below 0 is nothing
    offset3 = share3_q + $signed(11'(spread_log3_q));
    against3 = ~(8'(share3_q) + below3_q);
    if (offset3 < 0) made3[AT_MICRO_PRICE] = '0;
    else if (offset3[9:7] != '0) made3[AT_MICRO_PRICE] = less3_q ? -8'(MOST) : 8'(MOST);
    else made3[AT_MICRO_PRICE] = less3_q ? $signed(against3) : 8'(offset3);
    made3[AT_GAP_1] = side3_q == SIDE_BUY ? element_t'(gap_kept3_q[0]) - element_t'(gap3_q[0]) :
                      element_t'(gap3_q[0]) - element_t'(gap_kept3_q[0]);
    made3[AT_GAP_5] = side3_q == SIDE_BUY ? element_t'(gap_kept3_q[1]) - element_t'(gap3_q[1]) :
                      element_t'(gap3_q[1]) - element_t'(gap_kept3_q[1]);
    made3[AT_FLOW_1] = signed_squash(flow3_q);
    made3[AT_FLOW_8] = signed_squash(flow_8);
    made3[AT_FLOW_32] = signed_squash(flow_32);
    made3[AT_FLOW_128] = signed_squash(flow_128);
    made3[AT_PRESSURE_32] = signed_squash(pressure_32);
    for (int unsigned i = 0; i < LAGS; i++) made3[AT_RETURN_1+i] = signed_squash(lag3_q[i]);
    for (int unsigned i = 0; i < TRENDS; i++) made3[AT_TREND_32+i] = signed_squash(trend3_q[i]);
    for (int unsigned i = 0; i < SAMPLERS; i++) begin
      made3[AT_MOMENTUM_1S+i] = signed_squash(sample3_q[i]);
    end
    made3[AT_LAST_MOVE] = signed_squash(last3_q);
    made3[AT_SINCE_MOVE] = element_t'(since3_q[LOG_W-1:7] != '0 ? 8'(MOST) : 8'(since3_q));
    made3[AT_TRADE] = signed_squash(trade3_q);
    made3[AT_TRADES_8] = signed_squash(trades_8);
    made3[AT_TRADES_64] = signed_squash(trades_64);
    made3[AT_PAUSE] = element_t'(pause3_q[7] ? 8'(MOST) : pause3_q);
    made3[AT_PACE] = element_t'(pace_sum3[PACE_W-1] ? 8'(MOST) : 8'(pace_sum3 >> SHIFT_PACE));
    made3[AT_VOLATILITY_16] = element_t'(squash(volatility_16));
    made3[AT_VOLATILITY_256] = element_t'(squash(volatility_256));

    kept3 = vectors[slot_shown3];
    state_kept3 = states[slot_shown3];
    state_shown3 = own3 ? state3_q : state_kept3;
    best_shown3 = own3 ? best3_q : best_t'(bests[slot_shown3]);
    stamps_shown3 = stamps_t'(marked[mark_shown3]);
    shown3 = own3 && event3_q ? made3 : kept3;
    if (!state_shown3.alive) shown3 = '0;
  end
  always_ff @(posedge clk) begin
    v2_q <= v1_q && !rst;
    acts2_q <= acts1_q && v1_q && !rst;
    keeps3_q <= acts2_q && !rst;
    state3_q <= state2;
    best1_q <= best0;
    best2_q <= best1_q;
    best3_q <= best2_q;
    mark2_q <= mark1;
    if (event3_q) vectors[slot3_q] <= made3;
    if (keeps3_q) begin
      states[slot3_q] <= state3_q;
      bests[slot3_q]  <= best3_q;
    end
    if (event3_q) changed_q[slot3_q] <= 1'b1;
    if (own3 || other3) changed_q[slot_shown3] <= 1'b0;
    if (rst) changed_q <= '0;
    if (v2_q) marked[mark2_q] <= stamps2_q;  // a vector may leave in the next cycle

    m_valid <= (own3 || other3) && !rst;
    m_vector.slot <= SLOT_W'(slot_shown3);
    for (int unsigned i = 0; i < FEATURES; i++) begin
      m_vector.values[i] <= i < ELEMENTS ? FEATURE_W'(shown3[i%ELEMENTS]) : '0;
    end
    m_vector.warm <= state_shown3.warm;
    m_vector.changed <= changed_q[slot_shown3] || (own3 && event3_q);
    m_vector.reason <= state_shown3.reason;
    m_vector.bid_price <= best_shown3.bid_price;
    m_vector.bid_shares <= best_shown3.bid_shares;
    m_vector.ask_price <= best_shown3.ask_price;
    m_vector.ask_shares <= best_shown3.ask_shares;
    m_vector.timestamp <= stamps_shown3.timestamp;
    m_vector.sequence_number <= stamps_shown3.sequence_number;
    m_vector.frame_cycle <= stamps_shown3.frame_cycle;
    m_vector.message_cycle <= stamps_shown3.message_cycle;
  end
endmodule

`default_nettype wire
