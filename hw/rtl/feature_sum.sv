// feature_sum: a running sum of every slot, s + x - (s >> SHIFT), and what its squash looks at.
//
// At cycle t, s_slot is the slot of an event, and s_first says that it is the slot's first one: the
// sum before it is 0. At t + 1, w_valid brings the event: w_slot, and its x, w_size with the sign
// w_negative. At t + 2, m_window is squash's window of the new sum at KNEE. Events are 2 cycles
// apart or more. Without w_valid nothing is added, and m_window has no meaning. Constant latency,
// no backpressure. Reset does nothing: a slot begins with its first event.
`default_nettype none

module feature_sum
  import tick_pkg::*;
  import feature_pkg::*;
#(
    parameter int unsigned BOOKS = SLOTS,  // slots that may be used, from 0; 2 or more
    parameter int unsigned SHIFT = 3,  // 2^SHIFT events are about what the sum is over
    parameter int unsigned KNEE = 7,  // of the squash
    parameter int unsigned SIZE_W = 16,  // bits of the size of an x
    parameter bit SIGNED = 1,  // an x may be negative
    localparam int unsigned BOOK_W = $clog2(BOOKS)
) (
    input  logic                 clk,
    input  logic    [BOOK_W-1:0] s_slot,
    input  logic                 s_first,
    input  logic                 w_valid,
    input  logic    [BOOK_W-1:0] w_slot,
    input  logic                 w_negative,
    input  logic    [SIZE_W-1:0] w_size,
    output window_t              m_window
);
  if (BOOKS < 2 || BOOKS > SLOTS) $error("feature_sum: BOOKS must be 2 to SLOTS");
  if (KNEE < 4 || KNEE > 15) $error("feature_sum: KNEE must be 4 to 15");
  if (SIZE_W + SHIFT > 43) $error("feature_sum: SIZE_W and SHIFT may be 43 together");

  // The sum stays within 2^SHIFT of the largest x.
  localparam int unsigned SUM_W = SIZE_W + SHIFT + 1;
  typedef logic signed [SUM_W-1:0] sum_t;

  (* ram_style = "distributed" *) logic [SUM_W-1:0] sums[BOOKS];
  sum_t old, base, base_q, x, sum;
  logic negative;
  window_t window_d;
  always_comb begin
    old = sums[s_slot];
    if (!SIGNED) old[SUM_W-1] = 1'b0;
    base = old - (old >>> SHIFT);
    if (s_first) base = '0;
    negative = w_negative && SIGNED;
    x        = SUM_W'(w_size) ^ {SUM_W{negative}};
    // the bit below is the carry of a negative x
    sum      = SUM_W'(({base_q, negative} + {x, negative}) >> 1);
    if (!SIGNED) sum[SUM_W-1] = 1'b0;
    window_d = window(44'(sum), KNEE);
  end
  always_ff @(posedge clk) begin
    base_q   <= base;
    m_window <= window_d;
    if (w_valid) sums[w_slot] <= sum;
  end
endmodule

`default_nettype wire
