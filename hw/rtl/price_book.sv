// price_book: the levels of every slot, what is shown of them, and whether a slot can be trusted.
//
// What: s_valid brings a level_op; m_valid presents what the book is then. m_top; m_depth, the best
// levels of the operation's side, if anything was to be taken or put, else of the buy side;
// m_cause, why it was refused; m_ignored, if the slot was stale. What a book is stands in
// sw/tickwire/book/naive.py.
// Timing: Operations come SPACING cycles or more after the last, 2 more after a replace. The record
// comes 4 cycles after its operation, 6 after a replace: its second part is put 2 cycles after the
// first is taken, and no book between the two is visible. Latencies are constant; there is no
// backpressure.
// walks: levels are being fetched or put into the cache. evicted, refilled and restarted count what
// happens between the cache and the rest, by side.
// Rules: m_cause is what the operation came with, or the first that applies of number_overflow,
// level_overflow and depth_lost. level_overflow: a new level finds no place in level_table, or has
// a price without an index (level_index) and finds FAR of them on its side. depth_lost: after an
// operation the side that it touched would show fewer than LEVELS levels while it has more, hidden
// or not, because level_refill hadn't brought them yet. A level that is missing is there 36 cycles
// after the operation, if no other is and none comes between; what touches levels beyond the cache
// lets that begin anew. So with CACHE LEVELS + 2 or more, and 21 cycles or more between operations,
// it can't be while of any three that take a level away or touch what lies beyond the cache the
// last comes 72 cycles or more after the first; nor while no other side lacks a level and none but
// deletes of one side come, 21 cycles apart as at 8 bits a beat. It can be where deletes go back
// and forth between sides at that rate: three of one side may go before it is served. s_stale makes
// slots stale, each with its s_stale_reasons, before an operation of the same cycle, and gives no
// record; the first reason of a slot stays. stale_slots says which are, stale_reasons why.
// sweeping: a slot that sweeps mustn't be cleared or loaded; error says that one was, and all
// levels are lost. Reset empties every book: each is as after a clear. With a SPACING of 8 or more,
// one walk of level_refill serves both sides, and what is shown is read through the port that reads
// for operations.
// Not: It knows nothing of orders: the levels that an operation takes from are there.
`default_nettype none

module price_book
  import tick_pkg::*;
#(
    parameter int unsigned BOOKS = SLOTS,  // slots that may be used, from 0; 2 or more
    parameter int unsigned SPACING = 2,  // cycles between operations, 2 or more
    parameter int unsigned LEVEL_ROWS = 512,  // memory rows of level_table
    parameter int unsigned INDEX_W = 17,  // bits of a price's index
    parameter int unsigned CACHE = 20,  // levels of a side at hand: 12 for 8 bits a beat, 32 for 64
    parameter int unsigned FAR = 16  // levels of a side whose price has no index
) (
    input  logic                     clk,
    input  logic                     rst,
    input  logic                     s_valid,
    input  level_op_t                s_op,
    input  logic         [SLOTS-1:0] s_stale,
    input  reason_e      [SLOTS-1:0] s_stale_reasons,
    output logic                     m_valid,
    output top_of_book_t             m_top,
    output depth_t                   m_depth,
    output reason_e                  m_cause,
    output logic                     m_ignored,
    output logic         [SLOTS-1:0] stale_slots,
    output reason_e      [SLOTS-1:0] stale_reasons,
    output logic         [BOOKS-1:0] sweeping,
    output logic                     error,
    output logic                     walks,
    output logic         [      1:0] evicted,
    output logic         [      1:0] refilled,
    output logic         [      1:0] restarted
);
  if (SPACING < 2) $error("price_book: SPACING must be 2 or more");
  if (BOOKS < 2 || BOOKS > SLOTS) $error("price_book: BOOKS must be 2 to SLOTS");

  localparam int unsigned BOOK_W = $clog2(BOOKS);
  localparam int unsigned ROWS = 2 * BOOKS;  // {slot, side}
  localparam int unsigned ROW_W = $clog2(ROWS);
  localparam bit APART = SPACING >= 8;
  localparam int unsigned WALKS = APART ? 1 : 2;
  localparam int unsigned PLACE_W = FAR > 1 ? $clog2(FAR) : 1;
  localparam int unsigned VALUE_W = SHARES_W + ORDERS_W;
  localparam int unsigned WORD_W = INDEX_W - 5;
  localparam int unsigned BLOCK_W = INDEX_W - 10;
  localparam int unsigned WAYS = 4;
  localparam int unsigned MANY_W = $clog2(2 * WAYS * LEVEL_ROWS + 1);
  localparam int unsigned PRESSING = CACHE - 2;  // levels at hand, or less
  localparam int unsigned URGENT = (CACHE + LEVELS) / 2;

  typedef struct packed {
    logic [PRICE_W-1:0]  price;
    logic [SHARES_W-1:0] shares;
    logic [ORDERS_W-1:0] orders;
  } level_t;
  typedef struct packed {
    logic                take;    // this part's
    logic                put;
    logic                gone;
    logic                last;    // the operation's last part
    logic                clears;
    logic [BOOK_W-1:0]   slot;
    logic [ROW_W-1:0]    row;
    logic [PRICE_W-1:0]  key;
    logic [SHARES_W-1:0] shares;
  } part_t;

  typedef struct packed {
    logic [SLOT_W-1:0]     slot;
    operation_e            operation;
    side_e                 side;
    logic                  last_of_packet;
    logic [TIME_W-1:0]     timestamp;
    logic [SEQUENCE_W-1:0] sequence_number;
    logic [CYCLE_W-1:0]    frame_cycle;
    logic [CYCLE_W-1:0]    message_cycle;
  } ride_t;

  function automatic logic [PRICE_W-1:0] key_of(input logic [PRICE_W-1:0] price, input logic side);
    return price ^ {PRICE_W{side == SIDE_BUY}};
  endfunction

  // 0: the operation comes, or the second part of the one before.
  level_op_t whole_q;
  logic [1:0] second_q;
  logic v0, both, second0;
  part_t part0;
  logic [PRICE_W-1:0] price0;
  assign both = s_op.take && s_op.put;
  assign v0   = s_valid || second_q[1];
  always_comb begin
    second0      = second_q[1];
    part0.take   = s_op.take && !second0;
    part0.put    = second0 || (s_op.put && !s_op.take);
    part0.gone   = s_op.gone && !second0;
    part0.last   = second0 || !both;
    part0.clears = s_op.operation inside {OPERATION_CLEAR, OPERATION_LOAD} && !second0;
    part0.slot   = second0 ? whole_q.slot[BOOK_W-1:0] : s_op.slot[BOOK_W-1:0];
    part0.row    = {part0.slot, second0 ? whole_q.side : (s_op.take || s_op.put) && s_op.side};
    price0       = second0 ? whole_q.put_price : s_op.take ? s_op.take_price : s_op.put_price;
    part0.shares = second0 ? whole_q.put_shares : s_op.take ? s_op.take_shares : s_op.put_shares;
    part0.key    = key_of(price0, part0.row[0]);
  end
  always_ff @(posedge clk) begin
    if (s_valid) whole_q <= s_op;
    second_q <= rst ? '0 : {second_q[0], s_valid && both};
  end

  // The parts on their way, by the cycles since they came; of 1 the operation is whole_q, which
  // stays until the next one comes.
  logic v1_q, v2_q, v3_q;
  part_t part1_q, part2_q, part3_q;
  level_op_t op2_q;
  ride_t ride3_q;
  always_ff @(posedge clk) begin
    v1_q <= v0 && !rst;
    v2_q <= v1_q && !rst;
    v3_q <= v2_q && !rst;
    part1_q <= part0;
    part2_q <= part1_q;
    part3_q <= part2_q;
    op2_q <= whole_q;
    ride3_q <= '{
        op2_q.slot,
        op2_q.operation,
        op2_q.side,
        op2_q.last_of_packet,
        op2_q.timestamp,
        op2_q.sequence_number,
        op2_q.frame_cycle,
        op2_q.message_cycle
    };
  end

  // 2 and 3: what its slot is.
  logic ignored2, ignored3, loading3, hidden3, halted3, filled3, late3;
  reason_e early3, state3, late_cause3, shut3;
  slot_state state (
      .clk,
      .rst,
      .s_stale,
      .s_stale_reasons,
      .hold       (second_q != '0),
      .s_valid    (v2_q),
      .s_slot     (op2_q.slot),
      .s_operation(op2_q.operation),
      .s_cause    (op2_q.cause),
      .s_reason   (op2_q.reason),
      .s_put      (part2_q.put),
      .s_ignored  (ignored2),
      .m_ignored  (ignored3),
      .m_cause    (early3),
      .m_stale    (state3),
      .m_loading  (loading3),
      .m_hidden   (hidden3),
      .m_halted   (halted3),
      .m_filled   (filled3),
      .m_shut     (shut3),
      .late       (late3),
      .late_cause (late_cause3),
      .stale_slots,
      .stale_reasons
  );

  // 1 and 2: the cache. A level that is offered comes in a step of its own, when no other is on its
  // row, or, if operations may be close, beside one that takes a level away.
  logic [WALKS-1:0] offered, fits0;
  logic [WALKS-1:0][ROW_W-1:0] walk_row;
  level_t [WALKS-1:0] offered_level;
  logic alone0, alone1_q, alone1, step1, offer1, clear2, pick0, pick1;
  logic [ROW_W-1:0] row0, row1_q, row2_q, row3;
  level_t change1_q;
  logic step2_q, beyond2, opened2, accepted2, step3;
  level_t [LEVELS-1:0] levels3;
  logic [CACHE-1:0] held3;
  logic [ROWS-1:0][CACHE-1:0] held;
  logic [ROWS-1:0] none_q, one_q;  // so many levels lie beyond the bound
  logic closed1, opened3_q, accepted3_q, beyond3_q;
  logic [WALKS-1:0][PRICE_W-1:0] bound;
  always_comb begin
    pick1  = WALKS == 2 && row1_q[0];
    offer1 = offered[pick1] && walk_row[pick1] == row1_q;
    alone1 = alone1_q && offer1 && !(v0 && part0.row == row1_q);
    step1  = v1_q || alone1;
    for (int unsigned w = 0; w < WALKS; w++) begin
      fits0[w] = offered[w] && !(step1 && row1_q == walk_row[w]) &&
                 !(step2_q && row2_q == walk_row[w]) && !held[walk_row[w]][CACHE-1];
    end
    pick0 = WALKS == 2 && !fits0[0];
    alone0 = !v0 && fits0 != '0 && !(APART && v2_q);
    row0 = v0 ? part0.row : APART && v2_q ? part2_q.row : walk_row[pick0];
    closed1 = none_q[row1_q] &&
              !(step3 && row3 == row1_q && (opened3_q || (beyond3_q && part3_q.put)));
  end
  assign clear2 = v2_q && part2_q.clears;
  level_cache #(
      .BOOKS  (BOOKS),
      .CACHE  (CACHE),
      .READERS(WALKS),
      .APART  (APART)
  ) cache (
      .clk,
      .rst,
      .n_row     (row0),
      .s_step    (step1),
      .s_price   (change1_q.price),
      .s_shares  (change1_q.shares),
      .s_orders  (change1_q.orders),
      .s_take    (v1_q && part1_q.take),
      .s_put     (v1_q && part1_q.put),
      .s_bring   (alone1),
      .s_closed  (closed1),
      .o_valid   (offer1),
      .o_level   (offered_level[pick1]),
      .ignore    (ignored2 && v2_q),
      .clear     (clear2),
      .clear_slot(part2_q.slot),
      .beyond    (beyond2),
      .opened    (opened2),
      .accepted  (accepted2),
      .m_step    (step3),
      .m_row     (row3),
      .m_held    (held3),
      .m_levels  (levels3),
      .held,
      .b_row     (walk_row),
      .b_bound   (bound)
  );
  always_ff @(posedge clk) begin
    step2_q          <= step1 && !rst;
    row1_q           <= row0;
    alone1_q         <= alone0 && !rst;
    row2_q           <= row1_q;
    opened3_q        <= opened2 && step2_q;
    accepted3_q      <= accepted2 && step2_q;
    beyond3_q        <= beyond2 && v2_q;
    change1_q.price  <= v0 ? price0 : offered_level[pick0].price;
    change1_q.shares <= v0 ? part0.shares : offered_level[pick0].shares;
    change1_q.orders <= v0 ? ORDERS_W'(part0.put || part0.gone) : offered_level[pick0].orders;
  end

  // 3: the sums, and what goes wrong.
  logic hit3, room3, far3, full3, store3, erase3, number3, new3, over3, lost3;
  logic take3_q, put3_q, touches3_q;
  logic [PLACE_W-1:0] far_place;
  logic [PLACE_W+VALUE_W-1:0] value3, answer3;
  logic [SHARES_W-1:0] shares3;
  logic [ORDERS_W-1:0] orders3;
  logic [ PLACE_W-1:0] place3;
  logic carry3, many_orders3, worse3;
  logic [WALKS-1:0] looks, looked;
  logic [WALKS-1:0][PRICE_W-1:0] look_key;
  logic look_turn_q, look_ready, look_hit, look;
  logic [VALUE_W-1:0] look_value;
  always_ff @(posedge clk) begin
    take3_q    <= v2_q && part2_q.take && !ignored2;
    put3_q     <= v2_q && part2_q.put && !ignored2;
    touches3_q <= v2_q && (part2_q.take || part2_q.put) && part2_q.last && !ignored2;
  end
  always_comb begin
    {place3, shares3, orders3} = value3;
    if (!hit3) place3 = far_place;
    new3 = put3_q && !hit3;
    over3 = new3 && (!room3 || (far3 && full3));
    erase3 = take3_q && part3_q.gone && orders3 == ORDERS_W'(1);
    store3 = (take3_q && !erase3) || put3_q;
    {carry3, answer3[ORDERS_W+:SHARES_W]} = (SHARES_W + 1)'(
        ({1'b0, shares3, 1'b1} +
         {1'b0, part3_q.shares ^ {SHARES_W{part3_q.take}}, part3_q.take}) >> 1);
    many_orders3 = put3_q && orders3 == '1;
    answer3[ORDERS_W-1:0] = part3_q.take ? orders3 - ORDERS_W'(part3_q.gone) : orders3 + 1'b1;
    answer3[VALUE_W+:PLACE_W] = place3;
  end
  // What comes last is the carry.
  assign number3 = many_orders3 || (put3_q && carry3);
  assign worse3 = many_orders3 || over3 || lost3;
  assign late3 = worse3 || (put3_q && carry3);
  assign late_cause3 = number3 ? REASON_NUMBER_OVERFLOW : over3 ? REASON_LEVEL_OVERFLOW :
                       REASON_DEPTH_LOST;
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
      .l_row     (walk_row[look]),
      .l_key     (look_key[look]),
      .l_ready   (look_ready),
      .l_hit     (look_hit),
      .l_value   (look_value)
  );
  assign look = WALKS == 2 && looks[WALKS-1] && (look_turn_q || !looks[0]);
  always_comb begin
    looked       = '0;
    looked[look] = look_ready && looks[look];
  end
  always_ff @(posedge clk) look_turn_q <= rst ? 1'b0 : look_ready ? !look : look_turn_q;

  // 3: how many levels lie beyond, and whether too few are at hand.
  (* ram_style = "distributed" *)logic [MANY_W-1:0] many  [ROWS];  // unless none_q
  logic [MANY_W-1:0] many3;
  logic more3, less3, none3_q, one3_q;
  always_ff @(posedge clk) begin
    none3_q <= none_q[row2_q];
    one3_q  <= one_q[row2_q];
  end
  always_comb begin
    many3 = none3_q ? '0 : many[row3];
    more3 = opened3_q || (beyond3_q && new3);
    less3 = accepted3_q || (beyond3_q && erase3);
    // What is beyond is at least one level. It may be the one that goes; but a side that has fewer
    // than LEVELS at hand and more beyond is stale, or between the parts of a replace. So one that
    // is accepted in this step makes LEVELS of them.
    lost3 = touches3_q && !held3[LEVELS-1] && (beyond3_q || !none3_q);
  end
  always_ff @(posedge clk) begin
    if (step3) begin
      many[row3] <= many3 + MANY_W'(more3) - MANY_W'(less3);
      if (more3 != less3) begin
        none_q[row3] <= less3 && one3_q;
        one_q[row3]  <= less3 ? many3 == MANY_W'(2) : none3_q;
      end
    end
    if (clear2) begin
      for (int unsigned r = 0; r < ROWS; r++) begin
        if (r / 2 == 32'(part2_q.slot)) begin
          none_q[r] <= 1'b1;
          one_q[r]  <= 1'b0;
        end
      end
    end
    if (rst) begin
      none_q <= '1;
      one_q  <= '0;
    end
  end

  // 4 to 6: the index, and what the walks must know of it.
  logic created_q, removed_q, clear4_q, event_valid, event_tier1, event_top;
  logic [BOOK_W-1:0] slot4_q;
  logic [ROW_W-1:0] event_row;
  logic [WORD_W-1:0] event_word;
  logic [6:4] beyond_q;
  logic [5:4][ROW_W-1:0] late_row_q;
  logic [5:4][PRICE_W-1:0] late_key_q;
  logic far_changed_q;
  logic [WALKS-1:0] r_valid, r_ready, q_valid, q_ready, f_start, f_done, f_found;
  logic [WALKS-1:0][ WORD_W-1:0] r_number;
  logic [WALKS-1:0][BLOCK_W-1:0] q_number;
  logic [31:0] r_word, q_word;
  logic [WALKS-1:0][(1<<BLOCK_W)-1:0] top_word;
  logic [WALKS-1:0][PRICE_W-1:0] f_key, f_least;
  always_ff @(posedge clk) begin
    created_q     <= new3 && !far3;
    removed_q     <= erase3 && !far3;
    far_changed_q <= (new3 || erase3) && far3;
    clear4_q      <= v3_q && part3_q.clears && !rst;
    slot4_q       <= part3_q.slot;
    beyond_q      <= {beyond_q[5:4], beyond3_q && v3_q && !rst};
    late_row_q    <= {late_row_q[4], part3_q.row};
    late_key_q    <= {late_key_q[4], part3_q.key};
  end
  level_index #(
      .BOOKS  (BOOKS),
      .INDEX_W(INDEX_W),
      .READERS(WALKS)
  ) indices (
      .clk,
      .rst,
      .s_valid   (v0 && (part0.take || part0.put)),
      .s_row     (part0.row),
      .s_price   (price0),
      .m_far     (far3),
      .w_set     (created_q),
      .w_reset   (removed_q),
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
  level_far #(
      .BOOKS  (BOOKS),
      .FAR    (FAR),
      .READERS(WALKS)
  ) far (
      .clk,
      .rst,
      .s_row     (part2_q.row),
      .m_full    (full3),
      .m_place   (far_place),
      .w_insert  (new3 && far3),
      .w_erase   (erase3 && far3),
      .w_key     (part3_q.key),
      .w_place   (place3),
      .clear     (v3_q && part3_q.clears),
      .clear_slot(part3_q.slot),
      .f_start,
      .f_row     (walk_row),
      .f_key,
      .f_done,
      .f_found,
      .f_least
  );

  logic [ROWS-1:0] lacking, room, pressing, urgent;
  for (genvar r = 0; r < ROWS; r++) begin : g_row
    assign lacking[r]  = !none_q[r] && !stale_slots[r/2];
    assign room[r]     = !held[r][CACHE-1];
    assign pressing[r] = !held[r][PRESSING];
    assign urgent[r]   = !held[r][URGENT];
  end
  logic [WALKS-1:0] walk_restarted, walk_busy;
  assign walks = walk_busy != '0 || fits0 != '0;
  for (genvar w = 0; w < WALKS; w++) begin : g_walk
    logic [ROWS-1:0] served;
    for (genvar r = 0; r < ROWS; r++) begin : g_served
      assign served[r] = WALKS == 1 || r % 2 == w;
    end
    level_refill #(
        .BOOKS  (BOOKS),
        .INDEX_W(INDEX_W)
    ) refill (
        .clk,
        .rst,
        .s_lacking   (lacking & served),
        .s_room      (room),
        .s_pressing  (pressing),
        .s_urgent    (urgent),
        .touch_valid (v1_q && (part1_q.take || part1_q.put) && served[part1_q.row]),
        .touch_row   (part1_q.row),
        .touch_key   (part1_q.key),
        .touch_beyond(beyond2 && v2_q),
        .late_valid  (beyond_q[5]),
        .late_row    (late_row_q[5]),
        .late_key    (late_key_q[5]),
        .opened_valid(opened2 && step2_q),
        .opened_row  (row2_q),
        .event_valid (event_valid && beyond_q[6]),
        .event_row,
        .event_word,
        .event_tier1,
        .event_top,
        .far_valid   (far_changed_q && beyond_q[4]),
        .far_row     (late_row_q[4]),
        .clear       (clear2),
        .clear_slot  (part2_q.slot),
        .b_row       (walk_row[w]),
        .b_bound     (bound[w]),
        .r_valid     (r_valid[w]),
        .r_number    (r_number[w]),
        .r_ready     (r_ready[w]),
        .r_word,
        .q_valid     (q_valid[w]),
        .q_number    (q_number[w]),
        .q_ready     (q_ready[w]),
        .q_word,
        .t_top       (top_word[w]),
        .f_start     (f_start[w]),
        .f_key       (f_key[w]),
        .f_done      (f_done[w]),
        .f_found     (f_found[w]),
        .f_least     (f_least[w]),
        .l_valid     (looks[w]),
        .l_key       (look_key[w]),
        .l_ready     (looked[w]),
        .l_hit       (look_hit),
        .l_value     (look_value),
        .o_valid     (offered[w]),
        .o_level     (offered_level[w]),
        .accepted    (accepted2 && step2_q && row2_q == walk_row[w]),
        .restarted   (walk_restarted[w]),
        .busy        (walk_busy[w])
    );
  end
  for (genvar s = 0; s < 2; s++) begin : g_side
    assign evicted[s] = opened3_q && row3[0] == 1'(s);
    assign refilled[s] = accepted3_q && row3[0] == 1'(s);
    assign restarted[s] = WALKS == 2 ? walk_restarted[s%WALKS] :
                          walk_restarted[0] && walk_row[0][0] == 1'(s);
  end

  // 3: what is shown. Whatever hides it is known last: it is a register of its own, and hides a
  // cycle later.
  (* ram_style = "distributed" *) level_t bests[ROWS];
  level_t best3, other3;
  logic [PRICE_W-1:0] price3;
  logic has3, other_has3_q, both3, hides3, crossed3, locked3, below3, most3, sell3, applied3;
  reason_e quiet3;
  always_comb begin
    sell3    = row3[0] == SIDE_SELL;
    best3    = levels3[0];
    other3   = bests[row3^ROW_W'(1)];
    hides3   = hidden3 || worse3 || (put3_q && carry3);
    has3     = held3[0];
    both3    = has3 && other_has3_q;
    // Two carry chains, which share what they add.
    most3    = 1'(({1'b0, best3.price} + {1'b1, ~other3.price}) >> PRICE_W);
    below3   = 1'(({1'b0, best3.price, 1'b1} + {1'b1, ~other3.price, 1'b1}) >> (PRICE_W + 1));
    crossed3 = both3 && (sell3 ? below3 : !most3);
    locked3  = both3 && most3 && !below3;
    applied3 = (take3_q || put3_q) && !late3;
    price3   = key_of(part3_q.key, part3_q.row[0]);
    quiet3   = REASON_OK;
    if (!both3) quiet3 = REASON_ONE_SIDED;
    if (!filled3) quiet3 = REASON_CLEARED;
    if (locked3) quiet3 = REASON_LOCKED;
    if (crossed3) quiet3 = REASON_CROSSED;
    if (shut3 != REASON_OK) quiet3 = shut3;
    if (halted3) quiet3 = REASON_HALTED;
  end
  top_of_book_t top_q;
  depth_t depth_q;
  logic hides_q, applied_q;
  always_ff @(posedge clk) begin
    other_has3_q <= held[row2_q^ROW_W'(1)][0] && !clear2;
    if (v3_q) bests[row3] <= best3;
    m_valid <= v3_q && part3_q.last && !rst;
    m_cause <= late3 ? late_cause3 : early3;
    m_ignored <= ignored3;

    top_q.slot <= ride3_q.slot;
    top_q.bid_price <= sell3 ? other3.price : best3.price;
    top_q.bid_shares <= sell3 ? other3.shares : best3.shares;
    top_q.bid_orders <= sell3 ? other3.orders : best3.orders;
    top_q.ask_price <= sell3 ? best3.price : other3.price;
    top_q.ask_shares <= sell3 ? best3.shares : other3.shares;
    top_q.ask_orders <= sell3 ? best3.orders : other3.orders;
    top_q.crossed <= crossed3;
    top_q.locked <= locked3;
    top_q.stale <= 1'b0;
    hides_q <= hides3;
    applied_q <= applied3;
    top_q.halted <= halted3;
    top_q.reason          <= late3 ? late_cause3 : state3 != REASON_OK ? state3 :
                             loading3 ? REASON_LOADING : quiet3;
    top_q.operation <= ride3_q.operation;
    top_q.last_of_packet <= ride3_q.last_of_packet;
    top_q.timestamp <= ride3_q.timestamp;
    top_q.sequence_number <= ride3_q.sequence_number;
    top_q.frame_cycle <= ride3_q.frame_cycle;
    top_q.message_cycle <= ride3_q.message_cycle;
    top_q.operation_side <= ride3_q.side;
    top_q.operation_price <= price3;
    top_q.operation_shares <= part3_q.shares;
    if (!(sell3 ? other_has3_q : has3)) begin
      top_q.bid_price  <= '0;
      top_q.bid_shares <= '0;
      top_q.bid_orders <= '0;
    end
    if (!(sell3 ? has3 : other_has3_q)) begin
      top_q.ask_price  <= '0;
      top_q.ask_shares <= '0;
      top_q.ask_orders <= '0;
    end

    depth_q.slot <= ride3_q.slot;
    depth_q.side <= side_e'(row3[0]);
    for (int unsigned k = 0; k < LEVELS; k++) begin
      depth_q.prices[k] <= levels3[k].price;
      depth_q.shares[k] <= levels3[k].shares;
      depth_q.orders[k] <= levels3[k].orders;
      if (!held3[k]) begin
        depth_q.prices[k] <= '0;
        depth_q.shares[k] <= '0;
        depth_q.orders[k] <= '0;
      end
    end
  end

  always_comb begin
    m_top   = top_q;
    m_depth = depth_q;
    if (!applied_q) begin
      m_top.operation_side   = SIDE_BUY;
      m_top.operation_price  = '0;
      m_top.operation_shares = '0;
    end
    if (hides_q) begin
      m_top.stale      = 1'b1;
      m_top.crossed    = 1'b0;
      m_top.locked     = 1'b0;
      m_top.bid_price  = '0;
      m_top.bid_shares = '0;
      m_top.bid_orders = '0;
      m_top.ask_price  = '0;
      m_top.ask_shares = '0;
      m_top.ask_orders = '0;
      m_depth.prices   = '0;
      m_depth.shares   = '0;
      m_depth.orders   = '0;
    end
  end
endmodule

`default_nettype wire
