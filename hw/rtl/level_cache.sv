// level_cache: the best CACHE levels of each side, sorted, and what an operation does to them.
//
// A row is a side of a slot: {slot, side}. A level's key is its price, inverted on the buy side, so
// that the better level has the smaller key. The row's levels are all that there are up to its
// bound, and, with s_closed, all that there are.
// s_step makes a step at cycle t on the row that n_row named at t - 1: with s_take, s_shares are
// taken off the level at s_key, and with s_gone an order; with s_put, s_shares and an order come to
// rest there; at most one of the two. At t + 1, ignore says that the row's slot shows nothing until
// it is cleared: what its levels are has no meaning then; beyond says that the price lies beyond
// the bound, so that the row doesn't know the level: nothing is done. A new level that finds the
// row full pushes out the worst or is left out itself: opened says, at t + 1, that a level now
// stands beyond the bound which did not. With o_valid a level is offered, at cycle t, that is the
// next beyond the bound; accepted says at t + 1 that it was put at the row's end: if there is room
// and nothing was put and no level changed (one may have been taken away). At t + 2, m_step: m_row,
// m_count, and m_levels, the best LEVELS, of which m_count are meant.
// clear at cycle t + 1 empties both rows of clear_slot, whatever the step does.
// counts are those of all rows; b_bound is the bound of b_slot's row on either side. Steps on one
// row keep a distance of 2 cycles, others none. Reset empties every row. Sums wrap: it doesn't
// judge them.
`default_nettype none

module level_cache
  import tick_pkg::*;
#(
    parameter int unsigned BOOKS = SLOTS,  // slots that may be used, from 0; 2 or more
    parameter int unsigned CACHE = 16,  // levels of a row
    localparam int unsigned ROWS = 2 * BOOKS,
    localparam int unsigned ROW_W = $clog2(ROWS),
    localparam int unsigned BOOK_W = $clog2(BOOKS),
    localparam int unsigned COUNT_W = $clog2(CACHE + 1),
    localparam int unsigned LEVEL_W = PRICE_W + SHARES_W + ORDERS_W
) (
    input  logic                             clk,
    input  logic                             rst,
    input  logic [   ROW_W-1:0]              n_row,
    input  logic                             s_step,
    input  logic [ PRICE_W-1:0]              s_key,
    input  logic [SHARES_W-1:0]              s_shares,
    input  logic                             s_take,
    input  logic                             s_gone,
    input  logic                             s_put,
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
    output logic [ COUNT_W-1:0]              m_count,
    output logic [  LEVELS-1:0][LEVEL_W-1:0] m_levels,
    output logic [    ROWS-1:0][COUNT_W-1:0] counts,
    input  logic [         1:0][ BOOK_W-1:0] b_slot,
    output logic [         1:0][PRICE_W-1:0] b_bound
);
  if (CACHE < LEVELS) $error("level_cache: CACHE must be at least LEVELS");
  if (BOOKS < 2 || BOOKS > SLOTS) $error("level_cache: BOOKS must be 2 to SLOTS");

  typedef struct packed {
    logic [PRICE_W-1:0]  key;
    logic [SHARES_W-1:0] shares;
    logic [ORDERS_W-1:0] orders;
  } level_t;
  typedef logic [CACHE-1:0] mask_t;

  localparam int unsigned COPIES = 4;  // of the row's number: each addresses a part of the row
  localparam int unsigned PART = (CACHE + COPIES - 1) / COPIES;
  (* keep *)logic [ROW_W-1:0] at_q  [COPIES];
  logic [ROW_W-1:0] s_row;
  for (genvar c = 0; c < COPIES; c++) begin : g_copy
    always_ff @(posedge clk) at_q[c] <= n_row;
  end
  always_ff @(posedge clk) s_row <= n_row;

  (* ram_style = "distributed" *) logic [PRICE_W-1:0] bounds[ROWS];
  logic [ROWS-1:0][COUNT_W-1:0] count_q;

  // The first cycle: the row is read and compared.
  level_t [CACHE-1:0] row, level_q, next;
  logic [COUNT_W-1:0] count;
  mask_t valid, better, same, single, write;
  logic step_q, known_q, offered_q, take_q, gone_q, put_q;
  logic [ROW_W-1:0] row_q;
  logic [COUNT_W-1:0] count1_q;
  logic [PRICE_W-1:0] key_q;
  logic [SHARES_W-1:0] change_q;
  level_t offer_q;
  mask_t valid_q, better_q, same_q, dies_q;

  for (genvar k = 0; k < CACHE; k++) begin : g_level
    (* ram_style = "distributed" *) level_t rows[ROWS];
    assign row[k] = rows[at_q[k/PART]];
    always_ff @(posedge clk) if (write[k]) rows[row_q] <= next[k];
  end
  always_comb begin
    count = count_q[s_row];
    for (int unsigned k = 0; k < CACHE; k++) begin
      valid[k]  = COUNT_W'(k) < count;
      better[k] = valid[k] && row[k].key < s_key;
      same[k]   = valid[k] && row[k].key == s_key;
      single[k] = row[k].orders == ORDERS_W'(1);
    end
  end
  always_ff @(posedge clk) begin
    step_q    <= s_step && !rst;
    take_q    <= s_take && s_step;
    put_q     <= s_put && s_step;
    gone_q    <= s_gone;
    offered_q <= o_valid && s_step && !s_put;
    known_q   <= s_closed || s_key <= bounds[s_row];
    row_q     <= s_row;
    count1_q  <= count;
    key_q     <= s_key;
    change_q  <= s_shares ^ {SHARES_W{s_take}};
    offer_q   <= o_level;
    level_q   <= row;
    valid_q   <= valid;
    better_q  <= better;
    same_q    <= same;
    dies_q    <= same & single;
  end

  // The second: levels move up where one goes, down where one comes; one is written anew: the sum
  // of what was there, which may be nothing, and the change, or the one that was offered. Levels
  // that stay aren't written.
  logic hit, delete, insert, update, full;
  mask_t first, end_now, end_then, here;
  level_t sum, fresh;
  always_comb begin
    hit      = |same_q;
    full     = valid_q[CACHE-1];
    delete   = take_q && gone_q && |dies_q;
    insert   = put_q && known_q && !hit;
    update   = (take_q || put_q) && hit && !delete;
    first    = ~better_q & {better_q[CACHE-2:0], 1'b1};  // the first that isn't better
    end_now  = ~valid_q & ~(~valid_q << 1);  // the first place that is free
    end_then = valid_q & ~(valid_q >> 1);  // the last that isn't, and will be
    beyond   = (take_q || put_q) && !known_q && !ignore;
    accepted = offered_q && !ignore && (delete || (!take_q && !full));
    opened   = insert && full && !ignore;

    sum      = '0;
    for (int unsigned k = 0; k < CACHE; k++) begin
      sum.shares |= same_q[k] ? level_q[k].shares : '0;
      sum.orders |= same_q[k] ? level_q[k].orders : '0;
    end
    sum.key    = key_q;
    sum.shares = sum.shares + change_q + SHARES_W'(take_q);
    sum.orders = sum.orders + {{(ORDERS_W - 1) {take_q && gone_q}}, put_q || gone_q};
    fresh      = put_q || (take_q && !delete) ? sum : offer_q;
    for (int unsigned k = 0; k < CACHE; k++) begin
      here[k] = ((insert || update) && first[k]) || (offered_q && delete && end_then[k]) ||
                (offered_q && !take_q && end_now[k]);
      write[k] = step_q && (here[k] || ((delete || insert) && !better_q[k]));
      if (here[k]) next[k] = fresh;
      else if (delete) next[k] = level_q[(k+1)%CACHE];
      else next[k] = level_q[(k+CACHE-1)%CACHE];
    end
  end

  logic [COUNT_W-1:0] count_next;
  assign count_next = count1_q + COUNT_W'(insert && !full && !ignore) + COUNT_W'(accepted)
                      - COUNT_W'(delete && !ignore);

  logic m_empty_q;
  logic [LEVELS-1:0] written_q;
  level_t [LEVELS-1:0] new_q, old_q;
  logic [COUNT_W-1:0] m_count_q;
  always_ff @(posedge clk) begin
    if (opened || accepted) begin
      bounds[row_q] <= accepted ? offer_q.key : better_q[CACHE-1] ? level_q[CACHE-1].key :
                       next[CACHE-1].key;
    end
    if (step_q) count_q[row_q] <= count_next;
    if (clear) begin
      for (int unsigned r = 0; r < ROWS; r++) begin
        if (r / 2 == 32'(clear_slot)) count_q[r] <= '0;
      end
    end
    m_step    <= step_q && !rst;
    m_row     <= row_q;
    m_count_q <= count_next;
    m_empty_q <= clear && row_q[ROW_W-1:1] == clear_slot;
    for (int unsigned k = 0; k < LEVELS; k++) begin
      written_q[k] <= write[k];
      new_q[k]     <= next[k];
      old_q[k]     <= level_q[k];
    end
    if (rst) count_q <= '0;
  end
  for (genvar k = 0; k < LEVELS; k++) begin : g_shown
    assign m_levels[k] = written_q[k] ? new_q[k] : old_q[k];
  end
  assign m_count = m_empty_q ? '0 : m_count_q;
  assign counts  = count_q;
  for (genvar s = 0; s < 2; s++) begin : g_bound
    assign b_bound[s] = bounds[{b_slot[s], 1'(s)}];
  end
endmodule

`default_nettype wire
