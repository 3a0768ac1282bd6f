// Generated from hw/regs/itch.toml by `python -m hwtools.generate`. Don't edit.
//
// itch_pkg: ITCH 5.0 and MoldUDP64. X_TYPE is the type's character, X_LENGTH bytes of the
// message, X_Y_AT the place of field Y's first byte, which is its most significant. The
// message's first byte, its type, is at 0; in a packet two bytes of length stand before it.
`default_nettype none

package itch_pkg;
  // MoldUDP64.
  localparam int unsigned MOLD_HEADER_LENGTH = 20;
  localparam int unsigned MOLD_SESSION_AT = 0;  // 10 bytes, alpha
  localparam int unsigned MOLD_SEQUENCE_NUMBER_AT = 10;  // 8 bytes, integer
  localparam int unsigned MOLD_MESSAGE_COUNT_AT = 18;  // 2 bytes, integer
  localparam int unsigned MOLD_BLOCK_LENGTH = 2;
  localparam logic [15:0] MOLD_HEARTBEAT = 16'd0;
  localparam logic [15:0] MOLD_END_OF_SESSION = 16'd65535;

  // What every message begins with.
  localparam int unsigned MESSAGE_HEADER_LENGTH = 11;
  localparam int unsigned MESSAGE_MESSAGE_TYPE_AT = 0;  // 1 byte, alpha
  localparam int unsigned MESSAGE_STOCK_LOCATE_AT = 1;  // 2 bytes, integer
  localparam int unsigned MESSAGE_TRACKING_NUMBER_AT = 3;  // 2 bytes, integer
  localparam int unsigned MESSAGE_TIMESTAMP_AT = 5;  // 6 bytes, timestamp
  localparam int unsigned MESSAGE_LENGTH_W = 6;
  localparam int unsigned LONGEST_MESSAGE = 50;
  localparam int unsigned MESSAGE_TYPES = 23;

  // S: The market or the feed starts or stops.
  localparam logic [7:0] SYSTEM_EVENT_TYPE = 8'h53;
  localparam int unsigned SYSTEM_EVENT_LENGTH = 12;
  localparam int unsigned SYSTEM_EVENT_EVENT_CODE_AT = 11;  // 1 byte, alpha

  // R: A security that trades today, and its locate number.
  localparam logic [7:0] STOCK_DIRECTORY_TYPE = 8'h52;
  localparam int unsigned STOCK_DIRECTORY_LENGTH = 39;
  localparam int unsigned STOCK_DIRECTORY_STOCK_AT = 11;  // 8 bytes, alpha
  localparam int unsigned STOCK_DIRECTORY_MARKET_CATEGORY_AT = 19;  // 1 byte, alpha
  localparam int unsigned STOCK_DIRECTORY_FINANCIAL_STATUS_INDICATOR_AT = 20;  // 1 byte, alpha
  localparam int unsigned STOCK_DIRECTORY_ROUND_LOT_SIZE_AT = 21;  // 4 bytes, integer
  localparam int unsigned STOCK_DIRECTORY_ROUND_LOTS_ONLY_AT = 25;  // 1 byte, alpha
  localparam int unsigned STOCK_DIRECTORY_ISSUE_CLASSIFICATION_AT = 26;  // 1 byte, alpha
  localparam int unsigned STOCK_DIRECTORY_ISSUE_SUB_TYPE_AT = 27;  // 2 bytes, alpha
  localparam int unsigned STOCK_DIRECTORY_AUTHENTICITY_AT = 29;  // 1 byte, alpha
  localparam int unsigned STOCK_DIRECTORY_SHORT_SALE_THRESHOLD_INDICATOR_AT = 30;  // 1 byte, alpha
  localparam int unsigned STOCK_DIRECTORY_IPO_FLAG_AT = 31;  // 1 byte, alpha
  localparam int unsigned STOCK_DIRECTORY_LULD_REFERENCE_PRICE_TIER_AT = 32;  // 1 byte, alpha
  localparam int unsigned STOCK_DIRECTORY_ETP_FLAG_AT = 33;  // 1 byte, alpha
  localparam int unsigned STOCK_DIRECTORY_ETP_LEVERAGE_FACTOR_AT = 34;  // 4 bytes, integer
  localparam int unsigned STOCK_DIRECTORY_INVERSE_INDICATOR_AT = 38;  // 1 byte, alpha

  // H: Trading in a security is halted, paused, for quotation only, or on.
  localparam logic [7:0] STOCK_TRADING_ACTION_TYPE = 8'h48;
  localparam int unsigned STOCK_TRADING_ACTION_LENGTH = 25;
  localparam int unsigned STOCK_TRADING_ACTION_STOCK_AT = 11;  // 8 bytes, alpha
  localparam int unsigned STOCK_TRADING_ACTION_TRADING_STATE_AT = 19;  // 1 byte, alpha
  localparam int unsigned STOCK_TRADING_ACTION_RESERVED_AT = 20;  // 1 byte, alpha
  localparam int unsigned STOCK_TRADING_ACTION_REASON_AT = 21;  // 4 bytes, alpha

  // Y: Short sale price test.
  localparam logic [7:0] REG_SHO_RESTRICTION_TYPE = 8'h59;
  localparam int unsigned REG_SHO_RESTRICTION_LENGTH = 20;
  localparam int unsigned REG_SHO_RESTRICTION_STOCK_AT = 11;  // 8 bytes, alpha
  localparam int unsigned REG_SHO_RESTRICTION_REG_SHO_ACTION_AT = 19;  // 1 byte, alpha

  // L: A market participant's status in a security.
  localparam logic [7:0] MARKET_PARTICIPANT_POSITION_TYPE = 8'h4c;
  localparam int unsigned MARKET_PARTICIPANT_POSITION_LENGTH = 26;
  localparam int unsigned MARKET_PARTICIPANT_POSITION_MPID_AT = 11;  // 4 bytes, alpha
  localparam int unsigned MARKET_PARTICIPANT_POSITION_STOCK_AT = 15;  // 8 bytes, alpha
  // 1 byte, alpha
  localparam int unsigned MARKET_PARTICIPANT_POSITION_PRIMARY_MARKET_MAKER_AT = 23;
  localparam int unsigned MARKET_PARTICIPANT_POSITION_MARKET_MAKER_MODE_AT = 24;  // 1 byte, alpha
  // 1 byte, alpha
  localparam int unsigned MARKET_PARTICIPANT_POSITION_MARKET_PARTICIPANT_STATE_AT = 25;

  // V: The day's levels of the market-wide circuit breaker.
  localparam logic [7:0] MWCB_DECLINE_LEVEL_TYPE = 8'h56;
  localparam int unsigned MWCB_DECLINE_LEVEL_LENGTH = 35;
  localparam int unsigned MWCB_DECLINE_LEVEL_LEVEL_1_AT = 11;  // 8 bytes, price8
  localparam int unsigned MWCB_DECLINE_LEVEL_LEVEL_2_AT = 19;  // 8 bytes, price8
  localparam int unsigned MWCB_DECLINE_LEVEL_LEVEL_3_AT = 27;  // 8 bytes, price8

  // W: The market-wide circuit breaker has been breached.
  localparam logic [7:0] MWCB_STATUS_TYPE = 8'h57;
  localparam int unsigned MWCB_STATUS_LENGTH = 12;
  localparam int unsigned MWCB_STATUS_BREACHED_LEVEL_AT = 11;  // 1 byte, alpha

  // K: When quoting of an initial offering begins.
  localparam logic [7:0] IPO_QUOTING_PERIOD_UPDATE_TYPE = 8'h4b;
  localparam int unsigned IPO_QUOTING_PERIOD_UPDATE_LENGTH = 28;
  localparam int unsigned IPO_QUOTING_PERIOD_UPDATE_STOCK_AT = 11;  // 8 bytes, alpha
  // 4 bytes, integer
  localparam int unsigned IPO_QUOTING_PERIOD_UPDATE_IPO_QUOTATION_RELEASE_TIME_AT = 19;
  // 1 byte, alpha
  localparam int unsigned IPO_QUOTING_PERIOD_UPDATE_IPO_QUOTATION_RELEASE_QUALIFIER_AT = 23;
  localparam int unsigned IPO_QUOTING_PERIOD_UPDATE_IPO_PRICE_AT = 24;  // 4 bytes, price4

  // J: Price collar of the auction that ends a pause.
  localparam logic [7:0] LULD_AUCTION_COLLAR_TYPE = 8'h4a;
  localparam int unsigned LULD_AUCTION_COLLAR_LENGTH = 35;
  localparam int unsigned LULD_AUCTION_COLLAR_STOCK_AT = 11;  // 8 bytes, alpha
  // 4 bytes, price4
  localparam int unsigned LULD_AUCTION_COLLAR_AUCTION_COLLAR_REFERENCE_PRICE_AT = 19;
  // 4 bytes, price4
  localparam int unsigned LULD_AUCTION_COLLAR_UPPER_AUCTION_COLLAR_PRICE_AT = 23;
  // 4 bytes, price4
  localparam int unsigned LULD_AUCTION_COLLAR_LOWER_AUCTION_COLLAR_PRICE_AT = 27;
  localparam int unsigned LULD_AUCTION_COLLAR_AUCTION_COLLAR_EXTENSION_AT = 31;  // 4 bytes, integer

  // h: One market has interrupted trading in a security for reasons of its own.
  localparam logic [7:0] OPERATIONAL_HALT_TYPE = 8'h68;
  localparam int unsigned OPERATIONAL_HALT_LENGTH = 21;
  localparam int unsigned OPERATIONAL_HALT_STOCK_AT = 11;  // 8 bytes, alpha
  localparam int unsigned OPERATIONAL_HALT_MARKET_CODE_AT = 19;  // 1 byte, alpha
  localparam int unsigned OPERATIONAL_HALT_OPERATIONAL_HALT_ACTION_AT = 20;  // 1 byte, alpha

  // A: A displayed order, its owner not told.
  localparam logic [7:0] ADD_ORDER_TYPE = 8'h41;
  localparam int unsigned ADD_ORDER_LENGTH = 36;
  localparam int unsigned ADD_ORDER_ORDER_REFERENCE_NUMBER_AT = 11;  // 8 bytes, integer
  localparam int unsigned ADD_ORDER_BUY_SELL_INDICATOR_AT = 19;  // 1 byte, alpha
  localparam int unsigned ADD_ORDER_SHARES_AT = 20;  // 4 bytes, integer
  localparam int unsigned ADD_ORDER_STOCK_AT = 24;  // 8 bytes, alpha
  localparam int unsigned ADD_ORDER_PRICE_AT = 32;  // 4 bytes, price4

  // F: A displayed order with its owner.
  localparam logic [7:0] ADD_ORDER_MPID_TYPE = 8'h46;
  localparam int unsigned ADD_ORDER_MPID_LENGTH = 40;
  localparam int unsigned ADD_ORDER_MPID_ORDER_REFERENCE_NUMBER_AT = 11;  // 8 bytes, integer
  localparam int unsigned ADD_ORDER_MPID_BUY_SELL_INDICATOR_AT = 19;  // 1 byte, alpha
  localparam int unsigned ADD_ORDER_MPID_SHARES_AT = 20;  // 4 bytes, integer
  localparam int unsigned ADD_ORDER_MPID_STOCK_AT = 24;  // 8 bytes, alpha
  localparam int unsigned ADD_ORDER_MPID_PRICE_AT = 32;  // 4 bytes, price4
  localparam int unsigned ADD_ORDER_MPID_ATTRIBUTION_AT = 36;  // 4 bytes, alpha

  // E: Shares of an order traded at its price.
  localparam logic [7:0] ORDER_EXECUTED_TYPE = 8'h45;
  localparam int unsigned ORDER_EXECUTED_LENGTH = 31;
  localparam int unsigned ORDER_EXECUTED_ORDER_REFERENCE_NUMBER_AT = 11;  // 8 bytes, integer
  localparam int unsigned ORDER_EXECUTED_EXECUTED_SHARES_AT = 19;  // 4 bytes, integer
  localparam int unsigned ORDER_EXECUTED_MATCH_NUMBER_AT = 23;  // 8 bytes, integer

  // C: Shares of an order traded at another price.
  localparam logic [7:0] ORDER_EXECUTED_WITH_PRICE_TYPE = 8'h43;
  localparam int unsigned ORDER_EXECUTED_WITH_PRICE_LENGTH = 36;
  // 8 bytes, integer
  localparam int unsigned ORDER_EXECUTED_WITH_PRICE_ORDER_REFERENCE_NUMBER_AT = 11;
  localparam int unsigned ORDER_EXECUTED_WITH_PRICE_EXECUTED_SHARES_AT = 19;  // 4 bytes, integer
  localparam int unsigned ORDER_EXECUTED_WITH_PRICE_MATCH_NUMBER_AT = 23;  // 8 bytes, integer
  localparam int unsigned ORDER_EXECUTED_WITH_PRICE_PRINTABLE_AT = 31;  // 1 byte, alpha
  localparam int unsigned ORDER_EXECUTED_WITH_PRICE_EXECUTION_PRICE_AT = 32;  // 4 bytes, price4

  // X: Shares are taken off an order.
  localparam logic [7:0] ORDER_CANCEL_TYPE = 8'h58;
  localparam int unsigned ORDER_CANCEL_LENGTH = 23;
  localparam int unsigned ORDER_CANCEL_ORDER_REFERENCE_NUMBER_AT = 11;  // 8 bytes, integer
  localparam int unsigned ORDER_CANCEL_CANCELLED_SHARES_AT = 19;  // 4 bytes, integer

  // D: An order is gone.
  localparam logic [7:0] ORDER_DELETE_TYPE = 8'h44;
  localparam int unsigned ORDER_DELETE_LENGTH = 19;
  localparam int unsigned ORDER_DELETE_ORDER_REFERENCE_NUMBER_AT = 11;  // 8 bytes, integer

  // U: An order is gone and another is there, on the same side.
  localparam logic [7:0] ORDER_REPLACE_TYPE = 8'h55;
  localparam int unsigned ORDER_REPLACE_LENGTH = 35;
  // 8 bytes, integer
  localparam int unsigned ORDER_REPLACE_ORIGINAL_ORDER_REFERENCE_NUMBER_AT = 11;
  localparam int unsigned ORDER_REPLACE_NEW_ORDER_REFERENCE_NUMBER_AT = 19;  // 8 bytes, integer
  localparam int unsigned ORDER_REPLACE_SHARES_AT = 27;  // 4 bytes, integer
  localparam int unsigned ORDER_REPLACE_PRICE_AT = 31;  // 4 bytes, price4

  // P: A hidden order traded.
  localparam logic [7:0] TRADE_TYPE = 8'h50;
  localparam int unsigned TRADE_LENGTH = 44;
  localparam int unsigned TRADE_ORDER_REFERENCE_NUMBER_AT = 11;  // 8 bytes, integer
  localparam int unsigned TRADE_BUY_SELL_INDICATOR_AT = 19;  // 1 byte, alpha
  localparam int unsigned TRADE_SHARES_AT = 20;  // 4 bytes, integer
  localparam int unsigned TRADE_STOCK_AT = 24;  // 8 bytes, alpha
  localparam int unsigned TRADE_PRICE_AT = 32;  // 4 bytes, price4
  localparam int unsigned TRADE_MATCH_NUMBER_AT = 36;  // 8 bytes, integer

  // Q: An auction is over.
  localparam logic [7:0] CROSS_TRADE_TYPE = 8'h51;
  localparam int unsigned CROSS_TRADE_LENGTH = 40;
  localparam int unsigned CROSS_TRADE_SHARES_AT = 11;  // 8 bytes, integer
  localparam int unsigned CROSS_TRADE_STOCK_AT = 19;  // 8 bytes, alpha
  localparam int unsigned CROSS_TRADE_CROSS_PRICE_AT = 27;  // 4 bytes, price4
  localparam int unsigned CROSS_TRADE_MATCH_NUMBER_AT = 31;  // 8 bytes, integer
  localparam int unsigned CROSS_TRADE_CROSS_TYPE_AT = 39;  // 1 byte, alpha

  // B: A trade is undone.
  localparam logic [7:0] BROKEN_TRADE_TYPE = 8'h42;
  localparam int unsigned BROKEN_TRADE_LENGTH = 19;
  localparam int unsigned BROKEN_TRADE_MATCH_NUMBER_AT = 11;  // 8 bytes, integer

  // I: What an auction would do now.
  localparam logic [7:0] NET_ORDER_IMBALANCE_TYPE = 8'h49;
  localparam int unsigned NET_ORDER_IMBALANCE_LENGTH = 50;
  localparam int unsigned NET_ORDER_IMBALANCE_PAIRED_SHARES_AT = 11;  // 8 bytes, integer
  localparam int unsigned NET_ORDER_IMBALANCE_IMBALANCE_SHARES_AT = 19;  // 8 bytes, integer
  localparam int unsigned NET_ORDER_IMBALANCE_IMBALANCE_DIRECTION_AT = 27;  // 1 byte, alpha
  localparam int unsigned NET_ORDER_IMBALANCE_STOCK_AT = 28;  // 8 bytes, alpha
  localparam int unsigned NET_ORDER_IMBALANCE_FAR_PRICE_AT = 36;  // 4 bytes, price4
  localparam int unsigned NET_ORDER_IMBALANCE_NEAR_PRICE_AT = 40;  // 4 bytes, price4
  localparam int unsigned NET_ORDER_IMBALANCE_CURRENT_REFERENCE_PRICE_AT = 44;  // 4 bytes, price4
  localparam int unsigned NET_ORDER_IMBALANCE_CROSS_TYPE_AT = 48;  // 1 byte, alpha
  localparam int unsigned NET_ORDER_IMBALANCE_PRICE_VARIATION_INDICATOR_AT = 49;  // 1 byte, alpha

  // N: Retail interest at a better price.
  localparam logic [7:0] RETAIL_PRICE_IMPROVEMENT_INDICATOR_TYPE = 8'h4e;
  localparam int unsigned RETAIL_PRICE_IMPROVEMENT_INDICATOR_LENGTH = 20;
  localparam int unsigned RETAIL_PRICE_IMPROVEMENT_INDICATOR_STOCK_AT = 11;  // 8 bytes, alpha
  // 1 byte, alpha
  localparam int unsigned RETAIL_PRICE_IMPROVEMENT_INDICATOR_INTEREST_FLAG_AT = 19;

  // O: Price discovery of a direct listing with a capital raise.
  localparam logic [7:0] DIRECT_LISTING_PRICE_DISCOVERY_TYPE = 8'h4f;
  localparam int unsigned DIRECT_LISTING_PRICE_DISCOVERY_LENGTH = 48;
  localparam int unsigned DIRECT_LISTING_PRICE_DISCOVERY_STOCK_AT = 11;  // 8 bytes, alpha
  // 1 byte, alpha
  localparam int unsigned DIRECT_LISTING_PRICE_DISCOVERY_OPEN_ELIGIBILITY_STATUS_AT = 19;
  // 4 bytes, price4
  localparam int unsigned DIRECT_LISTING_PRICE_DISCOVERY_MINIMUM_ALLOWABLE_PRICE_AT = 20;
  // 4 bytes, price4
  localparam int unsigned DIRECT_LISTING_PRICE_DISCOVERY_MAXIMUM_ALLOWABLE_PRICE_AT = 24;
  // 4 bytes, price4
  localparam int unsigned DIRECT_LISTING_PRICE_DISCOVERY_NEAR_EXECUTION_PRICE_AT = 28;
  // 8 bytes, timestamp
  localparam int unsigned DIRECT_LISTING_PRICE_DISCOVERY_NEAR_EXECUTION_TIME_AT = 32;
  // 4 bytes, price4
  localparam int unsigned DIRECT_LISTING_PRICE_DISCOVERY_LOWER_PRICE_RANGE_COLLAR_AT = 40;
  // 4 bytes, price4
  localparam int unsigned DIRECT_LISTING_PRICE_DISCOVERY_UPPER_PRICE_RANGE_COLLAR_AT = 44;

  // The length that a message of this type has; 0 where the type isn't one of ITCH 5.0.
  function automatic logic [MESSAGE_LENGTH_W-1:0] message_length(logic [7:0] kind);
    unique case (kind)
      SYSTEM_EVENT_TYPE: return 6'd12;
      STOCK_DIRECTORY_TYPE: return 6'd39;
      STOCK_TRADING_ACTION_TYPE: return 6'd25;
      REG_SHO_RESTRICTION_TYPE: return 6'd20;
      MARKET_PARTICIPANT_POSITION_TYPE: return 6'd26;
      MWCB_DECLINE_LEVEL_TYPE: return 6'd35;
      MWCB_STATUS_TYPE: return 6'd12;
      IPO_QUOTING_PERIOD_UPDATE_TYPE: return 6'd28;
      LULD_AUCTION_COLLAR_TYPE: return 6'd35;
      OPERATIONAL_HALT_TYPE: return 6'd21;
      ADD_ORDER_TYPE: return 6'd36;
      ADD_ORDER_MPID_TYPE: return 6'd40;
      ORDER_EXECUTED_TYPE: return 6'd31;
      ORDER_EXECUTED_WITH_PRICE_TYPE: return 6'd36;
      ORDER_CANCEL_TYPE: return 6'd23;
      ORDER_DELETE_TYPE: return 6'd19;
      ORDER_REPLACE_TYPE: return 6'd35;
      TRADE_TYPE: return 6'd44;
      CROSS_TRADE_TYPE: return 6'd40;
      BROKEN_TRADE_TYPE: return 6'd19;
      NET_ORDER_IMBALANCE_TYPE: return 6'd50;
      RETAIL_PRICE_IMPROVEMENT_INDICATOR_TYPE: return 6'd20;
      DIRECT_LISTING_PRICE_DISCOVERY_TYPE: return 6'd48;
      default: return '0;
    endcase
  endfunction
endpackage

`default_nettype wire
