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
    OPERATION_TRUST = 4'd12  // the snapshot is whole up to the sequence number
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
    REASON_NOT_ENABLED = 8'd5,  // the slot isn't enabled, or wasn't for a part of the session
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
    REASON_PARITY = 8'd48,  // a memory's parity was wrong
    REASON_DISARMED = 8'd49,  // a human hasn't armed it
    REASON_KILLED = 8'd50,  // the kill switch was used
    REASON_HEARTBEAT_LOST = 8'd51,  // the host stopped saying that it lives
    REASON_MODEL_MISMATCH = 8'd52,  // host and board hold different models
    REASON_ORDER_SHARES = 8'd64,  // above the shares allowed in one order
    REASON_ORDER_MONEY = 8'd65,  // above the money allowed in one order
    REASON_PRICE_BAND = 8'd66,  // too far from the market
    REASON_POSITION = 8'd67,  // the position could pass its limit
    REASON_OPEN_ORDERS = 8'd68,  // too many orders are open
    REASON_RATE = 8'd69,  // too many orders in the time allowed
    REASON_LOSS = 8'd70  // the loss limit is reached
  } reason_e;

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
    reason_e reason;  // why the book is stale, of a stale or a clear; else ok
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
    reason_e reason;  // why the book is stale, where the operation says so; else ok
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

  // An order on its way out: risk_gate to ouch_tx.
  localparam int unsigned ORDER_W = 326;
  typedef struct packed {
    logic [SLOT_W-1:0] slot;  // slot: instrument
    side_e side;  // buy or sell
    logic [PRICE_W-1:0] price;  // 1/10,000 dollar: limit
    logic [SHARES_W-1:0] shares;  // shares: to trade
    logic [TOKEN_W-1:0] token;  // never used twice in a day
    time_in_force_e time_in_force;  // how long it lives
    logic [SEQUENCE_W-1:0] sequence_number;  // messages: of the message it answers, MoldUDP64
    logic [CYCLE_W-1:0] frame_cycle;  // cycles: stamp of the frame's first byte
    logic [CYCLE_W-1:0] message_cycle;  // cycles: stamp of the message's last byte
    logic [MODEL_ID_W-1:0] model_id;  // hash of weights, feature table and scaling
  } order_t;

  // What the risk gate said, for the record: risk_gate to the host.
  localparam int unsigned DECISION_W = 204;
  typedef struct packed {
    logic [TOKEN_W-1:0] token;  // of the order
    logic [SLOT_W-1:0] slot;  // slot: instrument
    verdict_e verdict;  // accepted or refused
    reason_e reason;  // why it is refused, else ok
    logic [SEQUENCE_W-1:0] sequence_number;  // messages: of the message it answers, MoldUDP64
    logic [CYCLE_W-1:0] frame_cycle;  // cycles: stamp of the frame's first byte
    logic [CYCLE_W-1:0] message_cycle;  // cycles: stamp of the message's last byte
  } decision_t;

  // What one feed's counters add in a cycle: mac_rx, udp_rx, mold_rx and mold_merge to path_counters.
  localparam int unsigned FEED_EVENTS_W = 22;
  typedef struct packed {
    logic frames;  // Frames with a right check sequence
    logic bad_preamble;  // Frames without a right preamble
    logic short_frames;  // Frames below 64 bytes
    logic long_frames;  // Frames above the longest allowed
    logic receive_errors;  // Frames in which the PHY signalled an error
    logic bad_fcs;  // Frames with a wrong check sequence
    logic other_protocol;  // Frames that aren't IPv4 and UDP
    logic bad_ip_header;  // IPv4 headers of a wrong version, length or checksum
    logic ip_options;  // IPv4 headers with options, refused
    logic ip_fragments;  // IPv4 fragments, refused
    logic bad_udp;  // UDP headers of a wrong length
    logic filtered;  // Datagrams for another group or port
    logic truncated;  // Frames that end before their headers or lengths say
    logic datagrams;  // Datagrams for this feed's group and port, their checksum right
    logic packets;  // MoldUDP64 packets with messages
    logic heartbeats;  // MoldUDP64 packets of no message
    logic duplicates;  // Packets of which every message was already seen
    logic other_session;  // Packets of another session than the one followed
    logic bad_checksum;  // Datagrams for it whose UDP checksum is wrong, refused
    logic no_checksum;  // Datagrams for it without a UDP checksum, taken as they are
    logic message_overruns;  // Messages longer than their packet
    logic feed_drops;  // Packets dropped since a parser was busy
  } feed_events_t;

  // What the path's counters add in a cycle: each block to path_counters.
  localparam int unsigned PATH_EVENTS_W = 45;
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
    logic refused_trusts;  // Snapshots that were no longer whole when they were to be trusted
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
  } path_events_t;
endpackage

`default_nettype wire
