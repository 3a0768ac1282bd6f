// feed_book: from the frames of feeds A and B to the books of up to BOOKS instruments.
//
// What: it joins feed_rx, op_gate, order_table and price_book; what each does stands there, and
// docs/book.md says how they work together. operation_valid and operation are feed_rx's m_op; lost,
// session_ended and bad_frame are what it gives op_gate, and bad_frame_cycle the stamp of the frame
// that is bad, that of the feed's last operation. The events are those of all four; a book record
// whose cause is a counter's, or that is ignored, has its event in the same cycle.
//
// Timing: an operation of the feed that finds op_gate's queue empty is shown (m_valid, m_top,
// m_depth, m_cause, m_ignored) LATENCY cycles after the edge that accepts its message's last byte:
// 12 at W = 8, 14 at W = 64, a replace 2 more (with DEEP 13 and 14: feed_rx); one that has to wait,
// as much later as it waits. After reset no order is found until `ready`. Throughput: an operation
// each 2 cycles, 4 after a replace. Reset empties every book.
//
// Rules: what op_gate has no room for is counted (book_drops), and its slot is stale.
//
// Not: it has no registers of its own: the host's are ports.
`default_nettype none

module feed_book
  import tick_pkg::*;
  import counter_regs_pkg::events_of;
#(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    parameter int unsigned MIN_BYTES = 64,  // of a frame, check sequence included
    parameter int unsigned MAX_BYTES = 9026,  // likewise; 9018 and two tags
    parameter int unsigned HOLD_BYTES = 8192,  // of each feed, that wait for what is missing
    parameter int unsigned HOLD_PACKETS = 64,  // likewise
    parameter int unsigned BOOKS = SLOTS,  // slots that have a book, from 0
    parameter int unsigned SPACING = W == 64 ? 2 : 8,  // cycles between operations
    parameter int unsigned QUEUE = 16,  // operations that may wait
    parameter int unsigned ORDER_ROWS = 1024,  // rows of each choice of order_table
    parameter int unsigned LEVEL_ROWS = 512,  // the same of level_table
    parameter int unsigned INDEX_W = 17,  // bits of a price's index
    parameter int unsigned CACHE = W == 64 ? 32 : 12,  // levels of a side at hand
    parameter int unsigned FAR = 16,  // levels of a side whose price has no index
    parameter bit DEEP = 1'b0,  // IEX DEEP on IEX-TP, not ITCH on MoldUDP64
    parameter bit GATED = 1'b0,  // in simulation: clocks of blocks that rest stand (idle_clock)
    localparam int unsigned LANES = W / 8,
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
    input logic any_start,
    input logic any_hours,
    input logic open_market,
    input logic [23:0] window,
    input logic [SLOTS-1:0] enable,
    input logic [SLOTS-1:0] learn,
    input logic [SLOTS-1:0][15:0] locate,
    input logic [SLOTS-1:0][63:0] symbol,
    input logic [63:0] midnight,
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
    output logic lost,
    output reason_e lost_reason,
    output logic session_ended,
    output logic bad_frame,
    output logic [CYCLE_W-1:0] bad_frame_cycle,
    output logic m_valid,
    output top_of_book_t m_top,
    output depth_t m_depth,
    output reason_e m_cause,
    output logic m_ignored,
    output logic [SLOTS-1:0] stale_slots,
    output reason_e [SLOTS-1:0] stale_reasons,
    output logic [SLOTS-1:0] hears,
    output reason_e [SLOTS-1:0] market,
    output logic [15:0] doubts,
    output logic [BOOKS-1:0][ORDERS_COUNT_W-1:0] orders,
    output logic order_error,
    output logic level_error,
    output logic [1:0] evicted,
    output logic [1:0] refilled,
    output logic [1:0] restarted,
    output logic host_valid,
    output logic [HOST_W-1:0] host_message,
    output logic [SLOTS-1:0][15:0] learned_locate,
    output logic [SLOTS-1:0] learned,
    output logic followed,
    output logic [SESSION_W-1:0] session,
    output logic [SEQUENCE_W-1:0] next,
    output logic [SEQUENCE_W-1:0] gap_first,
    output logic [SEQUENCE_W-1:0] gap_count,
    output tap_t tap,
    output feed_events_t [1:0] feed_events,
    output path_events_t path_events
);
  if (W != 8 && W != 64) $error("feed_book: W must be 8 or 64");

  // Each block's events are 0 but for its own.
  path_events_t feed_path_events, gate_events, book_events;
  assign path_events = feed_path_events | gate_events | book_events;
  always_comb begin
    book_events = m_valid ? events_of(m_cause) : '0;
    book_events.ignored_operations = m_valid && m_ignored;
  end

  logic [SLOTS-1:0] turned, follows;
  reason_e turned_reason;
  logic session_begins, in_session;
  feed_rx #(
      .W(W),
      .MIN_BYTES(MIN_BYTES),
      .MAX_BYTES(MAX_BYTES),
      .HOLD_BYTES(HOLD_BYTES),
      .HOLD_PACKETS(HOLD_PACKETS),
      .DEEP(DEEP)
  ) feed_rx_i (
      .m_valid(operation_valid),
      .m_op(operation),
      .lost(lost),
      .lost_reason(lost_reason),
      .session_ended(session_ended),
      .session_begins(session_begins),
      .bad_frame(bad_frame),
      .turned(turned),
      .turned_reason(turned_reason),
      .hears(hears),
      .follows(follows),
      .market(market),
      .doubts(doubts),
      .clk(clk),
      .rst(rst),
      .cycle(cycle),
      .feed_enable(feed_enable),
      .any_group(any_group),
      .any_port(any_port),
      .group(group),
      .port(port),
      .resynchronise(resynchronise),
      .any_start(any_start),
      .any_hours(any_hours),
      .open_market(open_market),
      .window(window),
      .enable(enable),
      .learn(learn),
      .locate(locate),
      .symbol(symbol),
      .midnight(midnight),
      .s_axis_tdata(s_axis_tdata),
      .s_axis_tkeep(s_axis_tkeep),
      .s_axis_tvalid(s_axis_tvalid),
      .s_axis_tlast(s_axis_tlast),
      .s_axis_tuser(s_axis_tuser),
      .host_valid(host_valid),
      .host_message(host_message),
      .learned_locate(learned_locate),
      .learned(learned),
      .followed(followed),
      .in_session(in_session),
      .session(session),
      .next(next),
      .gap_first(gap_first),
      .gap_count(gap_count),
      .tap(tap),
      .feed_events(feed_events),
      .path_events(feed_path_events)
  );

  logic gate_valid, level_valid, next_leaves;
  book_op_t gate_op, next_op;
  // What the parser is about to give: itch_parse takes a cycle less at W = 8, where messages are
  // further apart than that.
  logic [SEQUENCE_W-1:0] number_q;
  always_ff @(posedge clk) number_q <= tap.sequence_number;
  // The stamp of the frame that bad_frame is of: its operations came last.
  logic [CYCLE_W-1:0] frame_q;
  assign bad_frame_cycle = operation_valid ? operation.frame_cycle : frame_q;
  always_ff @(posedge clk) if (operation_valid) frame_q <= operation.frame_cycle;
  level_op_t level_op;
  logic [SLOTS-1:0] gate_stale, level_stale, sweeping;
  reason_e [SLOTS-1:0] gate_reasons, level_reasons;
  logic [BOOKS-1:0] orders_sweep, levels_sweep;
  always_comb begin
    sweeping = '0;
    sweeping[BOOKS-1:0] = orders_sweep | levels_sweep;
  end

  // The host's operation is one of the market as it is when it is taken.
  book_op_t told;
  always_comb begin
    told = host_op;
    if (host_op.operation != OPERATION_STALE) told.reason = market[host_op.slot];
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
      .lost(lost),
      .lost_reason(lost_reason),
      .turned(turned),
      .turned_reason(turned_reason),
      .follows(follows),
      .session_ended(session_ended),
      .begins(session_begins),
      .in_session(in_session),
      .session(session),
      .bad_frame(bad_frame),
      .host_valid(host_op_valid),
      .host_op(told),
      .host_ready(host_op_ready),
      .sweeping(sweeping),
      .m_valid(gate_valid),
      .m_op(gate_op),
      .n_op(next_op),
      .n_leaves(next_leaves),
      .m_stale(gate_stale),
      .m_stale_reasons(gate_reasons),
      .path_events(gate_events)
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
      .s_stale_reasons(gate_reasons),
      .m_valid(level_valid),
      .m_op(level_op),
      .m_stale(level_stale),
      .m_stale_reasons(level_reasons)
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
      .s_stale_reasons(level_reasons),
      .m_valid(m_valid),
      .m_top(m_top),
      .m_depth(m_depth),
      .m_cause(m_cause),
      .m_ignored(m_ignored),
      .stale_slots(stale_slots),
      .stale_reasons(stale_reasons),
      .sweeping(levels_sweep),
      .error(level_error),
      .walks(walks),
      .evicted(evicted),
      .refilled(refilled),
      .restarted(restarted)
  );
endmodule

`default_nettype wire
