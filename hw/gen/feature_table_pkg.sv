// Generated from sw/tickwire/features/table.py by `python -m tickwire.features`. Don't edit.
//
// feature_table_pkg: the numbers of the feature table. AT_X is the element of feature X, KNEE_X its
// squash's knee, SHIFT_X its running mean's; the numbers of a group X are arrays of XS. What the
// words mean stands in sw/tickwire/features/table.py and docs/reference/features.md.
`default_nettype none

package feature_table_pkg;
  localparam int unsigned ELEMENTS = 32;
  localparam int unsigned FEATURE_BITS = 8;
  localparam int unsigned FRACTION = 4;
  localparam int unsigned DEPTH = 5;
  localparam int unsigned CLIP = 65535;
  localparam int unsigned WARM_EVENTS = 256;
  localparam int unsigned OF_FLOW = 0;
  localparam int unsigned OF_PRESSURE = 1;
  localparam int unsigned OF_TRADE = 2;
  localparam int unsigned OF_MOVE = 3;
  localparam int unsigned AT_SPREAD = 0;
  localparam int unsigned KNEE_SPREAD = 7;
  localparam int unsigned AT_SPREAD_CHANGE = 1;
  localparam int unsigned SHIFT_SPREAD_CHANGE = 5;
  localparam int unsigned KNEE_SPREAD_CHANGE = 7;
  localparam int unsigned IMBALANCES = 3;
  localparam int unsigned AT_IMBALANCE[IMBALANCES] = '{2, 3, 4};
  localparam int unsigned LEVEL_IMBALANCE[IMBALANCES] = '{1, 2, 3};
  localparam int unsigned AT_IMBALANCE_SUM = 5;
  localparam int unsigned LEVEL_IMBALANCE_SUM = 5;
  localparam int unsigned AT_IMBALANCE_MEAN = 6;
  localparam int unsigned SHIFT_IMBALANCE_MEAN = 4;
  localparam int unsigned AT_MICRO_PRICE = 7;
  localparam int unsigned LESS_MICRO_PRICE = 64;
  localparam int unsigned GAPS = 2;
  localparam int unsigned AT_GAP[GAPS] = '{8, 9};
  localparam int unsigned LEVEL_GAP[GAPS] = '{2, 5};
  localparam int unsigned KNEE_GAP[GAPS] = '{7, 7};
  localparam int unsigned AT_FLOW_1 = 10;
  localparam int unsigned KNEE_FLOW_1 = 6;
  localparam int unsigned SUMS = 8;
  localparam int unsigned AT_SUM[SUMS] = '{11, 12, 13, 14, 26, 27, 30, 31};
  localparam int unsigned SHIFT_SUM[SUMS] = '{3, 5, 7, 5, 3, 6, 4, 8};
  localparam int unsigned KNEE_SUM[SUMS] = '{7, 8, 9, 8, 7, 8, 8, 11};
  localparam int unsigned OF_SUM[SUMS] = '{0, 0, 0, 1, 2, 2, 3, 3};
  localparam int unsigned RETURNS = 3;
  localparam int unsigned AT_RETURN[RETURNS] = '{15, 16, 17};
  localparam int unsigned LAG_RETURN[RETURNS] = '{1, 4, 16};
  localparam int unsigned KNEE_RETURN[RETURNS] = '{7, 7, 7};
  localparam int unsigned TRENDS = 2;
  localparam int unsigned AT_TREND[TRENDS] = '{18, 19};
  localparam int unsigned SHIFT_TREND[TRENDS] = '{5, 7};
  localparam int unsigned KNEE_TREND[TRENDS] = '{7, 7};
  localparam int unsigned MOMENTUMS = 3;
  localparam int unsigned AT_MOMENTUM[MOMENTUMS] = '{20, 21, 22};
  localparam int unsigned KNEE_MOMENTUM[MOMENTUMS] = '{7, 8, 9};
  localparam int unsigned EXPONENT_MOMENTUM[MOMENTUMS] = '{28, 30, 34};
  localparam int unsigned BUCKETS_MOMENTUM[MOMENTUMS] = '{4, 5, 4};
  localparam int unsigned AT_LAST_MOVE = 23;
  localparam int unsigned KNEE_LAST_MOVE = 7;
  localparam int unsigned AT_SINCE_MOVE = 24;
  localparam int unsigned AT_TRADE = 25;
  localparam int unsigned KNEE_TRADE = 6;
  localparam int unsigned AT_PAUSE = 28;
  localparam int unsigned UNIT_PAUSE = 10;
  localparam int unsigned STEP_PAUSE = 2;
  localparam int unsigned AT_PACE = 29;
  localparam int unsigned SHIFT_PACE = 4;
  localparam int SHARE[128] = '{
    -1024, -88, -72, -63, -57, -51, -47, -44, -41, -38, -36, -34, -32, -30, -28, -27,
    -25, -24, -23, -22, -21, -20, -19, -18, -17, -16, -16, -15, -14, -14, -13, -12,
    -12, -11, -11, -10, -10, -9, -9, -9, -8, -8, -8, -7, -7, -7, -6, -6,
    -6, -6, -5, -5, -5, -5, -4, -4, -4, -4, -4, -4, -3, -3, -3, -3,
    -3, -3, -3, -3, -2, -2, -2, -2, -2, -2, -2, -2, -2, -2, -2, -2,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
endpackage

`default_nettype wire
