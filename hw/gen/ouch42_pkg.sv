// Generated from hw/regs/ouch42.toml by `python -m hwtools.generate`. Don't edit.
//
// ouch42_pkg: OUCH 4.2. X_TYPE is a message's type, X_LENGTH its bytes without what may
// follow (a count of appendages that is always there is among them), X_Y_AT the place of
// field Y's first byte, its most significant; the type is at 0. CODE_C_L is a letter, TAG_T
// an appendage's number, TAG_T_LENGTH the bytes of its value.
`default_nettype none

package ouch42_pkg;
  // What follows the fields of a message: see the table.
  typedef enum logic [1:0] {
    TAIL_NONE = 2'd0,
    TAIL_TAGS = 2'd1,
    TAIL_OPTIONAL_TAGS = 2'd2,
    TAIL_PAYLOAD = 2'd3
  } tail_e;

  localparam int unsigned MESSAGE_LENGTH_W = 7;
  localparam int unsigned LONGEST_OF_CLIENT = 49;
  localparam int unsigned LONGEST_OF_VENUE = 80;

  // The most shares of an order.
  localparam int unsigned MOST_QUANTITY = 999999;

  // The highest limit price; above it, a price stands for an order without a limit.
  localparam int unsigned MOST_PRICE = 1999999900;

  // A time in force: what isn't done at once is cancelled.
  localparam int unsigned TIME_IMMEDIATE = 0;

  // Likewise: until the market closes.
  localparam int unsigned TIME_DAY = 99998;

  // Side of an order.
  localparam logic [7:0] CODE_SIDE_BUY = 8'h42;  // B
  localparam logic [7:0] CODE_SIDE_SELL = 8'h53;  // S
  localparam logic [7:0] CODE_SIDE_SELL_SHORT = 8'h54;  // T
  localparam logic [7:0] CODE_SIDE_SELL_SHORT_EXEMPT = 8'h45;  // E

  // Whether others see an order.
  localparam logic [7:0] CODE_DISPLAY_ATTRIBUTABLE = 8'h41;  // A
  localparam logic [7:0] CODE_DISPLAY_VISIBLE = 8'h59;  // Y
  localparam logic [7:0] CODE_DISPLAY_HIDDEN = 8'h4e;  // N
  localparam logic [7:0] CODE_DISPLAY_POST_ONLY = 8'h50;  // P
  localparam logic [7:0] CODE_DISPLAY_IMBALANCE_ONLY = 8'h49;  // I
  localparam logic [7:0] CODE_DISPLAY_MIDPOINT_PEG = 8'h4d;  // M
  localparam logic [7:0] CODE_DISPLAY_MIDPOINT_PEG_POST_ONLY = 8'h57;  // W
  localparam logic [7:0] CODE_DISPLAY_POST_ONLY_ATTRIBUTABLE = 8'h4c;  // L
  localparam logic [7:0] CODE_DISPLAY_RETAIL_1 = 8'h4f;  // O
  localparam logic [7:0] CODE_DISPLAY_RETAIL_2 = 8'h54;  // T
  localparam logic [7:0] CODE_DISPLAY_RETAIL_IMPROVEMENT = 8'h51;  // Q
  localparam logic [7:0] CODE_DISPLAY_MIDPOINT_PEG_TRADE_NOW = 8'h6d;  // m
  localparam logic [7:0] CODE_DISPLAY_HIDDEN_TRADE_NOW = 8'h6e;  // n

  // For whom an order is.
  localparam logic [7:0] CODE_CAPACITY_AGENCY = 8'h41;  // A
  localparam logic [7:0] CODE_CAPACITY_PRINCIPAL = 8'h50;  // P
  localparam logic [7:0] CODE_CAPACITY_RISKLESS = 8'h52;  // R
  localparam logic [7:0] CODE_CAPACITY_OTHER = 8'h4f;  // O

  // Whether other markets were swept.
  localparam logic [7:0] CODE_SWEEP_ELIGIBLE = 8'h59;  // Y
  localparam logic [7:0] CODE_SWEEP_NOT_ELIGIBLE = 8'h4e;  // N
  localparam logic [7:0] CODE_SWEEP_TRADE_AT = 8'h79;  // y

  // For which session or auction an order is.
  localparam logic [7:0] CODE_CROSS_CONTINUOUS = 8'h4e;  // N
  localparam logic [7:0] CODE_CROSS_OPENING = 8'h4f;  // O
  localparam logic [7:0] CODE_CROSS_CLOSING = 8'h43;  // C
  localparam logic [7:0] CODE_CROSS_HALT = 8'h48;  // H
  localparam logic [7:0] CODE_CROSS_SUPPLEMENTAL = 8'h53;  // S
  localparam logic [7:0] CODE_CROSS_RETAIL = 8'h52;  // R
  localparam logic [7:0] CODE_CROSS_EXTENDED_LIFE = 8'h45;  // E

  // Whether an order is retail.
  localparam logic [7:0] CODE_CUSTOMER_RETAIL = 8'h52;  // R
  localparam logic [7:0] CODE_CUSTOMER_NOT_RETAIL = 8'h4e;  // N
  localparam logic [7:0] CODE_CUSTOMER_DEFAULT = 8'h20;  //  

  // Whether an accepted order lives.
  localparam logic [7:0] CODE_ORDER_STATE_LIVE = 8'h4c;  // L
  localparam logic [7:0] CODE_ORDER_STATE_DEAD = 8'h44;  // D

  // O, from the client: A new order.
  localparam logic [7:0] ENTER_ORDER_TYPE = 8'h4f;
  localparam int unsigned ENTER_ORDER_LENGTH = 49;
  localparam int unsigned ENTER_ORDER_ORDER_TOKEN_AT = 1;  // 14 bytes, alpha
  localparam int unsigned ENTER_ORDER_BUY_SELL_INDICATOR_AT = 15;  // 1 byte, alpha
  localparam int unsigned ENTER_ORDER_SHARES_AT = 16;  // 4 bytes, integer
  localparam int unsigned ENTER_ORDER_STOCK_AT = 20;  // 8 bytes, alpha
  localparam int unsigned ENTER_ORDER_PRICE_AT = 28;  // 4 bytes, price4
  localparam int unsigned ENTER_ORDER_TIME_IN_FORCE_AT = 32;  // 4 bytes, integer
  localparam int unsigned ENTER_ORDER_FIRM_AT = 36;  // 4 bytes, alpha
  localparam int unsigned ENTER_ORDER_DISPLAY_AT = 40;  // 1 byte, alpha
  localparam int unsigned ENTER_ORDER_CAPACITY_AT = 41;  // 1 byte, alpha
  localparam int unsigned ENTER_ORDER_INTERMARKET_SWEEP_ELIGIBILITY_AT = 42;  // 1 byte, alpha
  localparam int unsigned ENTER_ORDER_MINIMUM_QUANTITY_AT = 43;  // 4 bytes, integer
  localparam int unsigned ENTER_ORDER_CROSS_TYPE_AT = 47;  // 1 byte, alpha
  localparam int unsigned ENTER_ORDER_CUSTOMER_TYPE_AT = 48;  // 1 byte, alpha

  // U, from the client: Another order in the place of an order.
  localparam logic [7:0] REPLACE_ORDER_TYPE = 8'h55;
  localparam int unsigned REPLACE_ORDER_LENGTH = 47;
  localparam int unsigned REPLACE_ORDER_EXISTING_ORDER_TOKEN_AT = 1;  // 14 bytes, alpha
  localparam int unsigned REPLACE_ORDER_REPLACEMENT_ORDER_TOKEN_AT = 15;  // 14 bytes, alpha
  localparam int unsigned REPLACE_ORDER_SHARES_AT = 29;  // 4 bytes, integer
  localparam int unsigned REPLACE_ORDER_PRICE_AT = 33;  // 4 bytes, price4
  localparam int unsigned REPLACE_ORDER_TIME_IN_FORCE_AT = 37;  // 4 bytes, integer
  localparam int unsigned REPLACE_ORDER_DISPLAY_AT = 41;  // 1 byte, alpha
  localparam int unsigned REPLACE_ORDER_INTERMARKET_SWEEP_ELIGIBILITY_AT = 42;  // 1 byte, alpha
  localparam int unsigned REPLACE_ORDER_MINIMUM_QUANTITY_AT = 43;  // 4 bytes, integer

  // X, from the client: No more of an order than this.
  localparam logic [7:0] CANCEL_ORDER_TYPE = 8'h58;
  localparam int unsigned CANCEL_ORDER_LENGTH = 19;
  localparam int unsigned CANCEL_ORDER_ORDER_TOKEN_AT = 1;  // 14 bytes, alpha
  localparam int unsigned CANCEL_ORDER_SHARES_AT = 15;  // 4 bytes, integer

  // M, from the client: An order's side, or fewer shares, without losing its place.
  localparam logic [7:0] MODIFY_ORDER_TYPE = 8'h4d;
  localparam int unsigned MODIFY_ORDER_LENGTH = 20;
  localparam int unsigned MODIFY_ORDER_ORDER_TOKEN_AT = 1;  // 14 bytes, alpha
  localparam int unsigned MODIFY_ORDER_BUY_SELL_INDICATOR_AT = 15;  // 1 byte, alpha
  localparam int unsigned MODIFY_ORDER_SHARES_AT = 16;  // 4 bytes, integer

  // N, from the client: Let an order trade at the market now.
  localparam logic [7:0] TRADE_NOW_TYPE = 8'h4e;
  localparam int unsigned TRADE_NOW_LENGTH = 15;
  localparam int unsigned TRADE_NOW_ORDER_TOKEN_AT = 1;  // 14 bytes, alpha

  // S, from the venue: The day starts or ends.
  localparam logic [7:0] SYSTEM_EVENT_TYPE = 8'h53;
  localparam int unsigned SYSTEM_EVENT_LENGTH = 10;
  localparam int unsigned SYSTEM_EVENT_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned SYSTEM_EVENT_EVENT_CODE_AT = 9;  // 1 byte, alpha

  // A, from the venue: An order was taken, maybe not as it was asked for.
  localparam logic [7:0] ACCEPTED_TYPE = 8'h41;
  localparam int unsigned ACCEPTED_LENGTH = 66;
  localparam int unsigned ACCEPTED_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned ACCEPTED_ORDER_TOKEN_AT = 9;  // 14 bytes, alpha
  localparam int unsigned ACCEPTED_BUY_SELL_INDICATOR_AT = 23;  // 1 byte, alpha
  localparam int unsigned ACCEPTED_SHARES_AT = 24;  // 4 bytes, integer
  localparam int unsigned ACCEPTED_STOCK_AT = 28;  // 8 bytes, alpha
  localparam int unsigned ACCEPTED_PRICE_AT = 36;  // 4 bytes, price4
  localparam int unsigned ACCEPTED_TIME_IN_FORCE_AT = 40;  // 4 bytes, integer
  localparam int unsigned ACCEPTED_FIRM_AT = 44;  // 4 bytes, alpha
  localparam int unsigned ACCEPTED_DISPLAY_AT = 48;  // 1 byte, alpha
  localparam int unsigned ACCEPTED_ORDER_REFERENCE_NUMBER_AT = 49;  // 8 bytes, integer
  localparam int unsigned ACCEPTED_CAPACITY_AT = 57;  // 1 byte, alpha
  localparam int unsigned ACCEPTED_INTERMARKET_SWEEP_ELIGIBILITY_AT = 58;  // 1 byte, alpha
  localparam int unsigned ACCEPTED_MINIMUM_QUANTITY_AT = 59;  // 4 bytes, integer
  localparam int unsigned ACCEPTED_CROSS_TYPE_AT = 63;  // 1 byte, alpha
  localparam int unsigned ACCEPTED_ORDER_STATE_AT = 64;  // 1 byte, alpha
  localparam int unsigned ACCEPTED_BBO_WEIGHT_INDICATOR_AT = 65;  // 1 byte, alpha

  // U, from the venue: An order was taken in the place of another.
  localparam logic [7:0] REPLACED_TYPE = 8'h55;
  localparam int unsigned REPLACED_LENGTH = 80;
  localparam int unsigned REPLACED_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned REPLACED_REPLACEMENT_ORDER_TOKEN_AT = 9;  // 14 bytes, alpha
  localparam int unsigned REPLACED_BUY_SELL_INDICATOR_AT = 23;  // 1 byte, alpha
  localparam int unsigned REPLACED_SHARES_AT = 24;  // 4 bytes, integer
  localparam int unsigned REPLACED_STOCK_AT = 28;  // 8 bytes, alpha
  localparam int unsigned REPLACED_PRICE_AT = 36;  // 4 bytes, price4
  localparam int unsigned REPLACED_TIME_IN_FORCE_AT = 40;  // 4 bytes, integer
  localparam int unsigned REPLACED_FIRM_AT = 44;  // 4 bytes, alpha
  localparam int unsigned REPLACED_DISPLAY_AT = 48;  // 1 byte, alpha
  localparam int unsigned REPLACED_ORDER_REFERENCE_NUMBER_AT = 49;  // 8 bytes, integer
  localparam int unsigned REPLACED_CAPACITY_AT = 57;  // 1 byte, alpha
  localparam int unsigned REPLACED_INTERMARKET_SWEEP_ELIGIBILITY_AT = 58;  // 1 byte, alpha
  localparam int unsigned REPLACED_MINIMUM_QUANTITY_AT = 59;  // 4 bytes, integer
  localparam int unsigned REPLACED_CROSS_TYPE_AT = 63;  // 1 byte, alpha
  localparam int unsigned REPLACED_ORDER_STATE_AT = 64;  // 1 byte, alpha
  localparam int unsigned REPLACED_PREVIOUS_ORDER_TOKEN_AT = 65;  // 14 bytes, alpha
  localparam int unsigned REPLACED_BBO_WEIGHT_INDICATOR_AT = 79;  // 1 byte, alpha

  // C, from the venue: Shares of an order are gone.
  localparam logic [7:0] CANCELED_TYPE = 8'h43;
  localparam int unsigned CANCELED_LENGTH = 28;
  localparam int unsigned CANCELED_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned CANCELED_ORDER_TOKEN_AT = 9;  // 14 bytes, alpha
  localparam int unsigned CANCELED_DECREMENT_SHARES_AT = 23;  // 4 bytes, integer
  localparam int unsigned CANCELED_REASON_AT = 27;  // 1 byte, alpha

  // D, from the venue: Shares of an order are gone, for they would have traded with an own order.
  localparam logic [7:0] AIQ_CANCELED_TYPE = 8'h44;
  localparam int unsigned AIQ_CANCELED_LENGTH = 37;
  localparam int unsigned AIQ_CANCELED_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned AIQ_CANCELED_ORDER_TOKEN_AT = 9;  // 14 bytes, alpha
  localparam int unsigned AIQ_CANCELED_DECREMENT_SHARES_AT = 23;  // 4 bytes, integer
  localparam int unsigned AIQ_CANCELED_REASON_AT = 27;  // 1 byte, alpha
  localparam int unsigned AIQ_CANCELED_QUANTITY_PREVENTED_FROM_TRADING_AT = 28;  // 4 bytes, integer
  localparam int unsigned AIQ_CANCELED_EXECUTION_PRICE_AT = 32;  // 4 bytes, price4
  localparam int unsigned AIQ_CANCELED_LIQUIDITY_FLAG_AT = 36;  // 1 byte, alpha

  // E, from the venue: Shares of an order traded.
  localparam logic [7:0] EXECUTED_TYPE = 8'h45;
  localparam int unsigned EXECUTED_LENGTH = 40;
  localparam int unsigned EXECUTED_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned EXECUTED_ORDER_TOKEN_AT = 9;  // 14 bytes, alpha
  localparam int unsigned EXECUTED_EXECUTED_SHARES_AT = 23;  // 4 bytes, integer
  localparam int unsigned EXECUTED_EXECUTION_PRICE_AT = 27;  // 4 bytes, price4
  localparam int unsigned EXECUTED_LIQUIDITY_FLAG_AT = 31;  // 1 byte, alpha
  localparam int unsigned EXECUTED_MATCH_NUMBER_AT = 32;  // 8 bytes, integer

  // B, from the venue: A trade is undone.
  localparam logic [7:0] BROKEN_TRADE_TYPE = 8'h42;
  localparam int unsigned BROKEN_TRADE_LENGTH = 32;
  localparam int unsigned BROKEN_TRADE_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned BROKEN_TRADE_ORDER_TOKEN_AT = 9;  // 14 bytes, alpha
  localparam int unsigned BROKEN_TRADE_MATCH_NUMBER_AT = 23;  // 8 bytes, integer
  localparam int unsigned BROKEN_TRADE_REASON_AT = 31;  // 1 byte, alpha

  // G, from the venue: Shares of an order traded at a price that another will set.
  localparam logic [7:0] EXECUTED_WITH_REFERENCE_PRICE_TYPE = 8'h47;
  localparam int unsigned EXECUTED_WITH_REFERENCE_PRICE_LENGTH = 45;
  localparam int unsigned EXECUTED_WITH_REFERENCE_PRICE_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned EXECUTED_WITH_REFERENCE_PRICE_ORDER_TOKEN_AT = 9;  // 14 bytes, alpha
  // 4 bytes, integer
  localparam int unsigned EXECUTED_WITH_REFERENCE_PRICE_EXECUTED_SHARES_AT = 23;
  localparam int unsigned EXECUTED_WITH_REFERENCE_PRICE_EXECUTION_PRICE_AT = 27;  // 4 bytes, price4
  localparam int unsigned EXECUTED_WITH_REFERENCE_PRICE_LIQUIDITY_FLAG_AT = 31;  // 1 byte, alpha
  localparam int unsigned EXECUTED_WITH_REFERENCE_PRICE_MATCH_NUMBER_AT = 32;  // 8 bytes, integer
  localparam int unsigned EXECUTED_WITH_REFERENCE_PRICE_REFERENCE_PRICE_AT = 40;  // 4 bytes, price4
  // 1 byte, alpha
  localparam int unsigned EXECUTED_WITH_REFERENCE_PRICE_REFERENCE_PRICE_TYPE_AT = 44;

  // F, from the venue: A trade has another price.
  localparam logic [7:0] TRADE_CORRECTION_TYPE = 8'h46;
  localparam int unsigned TRADE_CORRECTION_LENGTH = 41;
  localparam int unsigned TRADE_CORRECTION_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned TRADE_CORRECTION_ORDER_TOKEN_AT = 9;  // 14 bytes, alpha
  localparam int unsigned TRADE_CORRECTION_EXECUTED_SHARES_AT = 23;  // 4 bytes, integer
  localparam int unsigned TRADE_CORRECTION_EXECUTION_PRICE_AT = 27;  // 4 bytes, price4
  localparam int unsigned TRADE_CORRECTION_LIQUIDITY_FLAG_AT = 31;  // 1 byte, alpha
  localparam int unsigned TRADE_CORRECTION_MATCH_NUMBER_AT = 32;  // 8 bytes, integer
  localparam int unsigned TRADE_CORRECTION_REASON_AT = 40;  // 1 byte, alpha

  // J, from the venue: An order, or what was asked for one, was not taken.
  localparam logic [7:0] REJECTED_TYPE = 8'h4a;
  localparam int unsigned REJECTED_LENGTH = 24;
  localparam int unsigned REJECTED_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned REJECTED_ORDER_TOKEN_AT = 9;  // 14 bytes, alpha
  localparam int unsigned REJECTED_REASON_AT = 23;  // 1 byte, alpha

  // P, from the venue: A cancel waits for an auction.
  localparam logic [7:0] CANCEL_PENDING_TYPE = 8'h50;
  localparam int unsigned CANCEL_PENDING_LENGTH = 23;
  localparam int unsigned CANCEL_PENDING_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned CANCEL_PENDING_ORDER_TOKEN_AT = 9;  // 14 bytes, alpha

  // I, from the venue: A cancel was not taken.
  localparam logic [7:0] CANCEL_REJECT_TYPE = 8'h49;
  localparam int unsigned CANCEL_REJECT_LENGTH = 23;
  localparam int unsigned CANCEL_REJECT_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned CANCEL_REJECT_ORDER_TOKEN_AT = 9;  // 14 bytes, alpha

  // T, from the venue: An order has another place in the book.
  localparam logic [7:0] ORDER_PRIORITY_UPDATE_TYPE = 8'h54;
  localparam int unsigned ORDER_PRIORITY_UPDATE_LENGTH = 36;
  localparam int unsigned ORDER_PRIORITY_UPDATE_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned ORDER_PRIORITY_UPDATE_ORDER_TOKEN_AT = 9;  // 14 bytes, alpha
  localparam int unsigned ORDER_PRIORITY_UPDATE_PRICE_AT = 23;  // 4 bytes, price4
  localparam int unsigned ORDER_PRIORITY_UPDATE_DISPLAY_AT = 27;  // 1 byte, alpha
  localparam int unsigned ORDER_PRIORITY_UPDATE_ORDER_REFERENCE_NUMBER_AT = 28;  // 8 bytes, integer

  // M, from the venue: A modify_order was taken.
  localparam logic [7:0] ORDER_MODIFIED_TYPE = 8'h4d;
  localparam int unsigned ORDER_MODIFIED_LENGTH = 28;
  localparam int unsigned ORDER_MODIFIED_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned ORDER_MODIFIED_ORDER_TOKEN_AT = 9;  // 14 bytes, alpha
  localparam int unsigned ORDER_MODIFIED_BUY_SELL_INDICATOR_AT = 23;  // 1 byte, alpha
  localparam int unsigned ORDER_MODIFIED_SHARES_AT = 24;  // 4 bytes, integer

  // N, from the venue: A trade_now was taken.
  localparam logic [7:0] TRADE_NOW_ACCEPTED_TYPE = 8'h4e;
  localparam int unsigned TRADE_NOW_ACCEPTED_LENGTH = 23;
  localparam int unsigned TRADE_NOW_ACCEPTED_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned TRADE_NOW_ACCEPTED_ORDER_TOKEN_AT = 9;  // 14 bytes, alpha

  // The length of a client's message; 0 where the type isn't one.
  function automatic logic [7-1:0] client_length(logic [7:0] kind);
    unique case (kind)
      ENTER_ORDER_TYPE: return 7'd49;
      REPLACE_ORDER_TYPE: return 7'd47;
      CANCEL_ORDER_TYPE: return 7'd19;
      MODIFY_ORDER_TYPE: return 7'd20;
      TRADE_NOW_TYPE: return 7'd15;
      default: return '0;
    endcase
  endfunction
  // The tail of a client's message.
  function automatic tail_e client_tail(logic [7:0] kind);
    unique case (kind)
      ENTER_ORDER_TYPE: return TAIL_NONE;
      REPLACE_ORDER_TYPE: return TAIL_NONE;
      CANCEL_ORDER_TYPE: return TAIL_NONE;
      MODIFY_ORDER_TYPE: return TAIL_NONE;
      TRADE_NOW_TYPE: return TAIL_NONE;
      default: return TAIL_NONE;
    endcase
  endfunction

  // The length of a venue's message; 0 where the type isn't one.
  function automatic logic [7-1:0] venue_length(logic [7:0] kind);
    unique case (kind)
      SYSTEM_EVENT_TYPE: return 7'd10;
      ACCEPTED_TYPE: return 7'd66;
      REPLACED_TYPE: return 7'd80;
      CANCELED_TYPE: return 7'd28;
      AIQ_CANCELED_TYPE: return 7'd37;
      EXECUTED_TYPE: return 7'd40;
      BROKEN_TRADE_TYPE: return 7'd32;
      EXECUTED_WITH_REFERENCE_PRICE_TYPE: return 7'd45;
      TRADE_CORRECTION_TYPE: return 7'd41;
      REJECTED_TYPE: return 7'd24;
      CANCEL_PENDING_TYPE: return 7'd23;
      CANCEL_REJECT_TYPE: return 7'd23;
      ORDER_PRIORITY_UPDATE_TYPE: return 7'd36;
      ORDER_MODIFIED_TYPE: return 7'd28;
      TRADE_NOW_ACCEPTED_TYPE: return 7'd23;
      default: return '0;
    endcase
  endfunction
  // The tail of a venue's message.
  function automatic tail_e venue_tail(logic [7:0] kind);
    unique case (kind)
      SYSTEM_EVENT_TYPE: return TAIL_NONE;
      ACCEPTED_TYPE: return TAIL_NONE;
      REPLACED_TYPE: return TAIL_NONE;
      CANCELED_TYPE: return TAIL_NONE;
      AIQ_CANCELED_TYPE: return TAIL_NONE;
      EXECUTED_TYPE: return TAIL_NONE;
      BROKEN_TRADE_TYPE: return TAIL_NONE;
      EXECUTED_WITH_REFERENCE_PRICE_TYPE: return TAIL_NONE;
      TRADE_CORRECTION_TYPE: return TAIL_NONE;
      REJECTED_TYPE: return TAIL_NONE;
      CANCEL_PENDING_TYPE: return TAIL_NONE;
      CANCEL_REJECT_TYPE: return TAIL_NONE;
      ORDER_PRIORITY_UPDATE_TYPE: return TAIL_NONE;
      ORDER_MODIFIED_TYPE: return TAIL_NONE;
      TRADE_NOW_ACCEPTED_TYPE: return TAIL_NONE;
      default: return TAIL_NONE;
    endcase
  endfunction
endpackage

`default_nettype wire
