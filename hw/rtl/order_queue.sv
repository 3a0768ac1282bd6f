// order_queue: which packet goes to tcp_tx next, and which never will.
//
// What: the rules stand in docs/session.md. An order's message becomes unsequenced data of
// SoupBinTCP, 50 bytes of packet, or 52 of OUCH 4.2; the host gives its packets from their type on,
// host_packet having the first byte in the highest bits; what lies behind the last has no meaning.
// What a kill sends (cancel_packet) is whole, its first byte in the highest bits. All leave as
// tcp_tx takes them.
//
// Timing: where nothing waits an order's packet is presented in the cycle of s_valid. Orders may
// come each cycle, and are never held up. host_ready is up in the cycle in which the host's packet
// is taken, or refused, which host_refused says beside it. Refusals of orders (m_refused, a
// rejection of its token) are presented in the cycle after, APART cycles apart or more.
//
// Rules: the oldest order is sent when m_ready is up; it is refused instead where the gate is
// `stopped` or the session isn't `live`, be it in one cycle that it waits, and where m_full has
// said that it doesn't fit: what is to be refused is never sent. What a kill sends goes before all,
// and waits for a window: no order leaves while it `blocks`, which is up with cancel_valid. The
// host's turn is when neither is there, in 4.2 also not while it blocks. Its packet must be
// client_heartbeat, logout_request, debug, or unsequenced_data whose OUCH type isn't enter_order,
// replace_order or modify_order, nor 4.2's trade_now; 1 to 56 bytes, a heartbeat and a logout 1.
// What isn't is refused, and so is all while the session isn't live, and where m_full is up. An
// order that comes where ORDERS wait is lost: m_lost pulses with the next cycle. That can't be
// where no more than ORDERS are open at once. Reset forgets what waits.
//
// Not: it doesn't look into orders but for their token: of 4.2 that is eight hexadecimal digits, as
// ouch42_encode writes it, and isn't checked.
`default_nettype none

module order_queue
  import tick_pkg::*;
#(
    parameter int unsigned ORDERS = 16,  // that may wait, a power of two
    parameter int unsigned APART = 12,  // cycles from one refusal to the next
    parameter bit OUCH42 = 1'b0,  // orders are of OUCH 4.2, else of 5.0
    localparam int unsigned ORDER =
        OUCH42 ? ouch42_pkg::ENTER_ORDER_LENGTH : ouch_pkg::ENTER_ORDER_LENGTH,
    localparam int unsigned HOST = 56,  // bytes of the host's packet, length apart
    localparam int unsigned LONGEST = HOST + 2,
    localparam int unsigned CANCEL =
        3 + (OUCH42 ? ouch42_pkg::CANCEL_ORDER_LENGTH : ouch_pkg::MASS_CANCEL_LENGTH),
    localparam int unsigned LENGTH_W = 6
) (
    input  logic                          clk,
    input  logic                          rst,
    input  logic                          live,
    input  logic                          stopped,
    input  logic                          s_valid,
    input  logic          [  ORDER*8-1:0] s_message,
    input  logic                          host_valid,
    input  logic          [   HOST*8-1:0] host_packet,
    input  logic          [ LENGTH_W-1:0] host_length,
    output logic                          host_ready,
    output logic                          host_refused,
    input  logic                          cancel_valid,
    input  logic          [ CANCEL*8-1:0] cancel_packet,
    input  logic          [ LENGTH_W-1:0] cancel_length,
    output logic                          cancel_ready,
    input  logic                          blocks,
    output logic                          m_valid,
    output logic          [LONGEST*8-1:0] m_packet,
    output logic          [ LENGTH_W-1:0] m_length,
    input  logic                          m_ready,
    input  logic                          m_full,
    output logic                          m_refused,
    output confirmation_t                 m_refusal,
    output logic                          m_lost,
    output link_events_t                  m_events
);
  if (ORDERS < 2 || (ORDERS & (ORDERS - 1)) != 0) $error("order_queue: ORDERS: a power of two");
  if (APART < 1 || APART > 63) $error("order_queue: APART out of range");

  localparam int unsigned PTR_W = $clog2(ORDERS) + 1;  // one bit more tells full from empty
  localparam int unsigned PACKET = 3 + ORDER;  // bytes of an order's: length, type, message

  logic [ORDER*8-1:0] mem[ORDERS];
  logic [ORDER*8-1:0] order;
  logic [PTR_W-1:0] wr_q, rd_q;
  logic [5:0] apart_q;
  logic [PTR_W-1:0] doomed_d, doomed_q, waiting_d;  // of the oldest orders, that are to be refused
  logic
      empty, there, offered, may, sends, refuses, takes, stores, lost, fit, host_sends, host_drops;
  logic [7:0] kind, inner;
  logic asks;  // it is a message that asks the gate
  logic [TOKEN_W-1:0] token;

  assign empty = wr_q == rd_q;
  assign there = !empty || s_valid;
  assign order = empty ? s_message : mem[rd_q[PTR_W-2:0]];
  assign may = live && !stopped && !blocks;
  assign offered = there && may && doomed_q == '0;
  assign sends = offered && m_ready;
  assign refuses = there && (!offered || m_full) && !sends && apart_q == '0;
  assign takes = sends || refuses;
  assign lost = s_valid && wr_q - rd_q == PTR_W'(ORDERS) && !takes;
  assign stores = s_valid && !(empty && takes) && !lost;
  assign waiting_d = wr_q - rd_q + PTR_W'(stores) - PTR_W'(takes && !empty);
  always_comb begin
    doomed_d = doomed_q - PTR_W'(takes && doomed_q != '0);
    if (offered && m_full && !takes) doomed_d = PTR_W'(1);
    if (!may) doomed_d = waiting_d;
  end

  assign kind  = host_packet[HOST*8-1-:8];
  assign inner = host_packet[HOST*8-9-:8];
  if (OUCH42) begin : gen_ouch42
    assign asks = inner inside {ouch42_pkg::ENTER_ORDER_TYPE, ouch42_pkg::REPLACE_ORDER_TYPE,
                                ouch42_pkg::MODIFY_ORDER_TYPE, ouch42_pkg::TRADE_NOW_TYPE};
    for (genvar i = 0; i < 8; i++) begin : gen_digit
      logic [7:0] character;
      assign character = order[(ORDER-ouch42_pkg::ENTER_ORDER_ORDER_TOKEN_AT-i)*8-1-:8];
      assign token[31-4*i-:4] = character[3:0] + (character < 8'h41 ? 4'd0 : 4'd9);  // from A on
    end
  end else begin : gen_ouch
    assign asks = inner inside {ouch_pkg::ENTER_ORDER_TYPE, ouch_pkg::REPLACE_ORDER_TYPE,
                                ouch_pkg::MODIFY_ORDER_TYPE};
    assign token = order[(ORDER-ouch_pkg::ENTER_ORDER_USER_REF_NUM_AT)*8-1-:32];
  end
  always_comb begin
    unique case (kind)
      soup_pkg::CLIENT_HEARTBEAT_TYPE, soup_pkg::LOGOUT_REQUEST_TYPE:
      fit = host_length == LENGTH_W'(1);
      soup_pkg::DEBUG_TYPE: fit = host_length != '0;
      soup_pkg::UNSEQUENCED_DATA_TYPE: fit = host_length > LENGTH_W'(1) && !asks;
      default: fit = 1'b0;
    endcase
    if (host_length > LENGTH_W'(HOST)) fit = 1'b0;
  end
  logic held, host_turn;
  assign cancel_ready = cancel_valid && live && m_ready;
  assign held         = OUCH42 && blocks;
  assign host_turn    = host_valid && !there && !cancel_valid && !held;
  assign host_sends   = host_turn && live && fit && m_ready;
  assign host_drops   = host_turn && (!live || !fit || m_full) && !host_sends;
  assign host_ready   = host_sends || host_drops;
  assign host_refused = host_drops;

  always_comb begin
    m_valid = there ? offered : host_valid && live && fit && !held;
    m_length = LENGTH_W'(PACKET);
    m_packet = {
      16'(PACKET - 2), soup_pkg::UNSEQUENCED_DATA_TYPE, order, {((LONGEST - PACKET) * 8) {1'b0}}
    };
    if (!there) begin
      m_length = host_length + LENGTH_W'(2);
      m_packet = {16'(host_length), host_packet};
      for (int unsigned i = 0; i < HOST; i++) begin
        if (host_length <= LENGTH_W'(i)) m_packet[(HOST-1-i)*8+:8] = '0;
      end
    end
    if (cancel_valid) begin
      m_valid  = live;
      m_length = cancel_length;
      m_packet = {cancel_packet, {((LONGEST - CANCEL) * 8) {1'b0}}};
    end
  end

  always_ff @(posedge clk) begin
    if (stores) mem[wr_q[PTR_W-2:0]] <= s_message;
    m_refusal <= '{token: token, outcome: OUTCOME_REJECTED, shares: '0, price: '0};
    m_events  <= '0;
    if (rst) begin
      wr_q <= '0;
      rd_q <= '0;
      doomed_q <= '0;
      apart_q <= '0;
      m_refused <= 1'b0;
      m_lost <= 1'b0;
    end else begin
      doomed_q <= doomed_d;
      if (stores) wr_q <= wr_q + 1'b1;
      if (takes && !empty) rd_q <= rd_q + 1'b1;
      if (refuses) apart_q <= 6'(APART - 1);
      else if (apart_q != '0) apart_q <= apart_q - 6'd1;
      m_refused <= refuses;
      m_lost <= lost;
      m_events.orders_held <= refuses;
      m_events.host_packets <= host_sends;
      m_events.host_refused <= host_drops;
    end
  end
endmodule

`default_nettype wire
