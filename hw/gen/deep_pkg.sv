// Generated from hw/regs/deep.toml by `python -m hwtools.generate`. Don't edit.
//
// deep_pkg: IEX DEEP 1.0 and IEX-TP. X_TYPE is the type's character, X_LENGTH bytes of the
// message, X_Y_AT the place of field Y's first byte, which is its number's least
// significant. The message's first byte, its type, is at 0; in a packet two bytes of length
// stand before it.
`default_nettype none

package deep_pkg;
  // IEX-TP.
  localparam int unsigned IEX_TP_HEADER_LENGTH = 40;
  localparam int unsigned IEX_TP_VERSION_AT = 0;  // 1 byte, integer
  localparam int unsigned IEX_TP_RESERVED_AT = 1;  // 1 byte, integer
  localparam int unsigned IEX_TP_MESSAGE_PROTOCOL_AT = 2;  // 2 bytes, integer
  localparam int unsigned IEX_TP_CHANNEL_AT = 4;  // 4 bytes, integer
  localparam int unsigned IEX_TP_SESSION_AT = 8;  // 4 bytes, integer
  localparam int unsigned IEX_TP_PAYLOAD_LENGTH_AT = 12;  // 2 bytes, integer
  localparam int unsigned IEX_TP_MESSAGE_COUNT_AT = 14;  // 2 bytes, integer
  localparam int unsigned IEX_TP_STREAM_OFFSET_AT = 16;  // 8 bytes, signed
  localparam int unsigned IEX_TP_SEQUENCE_NUMBER_AT = 24;  // 8 bytes, signed
  localparam int unsigned IEX_TP_SEND_TIME_AT = 32;  // 8 bytes, epoch
  localparam int unsigned IEX_TP_BLOCK_LENGTH = 2;
  localparam logic [15:0] IEX_TP_HEARTBEAT = 16'd0;

  // What every message begins with.
  localparam int unsigned MESSAGE_HEADER_LENGTH = 1;
  localparam int unsigned MESSAGE_MESSAGE_TYPE_AT = 0;  // 1 byte, alpha
  localparam int unsigned MESSAGE_LENGTH_W = 7;
  localparam int unsigned LONGEST_MESSAGE = 80;
  localparam int unsigned MESSAGE_TYPES = 13;

  // S: The market or the feed starts or stops.
  localparam logic [7:0] SYSTEM_EVENT_TYPE = 8'h53;
  localparam int unsigned SYSTEM_EVENT_LENGTH = 10;
  localparam int unsigned SYSTEM_EVENT_SYSTEM_EVENT_AT = 1;  // 1 byte, alpha
  localparam int unsigned SYSTEM_EVENT_TIMESTAMP_AT = 2;  // 8 bytes, epoch

  // D: A security that trades today.
  localparam logic [7:0] SECURITY_DIRECTORY_TYPE = 8'h44;
  localparam int unsigned SECURITY_DIRECTORY_LENGTH = 31;
  localparam int unsigned SECURITY_DIRECTORY_FLAGS_AT = 1;  // 1 byte, integer
  localparam int unsigned SECURITY_DIRECTORY_TIMESTAMP_AT = 2;  // 8 bytes, epoch
  localparam int unsigned SECURITY_DIRECTORY_SYMBOL_AT = 10;  // 8 bytes, alpha
  localparam int unsigned SECURITY_DIRECTORY_ROUND_LOT_SIZE_AT = 18;  // 4 bytes, integer
  localparam int unsigned SECURITY_DIRECTORY_ADJUSTED_POC_PRICE_AT = 22;  // 8 bytes, signed_price4
  localparam int unsigned SECURITY_DIRECTORY_LULD_TIER_AT = 30;  // 1 byte, integer

  // H: Trading in a security is halted, paused, open for orders only, or on.
  localparam logic [7:0] TRADING_STATUS_TYPE = 8'h48;
  localparam int unsigned TRADING_STATUS_LENGTH = 22;
  localparam int unsigned TRADING_STATUS_TRADING_STATUS_AT = 1;  // 1 byte, alpha
  localparam int unsigned TRADING_STATUS_TIMESTAMP_AT = 2;  // 8 bytes, epoch
  localparam int unsigned TRADING_STATUS_SYMBOL_AT = 10;  // 8 bytes, alpha
  localparam int unsigned TRADING_STATUS_REASON_AT = 18;  // 4 bytes, alpha

  // I: Retail interest at a better price.
  localparam logic [7:0] RETAIL_LIQUIDITY_INDICATOR_TYPE = 8'h49;
  localparam int unsigned RETAIL_LIQUIDITY_INDICATOR_LENGTH = 18;
  // 1 byte, alpha
  localparam int unsigned RETAIL_LIQUIDITY_INDICATOR_RETAIL_LIQUIDITY_INDICATOR_AT = 1;
  localparam int unsigned RETAIL_LIQUIDITY_INDICATOR_TIMESTAMP_AT = 2;  // 8 bytes, epoch
  localparam int unsigned RETAIL_LIQUIDITY_INDICATOR_SYMBOL_AT = 10;  // 8 bytes, alpha

  // O: IEX has interrupted trading in a security for reasons of its own.
  localparam logic [7:0] OPERATIONAL_HALT_STATUS_TYPE = 8'h4f;
  localparam int unsigned OPERATIONAL_HALT_STATUS_LENGTH = 18;
  localparam int unsigned OPERATIONAL_HALT_STATUS_OPERATIONAL_HALT_STATUS_AT = 1;  // 1 byte, alpha
  localparam int unsigned OPERATIONAL_HALT_STATUS_TIMESTAMP_AT = 2;  // 8 bytes, epoch
  localparam int unsigned OPERATIONAL_HALT_STATUS_SYMBOL_AT = 10;  // 8 bytes, alpha

  // P: Short sale price test.
  localparam logic [7:0] SHORT_SALE_PRICE_TEST_STATUS_TYPE = 8'h50;
  localparam int unsigned SHORT_SALE_PRICE_TEST_STATUS_LENGTH = 19;
  // 1 byte, integer
  localparam int unsigned SHORT_SALE_PRICE_TEST_STATUS_SHORT_SALE_PRICE_TEST_STATUS_AT = 1;
  localparam int unsigned SHORT_SALE_PRICE_TEST_STATUS_TIMESTAMP_AT = 2;  // 8 bytes, epoch
  localparam int unsigned SHORT_SALE_PRICE_TEST_STATUS_SYMBOL_AT = 10;  // 8 bytes, alpha
  localparam int unsigned SHORT_SALE_PRICE_TEST_STATUS_DETAIL_AT = 18;  // 1 byte, alpha

  // E: Opening or closing of a security is over.
  localparam logic [7:0] SECURITY_EVENT_TYPE = 8'h45;
  localparam int unsigned SECURITY_EVENT_LENGTH = 18;
  localparam int unsigned SECURITY_EVENT_SECURITY_EVENT_AT = 1;  // 1 byte, alpha
  localparam int unsigned SECURITY_EVENT_TIMESTAMP_AT = 2;  // 8 bytes, epoch
  localparam int unsigned SECURITY_EVENT_SYMBOL_AT = 10;  // 8 bytes, alpha

  // 8: What rests at a price of the buy side now.
  localparam logic [7:0] PRICE_LEVEL_UPDATE_BUY_TYPE = 8'h38;
  localparam int unsigned PRICE_LEVEL_UPDATE_BUY_LENGTH = 30;
  localparam int unsigned PRICE_LEVEL_UPDATE_BUY_EVENT_FLAGS_AT = 1;  // 1 byte, integer
  localparam int unsigned PRICE_LEVEL_UPDATE_BUY_TIMESTAMP_AT = 2;  // 8 bytes, epoch
  localparam int unsigned PRICE_LEVEL_UPDATE_BUY_SYMBOL_AT = 10;  // 8 bytes, alpha
  localparam int unsigned PRICE_LEVEL_UPDATE_BUY_SIZE_AT = 18;  // 4 bytes, integer
  localparam int unsigned PRICE_LEVEL_UPDATE_BUY_PRICE_AT = 22;  // 8 bytes, signed_price4

  // 5: What rests at a price of the sell side now.
  localparam logic [7:0] PRICE_LEVEL_UPDATE_SELL_TYPE = 8'h35;
  localparam int unsigned PRICE_LEVEL_UPDATE_SELL_LENGTH = 30;
  localparam int unsigned PRICE_LEVEL_UPDATE_SELL_EVENT_FLAGS_AT = 1;  // 1 byte, integer
  localparam int unsigned PRICE_LEVEL_UPDATE_SELL_TIMESTAMP_AT = 2;  // 8 bytes, epoch
  localparam int unsigned PRICE_LEVEL_UPDATE_SELL_SYMBOL_AT = 10;  // 8 bytes, alpha
  localparam int unsigned PRICE_LEVEL_UPDATE_SELL_SIZE_AT = 18;  // 4 bytes, integer
  localparam int unsigned PRICE_LEVEL_UPDATE_SELL_PRICE_AT = 22;  // 8 bytes, signed_price4

  // T: Shares traded.
  localparam logic [7:0] TRADE_REPORT_TYPE = 8'h54;
  localparam int unsigned TRADE_REPORT_LENGTH = 38;
  localparam int unsigned TRADE_REPORT_SALE_CONDITION_FLAGS_AT = 1;  // 1 byte, integer
  localparam int unsigned TRADE_REPORT_TIMESTAMP_AT = 2;  // 8 bytes, epoch
  localparam int unsigned TRADE_REPORT_SYMBOL_AT = 10;  // 8 bytes, alpha
  localparam int unsigned TRADE_REPORT_SIZE_AT = 18;  // 4 bytes, integer
  localparam int unsigned TRADE_REPORT_PRICE_AT = 22;  // 8 bytes, signed_price4
  localparam int unsigned TRADE_REPORT_TRADE_ID_AT = 30;  // 8 bytes, signed

  // X: An official opening or closing price.
  localparam logic [7:0] OFFICIAL_PRICE_TYPE = 8'h58;
  localparam int unsigned OFFICIAL_PRICE_LENGTH = 26;
  localparam int unsigned OFFICIAL_PRICE_PRICE_TYPE_AT = 1;  // 1 byte, alpha
  localparam int unsigned OFFICIAL_PRICE_TIMESTAMP_AT = 2;  // 8 bytes, epoch
  localparam int unsigned OFFICIAL_PRICE_SYMBOL_AT = 10;  // 8 bytes, alpha
  localparam int unsigned OFFICIAL_PRICE_OFFICIAL_PRICE_AT = 18;  // 8 bytes, signed_price4

  // B: A trade is undone.
  localparam logic [7:0] TRADE_BREAK_TYPE = 8'h42;
  localparam int unsigned TRADE_BREAK_LENGTH = 38;
  localparam int unsigned TRADE_BREAK_SALE_CONDITION_FLAGS_AT = 1;  // 1 byte, integer
  localparam int unsigned TRADE_BREAK_TIMESTAMP_AT = 2;  // 8 bytes, epoch
  localparam int unsigned TRADE_BREAK_SYMBOL_AT = 10;  // 8 bytes, alpha
  localparam int unsigned TRADE_BREAK_SIZE_AT = 18;  // 4 bytes, integer
  localparam int unsigned TRADE_BREAK_PRICE_AT = 22;  // 8 bytes, signed_price4
  localparam int unsigned TRADE_BREAK_TRADE_ID_AT = 30;  // 8 bytes, signed

  // A: What an auction would do now.
  localparam logic [7:0] AUCTION_INFORMATION_TYPE = 8'h41;
  localparam int unsigned AUCTION_INFORMATION_LENGTH = 80;
  localparam int unsigned AUCTION_INFORMATION_AUCTION_TYPE_AT = 1;  // 1 byte, alpha
  localparam int unsigned AUCTION_INFORMATION_TIMESTAMP_AT = 2;  // 8 bytes, epoch
  localparam int unsigned AUCTION_INFORMATION_SYMBOL_AT = 10;  // 8 bytes, alpha
  localparam int unsigned AUCTION_INFORMATION_PAIRED_SHARES_AT = 18;  // 4 bytes, integer
  localparam int unsigned AUCTION_INFORMATION_REFERENCE_PRICE_AT = 22;  // 8 bytes, signed_price4
  // 8 bytes, signed_price4
  localparam int unsigned AUCTION_INFORMATION_INDICATIVE_CLEARING_PRICE_AT = 30;
  localparam int unsigned AUCTION_INFORMATION_IMBALANCE_SHARES_AT = 38;  // 4 bytes, integer
  localparam int unsigned AUCTION_INFORMATION_IMBALANCE_SIDE_AT = 42;  // 1 byte, alpha
  localparam int unsigned AUCTION_INFORMATION_EXTENSION_NUMBER_AT = 43;  // 1 byte, integer
  localparam int unsigned AUCTION_INFORMATION_SCHEDULED_AUCTION_TIME_AT = 44;  // 4 bytes, integer
  // 8 bytes, signed_price4
  localparam int unsigned AUCTION_INFORMATION_AUCTION_BOOK_CLEARING_PRICE_AT = 48;
  // 8 bytes, signed_price4
  localparam int unsigned AUCTION_INFORMATION_COLLAR_REFERENCE_PRICE_AT = 56;
  // 8 bytes, signed_price4
  localparam int unsigned AUCTION_INFORMATION_LOWER_AUCTION_COLLAR_AT = 64;
  // 8 bytes, signed_price4
  localparam int unsigned AUCTION_INFORMATION_UPPER_AUCTION_COLLAR_AT = 72;

  // The length that a message of this type has; 0 where the type isn't one of IEX DEEP 1.0.
  function automatic logic [MESSAGE_LENGTH_W-1:0] message_length(logic [7:0] kind);
    unique case (kind)
      SYSTEM_EVENT_TYPE: return 7'd10;
      SECURITY_DIRECTORY_TYPE: return 7'd31;
      TRADING_STATUS_TYPE: return 7'd22;
      RETAIL_LIQUIDITY_INDICATOR_TYPE: return 7'd18;
      OPERATIONAL_HALT_STATUS_TYPE: return 7'd18;
      SHORT_SALE_PRICE_TEST_STATUS_TYPE: return 7'd19;
      SECURITY_EVENT_TYPE: return 7'd18;
      PRICE_LEVEL_UPDATE_BUY_TYPE: return 7'd30;
      PRICE_LEVEL_UPDATE_SELL_TYPE: return 7'd30;
      TRADE_REPORT_TYPE: return 7'd38;
      OFFICIAL_PRICE_TYPE: return 7'd26;
      TRADE_BREAK_TYPE: return 7'd38;
      AUCTION_INFORMATION_TYPE: return 7'd80;
      default: return '0;
    endcase
  endfunction
endpackage

`default_nettype wire
