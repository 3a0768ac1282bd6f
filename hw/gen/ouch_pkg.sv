// Generated from hw/regs/ouch.toml by `python -m hwtools.generate`. Don't edit.
//
// ouch_pkg: OUCH 5.0. X_TYPE is a message's type, X_LENGTH its bytes without what may follow
// (a count of appendages that is always there is among them), X_Y_AT the place of field Y's
// first byte, its most significant; the type is at 0. CODE_C_L is a letter, TAG_T an
// appendage's number, TAG_T_LENGTH the bytes of its value.
`default_nettype none

package ouch_pkg;
  // What follows the fields of a message: see the table.
  typedef enum logic [1:0] {
    TAIL_NONE = 2'd0,
    TAIL_TAGS = 2'd1,
    TAIL_OPTIONAL_TAGS = 2'd2,
    TAIL_PAYLOAD = 2'd3
  } tail_e;

  localparam int unsigned MESSAGE_LENGTH_W = 7;
  localparam int unsigned LONGEST_OF_CLIENT = 47;
  localparam int unsigned LONGEST_OF_VENUE = 68;

  // The most shares of an order.
  localparam int unsigned MOST_QUANTITY = 999999;

  // The highest limit price; above it, two prices stand for an order without a limit.
  localparam int unsigned MOST_PRICE = 1999999900;

  // Side of an order.
  localparam logic [7:0] CODE_SIDE_BUY = 8'h42;  // B
  localparam logic [7:0] CODE_SIDE_SELL = 8'h53;  // S
  localparam logic [7:0] CODE_SIDE_SELL_SHORT = 8'h54;  // T
  localparam logic [7:0] CODE_SIDE_SELL_SHORT_EXEMPT = 8'h45;  // E

  // How long an order lives.
  localparam logic [7:0] CODE_TIME_IN_FORCE_DAY = 8'h30;  // 0
  localparam logic [7:0] CODE_TIME_IN_FORCE_IMMEDIATE = 8'h33;  // 3
  localparam logic [7:0] CODE_TIME_IN_FORCE_EXTENDED = 8'h35;  // 5
  localparam logic [7:0] CODE_TIME_IN_FORCE_UNTIL = 8'h36;  // 6
  localparam logic [7:0] CODE_TIME_IN_FORCE_AFTER_HOURS = 8'h45;  // E

  // Whether others see an order.
  localparam logic [7:0] CODE_DISPLAY_VISIBLE = 8'h59;  // Y
  localparam logic [7:0] CODE_DISPLAY_HIDDEN = 8'h4e;  // N
  localparam logic [7:0] CODE_DISPLAY_ATTRIBUTABLE = 8'h41;  // A

  // Likewise, as the venue took it.
  localparam logic [7:0] CODE_DISPLAY_GIVEN_VISIBLE = 8'h59;  // Y
  localparam logic [7:0] CODE_DISPLAY_GIVEN_HIDDEN = 8'h4e;  // N
  localparam logic [7:0] CODE_DISPLAY_GIVEN_ATTRIBUTABLE = 8'h41;  // A
  localparam logic [7:0] CODE_DISPLAY_GIVEN_CONFORMANT = 8'h5a;  // Z

  // For whom an order is.
  localparam logic [7:0] CODE_CAPACITY_AGENCY = 8'h41;  // A
  localparam logic [7:0] CODE_CAPACITY_PRINCIPAL = 8'h50;  // P
  localparam logic [7:0] CODE_CAPACITY_RISKLESS = 8'h52;  // R
  localparam logic [7:0] CODE_CAPACITY_OTHER = 8'h4f;  // O

  // Whether other markets were swept.
  localparam logic [7:0] CODE_SWEEP_ELIGIBLE = 8'h59;  // Y
  localparam logic [7:0] CODE_SWEEP_NOT_ELIGIBLE = 8'h4e;  // N

  // For which session or auction an order is.
  localparam logic [7:0] CODE_CROSS_CONTINUOUS = 8'h4e;  // N
  localparam logic [7:0] CODE_CROSS_OPENING = 8'h4f;  // O
  localparam logic [7:0] CODE_CROSS_CLOSING = 8'h43;  // C
  localparam logic [7:0] CODE_CROSS_HALT = 8'h48;  // H
  localparam logic [7:0] CODE_CROSS_SUPPLEMENTAL = 8'h53;  // S
  localparam logic [7:0] CODE_CROSS_RETAIL = 8'h52;  // R
  localparam logic [7:0] CODE_CROSS_EXTENDED_LIFE = 8'h45;  // E
  localparam logic [7:0] CODE_CROSS_AFTER_HOURS_CLOSE = 8'h41;  // A

  // Whether an accepted order lives.
  localparam logic [7:0] CODE_ORDER_STATE_LIVE = 8'h4c;  // L
  localparam logic [7:0] CODE_ORDER_STATE_DEAD = 8'h44;  // D

  // An appendage's choice.
  localparam logic [7:0] CODE_YES_NO_YES = 8'h59;  // Y
  localparam logic [7:0] CODE_YES_NO_NO = 8'h4e;  // N

  // Appendages.
  localparam logic [7:0] TAG_SECONDARY_ORDER_REFERENCE_NUMBER = 8'd1;
  localparam int unsigned TAG_SECONDARY_ORDER_REFERENCE_NUMBER_LENGTH = 8;  // integer
  localparam logic [7:0] TAG_FIRM = 8'd2;
  localparam int unsigned TAG_FIRM_LENGTH = 4;  // alpha
  localparam logic [7:0] TAG_MIN_QTY = 8'd3;
  localparam int unsigned TAG_MIN_QTY_LENGTH = 4;  // integer
  localparam logic [7:0] TAG_CUSTOMER_TYPE = 8'd4;
  localparam int unsigned TAG_CUSTOMER_TYPE_LENGTH = 1;  // alpha
  localparam logic [7:0] TAG_MAX_FLOOR = 8'd5;
  localparam int unsigned TAG_MAX_FLOOR_LENGTH = 4;  // integer
  localparam logic [7:0] TAG_PRICE_TYPE = 8'd6;
  localparam int unsigned TAG_PRICE_TYPE_LENGTH = 1;  // alpha
  localparam logic [7:0] TAG_PEG_OFFSET = 8'd7;
  localparam int unsigned TAG_PEG_OFFSET_LENGTH = 4;  // price4_offset
  localparam logic [7:0] TAG_DISCRETION_PRICE = 8'd9;
  localparam int unsigned TAG_DISCRETION_PRICE_LENGTH = 8;  // wide_price4
  localparam logic [7:0] TAG_DISCRETION_PRICE_TYPE = 8'd10;
  localparam int unsigned TAG_DISCRETION_PRICE_TYPE_LENGTH = 1;  // alpha
  localparam logic [7:0] TAG_DISCRETION_PEG_OFFSET = 8'd11;
  localparam int unsigned TAG_DISCRETION_PEG_OFFSET_LENGTH = 4;  // price4_offset
  localparam logic [7:0] TAG_POST_ONLY = 8'd12;
  localparam int unsigned TAG_POST_ONLY_LENGTH = 1;  // alpha
  localparam logic [7:0] TAG_RANDOM_RESERVES = 8'd13;
  localparam int unsigned TAG_RANDOM_RESERVES_LENGTH = 4;  // integer
  localparam logic [7:0] TAG_ROUTE = 8'd14;
  localparam int unsigned TAG_ROUTE_LENGTH = 4;  // alpha
  localparam logic [7:0] TAG_EXPIRE_TIME = 8'd15;
  localparam int unsigned TAG_EXPIRE_TIME_LENGTH = 4;  // integer
  localparam logic [7:0] TAG_TRADE_NOW = 8'd16;
  localparam int unsigned TAG_TRADE_NOW_LENGTH = 1;  // alpha
  localparam logic [7:0] TAG_HANDLE_INST = 8'd17;
  localparam int unsigned TAG_HANDLE_INST_LENGTH = 1;  // alpha
  localparam logic [7:0] TAG_BBO_WEIGHT_INDICATOR = 8'd18;
  localparam int unsigned TAG_BBO_WEIGHT_INDICATOR_LENGTH = 1;  // alpha
  localparam logic [7:0] TAG_DISPLAY_QUANTITY = 8'd22;
  localparam int unsigned TAG_DISPLAY_QUANTITY_LENGTH = 4;  // integer
  localparam logic [7:0] TAG_DISPLAY_PRICE = 8'd23;
  localparam int unsigned TAG_DISPLAY_PRICE_LENGTH = 8;  // wide_price4
  localparam logic [7:0] TAG_GROUP_ID = 8'd24;
  localparam int unsigned TAG_GROUP_ID_LENGTH = 2;  // integer
  localparam logic [7:0] TAG_SHARES_LOCATED = 8'd25;
  localparam int unsigned TAG_SHARES_LOCATED_LENGTH = 1;  // alpha
  localparam logic [7:0] TAG_LOCATE_BROKER = 8'd26;
  localparam int unsigned TAG_LOCATE_BROKER_LENGTH = 4;  // alpha
  localparam logic [7:0] TAG_SIDE = 8'd27;
  localparam int unsigned TAG_SIDE_LENGTH = 1;  // alpha
  localparam logic [7:0] TAG_USER_REF_INDEX = 8'd28;
  localparam int unsigned TAG_USER_REF_INDEX_LENGTH = 1;  // integer
  localparam logic [7:0] TAG_AIQ_STRATEGY = 8'd29;
  localparam int unsigned TAG_AIQ_STRATEGY_LENGTH = 1;  // alpha
  localparam logic [7:0] TAG_AIQ_GROUP_ID = 8'd30;
  localparam int unsigned TAG_AIQ_GROUP_ID_LENGTH = 2;  // alpha

  // O, from the client: A new order.
  localparam logic [7:0] ENTER_ORDER_TYPE = 8'h4f;
  localparam int unsigned ENTER_ORDER_LENGTH = 47;
  localparam int unsigned ENTER_ORDER_USER_REF_NUM_AT = 1;  // 4 bytes, integer
  localparam int unsigned ENTER_ORDER_SIDE_AT = 5;  // 1 byte, alpha
  localparam int unsigned ENTER_ORDER_QUANTITY_AT = 6;  // 4 bytes, integer
  localparam int unsigned ENTER_ORDER_SYMBOL_AT = 10;  // 8 bytes, alpha
  localparam int unsigned ENTER_ORDER_PRICE_AT = 18;  // 8 bytes, wide_price4
  localparam int unsigned ENTER_ORDER_TIME_IN_FORCE_AT = 26;  // 1 byte, alpha
  localparam int unsigned ENTER_ORDER_DISPLAY_AT = 27;  // 1 byte, alpha
  localparam int unsigned ENTER_ORDER_CAPACITY_AT = 28;  // 1 byte, alpha
  localparam int unsigned ENTER_ORDER_INTERMARKET_SWEEP_ELIGIBILITY_AT = 29;  // 1 byte, alpha
  localparam int unsigned ENTER_ORDER_CROSS_TYPE_AT = 30;  // 1 byte, alpha
  localparam int unsigned ENTER_ORDER_CL_ORD_ID_AT = 31;  // 14 bytes, alpha
  localparam int unsigned ENTER_ORDER_APPENDAGE_LENGTH_AT = 45;  // 2 bytes, integer

  // U, from the client: Another order in the place of an order.
  localparam logic [7:0] REPLACE_ORDER_TYPE = 8'h55;
  localparam int unsigned REPLACE_ORDER_LENGTH = 40;
  localparam int unsigned REPLACE_ORDER_ORIG_USER_REF_NUM_AT = 1;  // 4 bytes, integer
  localparam int unsigned REPLACE_ORDER_USER_REF_NUM_AT = 5;  // 4 bytes, integer
  localparam int unsigned REPLACE_ORDER_QUANTITY_AT = 9;  // 4 bytes, integer
  localparam int unsigned REPLACE_ORDER_PRICE_AT = 13;  // 8 bytes, wide_price4
  localparam int unsigned REPLACE_ORDER_TIME_IN_FORCE_AT = 21;  // 1 byte, alpha
  localparam int unsigned REPLACE_ORDER_DISPLAY_AT = 22;  // 1 byte, alpha
  localparam int unsigned REPLACE_ORDER_INTERMARKET_SWEEP_ELIGIBILITY_AT = 23;  // 1 byte, alpha
  localparam int unsigned REPLACE_ORDER_CL_ORD_ID_AT = 24;  // 14 bytes, alpha
  localparam int unsigned REPLACE_ORDER_APPENDAGE_LENGTH_AT = 38;  // 2 bytes, integer

  // X, from the client: No more of an order than this.
  localparam logic [7:0] CANCEL_ORDER_TYPE = 8'h58;
  localparam int unsigned CANCEL_ORDER_LENGTH = 9;
  localparam int unsigned CANCEL_ORDER_USER_REF_NUM_AT = 1;  // 4 bytes, integer
  localparam int unsigned CANCEL_ORDER_QUANTITY_AT = 5;  // 4 bytes, integer

  // M, from the client: An order's side, or fewer shares, without losing its place.
  localparam logic [7:0] MODIFY_ORDER_TYPE = 8'h4d;
  localparam int unsigned MODIFY_ORDER_LENGTH = 10;
  localparam int unsigned MODIFY_ORDER_USER_REF_NUM_AT = 1;  // 4 bytes, integer
  localparam int unsigned MODIFY_ORDER_SIDE_AT = 5;  // 1 byte, alpha
  localparam int unsigned MODIFY_ORDER_QUANTITY_AT = 6;  // 4 bytes, integer

  // C, from the client: No more of many orders.
  localparam logic [7:0] MASS_CANCEL_TYPE = 8'h43;
  localparam int unsigned MASS_CANCEL_LENGTH = 19;
  localparam int unsigned MASS_CANCEL_USER_REF_NUM_AT = 1;  // 4 bytes, integer
  localparam int unsigned MASS_CANCEL_FIRM_AT = 5;  // 4 bytes, alpha
  localparam int unsigned MASS_CANCEL_SYMBOL_AT = 9;  // 8 bytes, alpha
  localparam int unsigned MASS_CANCEL_APPENDAGE_LENGTH_AT = 17;  // 2 bytes, integer

  // D, from the client: Take no more orders of the firm.
  localparam logic [7:0] DISABLE_ORDER_ENTRY_TYPE = 8'h44;
  localparam int unsigned DISABLE_ORDER_ENTRY_LENGTH = 11;
  localparam int unsigned DISABLE_ORDER_ENTRY_USER_REF_NUM_AT = 1;  // 4 bytes, integer
  localparam int unsigned DISABLE_ORDER_ENTRY_FIRM_AT = 5;  // 4 bytes, alpha
  localparam int unsigned DISABLE_ORDER_ENTRY_APPENDAGE_LENGTH_AT = 9;  // 2 bytes, integer

  // E, from the client: Take orders of the firm again.
  localparam logic [7:0] ENABLE_ORDER_ENTRY_TYPE = 8'h45;
  localparam int unsigned ENABLE_ORDER_ENTRY_LENGTH = 11;
  localparam int unsigned ENABLE_ORDER_ENTRY_USER_REF_NUM_AT = 1;  // 4 bytes, integer
  localparam int unsigned ENABLE_ORDER_ENTRY_FIRM_AT = 5;  // 4 bytes, alpha
  localparam int unsigned ENABLE_ORDER_ENTRY_APPENDAGE_LENGTH_AT = 9;  // 2 bytes, integer

  // Q, from the client: Which user_ref_num is the next?.
  localparam logic [7:0] ACCOUNT_QUERY_TYPE = 8'h51;
  localparam int unsigned ACCOUNT_QUERY_LENGTH = 1;

  // S, from the venue: The day starts or ends.
  localparam logic [7:0] SYSTEM_EVENT_TYPE = 8'h53;
  localparam int unsigned SYSTEM_EVENT_LENGTH = 10;
  localparam int unsigned SYSTEM_EVENT_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned SYSTEM_EVENT_EVENT_CODE_AT = 9;  // 1 byte, alpha

  // A, from the venue: An order was taken, maybe not as it was asked for.
  localparam logic [7:0] ORDER_ACCEPTED_TYPE = 8'h41;
  localparam int unsigned ORDER_ACCEPTED_LENGTH = 64;
  localparam int unsigned ORDER_ACCEPTED_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned ORDER_ACCEPTED_USER_REF_NUM_AT = 9;  // 4 bytes, integer
  localparam int unsigned ORDER_ACCEPTED_SIDE_AT = 13;  // 1 byte, alpha
  localparam int unsigned ORDER_ACCEPTED_QUANTITY_AT = 14;  // 4 bytes, integer
  localparam int unsigned ORDER_ACCEPTED_SYMBOL_AT = 18;  // 8 bytes, alpha
  localparam int unsigned ORDER_ACCEPTED_PRICE_AT = 26;  // 8 bytes, wide_price4
  localparam int unsigned ORDER_ACCEPTED_TIME_IN_FORCE_AT = 34;  // 1 byte, alpha
  localparam int unsigned ORDER_ACCEPTED_DISPLAY_AT = 35;  // 1 byte, alpha
  localparam int unsigned ORDER_ACCEPTED_ORDER_REFERENCE_NUMBER_AT = 36;  // 8 bytes, integer
  localparam int unsigned ORDER_ACCEPTED_CAPACITY_AT = 44;  // 1 byte, alpha
  localparam int unsigned ORDER_ACCEPTED_INTERMARKET_SWEEP_ELIGIBILITY_AT = 45;  // 1 byte, alpha
  localparam int unsigned ORDER_ACCEPTED_CROSS_TYPE_AT = 46;  // 1 byte, alpha
  localparam int unsigned ORDER_ACCEPTED_ORDER_STATE_AT = 47;  // 1 byte, alpha
  localparam int unsigned ORDER_ACCEPTED_CL_ORD_ID_AT = 48;  // 14 bytes, alpha
  localparam int unsigned ORDER_ACCEPTED_APPENDAGE_LENGTH_AT = 62;  // 2 bytes, integer

  // U, from the venue: An order was taken in the place of another.
  localparam logic [7:0] ORDER_REPLACED_TYPE = 8'h55;
  localparam int unsigned ORDER_REPLACED_LENGTH = 68;
  localparam int unsigned ORDER_REPLACED_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned ORDER_REPLACED_ORIG_USER_REF_NUM_AT = 9;  // 4 bytes, integer
  localparam int unsigned ORDER_REPLACED_USER_REF_NUM_AT = 13;  // 4 bytes, integer
  localparam int unsigned ORDER_REPLACED_SIDE_AT = 17;  // 1 byte, alpha
  localparam int unsigned ORDER_REPLACED_QUANTITY_AT = 18;  // 4 bytes, integer
  localparam int unsigned ORDER_REPLACED_SYMBOL_AT = 22;  // 8 bytes, alpha
  localparam int unsigned ORDER_REPLACED_PRICE_AT = 30;  // 8 bytes, wide_price4
  localparam int unsigned ORDER_REPLACED_TIME_IN_FORCE_AT = 38;  // 1 byte, alpha
  localparam int unsigned ORDER_REPLACED_DISPLAY_AT = 39;  // 1 byte, alpha
  localparam int unsigned ORDER_REPLACED_ORDER_REFERENCE_NUMBER_AT = 40;  // 8 bytes, integer
  localparam int unsigned ORDER_REPLACED_CAPACITY_AT = 48;  // 1 byte, alpha
  localparam int unsigned ORDER_REPLACED_INTERMARKET_SWEEP_ELIGIBILITY_AT = 49;  // 1 byte, alpha
  localparam int unsigned ORDER_REPLACED_CROSS_TYPE_AT = 50;  // 1 byte, alpha
  localparam int unsigned ORDER_REPLACED_ORDER_STATE_AT = 51;  // 1 byte, alpha
  localparam int unsigned ORDER_REPLACED_CL_ORD_ID_AT = 52;  // 14 bytes, alpha
  localparam int unsigned ORDER_REPLACED_APPENDAGE_LENGTH_AT = 66;  // 2 bytes, integer

  // C, from the venue: Shares of an order are gone.
  localparam logic [7:0] ORDER_CANCELED_TYPE = 8'h43;
  localparam int unsigned ORDER_CANCELED_LENGTH = 18;
  localparam int unsigned ORDER_CANCELED_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned ORDER_CANCELED_USER_REF_NUM_AT = 9;  // 4 bytes, integer
  localparam int unsigned ORDER_CANCELED_QUANTITY_AT = 13;  // 4 bytes, integer
  localparam int unsigned ORDER_CANCELED_REASON_AT = 17;  // 1 byte, alpha

  // D, from the venue: Shares of an order are gone, for they would have traded with an own order.
  localparam logic [7:0] AIQ_CANCELED_TYPE = 8'h44;
  localparam int unsigned AIQ_CANCELED_LENGTH = 32;
  localparam int unsigned AIQ_CANCELED_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned AIQ_CANCELED_USER_REF_NUM_AT = 9;  // 4 bytes, integer
  localparam int unsigned AIQ_CANCELED_DECREMENT_SHARES_AT = 13;  // 4 bytes, integer
  localparam int unsigned AIQ_CANCELED_REASON_AT = 17;  // 1 byte, alpha
  localparam int unsigned AIQ_CANCELED_QUANTITY_PREVENTED_FROM_TRADING_AT = 18;  // 4 bytes, integer
  localparam int unsigned AIQ_CANCELED_EXECUTION_PRICE_AT = 22;  // 8 bytes, wide_price4
  localparam int unsigned AIQ_CANCELED_LIQUIDITY_FLAG_AT = 30;  // 1 byte, alpha
  localparam int unsigned AIQ_CANCELED_AIQ_STRATEGY_AT = 31;  // 1 byte, alpha

  // E, from the venue: Shares of an order traded.
  localparam logic [7:0] ORDER_EXECUTED_TYPE = 8'h45;
  localparam int unsigned ORDER_EXECUTED_LENGTH = 36;
  localparam int unsigned ORDER_EXECUTED_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned ORDER_EXECUTED_USER_REF_NUM_AT = 9;  // 4 bytes, integer
  localparam int unsigned ORDER_EXECUTED_QUANTITY_AT = 13;  // 4 bytes, integer
  localparam int unsigned ORDER_EXECUTED_PRICE_AT = 17;  // 8 bytes, wide_price4
  localparam int unsigned ORDER_EXECUTED_LIQUIDITY_FLAG_AT = 25;  // 1 byte, alpha
  localparam int unsigned ORDER_EXECUTED_MATCH_NUMBER_AT = 26;  // 8 bytes, integer
  localparam int unsigned ORDER_EXECUTED_APPENDAGE_LENGTH_AT = 34;  // 2 bytes, integer

  // B, from the venue: A trade is undone.
  localparam logic [7:0] BROKEN_TRADE_TYPE = 8'h42;
  localparam int unsigned BROKEN_TRADE_LENGTH = 36;
  localparam int unsigned BROKEN_TRADE_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned BROKEN_TRADE_USER_REF_NUM_AT = 9;  // 4 bytes, integer
  localparam int unsigned BROKEN_TRADE_MATCH_NUMBER_AT = 13;  // 8 bytes, integer
  localparam int unsigned BROKEN_TRADE_REASON_AT = 21;  // 1 byte, alpha
  localparam int unsigned BROKEN_TRADE_CL_ORD_ID_AT = 22;  // 14 bytes, alpha

  // J, from the venue: An order, or what was asked for one, was not taken.
  localparam logic [7:0] ORDER_REJECTED_TYPE = 8'h4a;
  localparam int unsigned ORDER_REJECTED_LENGTH = 29;
  localparam int unsigned ORDER_REJECTED_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned ORDER_REJECTED_USER_REF_NUM_AT = 9;  // 4 bytes, integer
  localparam int unsigned ORDER_REJECTED_REASON_AT = 13;  // 2 bytes, integer
  localparam int unsigned ORDER_REJECTED_CL_ORD_ID_AT = 15;  // 14 bytes, alpha

  // P, from the venue: A cancel waits for an auction.
  localparam logic [7:0] CANCEL_PENDING_TYPE = 8'h50;
  localparam int unsigned CANCEL_PENDING_LENGTH = 13;
  localparam int unsigned CANCEL_PENDING_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned CANCEL_PENDING_USER_REF_NUM_AT = 9;  // 4 bytes, integer

  // I, from the venue: A cancel was not taken.
  localparam logic [7:0] CANCEL_REJECT_TYPE = 8'h49;
  localparam int unsigned CANCEL_REJECT_LENGTH = 13;
  localparam int unsigned CANCEL_REJECT_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned CANCEL_REJECT_USER_REF_NUM_AT = 9;  // 4 bytes, integer

  // T, from the venue: An order has another place in the book.
  localparam logic [7:0] ORDER_PRIORITY_UPDATE_TYPE = 8'h54;
  localparam int unsigned ORDER_PRIORITY_UPDATE_LENGTH = 30;
  localparam int unsigned ORDER_PRIORITY_UPDATE_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned ORDER_PRIORITY_UPDATE_USER_REF_NUM_AT = 9;  // 4 bytes, integer
  localparam int unsigned ORDER_PRIORITY_UPDATE_PRICE_AT = 13;  // 8 bytes, wide_price4
  localparam int unsigned ORDER_PRIORITY_UPDATE_DISPLAY_AT = 21;  // 1 byte, alpha
  localparam int unsigned ORDER_PRIORITY_UPDATE_ORDER_REFERENCE_NUMBER_AT = 22;  // 8 bytes, integer

  // M, from the venue: A modify_order was taken.
  localparam logic [7:0] ORDER_MODIFIED_TYPE = 8'h4d;
  localparam int unsigned ORDER_MODIFIED_LENGTH = 18;
  localparam int unsigned ORDER_MODIFIED_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned ORDER_MODIFIED_USER_REF_NUM_AT = 9;  // 4 bytes, integer
  localparam int unsigned ORDER_MODIFIED_SIDE_AT = 13;  // 1 byte, alpha
  localparam int unsigned ORDER_MODIFIED_QUANTITY_AT = 14;  // 4 bytes, integer

  // R, from the venue: The venue changed what is shown of an order.
  localparam logic [7:0] ORDER_RESTATED_TYPE = 8'h52;
  localparam int unsigned ORDER_RESTATED_LENGTH = 16;
  localparam int unsigned ORDER_RESTATED_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned ORDER_RESTATED_USER_REF_NUM_AT = 9;  // 4 bytes, integer
  localparam int unsigned ORDER_RESTATED_REASON_AT = 13;  // 1 byte, alpha
  localparam int unsigned ORDER_RESTATED_APPENDAGE_LENGTH_AT = 14;  // 2 bytes, integer

  // X, from the venue: A mass_cancel was taken.
  localparam logic [7:0] MASS_CANCEL_RESPONSE_TYPE = 8'h58;
  localparam int unsigned MASS_CANCEL_RESPONSE_LENGTH = 27;
  localparam int unsigned MASS_CANCEL_RESPONSE_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned MASS_CANCEL_RESPONSE_USER_REF_NUM_AT = 9;  // 4 bytes, integer
  localparam int unsigned MASS_CANCEL_RESPONSE_FIRM_AT = 13;  // 4 bytes, alpha
  localparam int unsigned MASS_CANCEL_RESPONSE_SYMBOL_AT = 17;  // 8 bytes, alpha
  localparam int unsigned MASS_CANCEL_RESPONSE_APPENDAGE_LENGTH_AT = 25;  // 2 bytes, integer

  // G, from the venue: A disable_order_entry was taken.
  localparam logic [7:0] DISABLE_ORDER_ENTRY_RESPONSE_TYPE = 8'h47;
  localparam int unsigned DISABLE_ORDER_ENTRY_RESPONSE_LENGTH = 19;
  localparam int unsigned DISABLE_ORDER_ENTRY_RESPONSE_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned DISABLE_ORDER_ENTRY_RESPONSE_USER_REF_NUM_AT = 9;  // 4 bytes, integer
  localparam int unsigned DISABLE_ORDER_ENTRY_RESPONSE_FIRM_AT = 13;  // 4 bytes, alpha
  // 2 bytes, integer
  localparam int unsigned DISABLE_ORDER_ENTRY_RESPONSE_APPENDAGE_LENGTH_AT = 17;

  // K, from the venue: An enable_order_entry was taken.
  localparam logic [7:0] ENABLE_ORDER_ENTRY_RESPONSE_TYPE = 8'h4b;
  localparam int unsigned ENABLE_ORDER_ENTRY_RESPONSE_LENGTH = 19;
  localparam int unsigned ENABLE_ORDER_ENTRY_RESPONSE_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned ENABLE_ORDER_ENTRY_RESPONSE_USER_REF_NUM_AT = 9;  // 4 bytes, integer
  localparam int unsigned ENABLE_ORDER_ENTRY_RESPONSE_FIRM_AT = 13;  // 4 bytes, alpha
  localparam int unsigned ENABLE_ORDER_ENTRY_RESPONSE_APPENDAGE_LENGTH_AT = 17;  // 2 bytes, integer

  // Q, from the venue: Which user_ref_num is the next.
  localparam logic [7:0] ACCOUNT_QUERY_RESPONSE_TYPE = 8'h51;
  localparam int unsigned ACCOUNT_QUERY_RESPONSE_LENGTH = 13;
  localparam int unsigned ACCOUNT_QUERY_RESPONSE_TIMESTAMP_AT = 1;  // 8 bytes, timestamp
  localparam int unsigned ACCOUNT_QUERY_RESPONSE_NEXT_USER_REF_NUM_AT = 9;  // 4 bytes, integer

  // The length of a client's message; 0 where the type isn't one.
  function automatic logic [7-1:0] client_length(logic [7:0] kind);
    unique case (kind)
      ENTER_ORDER_TYPE: return 7'd47;
      REPLACE_ORDER_TYPE: return 7'd40;
      CANCEL_ORDER_TYPE: return 7'd9;
      MODIFY_ORDER_TYPE: return 7'd10;
      MASS_CANCEL_TYPE: return 7'd19;
      DISABLE_ORDER_ENTRY_TYPE: return 7'd11;
      ENABLE_ORDER_ENTRY_TYPE: return 7'd11;
      ACCOUNT_QUERY_TYPE: return 7'd1;
      default: return '0;
    endcase
  endfunction
  // The tail of a client's message.
  function automatic tail_e client_tail(logic [7:0] kind);
    unique case (kind)
      ENTER_ORDER_TYPE: return TAIL_TAGS;
      REPLACE_ORDER_TYPE: return TAIL_TAGS;
      CANCEL_ORDER_TYPE: return TAIL_OPTIONAL_TAGS;
      MODIFY_ORDER_TYPE: return TAIL_OPTIONAL_TAGS;
      MASS_CANCEL_TYPE: return TAIL_TAGS;
      DISABLE_ORDER_ENTRY_TYPE: return TAIL_TAGS;
      ENABLE_ORDER_ENTRY_TYPE: return TAIL_TAGS;
      ACCOUNT_QUERY_TYPE: return TAIL_OPTIONAL_TAGS;
      default: return TAIL_NONE;
    endcase
  endfunction

  // The length of a venue's message; 0 where the type isn't one.
  function automatic logic [7-1:0] venue_length(logic [7:0] kind);
    unique case (kind)
      SYSTEM_EVENT_TYPE: return 7'd10;
      ORDER_ACCEPTED_TYPE: return 7'd64;
      ORDER_REPLACED_TYPE: return 7'd68;
      ORDER_CANCELED_TYPE: return 7'd18;
      AIQ_CANCELED_TYPE: return 7'd32;
      ORDER_EXECUTED_TYPE: return 7'd36;
      BROKEN_TRADE_TYPE: return 7'd36;
      ORDER_REJECTED_TYPE: return 7'd29;
      CANCEL_PENDING_TYPE: return 7'd13;
      CANCEL_REJECT_TYPE: return 7'd13;
      ORDER_PRIORITY_UPDATE_TYPE: return 7'd30;
      ORDER_MODIFIED_TYPE: return 7'd18;
      ORDER_RESTATED_TYPE: return 7'd16;
      MASS_CANCEL_RESPONSE_TYPE: return 7'd27;
      DISABLE_ORDER_ENTRY_RESPONSE_TYPE: return 7'd19;
      ENABLE_ORDER_ENTRY_RESPONSE_TYPE: return 7'd19;
      ACCOUNT_QUERY_RESPONSE_TYPE: return 7'd13;
      default: return '0;
    endcase
  endfunction
  // The tail of a venue's message.
  function automatic tail_e venue_tail(logic [7:0] kind);
    unique case (kind)
      SYSTEM_EVENT_TYPE: return TAIL_NONE;
      ORDER_ACCEPTED_TYPE: return TAIL_TAGS;
      ORDER_REPLACED_TYPE: return TAIL_TAGS;
      ORDER_CANCELED_TYPE: return TAIL_OPTIONAL_TAGS;
      AIQ_CANCELED_TYPE: return TAIL_OPTIONAL_TAGS;
      ORDER_EXECUTED_TYPE: return TAIL_TAGS;
      BROKEN_TRADE_TYPE: return TAIL_OPTIONAL_TAGS;
      ORDER_REJECTED_TYPE: return TAIL_OPTIONAL_TAGS;
      CANCEL_PENDING_TYPE: return TAIL_OPTIONAL_TAGS;
      CANCEL_REJECT_TYPE: return TAIL_OPTIONAL_TAGS;
      ORDER_PRIORITY_UPDATE_TYPE: return TAIL_OPTIONAL_TAGS;
      ORDER_MODIFIED_TYPE: return TAIL_OPTIONAL_TAGS;
      ORDER_RESTATED_TYPE: return TAIL_TAGS;
      MASS_CANCEL_RESPONSE_TYPE: return TAIL_TAGS;
      DISABLE_ORDER_ENTRY_RESPONSE_TYPE: return TAIL_TAGS;
      ENABLE_ORDER_ENTRY_RESPONSE_TYPE: return TAIL_TAGS;
      ACCOUNT_QUERY_RESPONSE_TYPE: return TAIL_OPTIONAL_TAGS;
      default: return TAIL_NONE;
    endcase
  endfunction
endpackage

`default_nettype wire
