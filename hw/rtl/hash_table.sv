// hash_table: (slot, key) -> value in block memory; a lookup returns what was stored last.
//
// What: A key has 2 * WAYS places: WAYS in a row of choice 0 and WAYS in a row of choice 1. The
// rows are row_hash's of the name {slot, key}, with SPARSE, SKEW_0 4, OFFSET_1 5 and SKEW_1 0; the
// slot has as many bits as BOOKS needs, at least 1. A new entry takes the lowest free way in the
// choice that has more free ones (choice 0 of equals).
// Timing: s_valid begins a lookup, at cycle t, of what the n_ ports held in the cycle before. At
// t + 2 the values that it may get are in p_values, so that the user can compute with all of them.
// At t + 3 come m_valid, m_hit, m_select (which of p_values it is, still there; 0 without a hit,
// and in other cycles), m_value, and m_room (a hit, or one of its places is free). The user answers
// in that same cycle, and keeps the next lookup or clear 2 cycles away, or 4 after a pair.
// Latencies are constant; there is no backpressure.
// Rules: Each lookup with its answer is as if done whole before the next, also at the shortest
// distance. w_store puts w_value into the hit's place, else a free one, and is ignored without
// room; w_erase takes the hit away; neither changes nothing.
// With n_pair, n_key2 of the same slot is looked up in the same cycle, as if it came after the
// first key's erasure: m_hit2 and m_room2. w_store2 with w_value2 stores it, and must come only
// without m_hit2, without w_store, and with w_erase if there was m_hit.
// clear empties clear_slot at once, by an epoch bit: every place of the slot is free for the next
// lookup. sweeping[slot] is high from the next cycle on, until all dead entries are removed, a row
// whenever no lookup came for IDLE cycles. A clear of a slot that sweeps can't be kept apart from
// the one before: it is an error, and all slots are emptied.
// Reset or error: ready is low and all slots sweep for ROWS + 1 cycles, one more for each pair
// looked up in them. Lookups that begin then, and those of a slot from BOOKS on, answer neither hit
// nor room.
// Not: It doesn't move entries to make room.
`default_nettype none

module hash_table #(
    parameter int unsigned KEY_W = 64,  // bits of a key
    parameter int unsigned VALUE_W = 65,  // bits of a value
    parameter int unsigned ROWS = 1024,  // rows of each choice, a power of two
    parameter int unsigned WAYS = 4,  // places in a row
    parameter int unsigned BOOKS = tick_pkg::SLOTS,  // slots that may be used, from 0
    parameter bit SPOILS = 0,  // for benches: what is read while it is written comes out inverted
    localparam int unsigned SLOT_W = tick_pkg::SLOT_W,
    localparam int unsigned PLACES = 2 * WAYS,
    localparam int unsigned SOURCES = PLACES + 2  // where a value may come from
) (
    input  logic                            clk,
    input  logic                            rst,
    output logic                            ready,
    output logic                            error,
    input  logic                            clear,
    input  logic [ SLOT_W-1:0]              clear_slot,
    output logic [  BOOKS-1:0]              sweeping,
    input  logic [ SLOT_W-1:0]              n_slot,
    input  logic [  KEY_W-1:0]              n_key,
    input  logic [  KEY_W-1:0]              n_key2,
    input  logic                            n_pair,
    input  logic                            s_valid,
    output logic [SOURCES-1:0][VALUE_W-1:0] p_values,
    output logic                            m_valid,
    output logic                            m_hit,
    output logic                            m_room,
    output logic [SOURCES-1:0]              m_select,
    output logic [VALUE_W-1:0]              m_value,
    output logic                            m_hit2,
    output logic                            m_room2,
    input  logic                            w_store,
    input  logic                            w_erase,
    input  logic [VALUE_W-1:0]              w_value,
    input  logic                            w_store2,
    input  logic [VALUE_W-1:0]              w_value2
);
  if (ROWS < 2 || (ROWS & (ROWS - 1)) != 0) $error("hash_table: ROWS must be a power of two");
  if (KEY_W == 0 || VALUE_W == 0) $error("hash_table: KEY_W and VALUE_W must be at least 1");
  if (WAYS == 0) $error("hash_table: WAYS must be at least 1");
  if (BOOKS == 0 || BOOKS > tick_pkg::SLOTS) $error("hash_table: BOOKS must be 1 to SLOTS");

  localparam int unsigned ROW_W = $clog2(ROWS);
  localparam int unsigned BOOK_W = BOOKS > 1 ? $clog2(BOOKS) : 1;
  localparam int unsigned NAME_W = BOOK_W + KEY_W;
  localparam int unsigned TAG_W = 2 + NAME_W;
  localparam int unsigned PARTS = (TAG_W + 1) / 2;  // a LUT compares two bits
  localparam int unsigned IDLE = 8;
  localparam int unsigned IDLE_W = $clog2(IDLE + 1);

  typedef logic [1:0][ROW_W-1:0] rows_t;
  typedef logic [PLACES-1:0] places_t;
  typedef struct packed {
    logic              used;
    logic              epoch;
    logic [BOOK_W-1:0] slot;
    logic [KEY_W-1:0]  key;
  } tag_t;

  typedef struct packed {
    tag_t               tag;
    logic [VALUE_W-1:0] value;
    rows_t              rows;
  } result_t;

  function automatic logic [PARTS-1:0] parts_of(input tag_t a, input tag_t b);
    logic [2*PARTS-1:0] same = '1;
    same[TAG_W-1:0] = ~(a ^ b);
    for (int unsigned i = 0; i < PARTS; i++) parts_of[i] = &same[2*i+:2];
  endfunction

  // The choice with more free places: at_least[c][k] says that c has more than k.
  function automatic places_t pick(input places_t free);
    logic [1:0][WAYS-1:0] at_least = '0;
    logic choice;
    places_t lowest = '0;
    for (int unsigned c = 0; c < 2; c++) begin
      for (int unsigned w = WAYS; w > 0; w--) begin
        for (int unsigned k = WAYS - 1; k > 0; k--) begin
          at_least[c][k] |= at_least[c][k-1] && free[WAYS*c+w-1];
        end
        at_least[c][0] |= free[WAYS*c+w-1];
        if (free[WAYS*c+w-1]) begin
          lowest[WAYS*c+:WAYS] = '0;
          lowest[WAYS*c+w-1]   = 1'b1;
        end
      end
    end
    choice = (at_least[1] & ~at_least[0]) != '0;
    if (choice) lowest[WAYS-1:0] = '0;
    else lowest[PLACES-1:WAYS] = '0;
    return lowest;
  endfunction

  // Before: the rows, which take most of a cycle. 0: the lookup comes, they go to the memory.
  logic [1:0][NAME_W-1:0] n_name, name0_q;
  logic [SLOT_W-1:0] slot0_q;
  logic pair0_q;
  rows_t [1:0] n_rows, rows0_q;
  assign n_name = {{n_slot[BOOK_W-1:0], n_key2}, {n_slot[BOOK_W-1:0], n_key}};
  for (genvar k = 0; k < 2; k++) begin : g_hash
    row_hash #(
        .NAME_W  (NAME_W),
        .ROW_W   (ROW_W),
        .SPARSE  (1),
        .SKEW_0  (4),
        .OFFSET_1(5),
        .SKEW_1  (0)
    ) hash (
        .s_name(n_name[k]),
        .m_rows(n_rows[k])
    );
  end
  always_ff @(posedge clk) begin
    pair0_q <= n_pair;
    slot0_q <= n_slot;
    name0_q <= n_name;
    rows0_q <= n_rows;
  end

  logic init_q, ready_q, swept;  // in between, the last row is being written
  logic [ROW_W-1:0] row_q;  // of the sweep
  logic [BOOKS-1:0] epoch_q;

  // 1: the keys, and those of the last two lookups, whose writes the memory may not show yet: 0 is
  // the last. A pair counts as two.
  logic v1_q, pair_q, blind_q;
  tag_t [1:0] name_q, past_q;
  rows_t [1:0] rows_q, past_rows_q;
  always_ff @(posedge clk) begin
    if (s_valid) begin
      for (int unsigned k = 0; k < 2; k++) begin
        name_q[k] <= {1'b1, epoch_q[slot0_q[BOOK_W-1:0]], name0_q[k]};
      end
      rows_q         <= rows0_q;
      pair_q         <= pair0_q;
      blind_q        <= !ready_q || 32'(slot0_q) >= BOOKS;
      past_q[0]      <= pair_q ? name_q[1] : name_q[0];
      past_q[1]      <= pair_q ? name_q[0] : past_q[0];
      past_rows_q[0] <= pair_q ? rows_q[1] : rows_q[0];
      past_rows_q[1] <= pair_q ? rows_q[0] : past_rows_q[0];
    end
    v1_q <= s_valid && !rst;
  end

  // The memory. Port A reads for the first key and the sweep, port B for the second, and writes.
  logic pairs, written, full_q;
  result_t write_q;
  rows_t read_row, other_row;
  places_t write, mask_q;
  tag_t [PLACES-1:0] a_tag, b_tag;
  logic [PLACES-1:0][VALUE_W-1:0] a_value;

  assign pairs     = s_valid && pair0_q;
  assign read_row  = s_valid ? rows0_q[0] : {2{row_q}};
  assign other_row = pairs ? rows0_q[1] : write_q.rows;

  for (genvar p = 0; p < PLACES; p++) begin : g_place
    // What is read while it is written is never looked at. A value may be written more than once.
    (* no_rw_check *) tag_t tags[ROWS];
    (* no_rw_check *) logic [VALUE_W-1:0] values[ROWS];
    logic spoils_tag, spoils_value;
    assign spoils_tag   = SPOILS && write[p] && read_row[p/WAYS] == other_row[p/WAYS];
    assign spoils_value = SPOILS && mask_q[p] && read_row[p/WAYS] == write_q.rows[p/WAYS];
    always_ff @(posedge clk) begin
      if (write[p]) begin
        tags[other_row[p/WAYS]] <= write_q.tag;
      end
      if (mask_q[p]) values[write_q.rows[p/WAYS]] <= write_q.value;
      a_tag[p]   <= tags[read_row[p/WAYS]] ^ {TAG_W{spoils_tag}};
      b_tag[p]   <= tags[other_row[p/WAYS]] ^ {TAG_W{SPOILS && write[p]}};
      a_value[p] <= values[read_row[p/WAYS]] ^ {VALUE_W{spoils_value}};
    end
  end

  // 2: what the places hold, compared two bits at a time. It stays until the next lookup's comes.
  logic v2_q, sweep1_q, sweep2_q;
  logic [1:0][PLACES-1:0][PARTS-1:0] part_q;
  tag_t [1:0][PLACES-1:0] tag_q;
  logic [PLACES-1:0][VALUE_W-1:0] value_q;
  logic [1:0][1:0] same_key_q;  // [key][past]
  logic [1:0][1:0][1:0] same_row_q;  // [key][past][choice]
  logic twin_key_q;  // the first and the second
  logic [1:0] twin_row_q;
  always_ff @(posedge clk) begin
    if (v1_q || sweep1_q) begin
      tag_q[0] <= a_tag;
      value_q  <= a_value;
    end
    if (v1_q) begin
      tag_q[1] <= b_tag;
      for (int unsigned p = 0; p < PLACES; p++) begin
        part_q[0][p] <= parts_of(a_tag[p], name_q[0]);
        part_q[1][p] <= parts_of(b_tag[p], name_q[1]);
      end
      for (int unsigned k = 0; k < 2; k++) begin
        for (int unsigned r = 0; r < 2; r++) begin
          same_key_q[k][r] <= {name_q[k].slot, name_q[k].key} == {past_q[r].slot, past_q[r].key};
          for (int unsigned c = 0; c < 2; c++) begin
            same_row_q[k][r][c] <= rows_q[k][c] == past_rows_q[r][c];
          end
        end
      end
      twin_key_q <= name_q[0].key == name_q[1].key;
      for (int unsigned c = 0; c < 2; c++) twin_row_q[c] <= rows_q[0][c] == rows_q[1][c];
    end
    v2_q <= v1_q && !rst;
  end

  // What the last two lookups' answers were.
  result_t [1:0] result_q;
  places_t [1:0] result_place_q;
  logic [1:0] wrote_q;

  logic [1:0] lives;
  logic [1:0][1:0] again;  // [key][past]
  logic [1:0][PLACES-1:0] hit_place, free;
  places_t dead;
  always_comb begin
    for (int unsigned r = 0; r < 2; r++) begin
      lives[r] = wrote_q[r] && result_q[r].tag.used &&
                 result_q[r].tag.epoch == epoch_q[result_q[r].tag.slot];
    end
    for (int unsigned p = 0; p < PLACES; p++) begin
      dead[p] = !tag_q[0][p].used || epoch_q[tag_q[0][p].slot] != tag_q[0][p].epoch;
    end
    for (int unsigned k = 0; k < 2; k++) begin
      again[k][0] = same_key_q[k][0] && lives[0];
      again[k][1] = same_key_q[k][1] && lives[1] && !(same_key_q[k][0] && wrote_q[0]);
      for (int unsigned p = 0; p < PLACES; p++) begin
        automatic logic [1:0] over;
        for (int unsigned r = 0; r < 2; r++) begin
          over[r] = wrote_q[r] && result_place_q[r][p] && same_row_q[k][r][p/WAYS];
        end
        hit_place[k][p] = &part_q[k][p] && over == '0;
        free[k][p] = !tag_q[k][p].used || epoch_q[tag_q[k][p].slot] != tag_q[k][p].epoch;
        if (over[1]) free[k][p] = !lives[1];
        if (over[0]) free[k][p] = !lives[0];
      end
    end
  end

  // 3: what is there; the user's answer.
  logic v3_q, pair3_q, twin3_key_q;
  logic [1:0] twin3_row_q;
  tag_t [1:0] name3_q;
  rows_t [1:0] rows3_q;
  logic [1:0][SOURCES-1:0] select_q;
  places_t place_q;
  logic [1:0][PLACES-1:0] free_q;
  logic blind;
  assign blind = blind_q || init_q;
  always_ff @(posedge clk) begin
    v3_q <= v2_q && !rst;
    pair3_q <= pair_q;
    twin3_key_q <= twin_key_q;
    twin3_row_q <= twin_row_q;
    name3_q <= name_q;
    rows3_q <= rows_q;
    place_q     <= hit_place[0] | (again[0][0] ? result_place_q[0] : '0) |
                   (again[0][1] ? result_place_q[1] : '0);
    for (int unsigned k = 0; k < 2; k++) begin
      select_q[k] <= blind || !v2_q ? '0 : {again[k], hit_place[k]};
      free_q[k]   <= blind ? '0 : free[k];
    end
  end

  places_t freed;  // for the second key
  always_comb begin
    freed = free_q[1];
    for (int unsigned p = 0; p < PLACES; p++) begin
      if (m_hit && place_q[p] && twin3_row_q[p/WAYS]) freed[p] = 1'b1;
    end
    m_value = '0;
    for (int unsigned i = 0; i < SOURCES; i++) m_value |= m_select[i] ? p_values[i] : '0;
  end
  assign p_values = {result_q[1].value, result_q[0].value, value_q};
  assign m_valid  = v3_q;
  assign m_select = select_q[0];
  assign m_hit    = |select_q[0];
  assign m_room   = m_hit || free_q[0] != '0;
  assign m_hit2   = |select_q[1] && !twin3_key_q;
  assign m_room2  = |select_q[1] || freed != '0;

  // The answer's places, tags and values, the last first.
  logic stores, erases, stores2, shift;
  result_t result, result2;
  places_t place, place2;
  always_comb begin
    stores          = w_store && m_room;
    erases          = w_erase && m_hit && !w_store;
    stores2         = w_store2 && pair3_q && freed != '0;
    shift           = v3_q && !init_q;
    result.tag      = name3_q[0];
    result.tag.used = stores;
    result.value    = w_value;
    result.rows     = rows3_q[0];
    place           = m_hit ? place_q : pick(free_q[0]);
    result2.tag     = name3_q[1];
    result2.value   = w_value2;
    result2.rows    = rows3_q[1];
    place2          = pick(freed);
  end

  // Writing: what is in write_q, in any cycle but one in which a pair is looked up, or, for the
  // sweep, anything. A pair's second result follows its first.
  logic of_sweep_q, second_q, begins_row;
  assign written    = full_q && !pairs && !(of_sweep_q && s_valid);
  assign write      = pairs || (of_sweep_q && s_valid) ? '0 : mask_q;
  assign begins_row = init_q && (!full_q || written);
  always_ff @(posedge clk) begin
    if (begins_row || sweep2_q) begin
      write_q.tag.used <= 1'b0;
      write_q.rows     <= {2{row_q}};
      mask_q           <= init_q ? '1 : dead;
      full_q           <= 1'b1;
    end else if (shift) begin
      write_q <= result;
      mask_q  <= stores || erases ? place : '0;
      full_q  <= stores || erases || stores2;
    end else if (written) begin
      write_q <= result_q[0];
      mask_q  <= second_q ? result_place_q[0] : '0;
      full_q  <= second_q;
    end
    of_sweep_q <= sweep2_q || (of_sweep_q && !written);
    second_q   <= shift ? pair3_q && stores2 : second_q && !written;
    if (shift) begin
      result_place_q[0] <= pair3_q ? place2 : place;
      result_place_q[1] <= pair3_q ? place : result_place_q[0];
      result_q[0]       <= pair3_q ? result2 : result;
      result_q[1]       <= pair3_q ? result : result_q[0];
      wrote_q           <= pair3_q ? {stores || erases, stores2} : {wrote_q[0], stores || erases};
    end
    if (sweep1_q) wrote_q <= '0;  // the memory shows everything; an epoch may come again
    if (rst || init_q) begin
      wrote_q  <= '0;
      second_q <= 1'b0;
    end
    if (rst) begin
      full_q     <= 1'b0;
      mask_q     <= '0;
      of_sweep_q <= 1'b0;
    end
  end

  // The sweep: a row is read, its dead entries are picked out and written as unused.
  logic [IDLE_W-1:0] idle_q;
  logic [BOOKS-1:0] waiting_q, sweeping_q;
  logic begins, wrong;
  assign begins = sweeping_q != '0 && idle_q == IDLE_W'(IDLE) && !s_valid && !init_q &&
                  !(sweep1_q || sweep2_q || full_q);
  assign swept = begins_row || (written && of_sweep_q);
  assign wrong = clear && sweeping[clear_slot[BOOK_W-1:0]];
  always_ff @(posedge clk) begin
    idle_q   <= s_valid ? '0 : idle_q == IDLE_W'(IDLE) ? idle_q : idle_q + 1'b1;
    sweep1_q <= begins;
    sweep2_q <= sweep1_q;
    ready_q  <= !init_q && (ready_q || !full_q || written);
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
      waiting_q[clear_slot[BOOK_W-1:0]] <= 1'b1;
      epoch_q[clear_slot[BOOK_W-1:0]]   <= !epoch_q[clear_slot[BOOK_W-1:0]];
    end
    if (rst || wrong) begin
      init_q     <= 1'b1;
      ready_q    <= 1'b0;
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
  assign ready    = ready_q;
  assign sweeping = !ready_q ? '1 : sweeping_q | waiting_q;
endmodule

`default_nettype wire
