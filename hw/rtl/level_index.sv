// level_index: which prices have a level: a bitmap of each side of each slot, in three tiers.
//
// What: A price's index is the price itself below 10,000, and 9,900 + price / 100 from there on
// where that is whole and below 2**INDEX_W; no other price has one. On the buy side all bits of an
// index are inverted, so that the better level has the smaller position on both. Tier 0 has a bit
// for each position in words of 32, tier 1 a bit for each word of tier 0, and the top one for each
// word of tier 1.
// Timing: s_valid begins an operation at cycle t, with the row {slot, side} and the price; at t + 3
// m_far says that the price has no index. At t + 4 w_set or w_reset (or neither) says that a level
// is there from now on, or no more; the memory holds it from t + 6 on, when event_valid reports it:
// event_row, event_word (of tier 0), event_tier1 (a bit of tier 1 has changed too) and event_top.
// A clear comes as such an operation does, at its cycle t + 4.
// Each reader asks with r_valid for a word of tier 0 and with q_valid for one of tier 1, by row and
// number. r_ready and q_ready say in the same cycle that it was taken, 2 cycles after which r_word
// and q_word, which all readers share, hold it. t_top is t_row's top word, in the same cycle.
// Rules: Operations keep a distance of 2 cycles; each sees those before. A word counts only if its
// bit above is set, and a top word only since its row was first set after clear. So clear, which
// empties both rows of clear_slot at once, leaves the memory as it is.
`default_nettype none

module level_index
  import tick_pkg::*;
#(
    parameter int unsigned BOOKS = SLOTS,  // slots that may be used, from 0; 2 or more
    parameter int unsigned INDEX_W = 16,  // bits of an index, 15 to 18
    parameter int unsigned READERS = 2,  // 1 or 2
    localparam int unsigned ROWS = 2 * BOOKS,
    localparam int unsigned ROW_W = $clog2(ROWS),
    localparam int unsigned BOOK_W = $clog2(BOOKS),
    localparam int unsigned WORD_W = INDEX_W - 5,  // the number of a word of tier 0
    localparam int unsigned BLOCK_W = INDEX_W - 10,  // and of tier 1
    localparam int unsigned TOP = 1 << BLOCK_W
) (
    input  logic                            clk,
    input  logic                            rst,
    input  logic                            s_valid,
    input  logic [  ROW_W-1:0]              s_row,
    input  logic [PRICE_W-1:0]              s_price,
    output logic                            m_far,
    input  logic                            w_set,
    input  logic                            w_reset,
    input  logic                            clear,
    input  logic [ BOOK_W-1:0]              clear_slot,
    output logic                            event_valid,
    output logic [  ROW_W-1:0]              event_row,
    output logic [ WORD_W-1:0]              event_word,
    output logic                            event_tier1,
    output logic                            event_top,
    input  logic [READERS-1:0]              r_valid,
    input  logic [READERS-1:0][  ROW_W-1:0] r_row,
    input  logic [READERS-1:0][ WORD_W-1:0] r_number,
    output logic [READERS-1:0]              r_ready,
    output logic [       31:0]              r_word,
    input  logic [READERS-1:0]              q_valid,
    input  logic [READERS-1:0][  ROW_W-1:0] q_row,
    input  logic [READERS-1:0][BLOCK_W-1:0] q_number,
    output logic [READERS-1:0]              q_ready,
    output logic [       31:0]              q_word,
    input  logic [READERS-1:0][  ROW_W-1:0] t_row,
    output logic [READERS-1:0][    TOP-1:0] t_top
);
  if (INDEX_W < 15 || INDEX_W > 18) $error("level_index: INDEX_W must be 15 to 18");
  if (READERS < 1 || READERS > 2) $error("level_index: READERS must be 1 or 2");
  if (BOOKS < 2 || BOOKS > SLOTS) $error("level_index: BOOKS must be 2 to SLOTS");

  localparam int unsigned DOLLAR = 10_000;
  localparam int unsigned LESS = 9_900;  // an index from a dollar on is price / 100 + LESS
  localparam int unsigned MOST = (1 << INDEX_W) - 1 - LESS;  // price / 100
  // 25 times this is 1, modulo 2**30. A multiple of 25 times this is the quotient; any other number
  // times this is above the greatest quotient, and so above MOST.
  localparam logic [29:0] INVERSE = 30'h028F_5C29;
  localparam int unsigned HALF = 15;

  // 0 and 1: price / 4 times INVERSE, in halves.
  logic v1_q, plain_q, whole_q;
  logic [  ROW_W-1:0] row1_q;
  logic [INDEX_W-1:0] small_q;
  logic [ 2*HALF-1:0] low_q;
  logic [HALF-1:0] cross0_q, cross1_q;
  logic [HALF-1:0] upper;
  logic [2*HALF-1:0] quotient;
  logic [INDEX_W-1:0] index;
  always_ff @(posedge clk) begin
    v1_q     <= s_valid && !rst;
    row1_q   <= s_row;
    plain_q  <= s_price < PRICE_W'(DOLLAR);
    whole_q  <= s_price[1:0] == '0;
    small_q  <= s_price[INDEX_W-1:0];
    low_q    <= s_price[HALF+1:2] * INVERSE[HALF-1:0];
    cross0_q <= HALF'(s_price[HALF+1:2] * INVERSE[2*HALF-1:HALF]);
    cross1_q <= HALF'(s_price[2*HALF+1:HALF+2] * INVERSE[HALF-1:0]);
  end
  assign upper    = low_q[2*HALF-1:HALF] + cross0_q + cross1_q;
  assign quotient = {upper, low_q[HALF-1:0]};
  assign index    = plain_q ? small_q : quotient[INDEX_W-1:0] + INDEX_W'(LESS);

  // 2: the position's words go to be read. A reader's turn comes when there is none of it.
  logic v2_q, plain2_q, whole2_q;
  logic [29:0] quotient2_q;
  logic [ROW_W-1:0] row2_q;
  logic [INDEX_W-1:0] position2_q;
  always_ff @(posedge clk) begin
    v2_q        <= v1_q && !rst;
    row2_q      <= row1_q;
    plain2_q    <= plain_q;
    whole2_q    <= whole_q;
    quotient2_q <= quotient;
    m_far       <= !plain2_q && !(whole2_q && quotient2_q <= 30'(MOST));
    position2_q <= row1_q[0] == SIDE_BUY ? ~index : index;
  end

  logic turn_q;  // the reader that waits if both ask
  logic [READERS-1:0] r_now, q_now;
  logic [ ROW_W+WORD_W-1:0] r_address;
  logic [ROW_W+BLOCK_W-1:0] q_address;
  always_comb begin
    r_now     = r_valid;
    q_now     = q_valid;
    r_address = {r_row[0], r_number[0]};
    q_address = {q_row[0], q_number[0]};
    if (READERS == 2) begin
      if (r_valid == '1) r_now[turn_q] = 1'b0;
      if (q_valid == '1) q_now[turn_q] = 1'b0;
      if (r_now[READERS-1]) r_address = {r_row[READERS-1], r_number[READERS-1]};
      if (q_now[READERS-1]) q_address = {q_row[READERS-1], q_number[READERS-1]};
    end
    if (v2_q) begin
      r_address = {row2_q, position2_q[INDEX_W-1:5]};
      q_address = {row2_q, position2_q[INDEX_W-1:10]};
    end
    r_ready = v2_q ? '0 : r_now;
    q_ready = v2_q ? '0 : q_now;
  end
  always_ff @(posedge clk) turn_q <= !rst && turn_q ^ (r_valid == '1 || q_valid == '1);

  (* no_rw_check *) logic [31:0] bits[ROWS << WORD_W];
  (* no_rw_check *) logic [31:0] words[ROWS << BLOCK_W];
  (* ram_style = "distributed" *) logic [TOP-1:0] tops[ROWS];
  logic [ROWS-1:0] begun_q;  // the top word means something
  logic [31:0] r_read_q, q_read_q;

  // 3: the words arrive.
  logic v3_q;
  logic [ROW_W-1:0] row3_q;
  logic [INDEX_W-1:0] position3_q;
  logic top_now;
  assign top_now = begun_q[row3_q] && tops[row3_q][position3_q[INDEX_W-1:10]];

  // 4: they are seen through what the last operation has written, and what counts of them.
  logic v4_q, top4_q;
  logic [ROW_W-1:0] row4_q;
  logic [INDEX_W-1:0] position4_q;
  logic [WORD_W-1:0] word6_q;
  logic [ROW_W-1:0] row6_q;
  logic known6_q;
  logic [31:0] bits6_q, words6_q, bits4, words4;
  logic same_word_q, same_block_q;  // as the operation before
  always_comb begin
    words4 = same_block_q ? words6_q : q_word;
    if (!top4_q) words4 = '0;
    bits4 = same_word_q ? bits6_q : r_word;
    if (!words4[position4_q[9:5]]) bits4 = '0;
  end

  logic same_row;  // as the operation before, whose words are the memory's, or will be
  logic [WORD_W-1:0] last_word;

  // 5: they change.
  logic v5_q, set_q, reset_q, top5_q, change5, top_next, left;
  logic [  ROW_W-1:0] row5_q;
  logic [INDEX_W-1:0] position5_q;
  logic [31:0] bits5_q, words5_q, bits_next, words_next, bit_mask, word_mask;
  logic [TOP-1:0] top_word;
  always_comb begin
    change5                             = set_q || reset_q;
    bit_mask                            = 32'(1) << position5_q[4:0];
    word_mask                           = 32'(1) << position5_q[9:5];
    bits_next                           = set_q ? bits5_q | bit_mask : bits5_q & ~bit_mask;
    left                                = set_q || (bits5_q & ~bit_mask) != '0;
    words_next                          = left ? words5_q | word_mask : words5_q & ~word_mask;
    top_next                            = left || (words5_q & ~word_mask) != '0;
    top_word                            = begun_q[row5_q] ? tops[row5_q] : '0;
    top_word[position5_q[INDEX_W-1:10]] = top_next;
  end

  assign same_row  = v5_q ? row5_q == row3_q : known6_q && row6_q == row3_q;
  assign last_word = v5_q ? position5_q[INDEX_W-1:5] : word6_q;

  always_ff @(posedge clk) begin
    if (v5_q && change5) begin
      bits[{row5_q, position5_q[INDEX_W-1:5]}]   <= bits_next;
      words[{row5_q, position5_q[INDEX_W-1:10]}] <= words_next;
      tops[row5_q]                               <= top_word;
      begun_q[row5_q]                            <= 1'b1;
    end
    r_read_q <= bits[r_address];
    q_read_q <= words[q_address];
    r_word <= r_read_q;
    q_word <= q_read_q;

    v3_q <= v2_q && !rst;
    row3_q <= row2_q;
    position3_q <= position2_q;
    v4_q <= v3_q && !rst;
    row4_q <= row3_q;
    position4_q <= position3_q;
    top4_q       <= v5_q && change5 && row5_q == row3_q &&
                    position5_q[INDEX_W-1:10] == position3_q[INDEX_W-1:10] ? top_next : top_now;
    same_word_q <= same_row && last_word == position3_q[INDEX_W-1:5];
    same_block_q <= same_row && last_word[WORD_W-1:5] == position3_q[INDEX_W-1:10];

    v5_q <= v4_q && !rst;
    row5_q <= row4_q;
    position5_q <= position4_q;
    bits5_q <= bits4;
    words5_q <= words4;
    top5_q <= top4_q;
    set_q <= w_set && v4_q;
    reset_q <= w_reset && v4_q;

    if (v5_q) begin  // as the memory has it, unless nothing changed, and then as it counts
      row6_q   <= row5_q;
      word6_q  <= position5_q[INDEX_W-1:5];
      bits6_q  <= change5 ? bits_next : bits5_q;
      words6_q <= change5 ? words_next : words5_q;
      known6_q <= 1'b1;
    end
    event_valid <= v5_q && change5;
    event_row   <= row5_q;
    event_word  <= position5_q[INDEX_W-1:5];
    event_tier1 <= words_next != words5_q;
    event_top   <= top_next != top5_q;
    if (clear) begin
      for (int unsigned r = 0; r < ROWS; r++) if (r / 2 == 32'(clear_slot)) begun_q[r] <= 1'b0;
    end
    if (rst) begin
      begun_q     <= '0;
      known6_q    <= 1'b0;
      event_valid <= 1'b0;
      v5_q        <= 1'b0;
    end
  end

  for (genvar i = 0; i < READERS; i++) begin : g_reader
    assign t_top[i] = begun_q[t_row[i]] ? tops[t_row[i]] : '0;
  end
endmodule

`default_nettype wire
