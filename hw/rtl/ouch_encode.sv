// ouch_encode: an order of the risk gate as the bytes of an OUCH 5.0 Enter Order.
//
// What: token is user_ref_num, and in eight hexadecimal digits, upper case, cl_ord_id. A
// sale is marked as the order says. Time in force, display and capacity are the letters of the same
// names. No order sweeps other markets (N), all are of the continuous market (N), none has
// appendages.
// Timing: the message and its bytes, or the refusal, are presented 1 cycle after s_valid, always;
// one may come each cycle, and nothing is held up. m_events come with them. m_message has the first
// byte in the highest bits.
// Rules: an order that OUCH can't carry is refused, and no message is made of it: its token 0, 0
// shares or over MOST_QUANTITY, price 0 or over MOST_PRICE (where it would be an order without a
// limit), a time in force or a capacity without a name, a symbol that begins with a space or has a
// byte that isn't printable. m_refusal says to the gate that it was rejected. Reset presents none.
// Not: it doesn't frame the message, and checks nothing that the gate does.
`default_nettype none

module ouch_encode
  import tick_pkg::*;
  import ouch_pkg::*;
#(
    localparam int unsigned LENGTH = ENTER_ORDER_LENGTH
) (
    input  logic                                 clk,
    input  logic                                 rst,
    input  logic                                 s_valid,
    input  order_t                               s_order,
    output logic                                 m_valid,
    output logic          [        LENGTH*8-1:0] m_message,
    output logic          [MESSAGE_LENGTH_W-1:0] m_length,
    output logic                                 m_refused,
    output confirmation_t                        m_refusal,
    output ouch_events_t                         m_events
);
  logic [7:0] side, time_in_force, display, capacity;
  logic written, named, fits;
  logic [LENGTH*8-1:0] message;

  // The digits of a token; the rest of cl_ord_id is spaces.
  function automatic logic [111:0] text(logic [31:0] token);
    logic [111:0] digits;
    logic [  3:0] digit;
    digits = {14{8'h20}};
    for (int unsigned i = 0; i < 8; i++) begin
      digit = token[31-4*i-:4];
      digits[111-8*i-:8] = digit < 4'd10 ? 8'h30 + 8'(digit) : 8'h37 + 8'(digit);
    end
    return digits;
  endfunction

  always_comb begin
    written = s_order.symbol[63:56] != 8'h20;
    for (int unsigned i = 0; i < 8; i++) begin
      if (s_order.symbol[8*i+:8] < 8'h20 || s_order.symbol[8*i+:8] > 8'h7e) written = 1'b0;
    end

    named = 1'b1;
    side  = CODE_SIDE_BUY;
    if (s_order.side == SIDE_SELL) begin
      side = s_order.marking == MARKING_SHORT ? CODE_SIDE_SELL_SHORT : CODE_SIDE_SELL;
    end
    display = s_order.display == DISPLAY_HIDDEN ? CODE_DISPLAY_HIDDEN : CODE_DISPLAY_VISIBLE;
    time_in_force = CODE_TIME_IN_FORCE_IMMEDIATE;
    unique case (s_order.time_in_force)
      TIME_IN_FORCE_IMMEDIATE: time_in_force = CODE_TIME_IN_FORCE_IMMEDIATE;
      TIME_IN_FORCE_DAY: time_in_force = CODE_TIME_IN_FORCE_DAY;
      default: named = 1'b0;
    endcase
    capacity = CODE_CAPACITY_AGENCY;
    unique case (s_order.capacity)
      CAPACITY_AGENCY: capacity = CODE_CAPACITY_AGENCY;
      CAPACITY_PRINCIPAL: capacity = CODE_CAPACITY_PRINCIPAL;
      CAPACITY_RISKLESS: capacity = CODE_CAPACITY_RISKLESS;
      default: named = 1'b0;
    endcase
    fits = written && named && s_order.token != '0 && s_order.shares != '0 &&
        s_order.shares <= SHARES_W'(MOST_QUANTITY) && s_order.price != '0 &&
        s_order.price <= PRICE_W'(MOST_PRICE);
  end

  always_comb begin
    message = '0;
    message[LENGTH*8-1-:8] = ENTER_ORDER_TYPE;
    message[(LENGTH-ENTER_ORDER_USER_REF_NUM_AT)*8-1-:32] = s_order.token;
    message[(LENGTH-ENTER_ORDER_SIDE_AT)*8-1-:8] = side;
    message[(LENGTH-ENTER_ORDER_QUANTITY_AT)*8-1-:32] = s_order.shares;
    message[(LENGTH-ENTER_ORDER_SYMBOL_AT)*8-1-:64] = s_order.symbol;
    message[(LENGTH-ENTER_ORDER_PRICE_AT)*8-1-:64] = 64'(s_order.price);
    message[(LENGTH-ENTER_ORDER_TIME_IN_FORCE_AT)*8-1-:8] = time_in_force;
    message[(LENGTH-ENTER_ORDER_DISPLAY_AT)*8-1-:8] = display;
    message[(LENGTH-ENTER_ORDER_CAPACITY_AT)*8-1-:8] = capacity;
    message[(LENGTH-ENTER_ORDER_INTERMARKET_SWEEP_ELIGIBILITY_AT)*8-1-:8] = CODE_SWEEP_NOT_ELIGIBLE;
    message[(LENGTH-ENTER_ORDER_CROSS_TYPE_AT)*8-1-:8] = CODE_CROSS_CONTINUOUS;
    message[(LENGTH-ENTER_ORDER_CL_ORD_ID_AT)*8-1-:112] = text(s_order.token);
    message[(LENGTH-ENTER_ORDER_APPENDAGE_LENGTH_AT)*8-1-:16] = '0;
  end

  assign m_length = MESSAGE_LENGTH_W'(LENGTH);
  always_ff @(posedge clk) begin
    m_message <= message;
    m_refusal <= '{token: s_order.token, outcome: OUTCOME_REJECTED, shares: '0, price: '0};
    m_valid   <= !rst && s_valid && fits;
    m_refused <= !rst && s_valid && !fits;
  end

  always_comb begin
    m_events = '0;
    m_events.orders = m_valid;
    m_events.refused_orders = m_refused;
  end
endmodule

`default_nettype wire
