// tickwire_core: the whole path, from the frames of feeds A and B to signals, without pins.
//
// What: wiring alone. It joins feed_book, features, nn, signal, path_registers and path_counters;
// what each does stands there, what the registers do in docs/reference/registers.md. The network is
// compiled in: the module `network` and its package. A frame that turns out to be bad is known to
// signal by the stamp that the feed's last operation has. With TAPS the taps show what goes from
// block to block, else they are 0: tap is what itch_parse reads, the others are records, each with
// its valid.
//
// Timing: a message's record at the end of its packet, or at each change, is presented (m_valid,
// m_signal) at the earliest, in cycles after the edge that accepts the message's last byte:
// feed_book's 12 (W = 8) or 14, features' 4, nn's LATENCY + 1, signal's 2; a replace takes 2 more.
// What waits does so in op_gate, feature_turns and nn, and nowhere else. No backpressure but on
// registers. Reset forgets all but memories.
//
// Not: slots from BOOKS on are never enabled.
`default_nettype none

module tickwire_core
  import tick_pkg::*;
#(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    parameter int unsigned BOOKS = SLOTS,  // slots that have a book, from 0; 2 or more
    parameter int unsigned ORDER_ROWS = 1024,  // the rest as feed_book's
    parameter int unsigned LEVEL_ROWS = 512,
    parameter int unsigned INDEX_W = 17,
    parameter int unsigned CACHE = W == 64 ? 32 : 12,
    parameter int unsigned FAR = 16,
    parameter int unsigned SPACING = W == 64 ? 2 : 8,
    parameter int unsigned QUEUE = 16,
    parameter int unsigned HOLD_BYTES = 8192,  // of each feed, that wait for what is missing
    parameter int unsigned HOLD_PACKETS = 64,  // likewise
    parameter int unsigned VECTORS = 16,  // that may wait for the network
    parameter bit GATED = 1'b0,  // in simulation: clocks of blocks that rest stand (idle_clock)
    parameter bit TAPS = 1'b0,  // what goes from block to block is shown
    parameter logic [63:0] BUILD_HASH = 64'd0,  // of all that is synthesised
    localparam int unsigned LANES = W / 8,
    localparam int unsigned SESSION_W = 80,
    localparam int unsigned HOST_W = 320,
    localparam int unsigned ADDRESS_W = 14
) (
    input logic clk,
    input logic rst,
    input logic [1:0][W-1:0] s_axis_tdata,
    input logic [1:0][LANES-1:0] s_axis_tkeep,
    input logic [1:0] s_axis_tvalid,
    input logic [1:0] s_axis_tlast,
    input logic [1:0] s_axis_tuser,
    output logic s_axil_awready,
    input logic s_axil_awvalid,
    input logic [ADDRESS_W-1:0] s_axil_awaddr,
    input logic [2:0] s_axil_awprot,
    output logic s_axil_wready,
    input logic s_axil_wvalid,
    input logic [31:0] s_axil_wdata,
    input logic [3:0] s_axil_wstrb,
    input logic s_axil_bready,
    output logic s_axil_bvalid,
    output logic [1:0] s_axil_bresp,
    output logic s_axil_arready,
    input logic s_axil_arvalid,
    input logic [ADDRESS_W-1:0] s_axil_araddr,
    input logic [2:0] s_axil_arprot,
    input logic s_axil_rready,
    output logic s_axil_rvalid,
    output logic [31:0] s_axil_rdata,
    output logic [1:0] s_axil_rresp,
    output logic m_valid,
    output signal_t m_signal,
    output logic host_valid,
    output logic [HOST_W-1:0] host_message,
    output logic [SLOTS-1:0][15:0] learned_locate,
    output logic tap_ready,
    output logic tap_operation_valid,
    output book_op_t tap_operation,
    output logic tap_book_valid,
    output top_of_book_t tap_top,
    output depth_t tap_depth,
    output reason_e tap_cause,
    output logic tap_ignored,
    output logic tap_vector_valid,
    output feature_vector_t tap_vector,
    output logic tap_network_valid,
    output signal_t tap_network,
    output tap_t tap
);
  if (W != 8 && W != 64) $error("tickwire_core: W must be 8 or 64");
  if (BOOKS < 2 || BOOKS > SLOTS) $error("tickwire_core: BOOKS must be 2 to SLOTS");

  localparam int unsigned COUNTER_W = 9;  // bits of a counter's address
  localparam int unsigned VERDICTS = W == 64 ? 16 : 4;  // frames of two feeds, 6 or 50 cycles apart

  // Each block's events of the path are 0 but for its own.
  feed_events_t [1:0] feed_events;
  path_events_t book_events, network_events, signal_events, slot_events;

  // Registers: what they set, and what they read of the path.
  logic [CYCLE_W-1:0] cycle;
  logic [1:0] feed_enable, any_group, any_port;
  logic [1:0][31:0] group;
  logic [1:0][15:0] port;
  logic resynchronise, any_start, any_hours, open_market, each_change;
  logic [23:0] window;
  logic [SLOTS-1:0] enable, hears, learn;
  logic [SLOTS-1:0][15:0] locate;
  logic [SLOTS-1:0][63:0] symbol;
  logic [SLOTS-1:0][STRENGTH_W-1:0] buy_threshold, sell_threshold;
  logic [SLOTS-1:0][15:0] hysteresis;
  logic [SLOTS-1:0][31:0] minimum_interval;
  logic host_op_valid, host_op_ready;
  book_op_t host_op;
  logic followed;
  logic [SESSION_W-1:0] session;
  logic [SEQUENCE_W-1:0] next, gap_first, gap_count;
  logic [SLOTS-1:0] learned, stale_slots;
  reason_e [SLOTS-1:0] stale_reasons, market;
  logic [15:0] doubts;
  logic clear_counters, counter_req, counter_req_is_wr, counter_rd_ack, counter_wr_ack;
  logic [COUNTER_W-1:0] counter_addr;
  logic [31:0] counter_rd_data;
  // What goes from block to block.
  logic ready, operation_valid, bad_frame, book_valid, ignored, vector_valid, network_valid;
  logic [CYCLE_W-1:0] bad_frame_cycle;
  book_op_t operation;
  top_of_book_t top;
  depth_t depth;
  reason_e cause;
  tap_t feed_tap;
  feature_vector_t vector;
  signal_t network_signal;

  path_registers #(
      .W(W),
      .BOOKS(BOOKS),
      .ORDER_ROWS(ORDER_ROWS),
      .GATED(GATED),
      .BUILD_HASH(BUILD_HASH),
      .MODEL_ID(network_pkg::MODEL_ID)
  ) path_registers_i (
      .clk(clk),
      .rst(rst),
      .s_axil_awready(s_axil_awready),
      .s_axil_awvalid(s_axil_awvalid),
      .s_axil_awaddr(s_axil_awaddr),
      .s_axil_awprot(s_axil_awprot),
      .s_axil_wready(s_axil_wready),
      .s_axil_wvalid(s_axil_wvalid),
      .s_axil_wdata(s_axil_wdata),
      .s_axil_wstrb(s_axil_wstrb),
      .s_axil_bready(s_axil_bready),
      .s_axil_bvalid(s_axil_bvalid),
      .s_axil_bresp(s_axil_bresp),
      .s_axil_arready(s_axil_arready),
      .s_axil_arvalid(s_axil_arvalid),
      .s_axil_araddr(s_axil_araddr),
      .s_axil_arprot(s_axil_arprot),
      .s_axil_rready(s_axil_rready),
      .s_axil_rvalid(s_axil_rvalid),
      .s_axil_rdata(s_axil_rdata),
      .s_axil_rresp(s_axil_rresp),
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
      .each_change(each_change),
      .enable(enable),
      .learn(learn),
      .locate(locate),
      .symbol(symbol),
      .buy_threshold(buy_threshold),
      .sell_threshold(sell_threshold),
      .hysteresis(hysteresis),
      .minimum_interval(minimum_interval),
      .host_op_valid(host_op_valid),
      .host_op(host_op),
      .host_op_ready(host_op_ready),
      .followed(followed),
      .session(session),
      .next(next),
      .gap_first(gap_first),
      .gap_count(gap_count),
      .learned(learned),
      .learned_locate(learned_locate),
      .hears(hears),
      .stale_slots(stale_slots),
      .stale_reasons(stale_reasons),
      .market(market),
      .doubts(doubts),
      .book_valid(book_valid),
      .top(top),
      .vector_valid(vector_valid),
      .vector(vector),
      .signal_valid(m_valid),
      .signal_record(m_signal),
      .path_events(slot_events),
      .clear_counters(clear_counters),
      .counter_req(counter_req),
      .counter_req_is_wr(counter_req_is_wr),
      .counter_addr(counter_addr),
      .counter_rd_ack(counter_rd_ack),
      .counter_rd_data(counter_rd_data),
      .counter_wr_ack(counter_wr_ack)
  );
  path_counters path_counters_i (
      .clk(clk),
      .rst(rst),
      .clear(clear_counters),
      .feed_events(feed_events),
      .path_events(book_events | network_events | signal_events | slot_events),
      .req(counter_req),
      .req_is_wr(counter_req_is_wr),
      .addr(counter_addr),
      .rd_ack(counter_rd_ack),
      .rd_data(counter_rd_data),
      .wr_ack(counter_wr_ack)
  );

  // From frames to books.
  feed_book #(
      .W(W),
      .BOOKS(BOOKS),
      .SPACING(SPACING),
      .QUEUE(QUEUE),
      .HOLD_BYTES(HOLD_BYTES),
      .HOLD_PACKETS(HOLD_PACKETS),
      .ORDER_ROWS(ORDER_ROWS),
      .LEVEL_ROWS(LEVEL_ROWS),
      .INDEX_W(INDEX_W),
      .CACHE(CACHE),
      .FAR(FAR),
      .GATED(GATED)
  ) feed_book_i (
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
      .midnight(64'd0),
      .s_axis_tdata(s_axis_tdata),
      .s_axis_tkeep(s_axis_tkeep),
      .s_axis_tvalid(s_axis_tvalid),
      .s_axis_tlast(s_axis_tlast),
      .s_axis_tuser(s_axis_tuser),
      .host_op_valid(host_op_valid),
      .host_op(host_op),
      .host_op_ready(host_op_ready),
      .ready(ready),
      .operation_valid(operation_valid),
      .operation(operation),
      .lost(),
      .lost_reason(),
      .session_ended(),
      .bad_frame(bad_frame),
      .bad_frame_cycle(bad_frame_cycle),
      .m_valid(book_valid),
      .m_top(top),
      .m_depth(depth),
      .m_cause(cause),
      .m_ignored(ignored),
      .stale_slots(stale_slots),
      .stale_reasons(stale_reasons),
      .hears(hears),
      .market(market),
      .doubts(doubts),
      .orders(),
      .order_error(),
      .level_error(),
      .evicted(),
      .refilled(),
      .restarted(),
      .host_valid(host_valid),
      .host_message(host_message),
      .learned_locate(learned_locate),
      .learned(learned),
      .followed(followed),
      .session(session),
      .next(next),
      .gap_first(gap_first),
      .gap_count(gap_count),
      .tap(feed_tap),
      .feed_events(feed_events),
      .path_events(book_events)
  );

  // From books to signals. Vectors that wait leave one after the other, a few cycles apart;
  // each_change forgets them at once.
  logic features_clk;
  idle_clock #(
      .GATED (GATED),
      .LINGER(16)
  ) features_clock (
      .clk  (clk),
      .rst  (rst),
      .busy (book_valid || vector_valid || each_change),
      .m_clk(features_clk)
  );
  features #(
      .BOOKS(BOOKS)
  ) features_i (
      .clk(features_clk),
      .rst(rst),
      .each_change(each_change),
      .s_valid(book_valid),
      .s_top(top),
      .s_depth(depth),
      .m_valid(vector_valid),
      .m_vector(vector)
  );

  nn #(
      .QUEUE(VECTORS),
      .GATED(GATED)
  ) nn_i (
      .clk(clk),
      .rst(rst),
      .s_valid(vector_valid),
      .s_vector(vector),
      .m_valid(network_valid),
      .m_signal(network_signal),
      .path_events(network_events),
      .waited()
  );

  signal #(
      .VERDICTS(VERDICTS)
  ) signal_i (
      .clk(clk),
      .rst(rst),
      .buy_threshold(buy_threshold),
      .sell_threshold(sell_threshold),
      .hysteresis(hysteresis),
      .minimum_interval(minimum_interval),
      .model_id(network_pkg::MODEL_ID),
      .bad_frame(bad_frame),
      .bad_frame_cycle(bad_frame_cycle),
      .s_valid(network_valid),
      .s_signal(network_signal),
      .m_valid(m_valid),
      .m_signal(m_signal),
      .path_events(signal_events)
  );

  assign tap_ready = TAPS ? ready : '0;
  assign tap_operation_valid = TAPS ? operation_valid : '0;
  assign tap_operation = TAPS ? operation : '0;
  assign tap_book_valid = TAPS ? book_valid : '0;
  assign tap_top = TAPS ? top : '0;
  assign tap_depth = TAPS ? depth : '0;
  assign tap_cause = TAPS ? cause : REASON_OK;
  assign tap_ignored = TAPS ? ignored : '0;
  assign tap_vector_valid = TAPS ? vector_valid : '0;
  assign tap_vector = TAPS ? vector : '0;
  assign tap_network_valid = TAPS ? network_valid : '0;
  assign tap_network = TAPS ? network_signal : '0;
  assign tap = TAPS ? feed_tap : '0;
endmodule

`default_nettype wire
