// level_refill: finds the levels that come next after the cache's, ahead of need.
//
// What: It serves one row {slot, side} at a time. From the row's bound, a price, it walks
// level_index: the top word for blocks, tier 1 for words, tier 0 for bits, each stage ahead of the
// next. It merges them with level_far, looks the sums up in level_table's second way, and offers
// the levels one at a time and in order: o_valid, o_level (with its price), of row b_row;
// `accepted` takes it. Inside, and in level_far and level_table, a key stands for a price: on the
// buy side all its bits are inverted, so that the better has the smaller.
// Timing: A level every 2 cycles, also where each has a block of its own, but for far levels. busy:
// it goes on by itself; else it rests until something comes, or what it offers is accepted.
// Rules: Of the rows that may be served (s_lacking: there are levels beyond the cache's bound), one
// that is s_urgent comes first, then one that is s_pressing, then one with s_room (each of these is
// among the next), then the one last touched, to be ready.
// What it has looked up must still be so when it is taken. The walk starts anew when an operation
// touches the row beyond its bound (touch_beyond, in the cycle after touch_valid, with the key of
// touch_valid's cycle) and not beyond what has been looked up; the same is asked 4 cycles after
// touch_valid's, for what was looked up meanwhile (late_valid, late_row, late_key). So it does at a
// change of words that were fetched (event_valid and the rest, of such operations only), of the far
// levels (far_valid, far_row), of the bound other than by what was accepted (opened_valid,
// opened_row), and at a clear. In the cycle of any of these nothing is offered. restarted pulses
// a cycle later. Reset forgets all.
`default_nettype none

module level_refill
  import tick_pkg::*;
#(
    parameter int unsigned BOOKS = SLOTS,  // slots that may be used, from 0; 2 or more
    parameter int unsigned INDEX_W = 16,  // bits of an index
    localparam int unsigned BOOK_W = $clog2(BOOKS),
    localparam int unsigned ROWS = 2 * BOOKS,
    localparam int unsigned ROW_W = $clog2(ROWS),
    localparam int unsigned WORD_W = INDEX_W - 5,
    localparam int unsigned BLOCK_W = INDEX_W - 10,
    localparam int unsigned TOP = 1 << BLOCK_W,
    localparam int unsigned VALUE_W = SHARES_W + ORDERS_W
) (
    input  logic                       clk,
    input  logic                       rst,
    input  logic [           ROWS-1:0] s_lacking,
    input  logic [           ROWS-1:0] s_room,
    input  logic [           ROWS-1:0] s_pressing,
    input  logic [           ROWS-1:0] s_urgent,
    input  logic                       touch_valid,
    input  logic [          ROW_W-1:0] touch_row,
    input  logic [        PRICE_W-1:0] touch_key,
    input  logic                       touch_beyond,
    input  logic                       late_valid,
    input  logic [          ROW_W-1:0] late_row,
    input  logic [        PRICE_W-1:0] late_key,
    input  logic                       opened_valid,
    input  logic [          ROW_W-1:0] opened_row,
    input  logic                       event_valid,
    input  logic [          ROW_W-1:0] event_row,
    input  logic [         WORD_W-1:0] event_word,
    input  logic                       event_tier1,
    input  logic                       event_top,
    input  logic                       far_valid,
    input  logic [          ROW_W-1:0] far_row,
    input  logic                       clear,
    input  logic [         BOOK_W-1:0] clear_slot,
    output logic [          ROW_W-1:0] b_row,
    input  logic [        PRICE_W-1:0] b_bound,
    output logic                       r_valid,
    output logic [         WORD_W-1:0] r_number,
    input  logic                       r_ready,
    input  logic [               31:0] r_word,
    output logic                       q_valid,
    output logic [        BLOCK_W-1:0] q_number,
    input  logic                       q_ready,
    input  logic [               31:0] q_word,
    input  logic [            TOP-1:0] t_top,
    output logic                       f_start,
    output logic [        PRICE_W-1:0] f_key,
    input  logic                       f_done,
    input  logic                       f_found,
    input  logic [        PRICE_W-1:0] f_least,
    output logic                       l_valid,
    output logic [        PRICE_W-1:0] l_key,
    input  logic                       l_ready,
    input  logic                       l_hit,
    input  logic [        VALUE_W-1:0] l_value,
    output logic                       o_valid,
    output logic [PRICE_W+VALUE_W-1:0] o_level,
    input  logic                       accepted,
    output logic                       restarted,
    output logic                       busy
);
  localparam int unsigned DOLLAR = 10_000;
  localparam int unsigned LESS = 9_900;
  localparam int unsigned SHARE = 4;  // levels after which another row's turn may come

  typedef enum logic [2:0] {
    IDLE,
    BOUND,  // the bound is read and multiplied
    PLACE,  // to where it is in the index, about
    FETCH,  // the words there are asked for
    LOAD,   // and have come
    RUN
  } state_e;
  function automatic logic [4:0] place(input logic [31:0] one);  // of the only bit that is set
    place = '0;
    for (int unsigned i = 0; i < 32; i++) if (one[i]) place |= 5'(i);
  endfunction

  state_e state_q;
  logic [ROW_W-1:0] row_q, touched_q;
  logic [PRICE_W-1:0] invert;  // from a price to its key
  assign invert = {PRICE_W{row_q[0] == SIDE_BUY}};
  logic [2:0] served_q;
  logic restart, again, leave;

  // Which row next: the first of the most needing after the present one.
  logic [ROWS-1:0] urgent, pressing, lacking, others, wanted;
  logic [ROW_W-1:0] next_row;
  always_comb begin
    others        = '1;
    others[row_q] = 1'b0;
    urgent        = s_lacking & s_urgent;
    pressing      = s_lacking & s_pressing;
    lacking       = s_lacking & s_room;
    wanted        = urgent != '0 ? urgent : pressing != '0 ? pressing : lacking;
    if (wanted == '0) wanted[touched_q] = s_lacking[touched_q];
    next_row = row_q;
    for (int unsigned b = ROWS; b > 0; b--) if (wanted[b-1]) next_row = ROW_W'(b - 1);
    for (int unsigned b = ROWS; b > 0; b--) begin
      if (wanted[b-1] && ROW_W'(b - 1) > row_q) next_row = ROW_W'(b - 1);
    end
    leave = !s_lacking[row_q];
    if ((urgent & others) != '0) leave |= !urgent[row_q] || served_q == 3'(SHARE);
    else if ((pressing & others) != '0) leave |= !pressing[row_q];
    else if (!lacking[row_q]) leave |= (wanted & others) != '0;
  end

  // What the walk has fetched and looked up, and what makes it begin anew.
  logic [ WORD_W-1:0] fetched_word_q;
  logic [BLOCK_W-1:0] fetched_block_q;
  logic [PRICE_W-1:0] last_q;  // the last key that was looked up, or the bound
  logic touch_near_q, late_near_q, walks;
  assign walks = state_q != IDLE;
  always_comb begin
    again = touch_near_q && touch_beyond;
    if (late_near_q) again = 1'b1;
    if (opened_valid && opened_row == row_q) again = 1'b1;
    if (far_valid && far_row == row_q) again = 1'b1;
    if (clear && clear_slot == row_q[ROW_W-1:1]) again = 1'b1;
    if (event_valid && event_row == row_q) begin
      if (event_word <= fetched_word_q || event_top) again = 1'b1;
      if (event_tier1 && event_word[WORD_W-1:5] <= fetched_block_q) again = 1'b1;
    end
    restart = walks && (again || leave);
  end
  always_ff @(posedge clk) begin
    touch_near_q <= touch_valid && touch_row == row_q && touch_key <= last_q && !rst;
    late_near_q  <= late_valid && late_row == row_q && late_key <= last_q && walks && !rst;
    if (touch_valid) touched_q <= touch_row;
    if (rst) touched_q <= '0;
    restarted <= walks && again && !rst;
  end

  // Where to begin: not after the bound's own position, and at most 4 before it.
  logic [PRICE_W-1:0] bound_q;
  logic [17:0] hundreds_q;
  logic [INDEX_W+1:0] about, least;
  logic [INDEX_W-1:0] start, start_q;
  always_ff @(posedge clk) begin
    if (state_q == BOUND) begin
      bound_q    <= b_bound;
      hundreds_q <= 18'((34'(b_bound[23:6]) * 34'd41943) >> 16);  // 64/100 of 2**16
    end
  end
  always_comb begin
    least = (INDEX_W + 2)'(LESS);
    about = (INDEX_W + 2)'(hundreds_q);
    if (bound_q < PRICE_W'(DOLLAR)) begin
      least = '0;
      about = (INDEX_W + 2)'(bound_q[13:0]);
    end
    about = about + (least | (row_q[0] == SIDE_BUY ? (INDEX_W + 2)'(2) : '0));  // LESS has no 2
    if (bound_q[PRICE_W-1:24] != '0 || about[INDEX_W+1:INDEX_W] != '0) begin
      about = (INDEX_W + 2)'((1 << INDEX_W) - 1);
    end
    start = about[INDEX_W-1:0] ^ invert[INDEX_W-1:0];
  end

  // The top word's blocks, and tier 1's words in them. What is on its way has its place in the
  // queue, and comes in order.
  localparam int unsigned QUEUE = 4;
  localparam int unsigned GROUP = 8;  // blocks that are looked at at once
  localparam int unsigned GROUPS = TOP / GROUP;
  localparam int unsigned GROUP_W = BLOCK_W - 3;
  logic [GROUPS-1:0] groups, groups_q;  // that have blocks; those to come
  logic [GROUP-1:0] group, blocks_q;  // of the one that is looked at, those to come
  logic [GROUP_W-1:0] group_at, group_q;
  logic [BLOCK_W-1:0] ahead_q;
  logic ahead_valid_q, words_load;
  logic [2:0] blocks_asked_q, blocks_come_q, blocks_read_q;  // the last two bits are a place
  (* ram_style = "distributed" *) logic [BLOCK_W-1:0] block_numbers[QUEUE];
  (* ram_style = "distributed" *) logic [31:0] block_words[QUEUE];
  logic [1:0] q_flight_q;
  logic [31:0] words_q, words_one;
  logic [BLOCK_W-1:0] words_block_q;
  always_comb begin
    for (int unsigned g = 0; g < GROUPS; g++) groups[g] = |t_top[GROUP*g+:GROUP];
    group_at = start_q[INDEX_W-1:13];
    if (state_q == RUN) begin
      group_at = '0;
      for (int unsigned g = GROUPS; g > 0; g--) if (groups_q[g-1]) group_at = GROUP_W'(g - 1);
    end
    group = t_top[GROUP*group_at+:GROUP];
    words_load = words_q == '0 && blocks_come_q != blocks_read_q && state_q == RUN;
    words_one = words_q & (~words_q + 1'b1);
  end

  // Tier 0's words and their bits, likewise.
  logic [2:0] words_asked_q, words_come_q, words_read_q;
  (* ram_style = "distributed" *) logic [WORD_W-1:0] word_numbers[QUEUE];
  (* ram_style = "distributed" *) logic [31:0] word_words[QUEUE];
  logic [1:0] r_flight_q;
  logic [31:0] bits_q, bits_one;
  logic [WORD_W-1:0] bits_word_q;
  logic bits_load, bits_take;
  assign bits_load = bits_q == '0 && words_come_q != words_read_q && state_q == RUN;
  assign bits_one  = bits_q & (~bits_q + 1'b1);

  logic got_r_q, got_q_q, come;
  logic [31:0] begins, after;
  assign come   = words_come_q == 3'd1 && blocks_come_q == 3'd1;
  assign begins = 32'(1) << start_q[9:5];
  assign after  = 32'hFFFF_FFFF << start_q[9:5];
  always_comb begin
    r_valid  = state_q == FETCH && !got_r_q;
    r_number = start_q[INDEX_W-1:5];
    q_valid  = state_q == FETCH && !got_q_q;
    q_number = start_q[INDEX_W-1:10];
    if (state_q == RUN) begin
      r_valid  = words_q != '0 && words_asked_q - words_read_q != 3'(QUEUE);
      r_number = {words_block_q, place(words_one)};
      q_valid  = ahead_valid_q;
      q_number = ahead_q;
    end
  end

  // A bit's position, its price, its turn: what isn't beyond the last one is the bound or before.
  logic searched_q;  // a far level went: the next is looked for
  logic c1_valid_q, h_valid_q, c2_valid_q, c1_ready, h_ready, c2_ready, dry, emits, emit_far;
  logic [INDEX_W-1:0] c1_q, c1_index, h_index_q;
  logic [PRICE_W-1:0] c2_q, emit_key, h_price;
  logic [17:0] h_hundreds_q;
  assign c1_index = c1_q ^ invert[INDEX_W-1:0];
  assign h_price = h_index_q < INDEX_W'(DOLLAR) ? PRICE_W'(h_index_q) :
                                                  PRICE_W'(h_hundreds_q) * PRICE_W'(100);

  localparam int unsigned ITEMS = 4;
  logic [2:0] items_q, filled_q;  // looked up or to be; of them, known
  logic [1:0] put_q, fill_q, take_q;
  (* ram_style = "distributed" *)logic [PRICE_W-1:0] item_keys  [ITEMS];
  (* ram_style = "distributed" *)logic [VALUE_W-1:0] item_values[ITEMS];
  logic looks_q, free;
  logic [3:0] l_flight_q;
  always_comb begin
    dry = state_q == RUN && bits_q == '0 && words_asked_q == words_read_q && words_q == '0 &&
          blocks_asked_q == blocks_read_q && !ahead_valid_q && blocks_q == '0 && groups_q == '0 &&
          !c1_valid_q && !h_valid_q && !c2_valid_q;
    free = items_q != 3'(ITEMS) && (!looks_q || l_ready) && f_done && !searched_q && state_q == RUN;
    emit_far = free && f_found && (c2_valid_q ? f_least < c2_q : dry);
    emits = free && c2_valid_q && c2_q > last_q && !emit_far;
    emit_key = emit_far ? f_least : c2_q;
    c2_ready = !c2_valid_q || emits || c2_q <= last_q;
    h_ready = !h_valid_q || c2_ready;
    c1_ready = !c1_valid_q || h_ready;
    bits_take = state_q == RUN && bits_q != '0 && c1_ready;
  end

  always_comb begin
    busy = restart || emits || emit_far || searched_q || looks_q || l_flight_q != '0 || !f_done;
    if (state_q == IDLE) busy |= wanted != '0;
    else if (state_q != RUN) busy = 1'b1;
    else begin
      busy |= r_valid || r_flight_q != '0 || q_valid || q_flight_q != '0 || words_load;
      busy |= bits_load || bits_take || (c1_valid_q && h_ready) || (h_valid_q && c2_ready);
      busy |= c2_valid_q && c2_ready;
      busy |= blocks_q != '0 && blocks_asked_q - blocks_read_q != 3'(QUEUE);
      busy |= blocks_q == '0 && groups_q != '0;
    end
  end

  assign f_start = state_q == PLACE || searched_q;
  assign f_key   = last_q;
  assign l_valid = looks_q;
  assign l_key   = last_q;
  assign b_row   = row_q;
  assign o_valid = filled_q != '0 && !restart;
  assign o_level = {item_keys[take_q] ^ invert, item_values[take_q]};

  always_ff @(posedge clk) begin
    // The walk's beginning.
    unique case (state_q)
      IDLE: begin
        row_q <= next_row;
        if (wanted != '0) state_q <= BOUND;
      end
      BOUND: begin
        last_q  <= b_bound ^ invert;
        state_q <= PLACE;
      end
      PLACE: begin
        start_q <= start;
        state_q <= FETCH;
      end
      FETCH: begin
        if (r_ready) got_r_q <= 1'b1;
        if (q_ready) got_q_q <= 1'b1;
        if ((got_r_q || r_ready) && (got_q_q || q_ready)) state_q <= LOAD;
      end
      default: ;
    endcase
    if (state_q == PLACE) begin
      fetched_word_q  <= start[INDEX_W-1:5];
      fetched_block_q <= start[INDEX_W-1:10];
    end

    // Blocks.
    if (ahead_valid_q) begin
      ahead_valid_q <= !q_ready;
      if (q_ready) fetched_block_q <= ahead_q;
    end else if (state_q == RUN && blocks_q != '0 &&
                 blocks_asked_q - blocks_read_q != 3'(QUEUE)) begin
      ahead_valid_q <= 1'b1;
      ahead_q[BLOCK_W-1:3] <= group_q;
      for (int unsigned b = GROUP; b > 0; b--) if (blocks_q[b-1]) ahead_q[2:0] <= 3'(b - 1);
      blocks_q <= blocks_q & (blocks_q - 1'b1);
    end
    if (state_q == RUN && blocks_q == '0 && groups_q != '0) begin
      group_q  <= group_at;
      blocks_q <= group;
      groups_q <= groups_q & (groups_q - 1'b1);
    end
    if (q_valid && q_ready) begin
      block_numbers[blocks_asked_q[1:0]] <= q_number;
      blocks_asked_q                     <= blocks_asked_q + 1'b1;
    end
    q_flight_q <= {q_flight_q[0], q_valid && q_ready};
    if (q_flight_q[1]) begin
      block_words[blocks_come_q[1:0]] <= q_word;
      blocks_come_q                   <= blocks_come_q + 1'b1;
    end
    if (words_load) begin
      words_block_q <= block_numbers[blocks_read_q[1:0]];
      words_q       <= block_words[blocks_read_q[1:0]];
      blocks_read_q <= blocks_read_q + 1'b1;
    end

    // Words.
    if (state_q == RUN && r_valid && r_ready) begin
      words_q        <= words_q & ~words_one;
      fetched_word_q <= r_number;
    end
    if (r_valid && r_ready) begin
      word_numbers[words_asked_q[1:0]] <= r_number;
      words_asked_q                    <= words_asked_q + 1'b1;
    end
    r_flight_q <= {r_flight_q[0], r_valid && r_ready};
    if (r_flight_q[1]) begin
      word_words[words_come_q[1:0]] <= r_word;
      words_come_q                  <= words_come_q + 1'b1;
    end
    if (bits_load) begin
      bits_word_q  <= word_numbers[words_read_q[1:0]];
      bits_q       <= word_words[words_read_q[1:0]];
      words_read_q <= words_read_q + 1'b1;
    end

    // Bits.
    if (bits_take) bits_q <= bits_q & ~bits_one;
    if (c1_ready) begin
      c1_valid_q <= bits_take;
      c1_q       <= {bits_word_q, place(bits_one)};
    end
    if (h_ready) begin
      h_valid_q    <= c1_valid_q;
      h_index_q    <= c1_index;
      h_hundreds_q <= 18'(c1_index) - 18'(LESS);
    end
    if (c2_ready) begin
      c2_valid_q <= h_valid_q;
      c2_q       <= h_price ^ invert;
    end

    // Sums.
    searched_q <= emit_far;
    if (emits || emit_far) begin
      last_q           <= emit_key;
      item_keys[put_q] <= emit_key;
      put_q            <= put_q + 1'b1;
    end
    looks_q    <= emits || emit_far || (looks_q && !l_ready);
    l_flight_q <= {l_flight_q[2:0], looks_q && l_ready};
    if (l_flight_q[3]) begin
      item_values[fill_q] <= l_value;
      fill_q              <= fill_q + 1'b1;
    end
    if (accepted) take_q <= take_q + 1'b1;
    items_q  <= items_q + 3'(emits || emit_far) - 3'(accepted);
    filled_q <= filled_q + 3'(l_flight_q[3]) - 3'(accepted);
    if (accepted && served_q != 3'(SHARE)) served_q <= served_q + 1'b1;

    // The two words that the walk begins with: of them, what comes after the bound's position.
    if (state_q == LOAD && come) begin
      state_q       <= RUN;
      words_block_q <= start_q[INDEX_W-1:10];
      bits_word_q   <= start_q[INDEX_W-1:5];
      words_q       <= '0;
      bits_q        <= '0;
      blocks_read_q <= 3'd1;
      group_q       <= group_at;
      blocks_q      <= group & (8'hFE << start_q[12:10]);
      groups_q      <= groups & ({{(GROUPS - 1) {1'b1}}, 1'b0} << group_at);
      words_read_q  <= 3'd1;
      if (group[start_q[12:10]]) begin
        words_q <= block_words[0] & after & ~begins;
        if ((block_words[0] & begins) != '0)
          bits_q <= word_words[0] & (32'hFFFF_FFFF << start_q[4:0]);
      end
    end

    if (rst || restart || state_q == IDLE) begin
      got_r_q        <= 1'b0;
      got_q_q        <= 1'b0;
      ahead_valid_q  <= 1'b0;
      groups_q       <= '0;
      blocks_q       <= '0;
      q_flight_q     <= '0;
      blocks_asked_q <= '0;
      blocks_come_q  <= '0;
      blocks_read_q  <= '0;
      r_flight_q     <= '0;
      words_asked_q  <= '0;
      words_come_q   <= '0;
      words_read_q   <= '0;
      words_q        <= '0;
      bits_q         <= '0;
      c1_valid_q     <= 1'b0;
      h_valid_q      <= 1'b0;
      c2_valid_q     <= 1'b0;
      searched_q     <= 1'b0;
      looks_q        <= 1'b0;
      l_flight_q     <= '0;
      items_q        <= '0;
      filled_q       <= '0;
      put_q          <= '0;
      fill_q         <= '0;
      take_q         <= '0;
      served_q       <= '0;
    end
    if (rst || restart || (l_flight_q[3] && !l_hit)) state_q <= IDLE;
    if (rst) row_q <= '0;
  end

`ifndef SYNTHESIS
  // What `busy` rests on: without it, and with nothing from outside, the walk stays as it is. Before
  // the first reset registers hold anything.
  localparam int unsigned ALL_W = 124 + ROW_W + PRICE_W + GROUPS + GROUP_W + BLOCK_W;
  logic [ALL_W-1:0] all, all_q;
  logic rests_q;
  logic was_reset_q;
  assign all = {
    {state_q, row_q, last_q, served_q, searched_q, looks_q, l_flight_q, items_q, filled_q},
    {put_q, fill_q, take_q, groups_q, group_q, blocks_q, ahead_valid_q, ahead_q, blocks_asked_q},
    {blocks_come_q, blocks_read_q, q_flight_q, words_q, words_asked_q, words_come_q},
    {words_read_q, r_flight_q, bits_q, c1_valid_q, h_valid_q, c2_valid_q, got_r_q, got_q_q}
  };
  initial was_reset_q = 1'b0;
  always @(posedge clk) if (rst) was_reset_q <= 1'b1;
  always_ff @(posedge clk) begin
    all_q   <= all;
    rests_q <= !busy && !accepted && !rst;
    if (rests_q && was_reset_q && !rst) begin
      stays : assert (all == all_q);
    end
  end
`endif
endmodule

`default_nettype wire
