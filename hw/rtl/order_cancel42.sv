// order_cancel42: what a kill sends to the venue in OUCH 4.2: a cancel of each order that is open.
//
// What: where the gate is killed, cancel_order, of no shares, of every order that stands in a place
// of the gate's; where one slot is, of those of that slot. docs/session.md has the rule. Each is a
// packet of SoupBinTCP, offered to order_queue. It walks over the places, from 0 on: look_place is
// the one looked at, and look_open, look_token and look_slot say in the same cycle what is there.
//
// Timing: a kill of cycle n has place 0 looked at in n + 2, and each next one a cycle later; what
// is to be cancelled is offered in the cycle in which it is looked at (m_valid), and until m_ready,
// while it is open. m_events come a cycle later. blocks is up as long as places are looked at, and
// 2 cycles more: an order that the gate let pass meanwhile has reached order_queue by then, and
// mustn't leave behind its own cancel.
//
// Rules: s_echo is the gate's, a cycle after its command. `kill`, or a gate that is killed anew,
// begins with place 0 of all, whatever was walked or waited. A slot's kill waits while places are
// walked, for all or for a slot, that slot included; of those that wait the lowest slot is next, in
// the cycle after the last place. In a cycle in which the session isn't live nothing is offered,
// what is walked and what waits ends, and what is asked for in it doesn't begin: cancels_unsent
// says so, whether or not anything is open. Reset forgets all.
//
// Not: it takes no number of the gate's, and doesn't ask whether an order has left: the venue
// ignores a cancel of what it doesn't know. It doesn't look at what the venue answers.
`default_nettype none

module order_cancel42
  import tick_pkg::*;
#(
    parameter int unsigned OPEN = 16,  // places for open orders, a power of two
    localparam int unsigned PLACE_W = $clog2(OPEN),
    localparam int unsigned LONGEST = ouch42_pkg::CANCEL_ORDER_LENGTH + 3,
    localparam int unsigned LENGTH_W = 6
) (
    input  logic                          clk,
    input  logic                          rst,
    input  logic                          live,
    input  logic                          killed,
    input  logic                          s_echo_valid,
    input  risk_command_t                 s_echo,
    output logic          [  PLACE_W-1:0] look_place,
    input  logic                          look_open,
    input  logic          [  TOKEN_W-1:0] look_token,
    input  logic          [   SLOT_W-1:0] look_slot,
    output logic                          m_valid,
    output logic          [LONGEST*8-1:0] m_packet,
    output logic          [ LENGTH_W-1:0] m_length,
    input  logic                          m_ready,
    output logic                          blocks,
    output link_events_t                  m_events
);
  if (OPEN < 2 || (OPEN & (OPEN - 1)) != 0) $error("order_cancel42: OPEN must be a power of two");
  localparam int unsigned CANCEL = ouch42_pkg::CANCEL_ORDER_LENGTH;
  localparam int unsigned DIGITS = 8;

  // What is walked, of all or of a slot, and which slots wait.
  logic killed_q, rises_q, walks_d, walks_q, all_d, all_q, everything, hits, takes, last;
  logic [SLOTS-1:0] slots_d, slots_q;
  logic [SLOT_W-1:0] slot_d, slot_q;
  logic [PLACE_W-1:0] place_d, place_q;
  logic [1:0] behind_q;

  assign everything = rises_q || (s_echo_valid && s_echo.act == ACT_KILL);
  assign look_place = place_q;
  assign hits = look_open && (all_q || look_slot == slot_q);
  assign m_valid = walks_q && hits && live;
  assign takes = m_valid && m_ready;
  assign last = place_q == '1;
  assign blocks = walks_q || behind_q != '0;

  always_comb begin
    walks_d = walks_q;
    all_d   = all_q;
    slot_d  = slot_q;
    place_d = place_q;
    slots_d = slots_q;
    if (walks_q && (takes || !hits)) begin
      walks_d = !last;
      place_d = place_q + 1'b1;
    end
    if (s_echo_valid && s_echo.act == ACT_KILL_SLOT) slots_d[s_echo.slot] = 1'b1;
    if (everything) begin
      walks_d = 1'b1;
      all_d   = 1'b1;
      place_d = '0;
      slots_d = '0;
    end else if (!walks_d && slots_d != '0) begin
      walks_d = 1'b1;
      all_d   = 1'b0;
      place_d = '0;
      for (int i = SLOTS - 1; i >= 0; i--) if (slots_d[i]) slot_d = SLOT_W'(i);
      slots_d[slot_d] = 1'b0;
    end
  end

  logic [DIGITS*8-1:0] text;
  for (genvar i = 0; i < DIGITS; i++) begin : gen_digit
    logic [3:0] digit;
    assign digit = look_token[4*i+:4];
    assign text[8*i+:8] = (digit < 4'd10 ? 8'h30 : 8'h37) + 8'(digit);
  end
  assign m_length = LENGTH_W'(LONGEST);
  assign m_packet = {
    16'(1 + CANCEL),
    soup_pkg::UNSEQUENCED_DATA_TYPE,
    ouch42_pkg::CANCEL_ORDER_TYPE,
    text,
    {6{8'h20}},  // the rest of order_token
    32'd0  // shares that stay open
  };

  always_ff @(posedge clk) begin
    all_q    <= all_d;
    slot_q   <= slot_d;
    m_events <= '0;
    if (rst) begin
      killed_q <= 1'b1;
      rises_q  <= 1'b0;
      walks_q  <= 1'b0;
      place_q  <= '0;
      slots_q  <= '0;
      behind_q <= '0;
    end else begin
      killed_q <= killed;
      rises_q <= killed && !killed_q;
      walks_q <= live && walks_d;
      place_q <= live ? place_d : '0;
      slots_q <= live ? slots_d : '0;
      behind_q <= {behind_q[0], walks_q};
      m_events.cancels <= takes;
      m_events.cancels_unsent <= !live && (walks_q || walks_d);
    end
  end

  logic unused;
  assign unused = &{1'b0, s_echo};
endmodule

`default_nettype wire
