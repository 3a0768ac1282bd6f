// feature_pkg: what the blocks of features share: their types, and the arithmetic of the features.
// The numbers are feature_table_pkg's; what squash, log and SHARE are stands in
// docs/reference/features.md. The arithmetic is for elements of 8 bits and for 4 bits of a
// logarithm behind the point: features refuses others.
`default_nettype none

package feature_pkg;
  import tick_pkg::*;
  import feature_table_pkg::*;

  localparam int unsigned MOST = (1 << (FEATURE_BITS - 1)) - 1;  // of an element
  localparam int unsigned CLIP_W = $clog2(CLIP + 1);
  localparam int unsigned EVENTS_W = $clog2(WARM_EVENTS + 1);
  localparam int unsigned MIDDLE_W = PRICE_W + 1;
  localparam int unsigned LOG_W = 10;
  localparam int unsigned SHARE_W = 11;
  localparam int unsigned DISTANCES = 1 << (FEATURE_BITS - 1);

  typedef logic [PRICE_W-1:0] price_t;
  typedef logic [SHARES_W-1:0] shares_t;
  typedef logic [MIDDLE_W-1:0] middle_t;  // best bid plus best ask
  typedef logic signed [MIDDLE_W:0] move_t;
  typedef logic [LOG_W-1:0] log_t;
  typedef logic signed [FEATURE_BITS-1:0] element_t;
  typedef logic signed [SHARE_W-1:0] share_t;
  typedef struct packed {
    logic negative;
    logic [CLIP_W-1:0] size;
  } change_t;  // of shares, held within CLIP

  // What a squash at a knee k looks at of y = |d| + 2^k: bits k + 8 to k - 4. big: y is above that.
  typedef struct packed {
    logic        negative;
    logic        big;
    logic [12:0] bits;
  } window_t;

  function automatic window_t window(input logic signed [43:0] d, input int unsigned knee);
    logic [43:0] size;  // of a negative one, one too small
    logic [24:0] sum;  // with the carry below it
    size            = d ^ {44{d[43]}};
    sum             = {24'(size) & ((24'd1 << (knee + 8)) - 1'b1), d[43]};
    sum             = sum + {24'd1 << knee, d[43]};
    window.negative = d[43];
    window.big      = (size >> (knee + 8)) != '0;
    window.bits     = 13'(sum >> (knee - 3));
  endfunction

  function automatic bit squashable(input int unsigned knee);
    squashable = knee >= FRACTION && knee <= 15;
  endfunction

  // squash without its sign: sixteenths of an octave of y above the knee, at most MOST. The leading
  // one is found by halves.
  function automatic logic [6:0] squash(input window_t y);
    logic [7:0] half;
    logic [5:0] quarter;
    squash[6]   = y.bits[11:8] != '0;
    half        = squash[6] ? y.bits[11:4] : y.bits[7:0];
    squash[5]   = half[7:6] != '0;
    quarter     = squash[5] ? half[7:2] : half[5:0];
    squash[4]   = quarter[5];
    squash[3:0] = quarter[5] ? quarter[4:1] : quarter[3:0];
    if (y.big || y.bits[12]) squash = '1;
  endfunction

  function automatic element_t signed_squash(input window_t y);
    logic [7:0] size;
    size          = {1'b0, squash(y)};
    signed_squash = (size ^ {8{y.negative}}) + 8'(y.negative);
  endfunction

  // Sixteenths of an octave of y: the place of its leading one, and the four bits behind it. Each
  // group of four bits says what it would be if the leading one were there.
  function automatic log_t octaves(input logic [39:0] y);
    logic [43:0] padded;
    logic [9:0] any, leads;
    logic [5:0] nearest;
    padded  = {y, 4'd0};
    octaves = '0;
    for (int unsigned g = 0; g < 10; g++) any[g] = y[4*g+:4] != '0;
    for (int unsigned g = 0; g < 10; g++) leads[g] = any[g] && (any >> (g + 1)) == '0;
    for (int unsigned g = 0; g < 10; g++) begin
      nearest = {2'd0, padded[4*g+:4]};
      for (int unsigned p = 1; p < 4; p++) begin
        if (y[4*g+p]) nearest = {2'(p), padded[4*g+p+:4]};
      end
      octaves |= leads[g] ? {4'(g), nearest} : '0;
    end
  endfunction

  function automatic element_t hold(input logic signed [11:0] x);
    hold = 8'(x);
    if (!x[11] && x[10:7] != '0) hold = 8'sd127;
    if (x[11] && (x[10:7] != '1 || x[6:0] == '0)) hold = -8'sd127;
  endfunction

  // SHARE by the difference of the logarithms of the sizes, less what a micro-price loses; the
  // least of SHARE_W bits where it is below that, which takes any spread's logarithm below 0.
  function automatic share_t [DISTANCES-1:0] lessened();
    for (int unsigned d = 0; d < DISTANCES; d++) begin
      int left;
      left = SHARE[d] - int'(LESS_MICRO_PRICE);
      lessened[d] = left < -(1 << (SHARE_W - 1)) ? share_t'(1 << (SHARE_W - 1)) : share_t'(left);
    end
  endfunction
  localparam share_t [DISTANCES-1:0] SHARE_LESS = lessened();

  function automatic share_t share(input logic [6:0] d);
    share = SHARE_LESS[d];
  endfunction
endpackage

`default_nettype wire
