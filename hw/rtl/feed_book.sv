// feed_book: from the frames of feeds A and B to the books of up to BOOKS instruments.
//
// It joins feed_rx, op_gate, order_table and price_book; what each does stands there, and docs/book.md
// says how they work together. An operation of the feed that finds op_gate's queue empty is shown
// (m_valid, m_top, m_depth, m_cause, m_ignored) LATENCY cycles after the edge that accepts its
// message's last byte: 12 at W = 8, 14 at W = 64, a replace 2 more; one that has to wait, as much
// later as it waits. operation_valid and operation are feed_rx's m_op; gap, session_ended and
// bad_frame are what it tells op_gate. After reset no order is found until `ready`. Throughput: an
// operation each 2 cycles, 4 after a replace; what op_gate has no room for is counted (dropped), and
// its slot is stale. Reset empties every book. It has no registers of its own: the host's are ports.
`default_nettype none

module feed_book
  import tick_pkg::*;
#(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    parameter int unsigned MIN_BYTES = 64,  // of a frame, check sequence included
    parameter int unsigned MAX_BYTES = 1522,  // likewise; 1518 and a VLAN tag
    parameter int unsigned BOOKS = SLOTS,  // slots that have a book, from 0
    parameter int unsigned SPACING = W == 64 ? 2 : 8,  // cycles between operations
    parameter int unsigned QUEUE = 16,  // operations that may wait
    parameter int unsigned ORDER_ROWS = 1024,  // rows of each choice of order_table
    parameter int unsigned LEVEL_ROWS = 512,  // the same of level_table
    parameter int unsigned INDEX_W = 17,  // bits of a price's index
    parameter int unsigned CACHE = W == 64 ? 32 : 12,  // levels of a side at hand
    parameter int unsigned FAR = 16,  // levels of a side whose price has no index
    parameter bit GATED = 1'b0,  // in simulation: clocks of blocks that rest stand (idle_clock)
    localparam int unsigned LANES = W / 8,
    localparam int unsigned LANE_W = $clog2(LANES + 1),
    localparam int unsigned SESSION_W = 80,
    localparam int unsigned HOST_W = 320,
    localparam int unsigned ORDERS_COUNT_W = $clog2(8 * ORDER_ROWS + 1)
) (
    input logic clk,
    input logic rst,
    input logic [CYCLE_W-1:0] cycle,
    input logic [1:0] feed_enable,
    input logic [1:0] any_group,
    input logic [1:0] any_port,
    input logic [1:0][31:0] group,
    input logic [1:0][15:0] port,
    input logic resynchronise,
    input logic [SLOTS-1:0] enable,
    input logic [SLOTS-1:0] learn,
    input logic [SLOTS-1:0][15:0] locate,
    input logic [SLOTS-1:0][63:0] symbol,
    input logic [1:0][W-1:0] s_axis_tdata,
    input logic [1:0][LANES-1:0] s_axis_tkeep,
    input logic [1:0] s_axis_tvalid,
    input logic [1:0] s_axis_tlast,
    input logic [1:0] s_axis_tuser,
    input logic host_op_valid,
    input book_op_t host_op,
    output logic host_op_ready,
    output logic ready,
    output logic operation_valid,
    output book_op_t operation,
    output logic gap,
    output logic session_ended,
    output logic bad_frame,
    output logic m_valid,
    output top_of_book_t m_top,
    output depth_t m_depth,
    output reason_e m_cause,
    output logic m_ignored,
    output logic [SLOTS-1:0] stale_slots,
    output logic [BOOKS-1:0][ORDERS_COUNT_W-1:0] orders,
    output logic dropped,
    output logic kept_out,
    output logic refused_trusts,
    output logic order_error,
    output logic level_error,
    output logic [1:0] evicted,
    output logic [1:0] refilled,
    output logic [1:0] restarted,
    output logic host_valid,
    output logic [HOST_W-1:0] host_message,
    output logic [15:0] host_locate,
    output logic [SLOTS-1:0] learned,
    output logic followed,
    output logic [SESSION_W-1:0] session,
    output logic [SEQUENCE_W-1:0] next,
    output logic [SEQUENCE_W-1:0] gap_first,
    output logic [SEQUENCE_W-1:0] gap_count,
    output logic [W-1:0] tap_axis_tdata,
    output logic tap_axis_tvalid,
    output logic [CYCLE_W-1:0] tap_cycle,
    output logic [CYCLE_W-1:0] tap_frame_cycle,
    output logic [LANE_W-1:0] tap_tail,
    output logic tap_last,
    output logic [2:0] tap_runts,
    output logic tap_start,
    output logic [LANE_W-1:0] tap_lane,
    output logic [15:0] tap_length,
    output logic [SEQUENCE_W-1:0] tap_sequence_number,
    output logic tap_last_of_packet,
    output logic [1:0] frames,
    output logic [1:0] bad_preamble,
    output logic [1:0] receive_errors,
    output logic [1:0] long_frames,
    output logic [1:0] short_frames,
    output logic [1:0] bad_fcs,
    output logic [1:0] datagrams,
    output logic [1:0] other_protocol,
    output logic [1:0] bad_ip_header,
    output logic [1:0] ip_options,
    output logic [1:0] ip_fragments,
    output logic [1:0] bad_udp,
    output logic [1:0] filtered,
    output logic [1:0] truncated,
    output logic [1:0] message_overruns,
    output logic [1:0] packets,
    output logic [1:0] heartbeats,
    output logic [1:0] duplicates,
    output logic [1:0] other_session,
    output logic [1:0] feed_drops,
    output logic gaps,
    output logic sessions_ended,
    output logic [2:0] messages,
    output logic unknown_types,
    output logic [2:0] wrong_lengths,
    output logic status_messages,
    output logic other_instruments,
    output logic book_messages,
    output logic trade_messages
);
  if (W != 8 && W != 64) $error("feed_book: W must be 8 or 64");

  feed_rx #(
      .W(W),
      .MIN_BYTES(MIN_BYTES),
      .MAX_BYTES(MAX_BYTES)
  ) feed_rx_i (
      .m_valid(operation_valid),
      .m_op(operation),
      .gap(gap),
      .session_ended(session_ended),
      .bad_frame(bad_frame),
      .clk(clk),
      .rst(rst),
      .cycle(cycle),
      .feed_enable(feed_enable),
      .any_group(any_group),
      .any_port(any_port),
      .group(group),
      .port(port),
      .resynchronise(resynchronise),
      .enable(enable),
      .learn(learn),
      .locate(locate),
      .symbol(symbol),
      .s_axis_tdata(s_axis_tdata),
      .s_axis_tkeep(s_axis_tkeep),
      .s_axis_tvalid(s_axis_tvalid),
      .s_axis_tlast(s_axis_tlast),
      .s_axis_tuser(s_axis_tuser),
      .host_valid(host_valid),
      .host_message(host_message),
      .host_locate(host_locate),
      .learned(learned),
      .followed(followed),
      .session(session),
      .next(next),
      .gap_first(gap_first),
      .gap_count(gap_count),
      .tap_axis_tdata(tap_axis_tdata),
      .tap_axis_tvalid(tap_axis_tvalid),
      .tap_cycle(tap_cycle),
      .tap_frame_cycle(tap_frame_cycle),
      .tap_tail(tap_tail),
      .tap_last(tap_last),
      .tap_runts(tap_runts),
      .tap_start(tap_start),
      .tap_lane(tap_lane),
      .tap_length(tap_length),
      .tap_sequence_number(tap_sequence_number),
      .tap_last_of_packet(tap_last_of_packet),
      .frames(frames),
      .bad_preamble(bad_preamble),
      .receive_errors(receive_errors),
      .long_frames(long_frames),
      .short_frames(short_frames),
      .bad_fcs(bad_fcs),
      .datagrams(datagrams),
      .other_protocol(other_protocol),
      .bad_ip_header(bad_ip_header),
      .ip_options(ip_options),
      .ip_fragments(ip_fragments),
      .bad_udp(bad_udp),
      .filtered(filtered),
      .truncated(truncated),
      .message_overruns(message_overruns),
      .packets(packets),
      .heartbeats(heartbeats),
      .duplicates(duplicates),
      .other_session(other_session),
      .feed_drops(feed_drops),
      .gaps(gaps),
      .sessions_ended(sessions_ended),
      .messages(messages),
      .unknown_types(unknown_types),
      .wrong_lengths(wrong_lengths),
      .status_messages(status_messages),
      .other_instruments(other_instruments),
      .book_messages(book_messages),
      .trade_messages(trade_messages)
  );

  logic gate_valid, level_valid, next_leaves;
  book_op_t gate_op, next_op;
  // What itch_parse is about to give: it takes a cycle more at W = 64; at 8 messages are further
  // apart than that.
  logic [SEQUENCE_W-1:0] number_q;
  always_ff @(posedge clk) number_q <= tap_sequence_number;
  level_op_t level_op;
  logic [SLOTS-1:0] gate_stale, level_stale, sweeping;
  reason_e gate_reason, level_reason;
  logic [BOOKS-1:0] orders_sweep, levels_sweep;
  always_comb begin
    sweeping = '0;
    sweeping[BOOKS-1:0] = orders_sweep | levels_sweep;
  end

  op_gate #(
      .SPACING(SPACING),
      .DEPTH  (QUEUE),
      .BOOKS  (BOOKS)
  ) op_gate_i (
      .clk(clk),
      .rst(rst),
      .n_sequence_number(number_q),
      .s_valid(operation_valid),
      .s_op(operation),
      .gap(gap),
      .session_ended(session_ended),
      .bad_frame(bad_frame),
      .host_valid(host_op_valid),
      .host_op(host_op),
      .host_ready(host_op_ready),
      .sweeping(sweeping),
      .m_valid(gate_valid),
      .m_op(gate_op),
      .n_op(next_op),
      .n_leaves(next_leaves),
      .m_stale(gate_stale),
      .m_stale_reason(gate_reason),
      .dropped(dropped),
      .kept_out(kept_out),
      .refused_trusts(refused_trusts)
  );

  // Each wakes with what comes, and rests a little after what it does by itself.
  logic orders_clk, levels_clk, walks;
  idle_clock #(
      .GATED (GATED),
      .LINGER(16)
  ) orders_clock (
      .clk  (clk),
      .rst  (rst),
      .busy (next_leaves || gate_valid || gate_stale != '0 || !ready || orders_sweep != '0),
      .m_clk(orders_clk)
  );
  idle_clock #(
      .GATED (GATED),
      .LINGER(16)
  ) levels_clock (
      .clk  (clk),
      .rst  (rst),
      .busy (level_valid || level_stale != '0 || walks || levels_sweep != '0),
      .m_clk(levels_clk)
  );

  order_table #(
      .ROWS (ORDER_ROWS),
      .BOOKS(BOOKS)
  ) order_table_i (
      .clk(orders_clk),
      .rst(rst),
      .ready(ready),
      .error(order_error),
      .sweeping(orders_sweep),
      .orders(orders),
      .n_op(next_op),
      .s_valid(gate_valid),
      .s_op(gate_op),
      .s_stale(gate_stale),
      .s_stale_reason(gate_reason),
      .m_valid(level_valid),
      .m_op(level_op),
      .m_stale(level_stale),
      .m_stale_reason(level_reason)
  );

  price_book #(
      .BOOKS(BOOKS),
      .SPACING(SPACING),
      .LEVEL_ROWS(LEVEL_ROWS),
      .INDEX_W(INDEX_W),
      .CACHE(CACHE),
      .FAR(FAR)
  ) price_book_i (
      .clk(levels_clk),
      .rst(rst),
      .s_valid(level_valid),
      .s_op(level_op),
      .s_stale(level_stale),
      .s_stale_reason(level_reason),
      .m_valid(m_valid),
      .m_top(m_top),
      .m_depth(m_depth),
      .m_cause(m_cause),
      .m_ignored(m_ignored),
      .stale_slots(stale_slots),
      .sweeping(levels_sweep),
      .error(level_error),
      .walks(walks),
      .evicted(evicted),
      .refilled(refilled),
      .restarted(restarted)
  );
endmodule

`default_nettype wire
