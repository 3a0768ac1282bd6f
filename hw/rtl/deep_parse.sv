// deep_parse: turns the messages of mold_merge into book operations, where they are IEX DEEP 1.0.
//
// What: it is to DEEP what itch_parse is to ITCH. 8 and 5, of the length that their type has and
// with the symbol of an enabled slot (the lowest that has it; `symbol` has its first letter in the
// highest byte), become `level`: so many shares rest at this price of this side now, 0 for none.
// order_reference and new_order_reference of it are 2^32 * side + price. H and O become resume,
// where the slot's last H is known and said T, and its last O is known and said N (Rules, halts),
// else halt. m_op has message_cycle of the last byte's beat and frame_cycle of its frame; timestamp
// is nanoseconds since `midnight` (since 1970, as the messages count them). last_of_packet is bit 0
// of an 8's or 5's event_flags, the end of an event, and 1 of all else.
//
// What can't be known: a price of 0 or less, or of 2^32 and more, makes its slot stale, with reason
// bad_price; with reason parse_error and timestamp 0 do a wrong length of 8 5 H O, an unknown type,
// and an 8 5 H O whose timestamp isn't 0 to 2^48 - 1 after midnight. If such a message is shorter
// than 18 bytes, and so has no symbol, `lost` pulses: nobody knows whose it is. It does too for an
// S of a wrong length, which is of all, and for a beat with messages of 8 bytes and less. A wrong
// length of another type is only counted. host_valid pulses for each S D H O of the right length,
// host_message being its bytes, the first in the highest, the rest of no meaning. `order` pulses
// for each message of 9 bytes and more that isn't a right S D H O or other status message, and for
// a right H that doesn't say T or O that doesn't say N, whosever: a slot that follows its
// instrument only later wasn't told.
//
// Timing: a message's operation is presented 2 cycles after the beat that holds its last byte,
// always; `order` comes the cycle before that; all else 2 cycles after the beat. enable, symbol and
// midnight are those of the cycle in which the operation is made, or of the one before it.
// Throughput: a beat each cycle; there is no backpressure. Reset forgets the message in progress
// and what the last H and O said. A pulse of mold_merge, in the cycle in which that
// gives it, counts for the messages whose last byte came up to the cycle before.
//
// Rules, halts: neither the last H nor the last O of a slot is known after reset, `over` (the end
// of a session) and `missing` (messages are lost); after a message that makes all stale, or its
// slot by parse_error; while the slot isn't enabled and after a change of its symbol; and after
// bad_frame, if an H or O of the slot came since `opens` (from there on all is undone); and from
// `begins` on, a session's message 1: IEX says both of each instrument in the morning, and what it
// leaves out is halted. Each is known again by an H or O that comes. Of what comes in a cycle the
// later counts: symbol and enable, message, and then all others.
//
// Rules: each message has one event, the first that applies: unknown_types, wrong_lengths (a
// number: messages of 8 bytes and less, as s_runts has them, count there whatever their type),
// status_messages (the types that aren't below), other_instruments (8 5 T B of no enabled slot),
// book_messages (8 5), trade_messages (T B). A message has as many bytes as s_length says, 9 at
// least; at W = 8 they come in consecutive cycles.
//
// Not: it does not know which levels there are: order_table does. Where a packet ends is no matter.
`default_nettype none

module deep_parse
  import tick_pkg::*;
  import deep_pkg::*;
#(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    localparam int unsigned LANES = W / 8,
    localparam int unsigned LANE_W = $clog2(LANES + 1),
    localparam int unsigned KEPT = 40  // bytes of the longest message that is read
) (
    input  logic                                clk,
    input  logic                                rst,
    input  logic         [     SLOTS-1:0]       enable,
    input  logic         [     SLOTS-1:0][63:0] symbol,
    input  logic         [          63:0]       midnight,
    input  logic                                over,
    input  logic                                begins,
    input  logic                                opens,
    input  logic                                bad_frame,
    input  logic                                missing,
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
    output logic                                m_valid,
    output book_op_t                            m_op,
    output logic                                host_valid,
    output logic         [    KEPT*8-1:0]       host_message,
    output logic                                order,
    output logic                                lost,
    output path_events_t                        path_events
);
  if (W != 8 && W != 64) $error("deep_parse: W must be 8 or 64");

  localparam int unsigned AT_W = 6;
  localparam int unsigned SYMBOL_AT = PRICE_LEVEL_UPDATE_BUY_SYMBOL_AT;  // of each type but S
  localparam int unsigned TIME_AT = PRICE_LEVEL_UPDATE_BUY_TIMESTAMP_AT;  // of every type
  localparam int unsigned NAMED = SYMBOL_AT + 8;  // bytes of the shortest message with a symbol

  // The message, byte i at i. Its first beat waits a cycle in head_q, since the message before may
  // end in the same beat and is read in the cycle after.
  logic [KEPT-1:0][7:0] message_d, message_q;
  logic [LANES-1:0][7:0] turned, head_q;
  logic [  AT_W-1:0] at_q;  // the place of the next beat's lane 0
  logic [LANE_W-1:0] head_size_q;
  logic [15:0] length_q, length;  // of the message in progress; of the one that ended
  logic held_q, done_q;
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
      if (held_q && i < 32'(head_size_q)) message_d[i] = head_q[i%LANES];
      for (int unsigned from = 0; from < LANES; from ++) begin
        if (32'(at_q) + from == i && from < 32'(s_tail)) message_d[i] = s_axis_tdata[8*from+:8];
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
    length     <= length_q;
    sequence_q <= sequence_number;
    stamp_q    <= s_cycle;
    frame_q    <= s_frame_cycle;
    held_q     <= s_start && !rst;
    done_q     <= s_last && !rst;
    runts_q    <= rst ? '0 : s_runts;
  end

  // What it is, and whose.
  logic [7:0] kind;
  logic known, right, is_update, is_status, is_book, is_trade, to_host, named, followed;
  logic [63:0] its_symbol;
  logic [SLOT_W-1:0] slot;
  assign kind = message_q[MESSAGE_MESSAGE_TYPE_AT];
  assign known = message_length(kind) != '0;
  assign right = known && 16'(message_length(kind)) == length;
  assign is_update = kind inside {PRICE_LEVEL_UPDATE_BUY_TYPE, PRICE_LEVEL_UPDATE_SELL_TYPE};
  assign is_status = kind inside {TRADING_STATUS_TYPE, OPERATIONAL_HALT_STATUS_TYPE};
  assign is_book = is_update || is_status;
  assign is_trade = kind inside {TRADE_REPORT_TYPE, TRADE_BREAK_TYPE};
  assign to_host = is_status || kind inside {SYSTEM_EVENT_TYPE, SECURITY_DIRECTORY_TYPE};
  assign named = length >= 16'(NAMED) && kind != SYSTEM_EVENT_TYPE;
  always_comb begin
    for (int unsigned i = 0; i < 8; i++) its_symbol[8*(7-i)+:8] = message_q[SYMBOL_AT+i];
    slot     = '0;
    followed = 1'b0;
    for (int unsigned i = SLOTS; i > 0; i--) begin
      if (enable[i-1] && symbol[i-1] == its_symbol) begin
        slot     = SLOT_W'(i - 1);
        followed = named;
      end
    end
  end

  // When: the time was there in the cycle before.
  logic [63:0] since_q;
  logic timed;
  always_ff @(posedge clk) since_q <= message_q[TIME_AT+:8] - midnight;
  assign timed = since_q[63:TIME_W] == '0;

  // What a status says.
  logic pauses, interrupts;
  assign pauses = kind == TRADING_STATUS_TYPE && message_q[TRADING_STATUS_TRADING_STATUS_AT] != "T";
  assign interrupts = kind == OPERATIONAL_HALT_STATUS_TYPE &&
                      message_q[OPERATIONAL_HALT_STATUS_OPERATIONAL_HALT_STATUS_AT] != "N";

  // What is halted, by the last H and by the last O: what isn't known counts as that.
  logic unread, nameless;
  logic [SLOTS-1:0][63:0] symbol_q;
  logic [SLOTS-1:0] other, unknown, paused_d, paused_q, interrupted_d, interrupted_q;
  logic [SLOTS-1:0] told_d, told_q;  // an H or O of it came in what may be undone
  logic halts;
  assign unread = !known || (is_book && !(right && timed)) || (kind == SYSTEM_EVENT_TYPE && !right);
  assign nameless = runts_q != '0 || (done_q && unread && !named);
  always_comb begin
    for (int unsigned i = 0; i < SLOTS; i++) other[i] = !enable[i] || symbol[i] != symbol_q[i];
    paused_d      = paused_q | other;
    interrupted_d = interrupted_q | other;
    told_d        = opens ? '0 : told_q;
    if (done_q && right && followed && is_status) begin
      told_d[slot] = 1'b1;
      if (kind == TRADING_STATUS_TYPE) paused_d[slot] = pauses;
      else interrupted_d[slot] = interrupts;
    end
    halts   = paused_d[slot] || interrupted_d[slot];
    unknown = bad_frame ? told_d : '0;
    if (done_q && unread && followed) unknown[slot] = 1'b1;
  end
  always_ff @(posedge clk) begin
    symbol_q      <= symbol;
    told_q        <= told_d;
    paused_q      <= paused_d | unknown;
    interrupted_q <= interrupted_d | unknown;
    if (rst || over || begins || missing || nameless) {paused_q, interrupted_q} <= '1;
  end

  // What it does.
  logic [63:0] price;
  logic held, sell;
  book_op_t op;
  assign price = message_q[PRICE_LEVEL_UPDATE_BUY_PRICE_AT+:8];
  assign held  = price[63:PRICE_W] == '0 && price[PRICE_W-1:0] != '0;
  assign sell  = kind == PRICE_LEVEL_UPDATE_SELL_TYPE;
  assign order = done_q && (!right || is_update || is_trade || pauses || interrupts);

  always_comb begin
    op                 = '0;
    op.slot            = slot;
    op.last_of_packet  = 1'b1;
    op.sequence_number = sequence_q;
    op.frame_cycle     = frame_q;
    op.message_cycle   = stamp_q;
    if (unread) begin
      op.operation = OPERATION_STALE;
      op.reason    = REASON_PARSE_ERROR;
    end else begin
      op.timestamp = since_q[TIME_W-1:0];
      op.operation = halts ? OPERATION_HALT : OPERATION_RESUME;
      if (is_update) begin
        op.last_of_packet = message_q[PRICE_LEVEL_UPDATE_BUY_EVENT_FLAGS_AT][0];
        op.operation      = OPERATION_STALE;
        op.reason         = REASON_BAD_PRICE;
        if (held) begin
          op.operation           = OPERATION_LEVEL;
          op.reason              = REASON_OK;
          op.side                = side_e'(sell);
          op.price               = price[PRICE_W-1:0];
          op.shares              = message_q[PRICE_LEVEL_UPDATE_BUY_SIZE_AT+:4];
          op.order_reference     = REFERENCE_W'({sell, price[PRICE_W-1:0]});
          op.new_order_reference = REFERENCE_W'({sell, price[PRICE_W-1:0]});
        end
      end
    end
  end

  logic [KEPT-1:0][7:0] shown;  // the first byte in the highest
  always_comb begin
    for (int unsigned i = 0; i < KEPT; i++) shown[KEPT-1-i] = message_q[i];
  end

  always_ff @(posedge clk) begin
    m_op         <= op;
    host_message <= shown;
    m_valid      <= !rst && done_q && followed && (unread || is_book);
    host_valid   <= !rst && done_q && right && to_host;
    lost         <= !rst && nameless;
    path_events  <= '0;
    if (!rst) begin
      path_events.wrong_lengths <= runts_q + 3'(done_q && known && !right);
      path_events.unknown_types <= done_q && !known;
      path_events.status_messages <= done_q && right && !is_update && !is_trade;
      path_events.other_instruments <= done_q && right && (is_update || is_trade) && !followed;
      path_events.book_messages <= done_q && right && is_update && followed;
      path_events.trade_messages <= done_q && right && is_trade && followed;
    end
  end
endmodule

`default_nettype wire
