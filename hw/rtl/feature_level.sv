// feature_level: how far a price is from its running mean.
//
// What: squash(x - level SHIFT(x), KNEE) of docs/reference/features.md, of every slot.
//
// Timing: a port's last digit is its cycle. event1 brings an event of slot1 and its x1, 2 cycles
// or more after the last; first1 says that it is the slot's first: then the level is x1. Two
// cycles later away3 is the feature. Constant latency, no backpressure. No reset: a slot begins
// with its first event.
//
// Not: without event1 nothing is remembered, and away3 has no meaning.
`default_nettype none

module feature_level
  import tick_pkg::*;
  import feature_pkg::*;
#(
    parameter int unsigned BOOKS = SLOTS,  // slots that may be used, from 0; 2 or more
    parameter int unsigned SHIFT = 5,  // 2^SHIFT events are about what the mean is over
    parameter int unsigned KNEE = 7,  // of the squash
    parameter int unsigned X_W = MIDDLE_W,  // bits of an x
    localparam int unsigned BOOK_W = $clog2(BOOKS)
) (
    input  logic                  clk,
    input  logic                  event1,
    input  logic                  first1,
    input  logic     [BOOK_W-1:0] slot1,
    input  logic     [   X_W-1:0] x1,
    output element_t              away3
);
  if (BOOKS < 2 || BOOKS > SLOTS) $error("feature_level: BOOKS must be 2 to SLOTS");
  if (SHIFT < 1 || X_W > 43) $error("feature_level: SHIFT must be 1 or more, X_W 43 or less");
  if (!squashable(KNEE)) $error("feature_level: a knee must be 4 to 15");

  localparam int unsigned SUM_W = X_W + SHIFT;
  (* ram_style = "distributed" *)logic [SUM_W-1:0] sums [BOOKS];
  logic [SUM_W-1:0] sum1;
  logic [X_W-1:0] x2_q, level2_q;
  logic signed [X_W:0] away2;
  window_t away3_q;
  always_comb begin
    sum1 = sums[slot1];
    sum1 = sum1 - (sum1 >> SHIFT) + SUM_W'(x1);
    if (first1) sum1 = {x1, SHIFT'(0)};
    away2 = $signed((X_W + 1)'(x2_q)) - $signed((X_W + 1)'(level2_q));
  end
  always_ff @(posedge clk) begin
    x2_q     <= x1;
    level2_q <= X_W'(sum1 >> SHIFT);
    away3_q  <= window(44'(away2), KNEE);
    if (event1) sums[slot1] <= sum1;
  end
  assign away3 = signed_squash(away3_q);
endmodule

`default_nettype wire
