// level_far: the levels whose price has no index: FAR places a row {slot, side}, in no order.
//
// Timing: At cycle t, s_row says which row an operation is of; at t + 1 m_full says that all of its
// places hold a level, and m_place which one a new level would get. In that cycle w_insert puts
// w_key there, and w_erase frees w_place. clear comes at the same point of a clear. Operations keep
// a distance of 2 cycles.
// Each reader has a search of its own: f_start looks for the least key of f_row above f_key, by a
// place that holds a level a cycle. From the next cycle on f_done is low until f_found and f_least
// give the result, which they hold until the next f_start.
// Rules: Each operation sees those before. clear empties both rows of clear_slot at once. What
// changes during a search may be seen or not. Reset empties every row.
`default_nettype none

module level_far
  import tick_pkg::*;
#(
    parameter int unsigned BOOKS = SLOTS,  // slots that may be used, from 0; 2 or more
    parameter int unsigned FAR = 16,  // places of a row, a power of two
    parameter int unsigned READERS = 1,  // that search
    localparam int unsigned BOOK_W = $clog2(BOOKS),
    localparam int unsigned ROWS = 2 * BOOKS,
    localparam int unsigned ROW_W = $clog2(ROWS),
    localparam int unsigned PLACE_W = FAR > 1 ? $clog2(FAR) : 1
) (
    input  logic                            clk,
    input  logic                            rst,
    input  logic [  ROW_W-1:0]              s_row,
    output logic                            m_full,
    output logic [PLACE_W-1:0]              m_place,
    input  logic                            w_insert,
    input  logic                            w_erase,
    input  logic [PRICE_W-1:0]              w_key,
    input  logic [PLACE_W-1:0]              w_place,
    input  logic                            clear,
    input  logic [ BOOK_W-1:0]              clear_slot,
    input  logic [READERS-1:0]              f_start,
    input  logic [READERS-1:0][  ROW_W-1:0] f_row,
    input  logic [READERS-1:0][PRICE_W-1:0] f_key,
    output logic [READERS-1:0]              f_done,
    output logic [READERS-1:0]              f_found,
    output logic [READERS-1:0][PRICE_W-1:0] f_least
);
  if (FAR == 0 || (FAR & (FAR - 1)) != 0) $error("level_far: FAR must be a power of two");
  if (BOOKS < 2 || BOOKS > SLOTS) $error("level_far: BOOKS must be 2 to SLOTS");
  if (READERS == 0) $error("level_far: READERS must be at least 1");

  typedef logic [FAR-1:0] places_t;

  function automatic logic [PLACE_W-1:0] first(input places_t places);
    first = '0;
    for (int unsigned p = FAR; p > 0; p--) if (places[p-1]) first = PLACE_W'(p - 1);
  endfunction

  (* ram_style = "distributed" *) logic [PRICE_W-1:0] keys[ROWS*FAR];
  places_t [ROWS-1:0] held_q;

  logic [ROW_W-1:0] row_q;
  always_ff @(posedge clk) begin
    row_q   <= s_row;
    m_full  <= held_q[s_row] == '1;
    m_place <= first(~held_q[s_row]);
    if (w_insert) begin
      keys[{row_q, m_place}] <= w_key;
      held_q[row_q][m_place] <= 1'b1;
    end
    if (w_erase) held_q[row_q][w_place] <= 1'b0;
    if (clear) begin
      for (int unsigned r = 0; r < ROWS; r++) if (r / 2 == 32'(clear_slot)) held_q[r] <= '0;
    end
    if (rst) held_q <= '0;
  end

  // The searches: a place is chosen and read, then compared.
  for (genvar i = 0; i < READERS; i++) begin : g_reader
    places_t left_q;
    logic [PLACE_W-1:0] place;
    logic reads_q;
    logic [ROW_W-1:0] search_q;
    logic [PRICE_W-1:0] above_q, read_q;
    assign place     = first(left_q);
    assign f_done[i] = left_q == '0 && !reads_q;
    always_ff @(posedge clk) begin
      reads_q <= left_q != '0;
      read_q  <= keys[{search_q, place}];
      left_q  <= left_q & (left_q - 1'b1);
      if (reads_q && read_q > above_q && (!f_found[i] || read_q < f_least[i])) begin
        f_found[i] <= 1'b1;
        f_least[i] <= read_q;
      end
      if (f_start[i]) begin
        search_q   <= f_row[i];
        above_q    <= f_key[i];
        left_q     <= held_q[f_row[i]];
        reads_q    <= 1'b0;
        f_found[i] <= 1'b0;
      end
      if (rst) begin
        left_q     <= '0;
        reads_q    <= 1'b0;
        f_found[i] <= 1'b0;
      end
    end
  end
endmodule

`default_nettype wire
