// itch_parse: turns the messages of mold_merge into book operations for the instruments followed.
//
// A message's operation is presented 2 cycles after the beat that holds its last byte, always. A F
// E C X D U and H, of the length that their type has and with the stock locate of an enabled slot
// (the lowest that has it), become add, execute, cancel, delete, replace, halt or (trading state
// T) resume, with message_cycle of the last byte's beat and frame_cycle of its frame. An A or F
// whose side is neither B nor S, and an A F E C X D U of a wrong length, become stale with reason
// parse_error and timestamp 0. Whatever the beat that ends a packet's count brings otherwise is an
// operation none, of slot 0, so that last_of_packet is never lost; it is set on nothing else.
// host_valid pulses with the operation's cycle for each S R H of the right length, host_message
// being its bytes, the first in the highest, the rest of no meaning; for an R, learned says which
// slots have `learn` and the directory's symbol: its locate is host_locate. Each message has one
// event, in the operation's cycle, the first that applies: unknown_types, wrong_lengths (a number:
// messages of 8 bytes and less, told by s_runts, count there whatever their type), status_messages
// (the types that aren't below), other_instruments (A F E C X D U P Q B of no enabled slot),
// book_messages (A F E C X D U), trade_messages (P Q B). Throughput: a beat each cycle. Reset
// forgets the message in progress. It does not look at the shares, the price or whether the order
// is known.
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
    input  logic                            clk,
    input  logic                            rst,
    input  logic     [     SLOTS-1:0]       enable,
    input  logic     [     SLOTS-1:0]       learn,
    input  logic     [     SLOTS-1:0][15:0] locate,
    input  logic     [     SLOTS-1:0][63:0] symbol,
    input  logic     [         W-1:0]       s_axis_tdata,
    input  logic                            s_axis_tvalid,
    input  logic     [   CYCLE_W-1:0]       s_cycle,
    input  logic     [   CYCLE_W-1:0]       s_frame_cycle,
    input  logic     [    LANE_W-1:0]       s_tail,
    input  logic                            s_last,
    input  logic     [           2:0]       s_runts,
    input  logic                            s_start,
    input  logic     [    LANE_W-1:0]       s_lane,
    input  logic     [          15:0]       s_length,
    input  logic     [SEQUENCE_W-1:0]       sequence_number,
    input  logic                            last_of_packet,
    output logic                            m_valid,
    output book_op_t                        m_op,
    output logic                            host_valid,
    output logic     [    KEPT*8-1:0]       host_message,
    output logic     [          15:0]       host_locate,
    output logic     [     SLOTS-1:0]       learned,
    output logic                            unknown_types,
    output logic     [           2:0]       wrong_lengths,
    output logic                            status_messages,
    output logic                            other_instruments,
    output logic                            book_messages,
    output logic                            trade_messages
);
  if (W != 8 && W != 64) $error("itch_parse: W must be 8 or 64");

  localparam int unsigned AT_W = 6;
  localparam int unsigned TOP = KEPT - 1;  // the message's first byte

  // Bytes by their place in the message. A message's first beat waits a cycle in head_q, since the
  // message before may end in the same beat and is read in the cycle after.
  logic [KEPT-1:0][7:0] message_d, message_q;
  logic [LANES-1:0][7:0] turned, head_q;
  logic [AT_W-1:0] at_q;  // the place of the next beat's lane 0
  logic [LANE_W-1:0] head_size_q;
  logic held_q;
  logic [15:0] length_q, done_length_q;
  logic done_q, final_q;
  logic [2:0] runts_q;
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
        if (32'(at_q) + from == i && from < 32'(s_tail)) message_d[TOP-i] = s_axis_tdata[8*from+:8];
      end
    end
  end

  always_ff @(posedge clk) begin
    message_q <= message_d;
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
    if (rst) begin
      held_q  <= 1'b0;
      done_q  <= 1'b0;
      final_q <= 1'b0;
      runts_q <= '0;
    end else begin
      held_q  <= s_start;
      done_q  <= s_last;
      final_q <= last_of_packet;
      runts_q <= s_runts;
    end
  end

  // The whole message, in the cycle after its last beat.
  logic [7:0] kind;
  logic [MESSAGE_LENGTH_W-1:0] length;
  logic known, right, is_book, is_trade, is_add, sided, followed, sell;
  logic [SLOT_W-1:0] slot;
  logic [15:0] stock_locate;
  operation_e operation;

  assign kind = message_q[TOP-MESSAGE_MESSAGE_TYPE_AT];
  assign stock_locate = message_q[TOP-MESSAGE_STOCK_LOCATE_AT-:2];
  assign length = message_length(kind);
  assign known = length != '0;
  assign right = known && 16'(length) == done_length_q;
  assign sell = message_q[TOP-ADD_ORDER_BUY_SELL_INDICATOR_AT] == "S";
  assign sided = sell || message_q[TOP-ADD_ORDER_BUY_SELL_INDICATOR_AT] == "B";
  assign is_add = kind == ADD_ORDER_TYPE || kind == ADD_ORDER_MPID_TYPE;

  always_comb begin
    slot     = '0;
    followed = 1'b0;
    for (int unsigned i = SLOTS; i > 0; i--) begin
      if (enable[i-1] && locate[i-1] == stock_locate) begin
        slot     = SLOT_W'(i - 1);
        followed = 1'b1;
      end
    end
    is_book   = 1'b1;
    is_trade  = 1'b0;
    operation = OPERATION_NONE;
    unique case (kind)
      ADD_ORDER_TYPE, ADD_ORDER_MPID_TYPE: operation = OPERATION_ADD;
      ORDER_EXECUTED_TYPE:                 operation = OPERATION_EXECUTE;
      ORDER_EXECUTED_WITH_PRICE_TYPE:      operation = OPERATION_EXECUTE_PRICE;
      ORDER_CANCEL_TYPE:                   operation = OPERATION_CANCEL;
      ORDER_DELETE_TYPE:                   operation = OPERATION_DELETE;
      ORDER_REPLACE_TYPE:                  operation = OPERATION_REPLACE;
      STOCK_TRADING_ACTION_TYPE: begin
        is_book   = 1'b0;
        operation = OPERATION_HALT;
        if (message_q[TOP-STOCK_TRADING_ACTION_TRADING_STATE_AT] == "T")
          operation = OPERATION_RESUME;
      end
      TRADE_TYPE, CROSS_TRADE_TYPE, BROKEN_TRADE_TYPE: begin
        is_book  = 1'b0;
        is_trade = 1'b1;
      end
      default:                             is_book = 1'b0;
    endcase
    if (is_book && (!right || (is_add && !sided))) operation = OPERATION_STALE;
    if (!done_q || !followed || (!right && !is_book)) operation = OPERATION_NONE;
  end

  book_op_t op;
  always_comb begin
    op                 = '0;
    op.operation       = operation;
    op.reason          = REASON_OK;
    op.last_of_packet  = final_q;
    op.sequence_number = sequence_q;
    op.frame_cycle     = frame_q;
    op.message_cycle   = stamp_q;
    if (operation != OPERATION_NONE) op.slot = slot;
    if (operation != OPERATION_NONE && operation != OPERATION_STALE) begin
      op.timestamp = message_q[TOP-MESSAGE_TIMESTAMP_AT-:6];
    end
    unique case (operation)
      OPERATION_ADD: begin
        op.side   = side_e'(sell);
        op.shares = message_q[TOP-ADD_ORDER_SHARES_AT-:4];
        op.price  = message_q[TOP-ADD_ORDER_PRICE_AT-:4];
      end
      OPERATION_EXECUTE: op.shares = message_q[TOP-ORDER_EXECUTED_EXECUTED_SHARES_AT-:4];
      OPERATION_CANCEL:  op.shares = message_q[TOP-ORDER_CANCEL_CANCELLED_SHARES_AT-:4];
      OPERATION_EXECUTE_PRICE: begin
        op.shares = message_q[TOP-ORDER_EXECUTED_WITH_PRICE_EXECUTED_SHARES_AT-:4];
        op.price  = message_q[TOP-ORDER_EXECUTED_WITH_PRICE_EXECUTION_PRICE_AT-:4];
      end
      OPERATION_REPLACE: begin
        op.new_order_reference = message_q[TOP-ORDER_REPLACE_NEW_ORDER_REFERENCE_NUMBER_AT-:8];
        op.shares              = message_q[TOP-ORDER_REPLACE_SHARES_AT-:4];
        op.price               = message_q[TOP-ORDER_REPLACE_PRICE_AT-:4];
      end
      OPERATION_STALE:   op.reason = REASON_PARSE_ERROR;
      default:           ;
    endcase
    if (is_book && operation != OPERATION_NONE && operation != OPERATION_STALE) begin
      op.order_reference = message_q[TOP-ADD_ORDER_ORDER_REFERENCE_NUMBER_AT-:8];
    end
  end

  logic to_host;
  assign to_host = done_q && right && (kind == SYSTEM_EVENT_TYPE || kind == STOCK_DIRECTORY_TYPE ||
                                       kind == STOCK_TRADING_ACTION_TYPE);
  always_ff @(posedge clk) begin
    m_op              <= op;
    host_message      <= message_q;
    host_locate       <= stock_locate;
    m_valid           <= !rst && (operation != OPERATION_NONE || final_q);
    host_valid        <= !rst && to_host;
    unknown_types     <= !rst && done_q && !known;
    wrong_lengths     <= rst ? '0 : runts_q + 3'(done_q && known && !right);
    status_messages   <= !rst && done_q && right && !is_book && !is_trade;
    other_instruments <= !rst && done_q && right && (is_book || is_trade) && !followed;
    book_messages     <= !rst && done_q && right && is_book && followed;
    trade_messages    <= !rst && done_q && right && is_trade && followed;
    for (int unsigned i = 0; i < SLOTS; i++) begin
      learned[i] <= !rst && to_host && kind == STOCK_DIRECTORY_TYPE && learn[i] &&
                    symbol[i] == message_q[TOP-STOCK_DIRECTORY_STOCK_AT-:8];
    end
  end
endmodule

`default_nettype wire
