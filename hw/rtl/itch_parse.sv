// itch_parse: turns the messages of mold_merge into book operations for the instruments followed.
//
// What: A F E C X D U and H, of the length that their type has and with the stock locate of an
// enabled slot (the lowest that has it), become add, execute, cancel, delete, replace, halt or
// (trading state T) resume, with message_cycle of the last byte's beat and frame_cycle of its
// frame. An A or F whose side is neither B nor S, an A F E C X D U H h of a wrong length, and what
// is of an unknown type, become stale with reason parse_error and timestamp 0: what it said of the
// book, or of who may trade, can't be known. `lost` pulses for a beat with messages of 8 bytes and
// less, of which nobody knows whose they are, and for an S, W or R of a wrong length, which may be
// everybody's. Any other known type of a wrong length is only counted. Whatever the beat that ends
// a packet's count brings otherwise is an operation none, of slot 0, so that last_of_packet is
// never lost; it is set on nothing else. host_valid pulses for each S R H W h J of the right
// length, host_message being its bytes, the first in the highest, the rest of no meaning. `order`
// pulses for each message of 9 bytes and more that isn't a right S R H or other status message:
// what it says may be of any instrument's book.
//
// Timing: a message's operation is presented after the beat that holds its last byte: 1 cycle at W
// = 8, 2 at W = 64, always; `order` comes the cycle before that; all else 2 cycles after the beat.
// `enable` and `locate` are those of the cycle in which the operation is made, or of one of the 2
// before it. Throughput: a beat each cycle. Reset forgets the message in progress.
//
// Rules: each message has one event, the first that applies: unknown_types, wrong_lengths (a
// number: messages of 8 bytes and less, as s_runts has them, count there whatever their type),
// status_messages (the types that aren't below), other_instruments (A F E C X D U P Q B of no
// enabled slot), book_messages (A F E C X D U), trade_messages (P Q B). A message has as many bytes
// as s_length says, 9 at least; at W = 8 they come in consecutive cycles.
//
// Not: it does not look at the shares, the price or whether the order is known.
`default_nettype none

module itch_parse
  import tick_pkg::*;
  import itch_pkg::*;
#(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    localparam int unsigned LANES = W / 8,
    localparam int unsigned LANE_W = $clog2(LANES + 1),
    localparam int unsigned KEPT = 40  // bytes of the longest message that is read
) (
    input  logic                                clk,
    input  logic                                rst,
    input  logic         [     SLOTS-1:0]       enable,
    input  logic         [     SLOTS-1:0][15:0] locate,
    input  logic         [         W-1:0]       s_axis_tdata,
    input  logic                                s_axis_tvalid,
    input  logic         [   CYCLE_W-1:0]       s_cycle,
    input  logic         [   CYCLE_W-1:0]       s_frame_cycle,
    input  logic         [    LANE_W-1:0]       s_tail,
    input  logic                                s_last,
    input  logic         [           2:0]       s_runts,
    input  logic                                s_start,
    input  logic         [    LANE_W-1:0]       s_lane,
    input  logic         [          15:0]       s_length,
    input  logic         [SEQUENCE_W-1:0]       sequence_number,
    input  logic                                last_of_packet,
    output logic                                m_valid,
    output book_op_t                            m_op,
    output logic                                host_valid,
    output logic         [    KEPT*8-1:0]       host_message,
    output logic                                order,
    output logic                                lost,
    output path_events_t                        path_events
);
  if (W != 8 && W != 64) $error("itch_parse: W must be 8 or 64");

  localparam int unsigned TOP = KEPT - 1;  // the message's first byte

  // By its type and its locate.
  typedef struct packed {
    logic [MESSAGE_LENGTH_W-1:0] length;  // 0: there is none such
    logic [SLOTS-1:0] slots;  // that have its locate
    logic is_book;
    logic is_trade;
    logic is_add;
    logic to_host;
    logic of_all;
    logic of_slot;  // it says of its slot what nobody may miss
    operation_e operation;
  } kind_t;
  // By its type, length, locate and side.
  typedef struct packed {
    logic known;
    logic right;
    logic is_book;
    logic is_trade;
    logic to_host;
    logic of_all;
    logic followed;
    logic sell;
    logic timed;  // it has a timestamp; an order
    logic named;
    logic [SLOT_W-1:0] slot;
    operation_e operation;
  } parsed_t;
  parsed_t parsed, its;  // its: of the message that `bytes` holds
  logic [KEPT-1:0][7:0] message_d, message_q, bytes;  // by their place in the message
  logic [15:0] length_q, length;
  logic [7:0] kind, side;
  logic [15:0] stock_locate;
  kind_t read, of_type;
  logic final_of_it, of_message;  // the operation is of a message
  logic done_q, final_q, ends;
  logic [2:0] runts_q;
  book_op_t op;
  logic [SEQUENCE_W-1:0] number;
  logic [CYCLE_W-1:0] stamp, frame;

  if (W == 8) begin : gen_bytes
    // A byte a cycle. The operation is made with the last one, all that it is known before.
    logic [KEPT-1:0] place_q;  // where the next byte belongs, one bit, or nowhere
    logic inside_q;  // the byte before was of a message, and not its last
    parsed_t parsed_q;
    kind_t read_q;
    logic unused;
    assign unused = &{1'b0, s_axis_tvalid, s_lane, final_q};

    always_comb begin
      message_d = message_q;
      for (int unsigned i = 0; i < KEPT; i++) begin
        if (s_tail[0] && place_q[i]) message_d[TOP-i] = s_axis_tdata;
      end
      if (s_start) message_d[TOP] = s_axis_tdata;
      // Where a message of the right length may end that has something there to read.
      bytes = message_q;
      for (int unsigned i = 0; i < KEPT; i++) begin
        if (i + 1 inside {ORDER_DELETE_LENGTH, ORDER_CANCEL_LENGTH, ORDER_REPLACE_LENGTH,
                          ADD_ORDER_LENGTH, ORDER_EXECUTED_WITH_PRICE_LENGTH}) begin
          if (place_q[i]) bytes[TOP-i] = s_axis_tdata;
        end
      end
    end

    always_ff @(posedge clk) begin
      if (s_start) begin
        place_q  <= KEPT'(2);
        length_q <= s_length;
      end else if (s_tail[0]) place_q <= place_q << 1;
      inside_q <= !rst && (s_start || (s_tail[0] && !s_last));
      parsed_q <= parsed;
      read_q   <= read;
    end

    assign of_type     = read_q;
    assign length      = length_q;
    assign its         = parsed_q;
    assign of_message  = inside_q;
    assign ends        = s_last;
    assign final_of_it = last_of_packet;
    assign number      = sequence_number;
    assign stamp       = s_cycle;
    assign frame       = s_frame_cycle;
  end else begin : gen_words
    // A message's first beat waits a cycle in head_q, since the message before may end in the same
    // beat and is read in the cycle after.
    localparam int unsigned AT_W = 6;
    logic [LANES-1:0][7:0] turned, head_q;
    logic [AT_W-1:0] at_q;  // the place of the next beat's lane 0
    logic [LANE_W-1:0] head_size_q;
    logic held_q;
    logic [15:0] done_length_q;
    logic [SEQUENCE_W-1:0] sequence_q;
    logic [CYCLE_W-1:0] stamp_q, frame_q;

    always_comb begin
      for (int unsigned i = 0; i < LANES; i++) begin
        turned[i] = '0;
        for (int unsigned from = 0; from < LANES; from ++) begin
          if ((i + 32'(s_lane)) % LANES == from) turned[i] = s_axis_tdata[8*from+:8];
        end
      end
      message_d = message_q;
      for (int unsigned i = 0; i < KEPT; i++) begin
        if (held_q && i < 32'(head_size_q)) message_d[TOP-i] = head_q[i%LANES];
        for (int unsigned from = 0; from < LANES; from ++) begin
          if (32'(at_q) + from == i && from < 32'(s_tail)) begin
            message_d[TOP-i] = s_axis_tdata[8*from+:8];
          end
        end
      end
    end

    always_ff @(posedge clk) begin
      if (s_start) begin
        head_q      <= turned;
        head_size_q <= LANE_W'(LANES) - s_lane;
        length_q    <= s_length;
        at_q        <= AT_W'(LANES) - AT_W'(s_lane);
      end else if (s_axis_tvalid && at_q < AT_W'(KEPT)) begin
        at_q <= at_q + AT_W'(LANES);
      end
      done_length_q <= length_q;
      sequence_q    <= sequence_number;
      stamp_q       <= s_cycle;
      frame_q       <= s_frame_cycle;
      held_q        <= s_start && !rst;
    end

    assign of_type     = read;
    assign bytes       = message_q;
    assign length      = done_length_q;
    assign its         = parsed;
    assign of_message  = done_q;
    assign ends        = done_q;
    assign final_of_it = final_q;
    assign number      = sequence_q;
    assign stamp       = stamp_q;
    assign frame       = frame_q;
  end

  always_ff @(posedge clk) begin
    message_q <= message_d;
    if (rst) begin
      done_q  <= 1'b0;
      final_q <= 1'b0;
      runts_q <= '0;
    end else begin
      done_q  <= s_last;
      final_q <= last_of_packet;
      runts_q <= s_runts;
    end
  end

  assign kind = message_q[TOP-MESSAGE_MESSAGE_TYPE_AT];
  assign side = message_q[TOP-ADD_ORDER_BUY_SELL_INDICATOR_AT];
  assign stock_locate = message_q[TOP-MESSAGE_STOCK_LOCATE_AT-:2];

  always_comb begin
    read        = '0;
    read.length = message_length(kind);
    unique case (kind)
      ADD_ORDER_TYPE, ADD_ORDER_MPID_TYPE: begin
        read.operation = OPERATION_ADD;
        read.is_add    = 1'b1;
      end
      ORDER_EXECUTED_TYPE:            read.operation = OPERATION_EXECUTE;
      ORDER_EXECUTED_WITH_PRICE_TYPE: read.operation = OPERATION_EXECUTE_PRICE;
      ORDER_CANCEL_TYPE:              read.operation = OPERATION_CANCEL;
      ORDER_DELETE_TYPE:              read.operation = OPERATION_DELETE;
      ORDER_REPLACE_TYPE:             read.operation = OPERATION_REPLACE;
      STOCK_TRADING_ACTION_TYPE:      read.operation = OPERATION_HALT;
      default:                        ;
    endcase
    for (int unsigned i = 0; i < SLOTS; i++) begin
      read.slots[i] = enable[i] && locate[i] == stock_locate;
    end
    read.is_book = !(read.operation inside {OPERATION_NONE, OPERATION_HALT});
    read.is_trade = kind inside {TRADE_TYPE, CROSS_TRADE_TYPE, BROKEN_TRADE_TYPE};
    read.of_all = kind inside {SYSTEM_EVENT_TYPE, MWCB_STATUS_TYPE, STOCK_DIRECTORY_TYPE};
    read.of_slot = read.operation != OPERATION_NONE || kind == OPERATIONAL_HALT_TYPE;
    read.to_host = read.of_all || kind inside {STOCK_TRADING_ACTION_TYPE, OPERATIONAL_HALT_TYPE,
                                               LULD_AUCTION_COLLAR_TYPE};
  end

  always_comb begin
    parsed          = '0;
    parsed.known    = of_type.length != '0;
    parsed.right    = parsed.known && 16'(of_type.length) == length;
    parsed.is_book  = of_type.is_book;
    parsed.is_trade = of_type.is_trade;
    parsed.to_host  = parsed.right && of_type.to_host;
    parsed.of_all   = of_type.of_all;
    parsed.sell     = side == "S";
    for (int unsigned i = SLOTS; i > 0; i--) begin
      if (of_type.slots[i-1]) begin
        parsed.slot     = SLOT_W'(i - 1);
        parsed.followed = 1'b1;
      end
    end
    parsed.operation = of_type.operation;
    if (of_type.operation == OPERATION_HALT &&
        message_q[TOP-STOCK_TRADING_ACTION_TRADING_STATE_AT] == "T") begin
      parsed.operation = OPERATION_RESUME;
    end
    if (of_type.is_add && side != "S" && side != "B") parsed.operation = OPERATION_STALE;
    if (!parsed.right) begin
      parsed.operation = OPERATION_NONE;
      if (!parsed.known || of_type.of_slot) parsed.operation = OPERATION_STALE;
    end
    if (!parsed.followed) parsed.operation = OPERATION_NONE;
    parsed.timed = !(parsed.operation inside {OPERATION_NONE, OPERATION_STALE});
    parsed.named = parsed.timed && parsed.is_book;
  end

  operation_e operation;
  assign operation = of_message ? its.operation : OPERATION_NONE;
  assign order     = ends && of_message && !(its.right && !its.is_book && !its.is_trade);

  always_comb begin
    op                 = '0;
    op.operation       = operation;
    op.reason          = REASON_OK;
    op.last_of_packet  = final_of_it;
    op.sequence_number = number;
    op.frame_cycle     = frame;
    op.message_cycle   = stamp;
    if (operation != OPERATION_NONE) op.slot = its.slot;
    if (of_message && its.timed) op.timestamp = bytes[TOP-MESSAGE_TIMESTAMP_AT-:6];
    if (of_message && its.named) begin
      op.order_reference = bytes[TOP-ADD_ORDER_ORDER_REFERENCE_NUMBER_AT-:8];
    end
    unique case (operation)
      OPERATION_ADD: begin
        op.side   = side_e'(its.sell);
        op.shares = bytes[TOP-ADD_ORDER_SHARES_AT-:4];
        op.price  = bytes[TOP-ADD_ORDER_PRICE_AT-:4];
      end
      OPERATION_EXECUTE: op.shares = bytes[TOP-ORDER_EXECUTED_EXECUTED_SHARES_AT-:4];
      OPERATION_CANCEL:  op.shares = bytes[TOP-ORDER_CANCEL_CANCELLED_SHARES_AT-:4];
      OPERATION_EXECUTE_PRICE: begin
        op.shares = bytes[TOP-ORDER_EXECUTED_WITH_PRICE_EXECUTED_SHARES_AT-:4];
        op.price  = bytes[TOP-ORDER_EXECUTED_WITH_PRICE_EXECUTION_PRICE_AT-:4];
      end
      OPERATION_REPLACE: begin
        op.new_order_reference = bytes[TOP-ORDER_REPLACE_NEW_ORDER_REFERENCE_NUMBER_AT-:8];
        op.shares              = bytes[TOP-ORDER_REPLACE_SHARES_AT-:4];
        op.price               = bytes[TOP-ORDER_REPLACE_PRICE_AT-:4];
      end
      OPERATION_STALE:   op.reason = REASON_PARSE_ERROR;
      default:           ;
    endcase
  end

  always_ff @(posedge clk) begin
    m_op         <= op;
    host_message <= message_q;
    m_valid      <= !rst && ((ends && its.operation != OPERATION_NONE) || final_of_it);
    host_valid   <= !rst && done_q && its.to_host;
    lost         <= !rst && (runts_q != '0 || (done_q && its.of_all && !its.right));
    path_events  <= '0;
    if (!rst) begin
      path_events.wrong_lengths <= runts_q + 3'(done_q && its.known && !its.right);
      path_events.unknown_types <= done_q && !its.known;
      path_events.status_messages <= done_q && its.right && !its.is_book && !its.is_trade;
      path_events.other_instruments <= done_q && its.right && (its.is_book || its.is_trade) &&
                                       !its.followed;
      path_events.book_messages <= done_q && its.right && its.is_book && its.followed;
      path_events.trade_messages <= done_q && its.right && its.is_trade && its.followed;
    end
  end

  logic unused;
  assign unused = &{1'b0, bytes};
endmodule

`default_nettype wire
