// level_far: the levels of one side whose price has no index: FAR places a slot, in no order.
//
// At cycle t, s_slot says which slot an operation is of; at t + 1 m_full says that all of its
// places hold a level, and m_place which one a new level would get. In that cycle w_insert puts
// w_key there, and w_erase frees w_place. clear empties clear_slot, at the same point of a clear,
// at once. Operations keep a distance of 2 cycles; each sees those before. f_start looks for the
// least key of f_slot above f_key, by a place that holds a level a cycle: from the next cycle on
// f_done is low until f_found and f_least tell it, which they do until the next f_start. What
// changes in between may be seen or not. Reset empties every slot.
`default_nettype none

module level_far
  import tick_pkg::*;
#(
    parameter int unsigned BOOKS = SLOTS,  // slots that may be used, from 0; 2 or more
    parameter int unsigned FAR = 16,  // places of a slot, a power of two
    localparam int unsigned BOOK_W = $clog2(BOOKS),
    localparam int unsigned PLACE_W = FAR > 1 ? $clog2(FAR) : 1
) (
    input  logic               clk,
    input  logic               rst,
    input  logic [ BOOK_W-1:0] s_slot,
    output logic               m_full,
    output logic [PLACE_W-1:0] m_place,
    input  logic               w_insert,
    input  logic               w_erase,
    input  logic [PRICE_W-1:0] w_key,
    input  logic [PLACE_W-1:0] w_place,
    input  logic               clear,
    input  logic [ BOOK_W-1:0] clear_slot,
    input  logic               f_start,
    input  logic [ BOOK_W-1:0] f_slot,
    input  logic [PRICE_W-1:0] f_key,
    output logic               f_done,
    output logic               f_found,
    output logic [PRICE_W-1:0] f_least
);
  if (FAR == 0 || (FAR & (FAR - 1)) != 0) $error("level_far: FAR must be a power of two");
  if (BOOKS < 2 || BOOKS > SLOTS) $error("level_far: BOOKS must be 2 to SLOTS");

  typedef logic [FAR-1:0] places_t;

  function automatic logic [PLACE_W-1:0] first(input places_t places);
    first = '0;
    for (int unsigned p = FAR; p > 0; p--) if (places[p-1]) first = PLACE_W'(p - 1);
  endfunction

  (* ram_style = "distributed" *) logic [PRICE_W-1:0] keys[BOOKS*FAR];
  places_t [BOOKS-1:0] held_q;

  logic [BOOK_W-1:0] slot_q;
  always_ff @(posedge clk) begin
    slot_q  <= s_slot;
    m_full  <= held_q[s_slot] == '1;
    m_place <= first(~held_q[s_slot]);
    if (w_insert) begin
      keys[{slot_q, m_place}] <= w_key;
      held_q[slot_q][m_place] <= 1'b1;
    end
    if (w_erase) held_q[slot_q][w_place] <= 1'b0;
    if (clear) held_q[clear_slot] <= '0;
    if (rst) held_q <= '0;
  end

  // The search: a place is chosen and read, then compared.
  places_t left_q;
  logic [PLACE_W-1:0] place;
  logic reads_q;
  logic [BOOK_W-1:0] search_q;
  logic [PRICE_W-1:0] above_q, read_q;
  assign place  = first(left_q);
  assign f_done = left_q == '0 && !reads_q;
  always_ff @(posedge clk) begin
    reads_q <= left_q != '0;
    read_q  <= keys[{search_q, place}];
    left_q  <= left_q & (left_q - 1'b1);
    if (reads_q && read_q > above_q && (!f_found || read_q < f_least)) begin
      f_found <= 1'b1;
      f_least <= read_q;
    end
    if (f_start) begin
      search_q <= f_slot;
      above_q  <= f_key;
      left_q   <= held_q[f_slot];
      reads_q  <= 1'b0;
      f_found  <= 1'b0;
    end
    if (rst) begin
      left_q  <= '0;
      reads_q <= 1'b0;
      f_found <= 1'b0;
    end
  end
endmodule

`default_nettype wire
