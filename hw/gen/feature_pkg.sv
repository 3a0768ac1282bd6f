// Generated from sw/tickwire/features/table.py by `python -m tickwire.features`. Don't edit.
//
// feature_pkg: the constants of the feature table, and its arithmetic. AT_X is feature X's
// element, KNEE_X its squash's, SHIFT_X its running sum's. What the words mean stands in
// docs/reference/features.md.
`default_nettype none

package feature_pkg;
  localparam int unsigned ELEMENTS = 32;
  localparam int unsigned FEATURE_BITS = 8;
  localparam int unsigned MOST = 127;
  localparam int unsigned DEPTH = 5;
  localparam int unsigned CLIP = 65535;
  localparam int unsigned WARM_EVENTS = 256;
  localparam int unsigned MOST_COUNT = 4095;
  localparam int unsigned TIME_SHIFT = 10;
  localparam int unsigned LAGS = 3;
  localparam int unsigned SAMPLERS = 3;
  localparam int unsigned AT_SPREAD = 0;
  localparam int unsigned KNEE_SPREAD = 7;
  localparam int unsigned AT_SPREAD_CHANGE = 1;
  localparam int unsigned KNEE_SPREAD_CHANGE = 7;
  localparam int unsigned SHIFT_SPREAD_CHANGE = 5;
  localparam int unsigned AT_IMBALANCE_1 = 2;
  localparam int unsigned AT_IMBALANCE_2 = 3;
  localparam int unsigned AT_IMBALANCE_3 = 4;
  localparam int unsigned AT_IMBALANCE_5 = 5;
  localparam int unsigned AT_IMBALANCE_MEAN = 6;
  localparam int unsigned SHIFT_IMBALANCE_MEAN = 4;
  localparam int unsigned AT_MICRO_PRICE = 7;
  localparam int unsigned AT_GAP_1 = 8;
  localparam int unsigned KNEE_GAP_1 = 7;
  localparam int unsigned AT_GAP_5 = 9;
  localparam int unsigned KNEE_GAP_5 = 7;
  localparam int unsigned AT_FLOW_1 = 10;
  localparam int unsigned KNEE_FLOW_1 = 6;
  localparam int unsigned AT_FLOW_8 = 11;
  localparam int unsigned KNEE_FLOW_8 = 7;
  localparam int unsigned SHIFT_FLOW_8 = 3;
  localparam int unsigned AT_FLOW_32 = 12;
  localparam int unsigned KNEE_FLOW_32 = 8;
  localparam int unsigned SHIFT_FLOW_32 = 5;
  localparam int unsigned AT_FLOW_128 = 13;
  localparam int unsigned KNEE_FLOW_128 = 9;
  localparam int unsigned SHIFT_FLOW_128 = 7;
  localparam int unsigned AT_PRESSURE_32 = 14;
  localparam int unsigned KNEE_PRESSURE_32 = 8;
  localparam int unsigned SHIFT_PRESSURE_32 = 5;
  localparam int unsigned AT_RETURN_1 = 15;
  localparam int unsigned KNEE_RETURN_1 = 7;
  localparam int unsigned AT_RETURN_4 = 16;
  localparam int unsigned KNEE_RETURN_4 = 7;
  localparam int unsigned AT_RETURN_16 = 17;
  localparam int unsigned KNEE_RETURN_16 = 7;
  localparam int unsigned AT_TREND_32 = 18;
  localparam int unsigned KNEE_TREND_32 = 7;
  localparam int unsigned SHIFT_TREND_32 = 5;
  localparam int unsigned AT_TREND_128 = 19;
  localparam int unsigned KNEE_TREND_128 = 7;
  localparam int unsigned SHIFT_TREND_128 = 7;
  localparam int unsigned AT_MOMENTUM_1S = 20;
  localparam int unsigned KNEE_MOMENTUM_1S = 7;
  localparam int unsigned AT_MOMENTUM_5S = 21;
  localparam int unsigned KNEE_MOMENTUM_5S = 8;
  localparam int unsigned AT_MOMENTUM_1MIN = 22;
  localparam int unsigned KNEE_MOMENTUM_1MIN = 9;
  localparam int unsigned AT_LAST_MOVE = 23;
  localparam int unsigned KNEE_LAST_MOVE = 7;
  localparam int unsigned AT_SINCE_MOVE = 24;
  localparam int unsigned AT_TRADE = 25;
  localparam int unsigned KNEE_TRADE = 6;
  localparam int unsigned AT_TRADES_8 = 26;
  localparam int unsigned KNEE_TRADES_8 = 7;
  localparam int unsigned SHIFT_TRADES_8 = 3;
  localparam int unsigned AT_TRADES_64 = 27;
  localparam int unsigned KNEE_TRADES_64 = 8;
  localparam int unsigned SHIFT_TRADES_64 = 6;
  localparam int unsigned AT_PAUSE = 28;
  localparam int unsigned AT_PACE = 29;
  localparam int unsigned SHIFT_PACE = 4;
  localparam int unsigned AT_VOLATILITY_16 = 30;
  localparam int unsigned KNEE_VOLATILITY_16 = 8;
  localparam int unsigned SHIFT_VOLATILITY_16 = 4;
  localparam int unsigned AT_VOLATILITY_256 = 31;
  localparam int unsigned KNEE_VOLATILITY_256 = 11;
  localparam int unsigned SHIFT_VOLATILITY_256 = 8;
  localparam int unsigned LAG[3] = '{1, 4, 16};
  localparam int unsigned EXPONENT[3] = '{28, 30, 34};
  localparam int unsigned BUCKETS[3] = '{4, 5, 4};

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

  // squash without its sign: sixteenths of an octave of y above the knee, at most MOST. The leading
  // one is found by halves.
  function automatic logic [6:0] squash(input window_t y);
    logic [7:0] half;
    logic [5:0] quarter;
    squash[6] = y.bits[11:8] != '0;
    half      = squash[6] ? y.bits[11:4] : y.bits[7:0];
    squash[5] = half[7:6] != '0;
    quarter   = squash[5] ? half[7:2] : half[5:0];
    squash[4] = quarter[5];
    squash[3:0] = quarter[5] ? quarter[4:1] : quarter[3:0];
    if (y.big || y.bits[12]) squash = '1;
  endfunction

  function automatic logic signed [7:0] signed_squash(input window_t y);
    logic [7:0] size;
    size          = {1'b0, squash(y)};
    signed_squash = (size ^ {8{y.negative}}) + 8'(y.negative);
  endfunction

  // Sixteenths of an octave of y: the place of its leading one, and the four bits behind it. Each
  // group of four bits says what it would be if the leading one were there.
  function automatic logic [9:0] octaves(input logic [39:0] y);
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

  function automatic logic signed [7:0] hold(input logic signed [11:0] x);
    hold = 8'(x);
    if (!x[11] && x[10:7] != '0) hold = 8'sd127;
    if (x[11] && (x[10:7] != '1 || x[6:0] == '0)) hold = -8'sd127;
  endfunction

  // SHARE, less what a micro-price loses: by the difference of the logarithms of the sizes.

  function automatic logic signed [10:0] share(input logic [6:0] d);
    unique case (d)
      7'd0: share = -11'sd1024;
      7'd1: share = -11'sd152;
      7'd2: share = -11'sd136;
      7'd3: share = -11'sd127;
      7'd4: share = -11'sd121;
      7'd5: share = -11'sd115;
      7'd6: share = -11'sd111;
      7'd7: share = -11'sd108;
      7'd8: share = -11'sd105;
      7'd9: share = -11'sd102;
      7'd10: share = -11'sd100;
      7'd11: share = -11'sd98;
      7'd12: share = -11'sd96;
      7'd13: share = -11'sd94;
      7'd14: share = -11'sd92;
      7'd15: share = -11'sd91;
      7'd16: share = -11'sd89;
      7'd17: share = -11'sd88;
      7'd18: share = -11'sd87;
      7'd19: share = -11'sd86;
      7'd20: share = -11'sd85;
      7'd21: share = -11'sd84;
      7'd22: share = -11'sd83;
      7'd23: share = -11'sd82;
      7'd24: share = -11'sd81;
      7'd25: share = -11'sd80;
      7'd26: share = -11'sd80;
      7'd27: share = -11'sd79;
      7'd28: share = -11'sd78;
      7'd29: share = -11'sd78;
      7'd30: share = -11'sd77;
      7'd31: share = -11'sd76;
      7'd32: share = -11'sd76;
      7'd33: share = -11'sd75;
      7'd34: share = -11'sd75;
      7'd35: share = -11'sd74;
      7'd36: share = -11'sd74;
      7'd37: share = -11'sd73;
      7'd38: share = -11'sd73;
      7'd39: share = -11'sd73;
      7'd40: share = -11'sd72;
      7'd41: share = -11'sd72;
      7'd42: share = -11'sd72;
      7'd43: share = -11'sd71;
      7'd44: share = -11'sd71;
      7'd45: share = -11'sd71;
      7'd46: share = -11'sd70;
      7'd47: share = -11'sd70;
      7'd48: share = -11'sd70;
      7'd49: share = -11'sd70;
      7'd50: share = -11'sd69;
      7'd51: share = -11'sd69;
      7'd52: share = -11'sd69;
      7'd53: share = -11'sd69;
      7'd54: share = -11'sd68;
      7'd55: share = -11'sd68;
      7'd56: share = -11'sd68;
      7'd57: share = -11'sd68;
      7'd58: share = -11'sd68;
      7'd59: share = -11'sd68;
      7'd60: share = -11'sd67;
      7'd61: share = -11'sd67;
      7'd62: share = -11'sd67;
      7'd63: share = -11'sd67;
      7'd64: share = -11'sd67;
      7'd65: share = -11'sd67;
      7'd66: share = -11'sd67;
      7'd67: share = -11'sd67;
      7'd68: share = -11'sd66;
      7'd69: share = -11'sd66;
      7'd70: share = -11'sd66;
      7'd71: share = -11'sd66;
      7'd72: share = -11'sd66;
      7'd73: share = -11'sd66;
      7'd74: share = -11'sd66;
      7'd75: share = -11'sd66;
      7'd76: share = -11'sd66;
      7'd77: share = -11'sd66;
      7'd78: share = -11'sd66;
      7'd79: share = -11'sd66;
      7'd80: share = -11'sd65;
      7'd81: share = -11'sd65;
      7'd82: share = -11'sd65;
      7'd83: share = -11'sd65;
      7'd84: share = -11'sd65;
      7'd85: share = -11'sd65;
      7'd86: share = -11'sd65;
      7'd87: share = -11'sd65;
      7'd88: share = -11'sd65;
      7'd89: share = -11'sd65;
      7'd90: share = -11'sd65;
      7'd91: share = -11'sd65;
      7'd92: share = -11'sd65;
      7'd93: share = -11'sd65;
      7'd94: share = -11'sd65;
      7'd95: share = -11'sd65;
      7'd96: share = -11'sd65;
      7'd97: share = -11'sd65;
      7'd98: share = -11'sd65;
      7'd99: share = -11'sd65;
      7'd100: share = -11'sd65;
      7'd101: share = -11'sd65;
      7'd102: share = -11'sd65;
      7'd103: share = -11'sd65;
      7'd104: share = -11'sd65;
      7'd105: share = -11'sd64;
      7'd106: share = -11'sd64;
      7'd107: share = -11'sd64;
      7'd108: share = -11'sd64;
      7'd109: share = -11'sd64;
      7'd110: share = -11'sd64;
      7'd111: share = -11'sd64;
      7'd112: share = -11'sd64;
      7'd113: share = -11'sd64;
      7'd114: share = -11'sd64;
      7'd115: share = -11'sd64;
      7'd116: share = -11'sd64;
      7'd117: share = -11'sd64;
      7'd118: share = -11'sd64;
      7'd119: share = -11'sd64;
      7'd120: share = -11'sd64;
      7'd121: share = -11'sd64;
      7'd122: share = -11'sd64;
      7'd123: share = -11'sd64;
      7'd124: share = -11'sd64;
      7'd125: share = -11'sd64;
      7'd126: share = -11'sd64;
      7'd127: share = -11'sd64;
    endcase
  endfunction
endpackage

`default_nettype wire
