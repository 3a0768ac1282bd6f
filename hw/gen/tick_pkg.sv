// Generated from hw/regs (messages.toml, tickwire.rdl) by `python -m hwtools.generate`. Don't edit.
//
// tick_pkg: the messages between the blocks of the path. First field in the most
// significant bits, element 0 of an array in the least significant. X_t is a record,
// X_e an enum, X_W the bits of either.
`default_nettype none

package tick_pkg;
  localparam int unsigned SLOTS = 8;  // instruments: instruments that the path follows
  localparam int unsigned SLOT_W = 3;  // bits: the number of an instrument's slot
  localparam int unsigned PRICE_W = 32;  // bits: a price, as ITCH's Price(4)
  localparam int unsigned SHARES_W = 32;  // bits: a number of shares
  localparam int unsigned MONEY_W = 64;  // bits: a sum of money: price times shares
  localparam int unsigned ORDERS_W = 16;  // bits: orders resting at one price
  localparam int unsigned REFERENCE_W = 64;  // bits: the exchange's order reference number
  localparam int unsigned LEVELS = 10;  // levels: price levels kept exact on each side of a book
  localparam int unsigned FEATURES = 32;  // elements: elements of a feature vector
  localparam int unsigned FEATURE_W = 16;  // bits: one feature: the network's input integer
  localparam int unsigned CLASSES = 3;  // elements: directions: 0 down, 1 flat, 2 up
  localparam int unsigned SCORE_W = 16;  // bits: one output of the network
  localparam int unsigned STRENGTH_W = 17;  // bits: the difference of two scores, exact
  localparam int unsigned SEQUENCE_W = 64;  // bits: a MoldUDP64 sequence number
  localparam int unsigned TIME_W = 48;  // bits: an ITCH timestamp
  localparam int unsigned CYCLE_W = 48;  // bits: a stamp of the free-running cycle counter
  localparam int unsigned MODEL_ID_W = 64;  // bits: the model id
  localparam int unsigned TOKEN_W = 32;  // bits: the host's and the board's name for one order
  localparam int unsigned CHECKS = 37;  // checks: checks of the risk gate, a bit each
  localparam int unsigned HOLDING_W = 40;  // bits: a sum of shares, signed
  localparam int unsigned LIMIT_MONEY_W = 63;  // bits: a limit of money, and what is held to it
  localparam int unsigned KEY_W = 64;  // bits: what opens the risk window
  localparam int unsigned NONCE_W = 32;  // bits: a number that is good for arming once

  // Side of an order or of the book.
  localparam int unsigned SIDE_W = 1;
  typedef enum logic [SIDE_W-1:0] {
    SIDE_BUY = 1'd0,  // bid
    SIDE_SELL = 1'd1  // ask
  } side_e;

  // What happens to a book.
  localparam int unsigned OPERATION_W = 4;
  typedef enum logic [OPERATION_W-1:0] {
    OPERATION_NONE = 4'd0,  // nothing; only marks the end of a packet
    OPERATION_ADD = 4'd1,  // ITCH A or F, or an order of a snapshot
    OPERATION_EXECUTE = 4'd2,  // ITCH E: shares traded at the order's price
    OPERATION_EXECUTE_PRICE = 4'd3,  // ITCH C: shares traded at another price
    OPERATION_CANCEL = 4'd4,  // ITCH X: shares taken off the order
    OPERATION_DELETE = 4'd5,  // ITCH D: the order is gone
    OPERATION_REPLACE = 4'd6,  // ITCH U: the order is gone, a new one is there
    OPERATION_HALT = 4'd7,  // ITCH H: trading is halted, paused or quotation only
    OPERATION_RESUME = 4'd8,  // ITCH H: trading
    OPERATION_STALE = 4'd9,  // the book can't be trusted from here on; see the reason
    OPERATION_CLEAR = 4'd10,  // the host empties the slot and makes it trusted again
    OPERATION_LOAD = 4'd11,  // the host empties the slot and begins to load a snapshot
    OPERATION_TRUST = 4'd12,  // the snapshot is whole up to the sequence number, of the session that order_reference and price name
    OPERATION_LEVEL = 4'd13  // DEEP 8 or 5: what rests at a price now; order_table makes an add, a replace, a delete or a none of it
  } operation_e;

  // What the signal stage decides.
  localparam int unsigned ACTION_W = 2;
  typedef enum logic [ACTION_W-1:0] {
    ACTION_NONE = 2'd0,  // do nothing; see the reason
    ACTION_BUY = 2'd1,  // strength is at or above the buy threshold
    ACTION_SELL = 2'd2  // strength is at or below the sell threshold
  } action_e;

  // What the risk gate says to an order.
  localparam int unsigned VERDICT_W = 1;
  typedef enum logic [VERDICT_W-1:0] {
    VERDICT_REFUSED = 1'd0,  // not sent; see the reason
    VERDICT_ACCEPTED = 1'd1  // sent
  } verdict_e;

  // How long an order lives.
  localparam int unsigned TIME_IN_FORCE_W = 2;
  typedef enum logic [TIME_IN_FORCE_W-1:0] {
    TIME_IN_FORCE_IMMEDIATE = 2'd0,  // what doesn't trade at once is cancelled
    TIME_IN_FORCE_DAY = 2'd1  // until the market closes
  } time_in_force_e;

  // Why an instrument is stale, a decision is none or an order is refused.
  localparam int unsigned REASON_W = 8;
  typedef enum logic [REASON_W-1:0] {
    REASON_OK = 8'd0,  // nothing is wrong
    REASON_BELOW_THRESHOLD = 8'd1,  // the strength is between the thresholds
    REASON_HYSTERESIS = 8'd2,  // not far enough from the last decision
    REASON_TOO_SOON = 8'd3,  // within the minimum interval since the last
    REASON_WARMING_UP = 8'd4,  // not enough history for every feature
    REASON_NOT_ENABLED = 8'd5,  // the slot isn't enabled, or a lower one has its locate; or so it was for a part of the session
    REASON_ONE_SIDED = 8'd6,  // the book has no bid or no ask
    REASON_UNCHANGED = 8'd7,  // nothing that the network sees has changed
    REASON_CLEARED = 8'd16,  // the slot was cleared and has no book yet
    REASON_CROSSED = 8'd17,  // the best bid is above the best ask
    REASON_LOCKED = 8'd18,  // the best bid equals the best ask
    REASON_HALTED = 8'd19,  // the exchange has halted the instrument
    REASON_TABLE_OVERFLOW = 8'd20,  // the order table had no room
    REASON_LEVEL_OVERFLOW = 8'd21,  // a price level found no room
    REASON_NUMBER_OVERFLOW = 8'd22,  // shares or orders passed their width
    REASON_UNKNOWN_REFERENCE = 8'd23,  // a message names an order never added
    REASON_DUPLICATE_REFERENCE = 8'd24,  // an order was added twice
    REASON_EXCESS_SHARES = 8'd25,  // more was executed or cancelled than rested
    REASON_BAD_PRICE = 8'd26,  // an order of price 0
    REASON_BAD_SHARES = 8'd27,  // an order of 0 shares
    REASON_LOADING = 8'd28,  // the host is loading a snapshot
    REASON_DEPTH_LOST = 8'd29,  // deeper levels weren't there in time
    REASON_GAP = 8'd32,  // messages are missing from both feeds
    REASON_BAD_FRAME = 8'd33,  // the frame's check sequence was wrong
    REASON_PARSE_ERROR = 8'd34,  // a message of a wrong type or length
    REASON_DROPPED = 8'd35,  // a block could not keep up
    REASON_SESSION_ENDED = 8'd36,  // the feed's session ended, or is no longer followed
    REASON_NO_START = 8'd37,  // the session, or the instrument in it, is followed from its middle on
    REASON_OTHER_SESSION = 8'd38,  // another session sends, and this one hasn't ended
    REASON_RELOCATED = 8'd39,  // the instrument has another stock locate than before, or than the slot
    REASON_MARKET_CLOSED = 8'd40,  // the market isn't open, or nobody knows
    REASON_BREACHED = 8'd41,  // a market-wide circuit breaker was breached
    REASON_INTERRUPTED = 8'd42,  // the exchange has interrupted the instrument for reasons of its own
    REASON_PARITY = 8'd48,  // a memory's parity was wrong
    REASON_DISARMED = 8'd49,  // a human hasn't armed it
    REASON_KILLED = 8'd50,  // the kill switch was used
    REASON_HEARTBEAT_LOST = 8'd51,  // the host stopped saying that it lives
    REASON_MODEL_MISMATCH = 8'd52,  // host and board hold different models
    REASON_ORDER_SHARES = 8'd64,  // above the shares allowed in one order
    REASON_ORDER_MONEY = 8'd65,  // above the money allowed in one order
    REASON_PRICE_BAND = 8'd66,  // outside the limit up, limit down band
    REASON_POSITION_LONG = 8'd67,  // the long position could pass its limit
    REASON_OPEN_ORDERS = 8'd68,  // too many orders of the slot are open
    REASON_RATE = 8'd69,  // too many orders of the slot in the time allowed
    REASON_LOSS = 8'd70,  // the slot's loss is above its limit, or not known
    REASON_SLOT_KILLED = 8'd71,  // the slot's kill switch was used
    REASON_UNWRITTEN = 8'd72,  // limits were never written
    REASON_RESTRICTED = 8'd73,  // the instrument is on the restricted list
    REASON_SESSION_CLOSED = 8'd74,  // the host hasn't opened the session
    REASON_STALE = 8'd75,  // the book can't be trusted
    REASON_OLD = 8'd76,  // the book that it answers is too old
    REASON_COLLAR_TOUCH = 8'd77,  // too far from the opposite touch
    REASON_COLLAR_REFERENCE = 8'd78,  // too far from the host's reference price
    REASON_TICK = 8'd79,  // the price isn't on the tick
    REASON_POSITION_SHORT = 8'd80,  // the short position could pass its limit
    REASON_GROSS = 8'd81,  // the gross value of all slots could pass its limit
    REASON_NET = 8'd82,  // the net value of all slots could pass its limit
    REASON_CREDIT = 8'd83,  // the day's credit would be used up
    REASON_RATE_TOTAL = 8'd84,  // too many orders of all slots in the time allowed
    REASON_DAY = 8'd85,  // too many orders of the slot today
    REASON_DAY_TOTAL = 8'd86,  // too many orders of all slots today
    REASON_DUPLICATE = 8'd87,  // the same order was sent just before
    REASON_REPEATED = 8'd88,  // too many orders since a person allowed more
    REASON_SELF_TRADE = 8'd89,  // it could trade with an own order
    REASON_LOSS_TOTAL = 8'd90,  // the loss of all slots is above its limit, or not known
    REASON_OPEN_TOTAL = 8'd91,  // too many orders are open, or no place is free
    REASON_SHORT_SALE = 8'd92,  // a short sale not allowed, or not marked
    REASON_TOKEN = 8'd93,  // no token is left, or none was ever given
    REASON_SYMBOL = 8'd94  // the slot follows another instrument than its limits are of
  } reason_e;

  // Whether others see an order.
  localparam int unsigned DISPLAY_W = 1;
  typedef enum logic [DISPLAY_W-1:0] {
    DISPLAY_VISIBLE = 1'd0,  // all see it
    DISPLAY_HIDDEN = 1'd1  // nobody does
  } display_e;

  // For whom an order is.
  localparam int unsigned CAPACITY_W = 2;
  typedef enum logic [CAPACITY_W-1:0] {
    CAPACITY_AGENCY = 2'd0,  // a customer's
    CAPACITY_PRINCIPAL = 2'd1,  // the firm's own
    CAPACITY_RISKLESS = 2'd2  // riskless principal
  } capacity_e;

  // What a sale is marked as; a buy's says nothing.
  localparam int unsigned MARKING_W = 1;
  typedef enum logic [MARKING_W-1:0] {
    MARKING_LONG = 1'd0,  // of shares that are held
    MARKING_SHORT = 1'd1  // of shares that may not be held
  } marking_e;

  // Where an order's price comes from.
  localparam int unsigned PRICING_W = 2;
  typedef enum logic [PRICING_W-1:0] {
    PRICING_OPPOSITE = 2'd0,  // the opposite touch
    PRICING_OWN = 2'd1,  // the own side's touch
    PRICING_BEHIND = 2'd2,  // so far behind the own side's touch
    PRICING_BEYOND = 2'd3  // so far through the opposite touch
  } pricing_e;

  // The steps of an instrument's prices, from $1 on; below it any price is on the tick.
  localparam int unsigned TICK_CLASS_W = 2;
  typedef enum logic [TICK_CLASS_W-1:0] {
    TICK_CLASS_UNSET = 2'd0,  // none: no price is on it
    TICK_CLASS_CENT = 2'd1,  // 100 units
    TICK_CLASS_HALF_CENT = 2'd2,  // 50 units
    TICK_CLASS_FINE = 2'd3  // 1 unit
  } tick_class_e;

  // What a confirmation says of an order.
  localparam int unsigned OUTCOME_W = 3;
  typedef enum logic [OUTCOME_W-1:0] {
    OUTCOME_ACCEPTED = 3'd0,  // it is live
    OUTCOME_EXECUTED = 3'd1,  // shares of it traded
    OUTCOME_CANCELLED = 3'd2,  // shares of it are gone
    OUTCOME_REJECTED = 3'd3,  // it never lived
    OUTCOME_BROKEN = 3'd4  // a trade of it was undone
  } outcome_e;

  // What the risk gate asks of each order.
  localparam int unsigned CHECK_W = 6;
  typedef enum logic [CHECK_W-1:0] {
    CHECK_KILLED = 6'd0,  // nothing has killed the gate
    CHECK_SLOT_KILLED = 6'd1,  // nobody has killed the slot
    CHECK_DISARMED = 6'd2,  // a person has armed it
    CHECK_UNWRITTEN = 6'd3,  // the slot's limits and the total ones were written
    CHECK_NOT_ENABLED = 6'd4,  // the slot is enabled
    CHECK_RESTRICTED = 6'd5,  // the instrument isn't restricted
    CHECK_HALTED = 6'd6,  // it isn't halted
    CHECK_SESSION_CLOSED = 6'd7,  // the session is open
    CHECK_STALE = 6'd8,  // the book isn't stale
    CHECK_CROSSED = 6'd9,  // the book isn't crossed
    CHECK_LOCKED = 6'd10,  // the book isn't locked
    CHECK_OLD = 6'd11,  // the message that it answers is new enough
    CHECK_COLLAR_TOUCH = 6'd12,  // the price is near the opposite touch
    CHECK_COLLAR_REFERENCE = 6'd13,  // the price is near the reference
    CHECK_PRICE_BAND = 6'd14,  // the price is within the band
    CHECK_TICK = 6'd15,  // the price is on the tick
    CHECK_ORDER_SHARES = 6'd16,  // shares of one order
    CHECK_ORDER_MONEY = 6'd17,  // value of one order
    CHECK_POSITION_LONG = 6'd18,  // position with all open buys
    CHECK_POSITION_SHORT = 6'd19,  // position with all open sells
    CHECK_GROSS = 6'd20,  // gross value of all slots
    CHECK_NET = 6'd21,  // net value of all slots
    CHECK_CREDIT = 6'd22,  // value traded and open today
    CHECK_RATE = 6'd23,  // bucket of the slot
    CHECK_RATE_TOTAL = 6'd24,  // bucket of all slots
    CHECK_DAY = 6'd25,  // orders of the slot today
    CHECK_DAY_TOTAL = 6'd26,  // orders of all slots today
    CHECK_DUPLICATE = 6'd27,  // no such order was sent just before
    CHECK_REPEATED = 6'd28,  // orders of the slot since a person allowed more
    CHECK_SELF_TRADE = 6'd29,  // no own order that it could trade with
    CHECK_LOSS = 6'd30,  // loss of the slot
    CHECK_LOSS_TOTAL = 6'd31,  // loss of all slots
    CHECK_OPEN_ORDERS = 6'd32,  // open orders of the slot
    CHECK_OPEN_TOTAL = 6'd33,  // open orders of all slots, and a free place
    CHECK_SHORT_SALE = 6'd34,  // a short sale is allowed and marked
    CHECK_TOKEN = 6'd35,  // a token is left
    CHECK_SYMBOL = 6'd36  // the slot follows the instrument that its limits are of
  } check_e;

  // What the host tells the risk gate.
  localparam int unsigned ACT_W = 5;
  typedef enum logic [ACT_W-1:0] {
    ACT_NONE = 5'd0,  // nothing
    ACT_KEY = 5'd1,  // the key from now on, if there is none yet
    ACT_SLOT_LIMITS = 5'd2,  // the limits of a slot
    ACT_TOTAL_LIMITS = 5'd3,  // the limits of all slots together
    ACT_HASH = 5'd4,  // the hash of all limits, as the host has them
    ACT_REQUEST = 5'd5,  // arming, first step: asks for a nonce
    ACT_ARM = 5'd6,  // arming, second step
    ACT_DISARM = 5'd7,  // no order any more; needs no key
    ACT_KILL = 5'd8,  // likewise, and stays; needs no key
    ACT_KILL_SLOT = 5'd9,  // of one slot; needs no key
    ACT_REVIVE = 5'd10,  // lifts the kill
    ACT_REVIVE_SLOT = 5'd11,  // lifts that of one slot
    ACT_BEAT = 5'd12,  // the host lives
    ACT_SESSION = 5'd13,  // opens or closes the session
    ACT_POSITION = 5'd14,  // the position of a slot
    ACT_LIFT = 5'd15,  // a person allows more orders of a slot
    ACT_NEW_DAY = 5'd16,  // the day's sums begin with 0
    ACT_REFERENCE = 5'd17,  // reference price and band of a slot
    ACT_LOSS = 5'd18,  // the loss of a slot
    ACT_LOSS_TOTAL = 5'd19,  // the loss of all slots
    ACT_TOKEN = 5'd20  // the next order's token
  } act_e;

  // Why the order's session isn't the card's any more.
  localparam int unsigned SESSION_END_W = 3;
  typedef enum logic [SESSION_END_W-1:0] {
    SESSION_END_NONE = 3'd0,  // it never was
    SESSION_END_ASKED = 3'd1,  // the host took it back
    SESSION_END_RESET = 3'd2,  // the venue reset the connection
    SESSION_END_FINISHED = 3'd3,  // the venue closed it
    SESSION_END_SILENT = 3'd4,  // the venue doesn't answer
    SESSION_END_OVER = 3'd5,  // the venue's session of SoupBinTCP is over
    SESSION_END_UNREAD = 3'd6,  // a packet that has no place there
    SESSION_END_LOST = 3'd7  // an order for which there was no room
  } session_end_e;

  // A beat of the stream of messages: what mold_merge gives itch_parse, shown beside it.
  localparam int unsigned TAP_W = 255;
  typedef struct packed {
    logic valid;  // there is a beat
    logic [63:0] data;  // its bytes, lane 0 in the lowest; at W = 8 there is only that
    logic [3:0] tail;  // lanes: from lane 0 on, of the message that was in progress before
    logic last;  // the tail holds that message's last byte
    logic [2:0] runts;  // messages: of at most 8 bytes, which are only counted
    logic start;  // a message begins
    logic [3:0] lane;  // lane: where it begins; it has every lane from there on
    logic [15:0] length;  // bytes: how long it is
    // messages: of the message in progress, or of the first of the runts, MoldUDP64
    logic [SEQUENCE_W-1:0] sequence_number;
    logic last_of_packet;  // the packet's last message ends
    logic [CYCLE_W-1:0] frame_cycle;  // cycles: stamp of the frame's first byte
    logic [CYCLE_W-1:0] message_cycle;  // cycles: stamp of this beat
  } tap_t;

  // A book operation: itch_parse, or the host's snapshot, to order_table.
  localparam int unsigned BOOK_OP_W = 417;
  typedef struct packed {
    logic [SLOT_W-1:0] slot;  // slot: instrument
    operation_e operation;  // what happens
    side_e side;  // of an added order; buy where the message has none
    logic [REFERENCE_W-1:0] order_reference;  // the order concerned
    logic [REFERENCE_W-1:0] new_order_reference;  // the order that replaces it, else 0
    logic [PRICE_W-1:0] price;  // 1/10,000 dollar: of an added or replacing order, or of the trade
    logic [SHARES_W-1:0] shares;  // shares: added, executed, cancelled or replacing
    // of a stale or a clear why the book is stale; of others why nobody may act by it; else ok
    reason_e reason;
    logic last_of_packet;  // the packet's last message
    logic [TIME_W-1:0] timestamp;  // ns: since midnight, from the exchange
    logic [SEQUENCE_W-1:0] sequence_number;  // messages: of the message, MoldUDP64
    logic [CYCLE_W-1:0] frame_cycle;  // cycles: stamp of the frame's first byte
    logic [CYCLE_W-1:0] message_cycle;  // cycles: stamp of the message's last byte
  } book_op_t;

  // What an operation does to the levels of one side: order_table to price_book.
  localparam int unsigned LEVEL_OP_W = 364;
  typedef struct packed {
    logic [SLOT_W-1:0] slot;  // slot: instrument
    operation_e operation;  // what happens
    side_e side;  // of the order, also where the message has none
    reason_e cause;  // why it is refused, else ok; then nothing is taken or put
    reason_e reason;  // as of the operation
    logic take;  // shares are taken off a level
    logic gone;  // and with them the order
    logic [PRICE_W-1:0] take_price;  // 1/10,000 dollar: of the order that was there
    logic [SHARES_W-1:0] take_shares;  // shares: executed, cancelled or deleted
    logic put;  // an order comes to rest
    logic [PRICE_W-1:0] put_price;  // 1/10,000 dollar: of the added or replacing order
    logic [SHARES_W-1:0] put_shares;  // shares: of the added or replacing order
    logic last_of_packet;  // the packet's last message
    logic [TIME_W-1:0] timestamp;  // ns: since midnight, from the exchange
    logic [SEQUENCE_W-1:0] sequence_number;  // messages: of the message, MoldUDP64
    logic [CYCLE_W-1:0] frame_cycle;  // cycles: stamp of the frame's first byte
    logic [CYCLE_W-1:0] message_cycle;  // cycles: stamp of the message's last byte
  } level_op_t;

  // The best levels of the side that an operation touched: price_book to features, beside top_of_book.
  localparam int unsigned DEPTH_W = 804;
  typedef struct packed {
    logic [SLOT_W-1:0] slot;  // slot: instrument
    // which side; the other is as it was, or empty where the book is stale or was cleared
    side_e side;
    // 1/10,000 dollar: the best first; 0 where there is none
    logic [LEVELS-1:0][PRICE_W-1:0] prices;
    logic [LEVELS-1:0][SHARES_W-1:0] shares;  // shares: at each price
    logic [LEVELS-1:0][ORDERS_W-1:0] orders;  // orders: at each price; 0 where there is none
  } depth_t;

  // The best prices after an operation, and the operation: price_book to features.
  localparam int unsigned TOP_OF_BOOK_W = 453;
  typedef struct packed {
    logic [SLOT_W-1:0] slot;  // slot: instrument
    logic [PRICE_W-1:0] bid_price;  // 1/10,000 dollar: best bid; 0 when there is none
    logic [SHARES_W-1:0] bid_shares;  // shares: at the best bid
    logic [ORDERS_W-1:0] bid_orders;  // orders: at the best bid; 0 when there is none
    logic [PRICE_W-1:0] ask_price;  // 1/10,000 dollar: best ask; 0 when there is none
    logic [SHARES_W-1:0] ask_shares;  // shares: at the best ask
    logic [ORDERS_W-1:0] ask_orders;  // orders: at the best ask; 0 when there is none
    logic crossed;  // best bid above best ask
    logic locked;  // best bid equal to best ask
    logic stale;  // the book can't be trusted
    logic halted;  // the exchange has halted trading
    reason_e reason;  // the first that applies, else ok
    operation_e operation;  // what made this book
    side_e operation_side;  // side of the order it touched
    logic [PRICE_W-1:0] operation_price;  // 1/10,000 dollar: price of the order it touched
    logic [SHARES_W-1:0] operation_shares;  // shares: added, executed or taken off
    logic last_of_packet;  // the packet's last message
    logic [TIME_W-1:0] timestamp;  // ns: since midnight, from the exchange
    logic [SEQUENCE_W-1:0] sequence_number;  // messages: of the message, MoldUDP64
    logic [CYCLE_W-1:0] frame_cycle;  // cycles: stamp of the frame's first byte
    logic [CYCLE_W-1:0] message_cycle;  // cycles: stamp of the message's last byte
  } top_of_book_t;

  // The network's input integers: features to nn.
  typedef logic signed [FEATURE_W-1:0] feature_vector_values_element_t;
  localparam int unsigned FEATURE_VECTOR_W = 861;
  typedef struct packed {
    logic [SLOT_W-1:0] slot;  // slot: instrument
    // in the order of the feature table; 0 where it is shorter
    feature_vector_values_element_t [FEATURES-1:0] values;
    logic warm;  // every feature has its full history
    logic changed;  // an event came since the slot's last vector
    reason_e reason;  // what the book says, then warming_up; else ok
    logic [PRICE_W-1:0] bid_price;  // 1/10,000 dollar: best bid; 0 when there is none
    logic [SHARES_W-1:0] bid_shares;  // shares: at the best bid
    logic [PRICE_W-1:0] ask_price;  // 1/10,000 dollar: best ask; 0 when there is none
    logic [SHARES_W-1:0] ask_shares;  // shares: at the best ask
    logic [TIME_W-1:0] timestamp;  // ns: since midnight, from the exchange
    logic [SEQUENCE_W-1:0] sequence_number;  // messages: of the message, MoldUDP64
    logic [CYCLE_W-1:0] frame_cycle;  // cycles: stamp of the frame's first byte
    logic [CYCLE_W-1:0] message_cycle;  // cycles: stamp of the message's last byte
  } feature_vector_t;

  // What the network says and what follows: signal to risk_gate and to the host.
  typedef logic signed [SCORE_W-1:0] signal_scores_element_t;
  localparam int unsigned SIGNAL_W = 510;
  typedef struct packed {
    logic [SLOT_W-1:0] slot;  // slot: instrument
    logic [SEQUENCE_W-1:0] sequence_number;  // messages: of the message, MoldUDP64
    logic [TIME_W-1:0] timestamp;  // ns: since midnight, from the exchange
    signal_scores_element_t [CLASSES-1:0] scores;  // 0 down, 1 flat, 2 up
    logic signed [SCORE_W-1:0] expected_return;  // the network's second head; 0 where it has none
    // the network's third head; 0 where it has none
    logic signed [SCORE_W-1:0] expected_volatility;
    action_e decision;  // buy, sell or none
    logic signed [STRENGTH_W-1:0] strength;  // score up minus score down
    reason_e reason;  // why the decision is none, else ok
    logic [PRICE_W-1:0] bid_price;  // 1/10,000 dollar: best bid; 0 when there is none
    logic [SHARES_W-1:0] bid_shares;  // shares: at the best bid
    logic [PRICE_W-1:0] ask_price;  // 1/10,000 dollar: best ask; 0 when there is none
    logic [SHARES_W-1:0] ask_shares;  // shares: at the best ask
    logic [CYCLE_W-1:0] frame_cycle;  // cycles: stamp of the frame's first byte
    logic [CYCLE_W-1:0] message_cycle;  // cycles: stamp of the message's last byte
    logic [MODEL_ID_W-1:0] model_id;  // hash of weights, feature table and scaling
  } signal_t;

  // An order that the strategy would like: order_maker to risk_gate.
  localparam int unsigned INTENT_W = 426;
  typedef struct packed {
    logic [SLOT_W-1:0] slot;  // slot: instrument
    side_e side;  // buy or sell
    logic [PRICE_W-1:0] price;  // 1/10,000 dollar: limit; 0 where there is none
    logic [SHARES_W-1:0] shares;  // shares: to trade
    time_in_force_e time_in_force;  // how long it lives
    display_e display;  // whether others see it
    capacity_e capacity;  // for whom it is
    marking_e marking;  // what a sale is marked as
    // that the slot follows, ASCII, its first letter in the highest bits, filled up with spaces
    logic [63:0] symbol;
    // 1/10,000 dollar: best bid that it answers; 0 when there is none
    logic [PRICE_W-1:0] bid_price;
    // 1/10,000 dollar: best ask that it answers; 0 when there is none
    logic [PRICE_W-1:0] ask_price;
    logic [SEQUENCE_W-1:0] sequence_number;  // messages: of the message it answers, MoldUDP64
    logic [CYCLE_W-1:0] frame_cycle;  // cycles: stamp of the frame's first byte
    logic [CYCLE_W-1:0] message_cycle;  // cycles: stamp of the message's last byte
    logic [MODEL_ID_W-1:0] model_id;  // hash of weights, feature table and scaling
  } intent_t;

  // An order on its way out: risk_gate to ouch_encode.
  localparam int unsigned ORDER_W = 394;
  typedef struct packed {
    logic [SLOT_W-1:0] slot;  // slot: instrument
    side_e side;  // buy or sell
    logic [PRICE_W-1:0] price;  // 1/10,000 dollar: limit
    logic [SHARES_W-1:0] shares;  // shares: to trade
    logic [TOKEN_W-1:0] token;  // never used twice in a day
    time_in_force_e time_in_force;  // how long it lives
    display_e display;  // whether others see it
    capacity_e capacity;  // for whom it is
    marking_e marking;  // what a sale is marked as
    // whose order it is, ASCII, its first letter in the highest bits, filled up with spaces
    logic [63:0] symbol;
    logic [SEQUENCE_W-1:0] sequence_number;  // messages: of the message it answers, MoldUDP64
    logic [CYCLE_W-1:0] frame_cycle;  // cycles: stamp of the frame's first byte
    logic [CYCLE_W-1:0] message_cycle;  // cycles: stamp of the message's last byte
    logic [MODEL_ID_W-1:0] model_id;  // hash of weights, feature table and scaling
  } order_t;

  // What the risk gate said, for the record: risk_gate to the host.
  localparam int unsigned DECISION_W = 241;
  typedef struct packed {
    logic [TOKEN_W-1:0] token;  // of the order; 0 where it is refused
    logic [SLOT_W-1:0] slot;  // slot: instrument
    verdict_e verdict;  // accepted or refused
    reason_e reason;  // of the first check that failed, else ok
    logic [CHECKS-1:0] failed;  // every check that failed, a bit each
    logic [SEQUENCE_W-1:0] sequence_number;  // messages: of the message it answers, MoldUDP64
    logic [CYCLE_W-1:0] frame_cycle;  // cycles: stamp of the frame's first byte
    logic [CYCLE_W-1:0] message_cycle;  // cycles: stamp of the message's last byte
  } decision_t;

  // How a slot's orders are made, by the strategy's registers: to order_maker.
  localparam int unsigned ORDER_SETTINGS_W = 137;
  typedef struct packed {
    pricing_e pricing;  // where the price comes from
    logic [PRICE_W-1:0] offset;  // 1/10,000 dollar: behind or beyond the touch
    logic [SHARES_W-1:0] shares;  // shares: to trade; 0 makes no order
    logic capped;  // no more than is shown at the opposite touch
    time_in_force_e time_in_force;  // how long it lives
    display_e display;  // whether others see it
    capacity_e capacity;  // for whom it is
    marking_e marking;  // what a sale is marked as
    // that the slot follows, ASCII, its first letter in the highest bits, filled up with spaces
    logic [63:0] symbol;
  } order_settings_t;

  // What became of an order: ouch_decode, or the host, to risk_gate.
  localparam int unsigned CONFIRMATION_W = 99;
  typedef struct packed {
    logic [TOKEN_W-1:0] token;  // of the order
    outcome_e outcome;  // what became of it
    logic [SHARES_W-1:0] shares;  // shares: executed or cancelled
    logic [PRICE_W-1:0] price;  // 1/10,000 dollar: of the execution
  } confirmation_t;

  // What a slot may do; the host's, to risk_gate. See docs/risk.md.
  localparam int unsigned SLOT_LIMITS_W = 595;
  typedef struct packed {
    logic enabled;  // it may trade at all
    logic restricted;  // it may not
    logic short_permitted;  // it may sell short
    tick_class_e tick_class;  // the steps of its prices
    logic [31:0] age;  // cycles: most, since the message
    logic [PRICE_W-1:0] collar_touch;  // 1/10,000 dollar: most, from the opposite touch
    logic [PRICE_W-1:0] collar_reference;  // 1/10,000 dollar: most, from the reference
    logic [SHARES_W-1:0] order_shares;  // shares: most, of one order
    logic [LIMIT_MONEY_W-1:0] order_money;  // 1/10,000 dollar: most, of one order
    logic [SHARES_W-1:0] position_long;  // shares: most
    logic [SHARES_W-1:0] position_short;  // shares: most
    logic [15:0] open_orders;  // orders: most
    logic [31:0] rate_cycles;  // cycles: that an order adds to the bucket; 0 lets none pass
    logic [31:0] rate_depth;  // cycles: most in the bucket
    logic [31:0] day_orders;  // orders: most, in a day
    logic [31:0] repeated;  // orders: most, until a person allows more
    logic [31:0] duplicate;  // cycles: in which the same order isn't sent again
    logic [LIMIT_MONEY_W-1:0] loss;  // 1/10,000 dollar: most
    // 1/10,000 dollar: that the loss grows by each 1,024 cycles; 0 lets none pass
    logic [31:0] loss_decay;
    // whose limits these are, ASCII, its first letter in the highest bits, filled up with spaces
    logic [63:0] symbol;
  } slot_limits_t;

  // What all slots together may do; the host's, to risk_gate. See docs/risk.md.
  localparam int unsigned TOTAL_LIMITS_W = 428;
  typedef struct packed {
    logic [LIMIT_MONEY_W-1:0] gross;  // 1/10,000 dollar: most
    logic [LIMIT_MONEY_W-1:0] net;  // 1/10,000 dollar: most, long or short
    logic [LIMIT_MONEY_W-1:0] credit;  // 1/10,000 dollar: most, traded and open
    logic [15:0] open_orders;  // orders: most
    logic [31:0] rate_cycles;  // cycles: that an order adds to the bucket; 0 lets none pass
    logic [31:0] rate_depth;  // cycles: most in the bucket
    logic [31:0] day_orders;  // orders: most, in a day
    logic [LIMIT_MONEY_W-1:0] loss;  // 1/10,000 dollar: most
    // 1/10,000 dollar: that the loss grows by each 1,024 cycles; 0 lets none pass
    logic [31:0] loss_decay;
    logic [31:0] silence;  // cycles: from one beat of the host to the next, at most
  } total_limits_t;

  // One write of the host into the risk window: to risk_gate, and back as its echo, without the key.
  localparam int unsigned RISK_COMMAND_W = 465;
  typedef struct packed {
    act_e act;  // what to do
    logic [KEY_W-1:0] key;  // what opens the window
    logic [SLOT_W-1:0] slot;  // slot: instrument
    logic open;  // of the session
    logic [NONCE_W-1:0] nonce;  // as it was given
    logic [MODEL_ID_W-1:0] model_id;  // as the host has it
    logic [63:0] limits_hash;  // as the host has it
    logic [PRICE_W-1:0] reference_price;  // 1/10,000 dollar: 0 blocks
    logic [PRICE_W-1:0] band_low;  // 1/10,000 dollar: limit down
    logic [PRICE_W-1:0] band_high;  // 1/10,000 dollar: limit up; 0 blocks
    logic signed [MONEY_W-1:0] loss;  // 1/10,000 dollar: realised and marked; below 0 a profit
    logic signed [HOLDING_W-1:0] position;  // shares: below 0 short
    logic [TOKEN_W-1:0] token;  // of the next order
  } risk_command_t;

  // What the gate knows as an order is judged: to risk_check. See docs/risk.md.
  localparam int unsigned RISK_STATE_W = 854;
  typedef struct packed {
    logic signed [HOLDING_W-1:0] position;  // shares: of the slot, by executions
    logic [38:0] open_buy;  // shares: of the slot, sent and not confirmed away
    logic [38:0] open_sell;  // shares: likewise
    logic [15:0] slot_open;  // orders: open, of the slot
    logic [15:0] total_open;  // orders: open, of all
    logic place_free;  // for another
    logic token_known;  // and not used up
    logic self_trade;  // an own order would meet it
    // 1/10,000 dollar: sum over the slots of what was bought less what was sold, without its sign
    logic [LIMIT_MONEY_W-1:0] gross;
    // 1/10,000 dollar: sum over the slots of what was bought less what was sold
    logic signed [MONEY_W-1:0] net;
    logic [LIMIT_MONEY_W-1:0] traded;  // 1/10,000 dollar: bought and sold, today
    logic [LIMIT_MONEY_W-1:0] open_buy_money;  // 1/10,000 dollar: of all open buys
    logic [LIMIT_MONEY_W-1:0] open_sell_money;  // 1/10,000 dollar: of all open sells
    logic [31:0] slot_level;  // cycles: in the slot's bucket
    logic [31:0] total_level;  // cycles: in the bucket of all
    logic [31:0] slot_day;  // orders: sent today, of the slot
    logic [31:0] total_day;  // orders: sent today
    logic [31:0] repeated;  // orders: sent since a person allowed more
    logic duplicate;  // such an order was sent just before
    logic [PRICE_W-1:0] reference_price;  // 1/10,000 dollar: the host's; 0 where there is none
    logic [PRICE_W-1:0] band_low;  // 1/10,000 dollar: the host's
    logic [PRICE_W-1:0] band_high;  // 1/10,000 dollar: the host's; 0 where there is none
    logic signed [MONEY_W-1:0] slot_loss;  // 1/10,000 dollar: of the slot
    logic signed [MONEY_W-1:0] total_loss;  // 1/10,000 dollar: of all
  } risk_state_t;

  // What stops an order at once: to risk_check.
  localparam int unsigned RISK_STOPS_W = 8;
  typedef struct packed {
    logic killed;  // the gate
    logic slot_killed;  // the slot
    logic armed;  // by a person
    logic session_open;  // by the host
    logic halted;  // by the exchange
    logic stale;  // the book
    logic crossed;  // the book
    logic locked;  // the book
  } risk_stops_t;

  // What the feed says of all slots that stops orders: to risk_gate.
  localparam int unsigned BOOK_STOPS_W = 32;
  typedef struct packed {
    logic [SLOTS-1:0][0:0] stale;  // the book, or it doesn't hear
    logic [SLOTS-1:0][0:0] crossed;  // the book
    logic [SLOTS-1:0][0:0] locked;  // the book
    logic [SLOTS-1:0][0:0] halted;  // by the exchange, or the market isn't open
  } book_stops_t;

  // What a cycle brought, for counters: risk_gate and answer_queue.
  localparam int unsigned RISK_EVENTS_W = 11;
  typedef struct packed {
    logic orders;  // sent
    logic refusals;  // orders refused; decision.failed says why
    logic wrong_keys;  // commands without the key
    logic refused_commands;  // commands that could not be taken
    logic unknown_confirmations;  // of orders that aren't open
    logic double_confirmations;  // of what was said before
    logic excess_confirmations;  // of more than is open, or of nothing
    logic broken_trades;  // which move no position
    logic lost_confirmations;  // for which there was no room; they disarm
    logic kills;  // times that the gate was killed
    logic disarms;  // times that it was disarmed
  } risk_events_t;

  // What a cycle brought, for counters: ouch_encode and ouch_decode.
  localparam int unsigned OUCH_EVENTS_W = 9;
  typedef struct packed {
    logic orders;  // written as messages
    logic refused_orders;  // that OUCH can't carry
    logic confirmations;  // messages that say what became of an order
    logic notices;  // messages that say nothing of the shares of an order
    logic unfollowed;  // messages that replace or modify an order
    logic appended;  // messages that may be of another's order: they have appendages
    logic unknown_types;  // messages of no type of the venue's
    logic wrong_lengths;  // messages of another length than their type has
    logic wrong_values;  // messages whose price or state no confirmation can hold
  } ouch_events_t;

  // A TCP connection as the host hands it over: to tcp_tx and tcp_rx. See docs/session.md.
  localparam int unsigned TCP_SESSION_W = 272;
  typedef struct packed {
    logic [47:0] our_mac;  // the card's Ethernet address
    logic [47:0] peer_mac;  // that of the venue, or of the router before it
    logic [31:0] our_address;  // the card's IPv4 address
    logic [31:0] peer_address;  // the venue's
    logic [15:0] our_port;  // the card's TCP port
    logic [15:0] peer_port;  // the venue's
    // sequence number of the next byte to send; all before are acknowledged
    logic [31:0] next_byte;
    logic [31:0] expected_byte;  // of the next byte that the venue sends
    logic [15:0] window;  // bytes: that the venue takes beyond next_byte
  } tcp_session_t;

  // What a segment of the venue says of ours: tcp_rx to tcp_tx.
  localparam int unsigned TCP_SEGMENT_W = 81;
  typedef struct packed {
    logic [31:0] first_byte;  // its sequence number
    logic [31:0] acknowledged;  // the first byte of ours that it lacks
    logic [15:0] window;  // bytes: that it takes from there
    logic bare;  // it carries nothing
  } tcp_segment_t;

  // What a cycle brought, for counters: the order's session.
  localparam int unsigned LINK_EVENTS_W = 18;
  typedef struct packed {
    logic orders_held;  // orders that could not leave: refused
    logic host_packets;  // the host's, sent
    logic host_refused;  // the host's, refused
    logic cancels;  // packets that a kill sent
    // kills, of all or of a slot, that sent less: the session was the host's, or no token left
    logic cancels_unsent;
    logic packets_sent;  // segments with a new packet
    logic packets_resent;  // segments that were sent before
    logic acks_sent;  // segments with nothing in them
    logic probes_sent;  // segments that ask for an answer
    logic segments;  // of the venue, with new bytes
    logic repeated_segments;  // of which all is known
    logic early_segments;  // behind one that lacks
    logic unfit_segments;  // outside the window, or that acknowledge what was never sent
    logic dropped_segments;  // for which there was no room
    logic bad_segments;  // of the session, and broken: check sequence, checksum, length
    logic other_frames;  // that aren't of the session
    logic messages_heard;  // sequenced ones
    logic heartbeats_heard;  // of the venue
  } link_events_t;

  // What one feed's counters add in a cycle: mac_rx, udp_rx, mold_rx and mold_merge to path_counters.
  localparam int unsigned FEED_EVENTS_W = 24;
  typedef struct packed {
    logic frames;  // Frames with a right check sequence
    logic bad_preamble;  // Frames without a right preamble
    logic short_frames;  // Frames below 64 bytes
    logic long_frames;  // Frames above the longest allowed
    logic receive_errors;  // Frames in which the PHY signalled an error
    logic bad_fcs;  // Frames with a wrong check sequence
    // Frames that aren't UDP over IPv4 or IPv6, or have three tags or IPv6 extension headers; where DEEP is read, IEX-TP packets of another version or message protocol, too
    logic other_protocol;
    // IP headers of a wrong version, and IPv4 ones of a wrong length or checksum
    logic bad_ip_header;
    // Datagrams taken whose IPv4 options were skipped; `datagrams` or `no_checksum` counts each too
    logic ip_options;
    logic ip_fragments;  // IP fragments, refused
    logic bad_udp;  // UDP headers of a wrong length, or of another than IP says
    logic filtered;  // Datagrams for another group or port
    logic truncated;  // Frames that end before their headers or lengths say
    logic datagrams;  // Datagrams for this feed's group and port, their checksum right
    logic packets;  // MoldUDP64 packets with messages
    logic heartbeats;  // MoldUDP64 packets of no message
    logic duplicates;  // Packets of which every message was already seen
    logic other_session;  // Packets of another session than the one followed
    logic bad_checksum;  // Datagrams for it whose UDP checksum is wrong, or lacks in IPv6, refused
    logic no_checksum;  // IPv4 datagrams for it without a UDP checksum, taken as they are
    logic reordered;  // Packets taken later than they came, in their turn
    logic hold_drops;  // Packets that should have waited, and for which there was no room
    // Messages longer than their packet; where DEEP is read, packets that aren't as long as they say, too
    logic message_overruns;
    logic feed_drops;  // Packets dropped since a parser was busy
  } feed_events_t;

  // What the path's counters add in a cycle: each block to path_counters.
  localparam int unsigned PATH_EVENTS_W = 84;
  typedef struct packed {
    logic gaps;  // Gaps that neither feed filled
    logic sessions_ended;  // Ends of session
    logic bad_frames;  // Frames whose operations made instruments stale
    logic [2:0] messages;  // events: ITCH messages, each once
    logic unknown_types;  // Messages of a type that ITCH 5.0 doesn't have
    logic [2:0] wrong_lengths;  // events: Messages whose length isn't their type's
    logic book_messages;  // Messages A F E C X D U for a followed instrument
    logic trade_messages;  // Messages P Q B for a followed instrument
    logic status_messages;  // Messages S R H and the other administrative ones
    logic other_instruments;  // Messages for an instrument in no slot
    logic unknown_references;  // Orders named that were never added
    logic duplicate_references;  // Orders added twice
    logic excess_shares;  // Executions or cancels of more than rested
    logic zero_prices;  // Orders of price 0
    logic zero_shares;  // Orders, executions or cancels of 0 shares
    logic table_overflows;  // Orders for which the order table had no room
    logic level_overflows;  // Price levels that found no room
    logic number_overflows;  // Shares or orders past their width at one price
    logic depth_losses;  // Times that deeper levels weren't there in time
    logic ignored_operations;  // Operations for a stale instrument
    logic kept_out;  // Operations kept out of a book that is being loaded
    // Snapshots that were no longer whole when they were to be trusted, or of a session that is not followed, or of a slot that follows no instrument
    logic refused_trusts;
    logic crossed_books;  // Times that a book became crossed
    logic locked_books;  // Times that a book became locked
    logic [3:0] stale_books;  // events: Times that a book became stale
    logic parity_errors;  // Memory words of wrong parity
    logic book_drops;  // Operations dropped since the book was busy
    logic network_drops;  // Feature vectors dropped since the network was busy
    logic record_drops;  // Records that the link to the host had no room for
    logic inferences;  // Times that the network ran
    logic signals_none;  // Signals of decision none
    logic signals_buy;  // Signals of decision buy
    logic signals_sell;  // Signals of decision sell
    logic late_joins;  // Sessions joined after their first message
    // events: Instruments whose slot was enabled, disabled or given another locate within a session, or contradicted by a directory message
    logic [3:0] late_slots;
    logic orders;  // Orders that the risk gate let pass
    logic refused_orders;  // Intended orders that it refused; the record of the decision says why
    logic wrong_keys;  // Commands to it without the key
    logic refused_commands;  // Commands that it could not take
    logic unknown_confirmations;  // Confirmations of orders that aren't open
    logic double_confirmations;  // Confirmations of what was said before
    logic excess_confirmations;  // Confirmations of more shares than are open, or of none
    logic broken_trades;  // Trades that the venue broke
    logic lost_confirmations;  // Confirmations for which there was no room
    logic kills;  // Times that the gate was killed
    logic disarms;  // Times that it was disarmed
    logic order_messages;  // Orders written as OUCH messages
    logic unwritable_orders;  // Orders that OUCH can't carry
    logic venue_confirmations;  // Messages of the venue that say what became of an order
    logic venue_notices;  // Messages of the venue that say nothing of an order's shares
    logic venue_unfollowed;  // Messages of the venue that replace or modify an order
    logic venue_appended;  // Messages of the venue that may be of another's order
    logic venue_unknown_types;  // Messages of no type of the venue's
    logic venue_wrong_lengths;  // Messages of the venue whose length isn't their type's
    // Messages of the venue with a price or state that no confirmation can hold
    logic venue_wrong_values;
    logic link_orders_held;  // Orders that could not leave, which the gate heard as rejected
    logic link_host_packets;  // Packets of the host's, sent in the order's session
    logic link_host_refused;  // Packets of the host's, refused
    logic link_packets_sent;  // Segments with a new packet
    logic link_packets_resent;  // Segments that were sent before
    logic link_acks_sent;  // Segments with nothing in them
    logic link_probes_sent;  // Segments that ask for an answer
    logic link_segments;  // Segments of the venue's with new bytes
    // Segments of the venue's without a byte that lacked: bare acknowledgements, for the most part
    logic link_repeated_segments;
    logic link_early_segments;  // Segments of the venue's behind one that lacks
    // Segments of the venue's outside the window, as what is sent again is, or that acknowledge what was never sent
    logic link_unfit_segments;
    logic link_dropped_segments;  // Segments of the venue's for which there was no room
    // Frames of the order's session that are broken: check sequence, checksum, length
    logic link_bad_segments;
    logic link_other_frames;  // Frames on the order's line that aren't of its session
    logic link_messages_heard;  // Sequenced messages of the venue's
    logic link_heartbeats_heard;  // Heartbeats of the venue's
    logic link_doubts;  // Times that the order's session was in doubt, which disarms
    // Packets that a kill sent to the venue: no more orders, and cancel what is open
    logic link_cancels;
    // Kills, of all or of a slot, behind which the host must cancel: the order's session wasn't the card's, or ended, or no token was left
    logic link_cancels_unsent;
  } path_events_t;
endpackage

`default_nettype wire
