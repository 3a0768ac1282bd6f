// ouch42_encode: an order of the risk gate as the bytes of an OUCH 4.2 Enter Order.
//
// What: token is order_token, in eight hexadecimal digits, upper case, and six spaces. A sale is
// marked as the order says. Display and capacity are the letters of the same names, time in force
// TIME_IMMEDIATE or TIME_DAY. No order sweeps other markets (N), all are of the continuous market
// (N); firm and customer type are the port's own (spaces), and no shares are the least of a trade.
// Timing: the message and its bytes, or the refusal, are presented 1 cycle after s_valid, always;
// one may come each cycle, and nothing is held up. m_events come with them. m_message has the first
// byte in the highest bits.
// Rules: an order that OUCH can't carry is refused, and no message is made of it: its token 0, 0
// shares or over MOST_QUANTITY, price 0 or over MOST_PRICE (where it would be an order without a
// limit), a time in force or a capacity without a name, a symbol that begins with a space or has a
// byte that isn't printable. m_refusal says to the gate that it was rejected. Reset presents none.
// Not: it doesn't frame the message, and checks nothing that the gate does.
`default_nettype none

module ouch42_encode
  import tick_pkg::*;
  import ouch42_pkg::*;
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
  localparam int unsigned TOKEN_CHARACTERS = 14;
  localparam logic [31:0] OWN_FIRM = "    ";  // the port's

  logic [7:0] side, display, capacity;
  logic [31:0] time_in_force;
  logic written, named, fits;
  logic [LENGTH*8-1:0] message;

  // The digits of a token; the rest of order_token is spaces.
  function automatic logic [8*TOKEN_CHARACTERS-1:0] text(logic [31:0] token);
    logic [8*TOKEN_CHARACTERS-1:0] characters;
    logic [3:0] digit;
    characters = {TOKEN_CHARACTERS{8'h20}};
    for (int unsigned i = 0; i < 8; i++) begin
      digit = token[31-4*i-:4];
      characters[8*(TOKEN_CHARACTERS-i)-1-:8] = (digit < 4'd10 ? 8'h30 : 8'h37) + 8'(digit);
    end
    return characters;
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
    time_in_force = 32'(TIME_IMMEDIATE);
    unique case (s_order.time_in_force)
      TIME_IN_FORCE_IMMEDIATE: time_in_force = 32'(TIME_IMMEDIATE);
      TIME_IN_FORCE_DAY: time_in_force = 32'(TIME_DAY);
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
    message[(LENGTH-ENTER_ORDER_ORDER_TOKEN_AT)*8-1-:8*TOKEN_CHARACTERS] = text(s_order.token);
    message[(LENGTH-ENTER_ORDER_BUY_SELL_INDICATOR_AT)*8-1-:8] = side;
    message[(LENGTH-ENTER_ORDER_SHARES_AT)*8-1-:32] = s_order.shares;
    message[(LENGTH-ENTER_ORDER_STOCK_AT)*8-1-:64] = s_order.symbol;
    message[(LENGTH-ENTER_ORDER_PRICE_AT)*8-1-:32] = s_order.price;
    message[(LENGTH-ENTER_ORDER_TIME_IN_FORCE_AT)*8-1-:32] = time_in_force;
    message[(LENGTH-ENTER_ORDER_FIRM_AT)*8-1-:32] = OWN_FIRM;
    message[(LENGTH-ENTER_ORDER_DISPLAY_AT)*8-1-:8] = display;
    message[(LENGTH-ENTER_ORDER_CAPACITY_AT)*8-1-:8] = capacity;
    message[(LENGTH-ENTER_ORDER_INTERMARKET_SWEEP_ELIGIBILITY_AT)*8-1-:8] = CODE_SWEEP_NOT_ELIGIBLE;
    message[(LENGTH-ENTER_ORDER_CROSS_TYPE_AT)*8-1-:8] = CODE_CROSS_CONTINUOUS;
    message[(LENGTH-ENTER_ORDER_CUSTOMER_TYPE_AT)*8-1-:8] = CODE_CUSTOMER_DEFAULT;
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
