// price_book: the levels of every slot, what is shown of them, and whether a slot can be trusted.
//
// s_valid brings a level_op, 2 cycles or more after the last, 4 after a replace. 4 cycles after it,
// 6 after a replace (its second part is put 2 cycles after the first is taken, and no book between
// the two is visible), m_valid presents what the book is then: m_top; m_depth, the best levels of
// the operation's side, if anything was to be taken or put, else of the buy side; m_cause, why it
// was refused: what it came with, or, found here, number_overflow, level_overflow or depth_lost,
// the first that applies; m_ignored, if the slot was stale. What a book is stands in
// sw/tickwire/naive_book.py. s_stale makes slots stale with s_stale_reason, before an operation of
// the same cycle, and gives no record; the first reason of a slot stays. stale_slots says which
// are.
// level_overflow: a new level finds no place in level_table, or has a price without an index
// (level_index) and finds FAR of them on its side. depth_lost: after an operation the side that it
// touched would show fewer than LEVELS levels while it has more, hidden or not, because
// level_refill hadn't brought them yet; with 8 cycles or more between operations that can't be.
// evicted, refilled and restarted count what happens between the cache and the rest, by side.
// sweeping: a slot that sweeps mustn't be cleared or loaded; error says that one was, and all
// levels are lost. Reset empties every book: each is as after a clear. Constant latency, no
// backpressure. It knows nothing of orders: the levels that an operation takes from are there.
`default_nettype none

module price_book
  import tick_pkg::*;
#(
    parameter int unsigned BOOKS = SLOTS,  // slots that may be used, from 0; 2 or more
    parameter int unsigned LEVEL_ROWS = 512,  // memory rows of level_table
    parameter int unsigned INDEX_W = 17,  // bits of a price's index
    parameter int unsigned CACHE = 20,  // levels of a side at hand: 12 for 8 bits a beat, 20 for 64
    parameter int unsigned FAR = 16  // levels of a side whose price has no index
) (
    input  logic                     clk,
    input  logic                     rst,
    input  logic                     s_valid,
    input  level_op_t                s_op,
    input  logic         [SLOTS-1:0] s_stale,
    input  reason_e                  s_stale_reason,
    output logic                     m_valid,
    output top_of_book_t             m_top,
    output depth_t                   m_depth,
    output reason_e                  m_cause,
    output logic                     m_ignored,
    output logic         [SLOTS-1:0] stale_slots,
    output logic         [BOOKS-1:0] sweeping,
    output logic                     error,
    output logic         [      1:0] evicted,
    output logic         [      1:0] refilled,
    output logic         [      1:0] restarted
);
  if (BOOKS < 2 || BOOKS > SLOTS) $error("price_book: BOOKS must be 2 to SLOTS");

  localparam int unsigned BOOK_W = $clog2(BOOKS);
  localparam int unsigned ROWS = 2 * BOOKS;  // {slot, side}
  localparam int unsigned ROW_W = $clog2(ROWS);
  localparam int unsigned COUNT_W = $clog2(CACHE + 1);
  localparam int unsigned LEVEL_W = PRICE_W + SHARES_W + ORDERS_W;
  localparam int unsigned PLACE_W = FAR > 1 ? $clog2(FAR) : 1;
  localparam int unsigned VALUE_W = SHARES_W + ORDERS_W;
  localparam int unsigned WORD_W = INDEX_W - 5;
  localparam int unsigned BLOCK_W = INDEX_W - 10;
  localparam int unsigned WAYS = 4;
  localparam int unsigned MANY_W = $clog2(2 * WAYS * LEVEL_ROWS + 1);
  localparam int unsigned PRESSING = CACHE - 2;  // levels at hand, or less
  localparam int unsigned URGENT = (CACHE + LEVELS) / 2;

  typedef struct packed {
    logic [PRICE_W-1:0]  key;
    logic [SHARES_W-1:0] shares;
    logic [ORDERS_W-1:0] orders;
  } level_t;
  typedef struct packed {
    level_op_t           op;
    logic                take;    // this part's
    logic                put;
    logic                last;    // the operation's last part
    logic                clears;
    logic [BOOK_W-1:0]   slot;
    logic [ROW_W-1:0]    row;
    logic [PRICE_W-1:0]  key;
    logic [SHARES_W-1:0] shares;
  } part_t;

  function automatic logic [PRICE_W-1:0] key_of(input logic [PRICE_W-1:0] price, input logic side);
    return price ^ {PRICE_W{side == SIDE_BUY}};
  endfunction

  // 0: the operation comes, or the second part of the one before.
  level_op_t whole_q;
  logic [1:0] second_q;
  logic v0, both;
  part_t part0;
  logic [PRICE_W-1:0] price0;
  assign both = s_op.take && s_op.put;
  assign v0   = s_valid || second_q[1];
  always_comb begin
    part0.op     = second_q[1] ? whole_q : s_op;
    part0.take   = part0.op.take && !second_q[1];
    part0.put    = part0.op.put && (second_q[1] || !part0.op.take);
    part0.last   = second_q[1] || !both;
    part0.clears = part0.op.operation inside {OPERATION_CLEAR, OPERATION_LOAD};
    part0.slot   = part0.op.slot[BOOK_W-1:0];
    part0.row    = {part0.slot, (part0.op.take || part0.op.put) && part0.op.side};
    price0       = part0.take ? part0.op.take_price : part0.op.put_price;
    part0.shares = part0.take ? part0.op.take_shares : part0.op.put_shares;
    part0.key    = key_of(price0, part0.row[0]);
  end
  always_ff @(posedge clk) begin
    if (s_valid) whole_q <= s_op;
    second_q <= rst ? '0 : {second_q[0], s_valid && both};
  end

  // Stale slots wait while a replace is between its parts: they come after it.
  logic [SLOTS-1:0] pending_q, pending, mask1_q, mask2_q, mask3_q;
  reason_e [SLOTS-1:0] why_q, why, why1_q, why2_q, why3_q;
  logic hold;
  assign hold = second_q != '0;
  always_comb begin
    pending = pending_q | s_stale;
    for (int unsigned s = 0; s < SLOTS; s++) why[s] = pending_q[s] ? why_q[s] : s_stale_reason;
  end
  always_ff @(posedge clk) begin
    pending_q <= hold ? pending : '0;
    why_q     <= why;
    mask1_q   <= hold ? '0 : pending;
    why1_q    <= why;
    mask2_q   <= mask1_q;
    why2_q    <= why1_q;
    mask3_q   <= mask2_q;
    why3_q    <= why2_q;
    if (rst) begin
      pending_q <= '0;
      mask1_q   <= '0;
      mask2_q   <= '0;
      mask3_q   <= '0;
    end
  end

  // The parts on their way, by the cycles since they came.
  logic v1_q, v2_q, v3_q;
  part_t part1_q, part2_q, part3_q;
  always_ff @(posedge clk) begin
    v1_q    <= v0 && !rst;
    v2_q    <= v1_q && !rst;
    v3_q    <= v2_q && !rst;
    part1_q <= part0;
    part2_q <= part1_q;
    part3_q <= part2_q;
  end

  // A slot's state, as it is after the operations that are through.
  reason_e [SLOTS-1:0] stale_q;
  logic [SLOTS-1:0] halted_q, loading_q, filled_q;
  logic heeded2, ignored2, ignored3_q;
  assign heeded2 = part2_q.clears || part2_q.op.operation inside {OPERATION_NONE, OPERATION_HALT,
                                                                  OPERATION_RESUME};
  assign ignored2 = !heeded2 && (stale_q[part2_q.op.slot] != REASON_OK ||
                                 mask2_q[part2_q.op.slot] || mask3_q[part2_q.op.slot]);

  // 1 and 2: the cache, in which a level that was brought may go with an operation or alone, when
  // no other step is on its row. Which row it would be is said in the cycle before.
  logic [1:0] offered;
  logic [1:0][BOOK_W-1:0] offered_slot;
  logic [1:0][LEVEL_W-1:0] offered_level;
  logic alone0, alone1_q, alone1, step1, offer1, side1, side2_q, clear2;
  logic [1:0] fits0;
  logic [ROW_W-1:0] row0, row1_q, row2_q, row3;
  logic step2_q, beyond2, opened2, accepted2, step3;
  logic [LEVELS-1:0][LEVEL_W-1:0] levels3;
  logic [COUNT_W-1:0] count3;
  logic [ROWS-1:0][COUNT_W-1:0] counts;
  logic [ROWS-1:0][MANY_W-1:0] many_q;  // levels beyond the bound
  logic closed1, opened3_q, accepted3_q, beyond3_q;
  logic [1:0][PRICE_W-1:0] bound;
  logic [1:0][ BOOK_W-1:0] bound_slot;
  always_comb begin
    side1  = row1_q[0];
    offer1 = offered[side1] && offered_slot[side1] == row1_q[ROW_W-1:1];
    alone1 = alone1_q && offer1 && !(v0 && part0.row == row1_q);
    step1  = v1_q || alone1;
    for (int unsigned s = 0; s < 2; s++) begin
      automatic logic [ROW_W-1:0] row = {offered_slot[s], s[0]};
      fits0[s] = offered[s] && !(step1 && row1_q == row) && counts[row] != COUNT_W'(CACHE);
    end
    alone0 = !v0 && fits0 != '0;
    row0 = v0 ? part0.row : {offered_slot[!fits0[0]], !fits0[0]};
    closed1 = many_q[row1_q] == '0 &&
              !(step3 && row3 == row1_q && (opened3_q || (beyond3_q && part3_q.put)));
  end
  assign clear2 = v2_q && part2_q.clears;
  level_cache #(
      .BOOKS(BOOKS),
      .CACHE(CACHE)
  ) cache (
      .clk,
      .rst,
      .n_row     (row0),
      .s_step    (step1),
      .s_key     (part1_q.key),
      .s_shares  (part1_q.shares),
      .s_take    (v1_q && part1_q.take),
      .s_gone    (part1_q.op.gone),
      .s_put     (v1_q && part1_q.put),
      .s_closed  (closed1),
      .o_valid   (offer1 && !(v1_q && part1_q.clears)),
      .o_level   (offered_level[side1]),
      .ignore    (ignored2),
      .clear     (clear2),
      .clear_slot(part2_q.slot),
      .beyond    (beyond2),
      .opened    (opened2),
      .accepted  (accepted2),
      .m_step    (step3),
      .m_row     (row3),
      .m_count   (count3),
      .m_levels  (levels3),
      .counts,
      .b_slot    (bound_slot),
      .b_bound   (bound)
  );
  always_ff @(posedge clk) begin
    step2_q     <= step1 && !rst;
    row1_q      <= row0;
    alone1_q    <= alone0 && !rst;
    row2_q      <= row1_q;
    side2_q     <= side1;
    opened3_q   <= opened2 && step2_q;
    accepted3_q <= accepted2;
    beyond3_q   <= beyond2 && v2_q;
    ignored3_q  <= ignored2;
  end

  // 3: the sums.
  logic hit3, room3, far3_q, far2, full3, store3, erase3, number3, new3, over3;
  logic [1:0] far_full;
  logic [1:0][PLACE_W-1:0] far_place;
  logic [PLACE_W+VALUE_W-1:0] value3, answer3;
  logic [  SHARES_W:0] shares3;
  logic [ORDERS_W-1:0] orders3;
  logic [ PLACE_W-1:0] place3;
  logic [1:0] looks, looked;
  logic [1:0][PRICE_W-1:0] look_key;
  logic look_turn_q, look_side, look_ready, look_hit;
  logic [VALUE_W-1:0] look_value;
  logic take3, put3;
  always_comb begin
    take3   = v3_q && part3_q.take && !ignored3_q;
    put3    = v3_q && part3_q.put && !ignored3_q;
    full3   = far_full[part3_q.row[0]];
    {place3, shares3[SHARES_W-1:0], orders3} = hit3 ? value3 : '0;
    shares3[SHARES_W] = 1'b0;
    if (!hit3) place3 = far_place[part3_q.row[0]];
    number3 = orders3 == '1;
    if (part3_q.take) begin
      shares3 = shares3 - (SHARES_W + 1)'(part3_q.shares);
      orders3 = orders3 - ORDERS_W'(part3_q.op.gone);
    end else begin
      shares3 = shares3 + (SHARES_W + 1)'(part3_q.shares);
      orders3 = orders3 + 1'b1;
    end
    number3 = put3 && (number3 || shares3[SHARES_W]);
    new3    = put3 && !hit3;
    over3   = new3 && (!room3 || (far3_q && full3));
    erase3  = take3 && part3_q.op.gone && orders3 == '0;
    store3  = (take3 && !erase3) || put3;
    answer3 = {place3, shares3[SHARES_W-1:0], orders3};
  end
  level_table #(
      .VALUE_W(PLACE_W + VALUE_W),
      .READ_W (VALUE_W),
      .ROWS   (LEVEL_ROWS),
      .WAYS   (WAYS),
      .BOOKS  (BOOKS)
  ) sums (
      .clk,
      .rst,
      .error,
      .clear     (v0 && part0.clears),
      .clear_slot(part0.slot),
      .sweeping,
      .s_valid   (v0 && (part0.take || part0.put)),
      .s_row     (part0.row),
      .s_key     (part0.key),
      .m_hit     (hit3),
      .m_room    (room3),
      .m_value   (value3),
      .w_store   (store3),
      .w_erase   (erase3),
      .w_value   (answer3),
      .l_valid   (looks != '0),
      .l_row     ({bound_slot[look_side], look_side}),
      .l_key     (look_key[look_side]),
      .l_ready   (look_ready),
      .l_hit     (look_hit),
      .l_value   (look_value)
  );
  assign look_side = looks[1] && (look_turn_q || !looks[0]);
  assign looked    = {look_ready && look_side, look_ready && looks[0] && !look_side};
  always_ff @(posedge clk) look_turn_q <= rst ? 1'b0 : look_ready ? !look_side : look_turn_q;

  // 4 to 6: the index, and what the walks must know of it.
  logic made_q, unmade_q, clear4_q, event_valid, event_tier1, event_top;
  logic [BOOK_W-1:0] slot4_q;
  logic [ROW_W-1:0] event_row;
  logic [WORD_W-1:0] event_word;
  logic [6:4] beyond_q;
  logic [5:4][ROW_W-1:0] late_row_q;
  logic [5:4][PRICE_W-1:0] late_key_q;
  logic far_changed_q;
  logic [1:0] r_valid, r_ready, q_valid, q_ready;
  logic [1:0][  ROW_W-1:0] walk_row;
  logic [1:0][ WORD_W-1:0] r_number;
  logic [1:0][BLOCK_W-1:0] q_number;
  logic [31:0] r_word, q_word;
  logic [1:0][(1<<BLOCK_W)-1:0] top_word;
  for (genvar s = 0; s < 2; s++) begin : g_row
    assign walk_row[s] = {bound_slot[s], 1'(s)};
  end
  always_ff @(posedge clk) begin
    far3_q        <= far2;
    made_q        <= new3 && !far3_q;
    unmade_q      <= erase3 && !far3_q;
    far_changed_q <= (new3 || erase3) && far3_q;
    clear4_q      <= v3_q && part3_q.clears && !rst;
    slot4_q       <= part3_q.slot;
    beyond_q      <= {beyond_q[5:4], beyond3_q && v3_q && !rst};
    late_row_q    <= {late_row_q[4], part3_q.row};
    late_key_q    <= {late_key_q[4], part3_q.key};
  end
  level_index #(
      .BOOKS  (BOOKS),
      .INDEX_W(INDEX_W)
  ) indices (
      .clk,
      .rst,
      .s_valid   (v0 && (part0.take || part0.put)),
      .s_row     (part0.row),
      .s_price   (price0),
      .m_far     (far2),
      .w_set     (made_q),
      .w_reset   (unmade_q),
      .clear     (clear4_q),
      .clear_slot(slot4_q),
      .event_valid,
      .event_row,
      .event_word,
      .event_tier1,
      .event_top,
      .r_valid,
      .r_row     (walk_row),
      .r_number,
      .r_ready,
      .r_word,
      .q_valid,
      .q_row     (walk_row),
      .q_number,
      .q_ready,
      .q_word,
      .t_row     (walk_row),
      .t_top     (top_word)
  );

  for (genvar s = 0; s < 2; s++) begin : g_side
    logic [BOOKS-1:0] lacking, room, pressing, urgent;
    logic f_start, f_done, f_found;
    logic [PRICE_W-1:0] f_key, f_least;
    for (genvar b = 0; b < BOOKS; b++) begin : g_slot
      assign lacking[b] = many_q[2*b+s] != '0 && stale_q[b] == REASON_OK;
      assign room[b]    = counts[2*b+s] != COUNT_W'(CACHE);
      assign pressing[b] = counts[2*b+s] <= COUNT_W'(PRESSING);
      assign urgent[b]  = counts[2*b+s] <= COUNT_W'(URGENT);
    end
    level_far #(
        .BOOKS(BOOKS),
        .FAR  (FAR)
    ) far (
        .clk,
        .rst,
        .s_slot    (part2_q.slot),
        .m_full    (far_full[s]),
        .m_place   (far_place[s]),
        .w_insert  (new3 && far3_q && part3_q.row[0] == 1'(s)),
        .w_erase   (erase3 && far3_q && part3_q.row[0] == 1'(s)),
        .w_key     (part3_q.key),
        .w_place   (place3),
        .clear     (v3_q && part3_q.clears),
        .clear_slot(part3_q.slot),
        .f_start,
        .f_slot    (bound_slot[s]),
        .f_key,
        .f_done,
        .f_found,
        .f_least
    );
    level_refill #(
        .BOOKS  (BOOKS),
        .INDEX_W(INDEX_W),
        .SIDE   (side_e'(s))
    ) refill (
        .clk,
        .rst,
        .s_lacking   (lacking),
        .s_room      (room),
        .s_pressing  (pressing),
        .s_urgent    (urgent),
        .touch_valid (v1_q && (part1_q.take || part1_q.put) && part1_q.row[0] == 1'(s)),
        .touch_slot  (part1_q.slot),
        .touch_key   (part1_q.key),
        .touch_beyond(beyond2 && v2_q),
        .late_valid  (beyond_q[5] && late_row_q[5][0] == 1'(s)),
        .late_slot   (late_row_q[5][ROW_W-1:1]),
        .late_key    (late_key_q[5]),
        .opened_valid(opened2 && step2_q && row2_q[0] == 1'(s)),
        .opened_slot (row2_q[ROW_W-1:1]),
        .event_valid (event_valid && beyond_q[6] && event_row[0] == 1'(s)),
        .event_slot  (event_row[ROW_W-1:1]),
        .event_word,
        .event_tier1,
        .event_top,
        .far_valid   (far_changed_q && beyond_q[4] && late_row_q[4][0] == 1'(s)),
        .far_slot    (late_row_q[4][ROW_W-1:1]),
        .clear       (clear2),
        .clear_slot  (part2_q.slot),
        .b_slot      (bound_slot[s]),
        .b_bound     (bound[s]),
        .r_valid     (r_valid[s]),
        .r_number    (r_number[s]),
        .r_ready     (r_ready[s]),
        .r_word,
        .q_valid     (q_valid[s]),
        .q_number    (q_number[s]),
        .q_ready     (q_ready[s]),
        .q_word,
        .t_top       (top_word[s]),
        .f_start,
        .f_key,
        .f_done,
        .f_found,
        .f_least,
        .l_valid     (looks[s]),
        .l_key       (look_key[s]),
        .l_ready     (looked[s]),
        .l_hit       (look_hit),
        .l_value     (look_value),
        .o_valid     (offered[s]),
        .o_slot      (offered_slot[s]),
        .o_level     (offered_level[s]),
        .accepted    (accepted2 && side2_q == 1'(s)),
        .restarted   (restarted[s])
    );
    assign evicted[s]  = opened3_q && row3[0] == 1'(s);
    assign refilled[s] = accepted3_q && row3[0] == 1'(s);
  end

  // 3: how many levels lie beyond, and whether too few are at hand.
  logic [MANY_W-1:0] many3, many_next;
  logic touches3, lost3;
  always_comb begin
    many3 = many_q[row3];
    many_next = many3 + MANY_W'(opened3_q || (beyond3_q && new3)) -
                MANY_W'(accepted3_q || (beyond3_q && erase3));
    touches3 = (take3 || put3) && part3_q.last;
    lost3 = touches3 && count3 < COUNT_W'(LEVELS) && many_next != '0;
  end
  always_ff @(posedge clk) begin
    if (step3) many_q[row3] <= many_next;
    if (clear2) begin
      for (int unsigned r = 0; r < ROWS; r++) if (r / 2 == 32'(part2_q.slot)) many_q[r] <= '0;
    end
    if (rst) many_q <= '0;
  end

  // 3: the slot's state after the operation, and what it shows.
  reason_e before3, cause3, stale3;
  logic [SLOT_W-1:0] slot3;
  logic halted3, loading3, filled3, applied3;
  assign slot3 = part3_q.op.slot;
  always_comb begin
    before3 = stale_q[slot3];
    if (before3 == REASON_OK && mask3_q[slot3]) before3 = why3_q[slot3];
    cause3 = REASON_OK;
    if (!ignored3_q) begin
      if (part3_q.op.cause != REASON_OK) cause3 = part3_q.op.cause;
      else if (number3) cause3 = REASON_NUMBER_OVERFLOW;
      else if (over3) cause3 = REASON_LEVEL_OVERFLOW;
      else if (lost3) cause3 = REASON_DEPTH_LOST;
    end
    applied3 = (take3 || put3) && cause3 == REASON_OK;
    halted3  = halted_q[slot3];
    loading3 = loading_q[slot3];
    filled3  = filled_q[slot3] || put3;
    stale3   = before3 != REASON_OK ? before3 : cause3;
    unique case (part3_q.op.operation)
      OPERATION_HALT: halted3 = 1'b1;
      OPERATION_RESUME: halted3 = 1'b0;
      OPERATION_STALE: if (before3 == REASON_OK && cause3 == REASON_OK) stale3 = part3_q.op.reason;
      OPERATION_TRUST: if (!ignored3_q && cause3 == REASON_OK) loading3 = 1'b0;
      OPERATION_CLEAR, OPERATION_LOAD: begin
        stale3   = REASON_OK;
        filled3  = 1'b0;
        loading3 = part3_q.op.operation == OPERATION_LOAD;
      end
      default: ;
    endcase
  end
  always_ff @(posedge clk) begin
    for (int unsigned s = 0; s < SLOTS; s++) begin
      if (mask3_q[s] && stale_q[s] == REASON_OK) stale_q[s] <= why3_q[s];
    end
    if (v3_q) begin
      stale_q[slot3]   <= stale3;
      halted_q[slot3]  <= halted3;
      loading_q[slot3] <= loading3;
      filled_q[slot3]  <= filled3;
    end
    if (rst) begin
      stale_q   <= '0;
      halted_q  <= '0;
      loading_q <= '0;
      filled_q  <= '0;
    end
  end
  for (genvar s = 0; s < SLOTS; s++) begin : g_stale
    assign stale_slots[s] = stale_q[s] != REASON_OK;
  end

  (* ram_style = "distributed" *) level_t bests[ROWS];
  level_t best3, other3, bid3, ask3;
  logic has3, other_has3, both3, hidden3, crossed3, locked3;
  top_of_book_t top3;
  depth_t depth3;
  always_comb begin
    best3      = levels3[0];
    other3     = bests[row3^ROW_W'(1)];
    hidden3    = stale3 != REASON_OK || loading3;
    has3       = count3 != '0 && !hidden3;
    other_has3 = counts[row3^ROW_W'(1)] != '0 && !hidden3;
    if (!has3) best3 = '0;
    else best3.key = key_of(best3.key, row3[0]);
    if (!other_has3) other3 = '0;
    else other3.key = key_of(other3.key, !row3[0]);
    bid3                 = row3[0] == SIDE_BUY ? best3 : other3;
    ask3                 = row3[0] == SIDE_BUY ? other3 : best3;
    both3                = has3 && other_has3;
    crossed3             = both3 && bid3.key > ask3.key;
    locked3              = both3 && bid3.key == ask3.key;

    top3                 = '0;
    top3.slot            = slot3;
    top3.bid_price       = bid3.key;
    top3.bid_shares      = bid3.shares;
    top3.bid_orders      = bid3.orders;
    top3.ask_price       = ask3.key;
    top3.ask_shares      = ask3.shares;
    top3.ask_orders      = ask3.orders;
    top3.crossed         = crossed3;
    top3.locked          = locked3;
    top3.stale           = hidden3;
    top3.halted          = halted3;
    top3.operation       = part3_q.op.operation;
    top3.last_of_packet  = part3_q.op.last_of_packet;
    top3.timestamp       = part3_q.op.timestamp;
    top3.sequence_number = part3_q.op.sequence_number;
    top3.frame_cycle     = part3_q.op.frame_cycle;
    top3.message_cycle   = part3_q.op.message_cycle;
    if (applied3) begin
      top3.operation_side   = part3_q.op.side;
      top3.operation_price  = key_of(part3_q.key, part3_q.row[0]);
      top3.operation_shares = part3_q.shares;
    end
    if (stale3 != REASON_OK) top3.reason = stale3;
    else if (loading3) top3.reason = REASON_LOADING;
    else if (halted3) top3.reason = REASON_HALTED;
    else if (crossed3) top3.reason = REASON_CROSSED;
    else if (locked3) top3.reason = REASON_LOCKED;
    else if (!filled3) top3.reason = REASON_CLEARED;
    else if (!both3) top3.reason = REASON_ONE_SIDED;

    depth3      = '0;
    depth3.slot = slot3;
    depth3.side = side_e'(row3[0]);
    for (int unsigned k = 0; k < LEVELS; k++) begin
      automatic level_t level = levels3[k];
      if (COUNT_W'(k) < count3 && !hidden3) begin
        depth3.prices[k] = key_of(level.key, row3[0]);
        depth3.shares[k] = level.shares;
        depth3.orders[k] = level.orders;
      end
    end
  end
  always_ff @(posedge clk) begin
    if (step3) bests[row3] <= levels3[0];
    m_valid   <= v3_q && part3_q.last && !rst;
    m_top     <= top3;
    m_depth   <= depth3;
    m_cause   <= cause3;
    m_ignored <= ignored3_q;
  end
endmodule

`default_nettype wire
