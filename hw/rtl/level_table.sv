// level_table: (row, key) -> value in block memory, for the sums of all levels, read in two ways.
//
// What: A row is a side of a slot: {slot, side}. A name {row, key} has 2 * WAYS places: WAYS in a
// memory row of choice 0, WAYS in one of choice 1. The memory rows are row_hash's of the name, with
// SKEW_0 6, OFFSET_1 2 and SKEW_1 7.
// Timing: The first way answers as hash_table does: a lookup at t (s_valid), 2 cycles or more after
// the last, has m_hit, m_room and m_value at t + 3, and its answer in that cycle.
// The second way only reads: l_valid asks for l_row and l_key, and is taken when l_ready, that is
// when s_valid is low and its memory rows aren't just being written. 4 cycles after, l_hit and
// l_value hold what was stored by the answers given 2 cycles before it was taken, or earlier; later
// ones may be in it or not.
// Rules: Each lookup with its answer is as if done whole before the next. The answer is w_store
// with w_value (into the hit's place, else a free one, in the choice that has more, choice 0 of
// equals, the lowest way; ignored without room), w_erase, or neither.
// clear empties both rows of clear_slot at once, in place of a lookup. sweeping[slot] is high until
// all dead entries are removed, a memory row whenever no lookup came for IDLE cycles. Clearing a
// slot that sweeps is an error, and all is emptied. Reset, or an error: all sweep for ROWS cycles,
// and lookups that begin then answer neither hit nor room.
// Not: It doesn't move entries to make room.
`default_nettype none

module level_table
  import tick_pkg::*;
#(
    parameter int unsigned VALUE_W = SHARES_W + ORDERS_W,  // bits of a value
    parameter int unsigned READ_W = VALUE_W,  // those of its low bits that the second way reads
    parameter int unsigned ROWS = 512,  // memory rows of each choice, a power of two
    parameter int unsigned WAYS = 4,  // places in a memory row
    parameter int unsigned BOOKS = SLOTS,  // slots that may be used, from 0; 2 or more
    localparam int unsigned BOOK_W = $clog2(BOOKS),
    localparam int unsigned SIDES_W = $clog2(2 * BOOKS),
    localparam int unsigned PLACES = 2 * WAYS
) (
    input  logic               clk,
    input  logic               rst,
    output logic               error,
    input  logic               clear,
    input  logic [ BOOK_W-1:0] clear_slot,
    output logic [  BOOKS-1:0] sweeping,
    input  logic               s_valid,
    input  logic [SIDES_W-1:0] s_row,
    input  logic [PRICE_W-1:0] s_key,
    output logic               m_hit,
    output logic               m_room,
    output logic [VALUE_W-1:0] m_value,
    input  logic               w_store,
    input  logic               w_erase,
    input  logic [VALUE_W-1:0] w_value,
    input  logic               l_valid,
    input  logic [SIDES_W-1:0] l_row,
    input  logic [PRICE_W-1:0] l_key,
    output logic               l_ready,
    output logic               l_hit,
    output logic [ READ_W-1:0] l_value
);
  if (ROWS < 2 || (ROWS & (ROWS - 1)) != 0) $error("level_table: ROWS must be a power of two");
  if (VALUE_W == 0) $error("level_table: VALUE_W must be at least 1");
  if (WAYS == 0) $error("level_table: WAYS must be at least 1");
  if (BOOKS < 2 || BOOKS > SLOTS) $error("level_table: BOOKS must be 2 to SLOTS");

  localparam int unsigned ROW_W = $clog2(ROWS);
  localparam int unsigned SOURCES = PLACES + 2;  // where a value may come from
  localparam int unsigned NAME_W = SIDES_W + PRICE_W;
  localparam int unsigned TAG_W = 2 + NAME_W;
  localparam int unsigned PARTS = (TAG_W + 1) / 2;  // a LUT compares two bits
  localparam int unsigned IDLE = 8;
  localparam int unsigned IDLE_W = $clog2(IDLE + 1);

  typedef logic [1:0][ROW_W-1:0] rows_t;
  typedef logic [PLACES-1:0] places_t;
  typedef struct packed {
    logic               used;
    logic               epoch;
    logic [SIDES_W-1:0] row;
    logic [PRICE_W-1:0] key;
  } tag_t;

  function automatic logic [PARTS-1:0] parts_of(input tag_t a, input tag_t b);
    logic [2*PARTS-1:0] same = '1;
    same[TAG_W-1:0] = ~(a ^ b);
    for (int unsigned i = 0; i < PARTS; i++) parts_of[i] = &same[2*i+:2];
  endfunction

  function automatic places_t pick(input places_t free);
    places_t lowest = '0;
    logic choice;
    for (int unsigned c = 0; c < 2; c++) begin
      for (int unsigned w = WAYS; w > 0; w--) begin
        if (free[WAYS*c+w-1]) begin
          lowest[WAYS*c+:WAYS] = '0;
          lowest[WAYS*c+w-1]   = 1'b1;
        end
      end
    end
    choice = $countones(free[PLACES-1:WAYS]) > $countones(free[WAYS-1:0]);
    if (choice) lowest[WAYS-1:0] = '0;
    else lowest[PLACES-1:WAYS] = '0;
    return lowest;
  endfunction

  logic ready, init_q, init2_q;  // init2_q: the last row is being written
  logic [ROW_W-1:0] row_q;  // of the sweep
  logic [BOOKS-1:0] epoch_q;

  // 0: a lookup of either way comes, its rows go to the memory. Only the first way's may be in
  // flight to be written: what it is held against is kept.
  rows_t s_rows, l_rows, read_row;
  tag_t name_q, past_q[2], seek_q;
  rows_t rows_q, past_rows_q[2];
  logic v1_q, blind_q;
  row_hash #(
      .NAME_W  (NAME_W),
      .ROW_W   (ROW_W),
      .SKEW_0  (6),
      .OFFSET_1(2),
      .SKEW_1  (7)
  )
      s_hash (
          .s_name({s_row, s_key}),
          .m_rows(s_rows)
      ),
      l_hash (
          .s_name({l_row, l_key}),
          .m_rows(l_rows)
      );
  assign read_row = s_valid ? s_rows : l_valid ? l_rows : {2{row_q}};
  always_ff @(posedge clk) begin
    if (s_valid) begin
      name_q         <= {1'b1, epoch_q[s_row[SIDES_W-1:1]], s_row, s_key};
      rows_q         <= s_rows;
      blind_q        <= !ready;
      past_q[0]      <= name_q;
      past_q[1]      <= past_q[0];
      past_rows_q[0] <= rows_q;
      past_rows_q[1] <= past_rows_q[0];
    end
    seek_q <= {1'b1, epoch_q[l_row[SIDES_W-1:1]], l_row, l_key};
    v1_q   <= s_valid && !rst;
  end

  places_t write;
  rows_t write_row;
  tag_t write_tag;
  logic [VALUE_W-1:0] write_value;
  tag_t [PLACES-1:0] a_tag;
  logic [PLACES-1:0][VALUE_W-1:0] a_value;
  for (genvar p = 0; p < PLACES; p++) begin : g_place
    // What is read while it is written is never looked at.
    (* no_rw_check *) logic [TAG_W+VALUE_W-1:0] mem[ROWS];
    logic [TAG_W+VALUE_W-1:0] read_q;
    always_ff @(posedge clk) begin
      if (write[p]) mem[write_row[p/WAYS]] <= {write_tag, write_value};
      read_q <= mem[read_row[p/WAYS]];
    end
    assign {a_tag[p], a_value[p]} = read_q;
  end

  // 2: what the places hold, compared two bits at a time. It stays until the next lookup's comes.
  logic v2_q, sweep1_q, sweep2_q;
  logic [PLACES-1:0][PARTS-1:0] part_q;
  tag_t [PLACES-1:0] tag_q;
  logic [PLACES-1:0][VALUE_W-1:0] value_q;
  logic [1:0] same_key_q;  // [past]
  logic [1:0][1:0] same_row_q;  // [past][choice]
  always_ff @(posedge clk) begin
    if (v1_q || sweep1_q) begin
      tag_q   <= a_tag;
      value_q <= a_value;
    end
    if (v1_q) begin
      for (int unsigned p = 0; p < PLACES; p++) part_q[p] <= parts_of(a_tag[p], name_q);
      for (int unsigned r = 0; r < 2; r++) begin
        same_key_q[r] <= {name_q.row, name_q.key} == {past_q[r].row, past_q[r].key};
        for (int unsigned c = 0; c < 2; c++) same_row_q[r][c] <= rows_q[c] == past_rows_q[r][c];
      end
    end
    v2_q <= v1_q && !rst;
  end

  // What the last two lookups' answers were.
  typedef struct packed {
    tag_t               tag;
    logic [VALUE_W-1:0] value;
    places_t            place;
    rows_t              rows;
  } result_t;
  result_t [1:0] result_q;
  logic [1:0] wrote_q, lives, again;
  places_t hit_place, free, dead;
  always_comb begin
    for (int unsigned r = 0; r < 2; r++) begin
      lives[r] = wrote_q[r] && result_q[r].tag.used &&
                 result_q[r].tag.epoch == epoch_q[result_q[r].tag.row[SIDES_W-1:1]];
    end
    again[0] = same_key_q[0] && lives[0];
    again[1] = same_key_q[1] && lives[1] && !(same_key_q[0] && wrote_q[0]);
    for (int unsigned p = 0; p < PLACES; p++) begin
      automatic logic [1:0] over;
      for (int unsigned r = 0; r < 2; r++) begin
        over[r] = wrote_q[r] && result_q[r].place[p] && same_row_q[r][p/WAYS];
      end
      dead[p]      = !tag_q[p].used || epoch_q[tag_q[p].row[SIDES_W-1:1]] != tag_q[p].epoch;
      hit_place[p] = &part_q[p] && over == '0;
      free[p]      = dead[p];
      if (over[1]) free[p] = !lives[1];
      if (over[0]) free[p] = !lives[0];
    end
  end

  // 3: what is there; the user's answer.
  logic v3_q, blind;
  tag_t name3_q;
  rows_t rows3_q;
  logic [SOURCES-1:0] select;
  logic [SOURCES-1:0][VALUE_W-1:0] values;
  logic [VALUE_W-1:0] value;
  places_t place_q, free_q;
  assign blind = blind_q || init_q;
  always_ff @(posedge clk) begin
    v3_q <= v2_q && !rst;
    name3_q <= name_q;
    rows3_q <= rows_q;
    place_q  <= hit_place | (again[0] ? result_q[0].place : '0) |
                (again[1] ? result_q[1].place : '0);
    m_hit <= !blind && select != '0;
    m_room <= !blind && (select != '0 || free != '0);
    m_value <= value;
    free_q <= free;
  end
  assign select = {again, hit_place};
  always_comb begin
    value = '0;
    for (int unsigned i = 0; i < SOURCES; i++) value |= select[i] ? values[i] : '0;
  end
  assign values = {result_q[1].value, result_q[0].value, value_q};

  // Writing what the answer left, or what the sweep read, in the next cycle.
  logic stores, erases, shift, full_q, of_sweep_q, written, fill;
  result_t result, write_q;
  assign stores  = w_store && m_room;
  assign erases  = w_erase && m_hit && !w_store;
  assign shift   = v3_q && !init_q;
  assign written = full_q && !(s_valid && of_sweep_q && ready);
  assign fill    = init_q || sweep2_q;
  always_comb begin
    result.tag      = name3_q;
    result.tag.used = stores;
    result.value    = w_value;
    result.rows     = rows3_q;
    result.place    = m_hit ? place_q : pick(free_q);
  end
  assign write = written ? write_q.place : '0;
  assign write_row = write_q.rows;
  assign write_tag = write_q.tag;
  assign write_value = write_q.value;
  assign l_ready     = !s_valid && ready && !(written && (write_row[0] == l_rows[0] ||
                                                          write_row[1] == l_rows[1]));
  always_ff @(posedge clk) begin
    if (fill) begin
      write_q.tag.used <= 1'b0;
      write_q.place    <= init_q ? '1 : dead;
      write_q.rows     <= {2{row_q}};
    end else if (shift) begin
      write_q <= result;
    end
    of_sweep_q <= fill || (of_sweep_q && !shift && !written);
    full_q     <= fill || (shift ? stores || erases : full_q && !written);
    if (shift) begin
      result_q <= {result_q[0], result};
      wrote_q  <= {wrote_q[0], stores || erases};
    end
    if (sweep1_q) wrote_q <= '0;  // the memory shows everything; an epoch may come again
    if (rst || init_q) begin
      wrote_q <= '0;
      if (rst) full_q <= 1'b0;
    end
  end

  // The second way, from 1 on.
  logic [PLACES-1:0][PARTS-1:0] l_part_q;
  logic [PLACES-1:0][READ_W-1:0] l_read_q, l_read3_q;
  places_t l_place_q;
  logic [READ_W-1:0] l_matched;
  always_comb begin
    l_matched = '0;
    for (int unsigned p = 0; p < PLACES; p++) l_matched |= l_place_q[p] ? l_read3_q[p] : '0;
  end
  always_ff @(posedge clk) begin
    for (int unsigned p = 0; p < PLACES; p++) l_read_q[p] <= a_value[p][READ_W-1:0];
    l_read3_q <= l_read_q;
    for (int unsigned p = 0; p < PLACES; p++) begin
      l_part_q[p]  <= parts_of(a_tag[p], seek_q);
      l_place_q[p] <= &l_part_q[p];
    end
    l_hit   <= l_place_q != '0;
    l_value <= l_matched;
  end

  // The sweep: a row is read, its dead entries are picked out and written as unused.
  logic [IDLE_W-1:0] idle_q;
  logic [BOOKS-1:0] waiting_q, sweeping_q;
  logic begins, wrong, swept;
  assign begins = sweeping_q != '0 && idle_q == IDLE_W'(IDLE) && !s_valid && !l_valid && !init_q &&
                  !(sweep1_q || sweep2_q || full_q);
  assign swept = init_q || (written && of_sweep_q && !init2_q);
  assign wrong = clear && sweeping[clear_slot];
  always_ff @(posedge clk) begin
    idle_q   <= s_valid ? '0 : idle_q == IDLE_W'(IDLE) ? idle_q : idle_q + 1'b1;
    sweep1_q <= begins;
    sweep2_q <= sweep1_q;
    init2_q  <= init_q;
    error    <= wrong;
    if (sweeping_q == '0) begin
      sweeping_q <= waiting_q;
      waiting_q  <= '0;
    end
    if (swept) begin
      row_q <= row_q + 1'b1;
      if (row_q == '1) begin
        init_q     <= 1'b0;
        sweeping_q <= '0;
      end
    end
    if (clear) begin
      waiting_q[clear_slot] <= 1'b1;
      epoch_q[clear_slot]   <= !epoch_q[clear_slot];
    end
    if (rst || wrong) begin
      init_q     <= 1'b1;
      init2_q    <= 1'b1;
      row_q      <= '0;
      sweeping_q <= '0;
      waiting_q  <= '0;
      sweep1_q   <= 1'b0;
      sweep2_q   <= 1'b0;
    end
    if (rst) begin
      epoch_q <= '0;
      idle_q  <= '0;
      error   <= 1'b0;
    end
  end
  assign ready    = !(init_q || init2_q);
  assign sweeping = !ready ? '1 : sweeping_q | waiting_q;
endmodule

`default_nettype wire
