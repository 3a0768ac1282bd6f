// level_cache: the best CACHE levels of each side, sorted, and what an operation does to them.
//
// What: A row is a side of a slot: {slot, side}; on the buy side the higher price is the better, on
// the sell side the lower. The row's levels are all that there are up to its bound, and, with
// s_closed, all that there are.
// Timing: s_step makes a step at cycle t on the row that n_row named at t - 1, on the level at
// s_price. ignore, beyond, opened and accepted belong to it at t + 1. At t + 2, m_step: m_row and
// m_held, which places of the row hold a level, from the first on. m_levels are the best LEVELS,
// those that m_held means: with APART, of the row that n_row named in the cycle before, so at t + 2
// if it was named again at t + 1; without it, of m_row. Steps on one row keep a distance of 2
// cycles, others none.
// held is that of all rows; b_bound is the bound of b_row.
// Rules: A step is one of three: s_take takes s_shares off the level, and s_orders orders, 1 or 0;
// s_put adds s_shares and s_orders; s_bring brings a level as a whole, the next beyond the bound,
// which is put at the row's end if there is room. With o_valid, beside s_take, o_level is the next
// beyond the bound: it is put at the row's end if the step takes a level away.
// ignore: the row's slot shows nothing until it is cleared; what its levels are has no meaning
// then. beyond: the price lies beyond the bound, so that the row doesn't know the level; nothing is
// done. A new level that finds the row full pushes out the worst or is left out itself; opened: a
// level now stands beyond the bound which did not. accepted: what was brought or offered was put.
// clear at cycle t + 1 empties both rows of clear_slot, whatever the step does. Reset empties every
// row.
// Not: It doesn't judge sums: they wrap.
`default_nettype none

module level_cache
  import tick_pkg::*;
#(
    parameter int unsigned BOOKS = SLOTS,  // slots that may be used, from 0; 2 or more
    parameter int unsigned CACHE = 16,  // levels of a row
    parameter int unsigned READERS = 1,  // of bounds
    parameter bit APART = 0,  // m_levels are read in a cycle of their own, through the same port
    localparam int unsigned ROWS = 2 * BOOKS,
    localparam int unsigned ROW_W = $clog2(ROWS),
    localparam int unsigned BOOK_W = $clog2(BOOKS),
    localparam int unsigned LEVEL_W = PRICE_W + SHARES_W + ORDERS_W
) (
    input  logic                             clk,
    input  logic                             rst,
    input  logic [   ROW_W-1:0]              n_row,
    input  logic                             s_step,
    input  logic [ PRICE_W-1:0]              s_price,
    input  logic [SHARES_W-1:0]              s_shares,
    input  logic [ORDERS_W-1:0]              s_orders,
    input  logic                             s_take,
    input  logic                             s_put,
    input  logic                             s_bring,
    input  logic                             s_closed,
    input  logic                             o_valid,
    input  logic [ LEVEL_W-1:0]              o_level,
    input  logic                             ignore,
    input  logic                             clear,
    input  logic [  BOOK_W-1:0]              clear_slot,
    output logic                             beyond,
    output logic                             opened,
    output logic                             accepted,
    output logic                             m_step,
    output logic [   ROW_W-1:0]              m_row,
    output logic [   CACHE-1:0]              m_held,
    output logic [  LEVELS-1:0][LEVEL_W-1:0] m_levels,
    output logic [    ROWS-1:0][  CACHE-1:0] held,
    input  logic [ READERS-1:0][  ROW_W-1:0] b_row,
    output logic [ READERS-1:0][PRICE_W-1:0] b_bound
);
  if (CACHE < LEVELS) $error("level_cache: CACHE must be at least LEVELS");
  if (BOOKS < 2 || BOOKS > SLOTS) $error("level_cache: BOOKS must be 2 to SLOTS");
  if (READERS == 0) $error("level_cache: READERS must be at least 1");

  typedef struct packed {
    logic [PRICE_W-1:0]  price;
    logic [SHARES_W-1:0] shares;
    logic [ORDERS_W-1:0] orders;
  } level_t;
  typedef struct packed {
    logic [SHARES_W-1:0] shares;
    logic [ORDERS_W-1:0] orders;
  } sum_t;
  typedef logic [CACHE-1:0] mask_t;

  localparam int unsigned PART = 2;  // levels that one copy of the row's number addresses
  localparam int unsigned COPIES = (CACHE + PART - 1) / PART;
  (* keep *)logic [ROW_W-1:0] at_q  [COPIES];
  logic [ROW_W-1:0] s_row;
  for (genvar c = 0; c < COPIES; c++) begin : g_copy
    always_ff @(posedge clk) at_q[c] <= n_row;
  end
  always_ff @(posedge clk) s_row <= n_row;

  (* ram_style = "distributed" *) logic [PRICE_W-1:0] bounds[ROWS];
  mask_t [ROWS-1:0] held_q;

  // The first cycle: the row is read and compared.
  level_t [CACHE-1:0] row, level_q, next;
  mask_t valid, better, same, single, write;
  logic step_q, known_q, offered_q, take_q, put_q, bring_q, reaches;
  logic [ROW_W-1:0] row_q;
  level_t change_q, offer_q;
  sum_t [COPIES-1:0] sums, sums_q;  // in each part, of the level at the price
  mask_t valid_q, better_q, first_q, same_q, dies_q;

  for (genvar k = 0; k < CACHE; k++) begin : g_level
    (* ram_style = "distributed" *) level_t rows[ROWS];
    assign row[k] = rows[at_q[k/PART]];
    always_ff @(posedge clk) if (write[k]) rows[row_q] <= next[k];
  end
  always_comb begin
    sums    = '0;
    valid   = held_q[s_row];
    reaches = s_row[0] == SIDE_SELL ? s_price <= bounds[s_row] : s_price >= bounds[s_row];
    for (int unsigned k = 0; k < CACHE; k++) begin
      // Two carry chains, which share what they add: row[k] is at most, is below the price.
      automatic logic most = 1'(({1'b0, row[k].price} + {1'b1, ~s_price}) >> PRICE_W);
      automatic
      logic
      less = 1'(({1'b0, row[k].price, 1'b1} + {1'b1, ~s_price, 1'b1}) >> (PRICE_W + 1));
      better[k] = valid[k] && (s_row[0] == SIDE_SELL ? less : !most);
      same[k]   = valid[k] && most && !less;
      single[k] = row[k].orders == ORDERS_W'(1);
      sums[k/PART] |= same[k] ? {row[k].shares, row[k].orders} : '0;
    end
  end
  always_ff @(posedge clk) begin
    step_q          <= s_step && !rst;
    take_q          <= s_take && s_step;
    put_q           <= s_put && s_step;
    bring_q         <= s_bring && s_step;
    offered_q       <= o_valid && s_take && s_step && !APART;
    known_q         <= s_closed || s_bring || reaches;
    row_q           <= s_row;
    change_q.price  <= s_price;
    change_q.shares <= s_shares ^ {SHARES_W{s_take}};
    change_q.orders <= s_orders ^ {ORDERS_W{s_take}};
    offer_q         <= o_level;
    level_q         <= row;
    sums_q          <= sums;
    valid_q         <= valid;
    better_q        <= better;
    first_q         <= ~better & {better[CACHE-2:0], 1'b1};  // the first that isn't better
    same_q          <= same;
    dies_q          <= same & single & {CACHE{s_take && s_step && s_orders[0]}};
  end

  // The second: levels move up where one goes, down where one comes; one is written anew: the sum
  // of what was there, which may be nothing, and the change. Levels that stay aren't written.
  logic hit, delete, insert, update, full;
  mask_t end_then;
  sum_t  sum;
  always_comb begin
    hit      = |same_q;
    full     = valid_q[CACHE-1];
    delete   = |dies_q;
    insert   = (put_q && known_q && !hit) || (bring_q && !full);
    update   = (take_q || put_q) && hit;
    end_then = valid_q & ~(valid_q >> 1);  // the last place that is taken
    beyond   = (take_q || put_q) && !known_q && !ignore;
    accepted = !ignore && ((bring_q && !full) || (offered_q && delete));
    opened   = put_q && insert && full && !ignore;

    sum      = '0;
    for (int unsigned c = 0; c < COPIES; c++) sum |= sums_q[c];
    sum.shares = SHARES_W'(({sum.shares, 1'b1} + {change_q.shares, take_q}) >> 1);
    sum.orders = ORDERS_W'(({sum.orders, 1'b1} + {change_q.orders, take_q}) >> 1);
    for (int unsigned k = 0; k < CACHE; k++) begin
      automatic logic moves_up = 1'b0;  // from there on, if any
      for (int unsigned d = 0; d <= k; d++) moves_up |= dies_q[d];
      write[k] = step_q && !better_q[k] && (delete || insert || (update && first_q[k]));
      if (moves_up) next[k] = offered_q && end_then[k] ? offer_q : level_q[(k+1)%CACHE];
      else if (first_q[k]) next[k] = {change_q.price, sum};
      else next[k] = level_q[(k+CACHE-1)%CACHE];
    end
  end

  mask_t held_next;
  always_comb begin
    held_next = valid_q;
    if (delete && !offered_q) held_next = valid_q >> 1;
    if (insert) held_next = {valid_q[CACHE-2:0], 1'b1};
    if (ignore) held_next = valid_q;
  end

  always_ff @(posedge clk) begin
    if (opened || accepted) begin
      if (offered_q) bounds[row_q] <= offer_q.price;
      else if (bring_q || first_q[CACHE-1]) bounds[row_q] <= change_q.price;
      else if (better_q[CACHE-1]) bounds[row_q] <= level_q[CACHE-1].price;
      else bounds[row_q] <= level_q[CACHE-2].price;
    end
    if (step_q) held_q[row_q] <= held_next;
    if (clear) begin
      for (int unsigned r = 0; r < ROWS; r++) begin
        if (r / 2 == 32'(clear_slot)) held_q[r] <= '0;
      end
    end
    m_step <= step_q && !rst;
    m_row  <= row_q;
    m_held <= held_next;
    if (clear && row_q[ROW_W-1:1] == clear_slot) m_held <= '0;
    if (rst) held_q <= '0;
  end
  for (genvar k = 0; k < LEVELS; k++) begin : g_best
    if (APART) begin : g_apart
      assign m_levels[k] = row[k];
    end else begin : g_beside
      (* ram_style = "distributed" *) level_t bests[ROWS];
      always_ff @(posedge clk) if (write[k]) bests[row_q] <= next[k];
      assign m_levels[k] = bests[m_row];
    end
  end
  assign held = held_q;
  for (genvar r = 0; r < READERS; r++) begin : g_bound
    assign b_bound[r] = bounds[b_row[r]];
  end
endmodule

`default_nettype wire
