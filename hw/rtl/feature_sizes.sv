// feature_sizes: the features of a book as it stands: what rests on both sides, how far apart the
// levels are, and the spread between the sides.
//
// What: the features spread, imbalance, imbalance_sum, imbalance_mean, micro_price and gap of
// docs/reference/features.md. A record shows one side. Of the other, the logarithms and the gaps
// are kept from its last record.
//
// Timing: a port's last digit is its cycle. bid0, ask0 and s_depth are a record's in cycle 0: the
// best prices and a side's levels, 2 cycles or more after the last; keeps1 says in the next cycle
// that its levels are remembered, slot1 and side1 which they are, event3 that it was an event, of
// slot3, and first1 that it is the slot's first event. The features stand in cycle 3. Constant
// latency, no backpressure. No reset: a slot begins with its first event.
//
// Not: of a record that isn't an event the features have no meaning.
`default_nettype none

module feature_sizes
  import tick_pkg::*;
  import feature_table_pkg::*;
  import feature_pkg::*;
#(
    parameter int unsigned BOOKS = SLOTS,  // slots that may be used, from 0; 2 or more
    localparam int unsigned BOOK_W = $clog2(BOOKS)
) (
    input  logic                      clk,
    input  price_t                    bid0,
    input  price_t                    ask0,
    input  depth_t                    s_depth,
    input  logic                      keeps1,
    input  logic                      first1,
    input  logic     [    BOOK_W-1:0] slot1,
    input  logic                      side1,
    input  logic                      event3,
    input  logic     [    BOOK_W-1:0] slot3,
    output element_t                  spread3,
    output element_t [IMBALANCES-1:0] imbalance3,
    output element_t                  imbalance_sum3,
    output element_t                  imbalance_mean3,
    output element_t                  micro_price3,
    output element_t [      GAPS-1:0] gap3
);
  if (BOOKS < 2 || BOOKS > SLOTS) $error("feature_sizes: BOOKS must be 2 to SLOTS");
  if (LEVEL_IMBALANCE_SUM != 5) $error("feature_sizes: it adds the shares of 5 levels");
  if (LEVEL_IMBALANCE[0] != 1) $error("feature_sizes: the first imbalance is the best level's");
  if (!squashable(KNEE_SPREAD)) $error("feature_sizes: a knee must be 4 to 15");

  typedef logic signed [LOG_W:0] difference_t;
  typedef logic signed [11:0] held_t;

  // 1 and 2: what rests on both sides. logs and log_sums are of the side's last record.
  logic [SHARES_W:0] one1_q[IMBALANCES];  // shares of a level, and 1
  logic [SHARES_W+1:0] sum1_q[2];
  logic [SHARES_W:0] rest1_q;
  logic [SHARES_W+2:0] sum2_q;
  (* ram_style = "distributed" *) log_t [IMBALANCES-1:0] logs[2*BOOKS];
  (* ram_style = "distributed" *) log_t log_sums[2*BOOKS];
  log_t [IMBALANCES-1:0] log1, log2_q, log_kept2_q;
  log_t log_sum2, log_sum3_q, log_sum_kept3_q;
  difference_t ahead2[IMBALANCES], behind2[IMBALANCES];  // of the record's side and of the other
  difference_t imbalance2[IMBALANCES], imbalance3_q;
  held_t ahead3, behind3;
  logic keeps2_q, side2_q, side3_q;
  logic [BOOK_W-1:0] slot2_q;
  always_comb begin
    for (int unsigned k = 0; k < IMBALANCES; k++) begin
      log1[k] = octaves(40'(one1_q[k]));
      ahead2[k] = $signed((LOG_W + 1)'(log2_q[k])) - $signed((LOG_W + 1)'(log_kept2_q[k]));
      behind2[k] = $signed((LOG_W + 1)'(log_kept2_q[k])) - $signed((LOG_W + 1)'(log2_q[k]));
      imbalance2[k] = side2_q == SIDE_BUY ? ahead2[k] : behind2[k];
    end
    log_sum2 = octaves(40'(sum2_q));
    ahead3 = $signed(12'(log_sum3_q)) - $signed(12'(log_sum_kept3_q));
    behind3 = $signed(12'(log_sum_kept3_q)) - $signed(12'(log_sum3_q));
    imbalance_sum3 = hold(side3_q == SIDE_BUY ? ahead3 : behind3);
  end
  always_ff @(posedge clk) begin
    for (int unsigned k = 0; k < IMBALANCES; k++) begin
      one1_q[k]     <= (SHARES_W + 1)'(s_depth.shares[LEVEL_IMBALANCE[k]-1]) + 1'b1;
      imbalance3[k] <= hold(12'(imbalance2[k]));
    end
    sum1_q[0] <= (SHARES_W + 2)'(s_depth.shares[0]) + (SHARES_W + 2)'(s_depth.shares[1]);
    sum1_q[1] <= (SHARES_W + 2)'(s_depth.shares[2]) + (SHARES_W + 2)'(s_depth.shares[3]);
    rest1_q <= (SHARES_W + 1)'(s_depth.shares[4]) + 1'b1;
    sum2_q <= (SHARES_W + 3)'(sum1_q[0]) + (SHARES_W + 3)'(sum1_q[1]) + (SHARES_W + 3)'(rest1_q);
    log2_q <= log1;
    log_kept2_q <= logs[{slot1, !side1}];
    imbalance3_q <= imbalance2[0];
    log_sum3_q <= log_sum2;
    log_sum_kept3_q <= log_sums[{slot2_q, !side2_q}];
    keeps2_q <= keeps1;
    slot2_q <= slot1;
    side2_q <= side1;
    side3_q <= side2_q;
    if (keeps1) logs[{slot1, side1}] <= log1;
    if (keeps2_q) log_sums[{slot2_q, side2_q}] <= log_sum2;
  end

  // 2 and 3: the level of the best sizes' imbalance.
  localparam int unsigned IMBALANCE_W = LOG_W + 1 + SHIFT_IMBALANCE_MEAN;
  (* ram_style = "distributed" *) logic [IMBALANCE_W-1:0] imbalances[BOOKS];
  logic first2_q, first3_q;
  logic signed [IMBALANCE_W-1:0] imbalance_base2, imbalance_base3_q, total3;
  always_comb begin
    imbalance_base2 = $signed(imbalances[slot2_q]);
    total3 = imbalance_base3_q + IMBALANCE_W'(imbalance3_q);
    if (first3_q) total3 = {imbalance3_q, SHIFT_IMBALANCE_MEAN'(0)};
    imbalance_mean3 = hold(12'(total3 >>> SHIFT_IMBALANCE_MEAN));
  end
  always_ff @(posedge clk) begin
    first2_q <= first1;
    first3_q <= first2_q;
    imbalance_base3_q <= imbalance_base2 - (imbalance_base2 >>> SHIFT_IMBALANCE_MEAN);
    if (event3) imbalances[slot3] <= total3;
  end

  // 0 to 3: the spread, and the micro-price by it and the best sizes. Both signs of the latter at
  // once; what is below 0 is nothing.
  price_t spread0, spread1_q, spread2_q;
  logic [PRICE_W:0] spread_one1_q;
  log_t spread_log2_q, spread_log3_q;
  log_t distance2;  // the first imbalance's size
  logic [7:0] below3_q, against3;  // the spread's logarithm less 1
  share_t share3_q, offset3;
  logic less3_q;
  window_t spread3_q;
  assign spread0 = ask0 - bid0;
  always_comb begin
    distance2 = LOG_W'(ahead2[0][LOG_W] ? behind2[0] : ahead2[0]);
    offset3   = share3_q + $signed(11'(spread_log3_q));
    against3  = ~(8'(share3_q) + below3_q);
    if (offset3 < 0) micro_price3 = '0;
    else if (offset3[9:7] != '0) micro_price3 = less3_q ? -8'(MOST) : 8'(MOST);
    else micro_price3 = less3_q ? $signed(against3) : 8'(offset3);
  end
  always_ff @(posedge clk) begin
    spread1_q     <= spread0;
    spread2_q     <= spread1_q;
    spread3_q     <= window(44'(spread2_q), KNEE_SPREAD);
    spread_one1_q <= (PRICE_W + 1)'(spread0) + 1'b1;
    spread_log2_q <= octaves(40'(spread_one1_q));
    spread_log3_q <= spread_log2_q;
    below3_q      <= 8'(spread_log2_q) - 8'd1;
    share3_q      <= distance2[LOG_W-1:7] != '0 ? share(7'(MOST)) : share(distance2[6:0]);
    less3_q       <= imbalance2[0][LOG_W];
  end
  assign spread3 = element_t'(squash(spread3_q));

  // 0 to 3: how far levels are from the best. gaps are of the side's last record.
  (* ram_style = "distributed" *) logic [GAPS-1:0][6:0] gaps[2*BOOKS];
  logic [GAPS-1:0][6:0] gap2, gap3_q, gap_kept3_q;
  for (genvar k = 0; k < GAPS; k++) begin : g_gap
    logic there1_q;
    logic signed [PRICE_W:0] away1_q;
    window_t away2_q;
    element_t here3, kept3;
    if (!squashable(KNEE_GAP[k])) $error("feature_sizes: a knee must be 4 to 15");
    always_ff @(posedge clk) begin
      there1_q <= s_depth.prices[LEVEL_GAP[k]-1] != '0;
      away1_q <= $signed(
          (PRICE_W + 1)'(s_depth.prices[0])
      ) - $signed(
          (PRICE_W + 1)'(s_depth.prices[LEVEL_GAP[k]-1])
      );
      away2_q <= window(there1_q ? 44'(away1_q) : '0, KNEE_GAP[k]);
    end
    assign gap2[k] = squash(away2_q);
    assign here3   = element_t'(gap3_q[k]);
    assign kept3   = element_t'(gap_kept3_q[k]);
    assign gap3[k] = side3_q == SIDE_BUY ? kept3 - here3 : here3 - kept3;
  end
  always_ff @(posedge clk) begin
    gap3_q      <= gap2;
    gap_kept3_q <= gaps[{slot2_q, !side2_q}];
    if (keeps2_q) gaps[{slot2_q, side2_q}] <= gap2;
  end
endmodule

`default_nettype wire
