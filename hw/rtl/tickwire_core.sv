// tickwire_core: the whole path, from the frames of feeds A and B to orders, without pins.
//
// What: wiring alone. It joins feed_book, features, nn, signal, order_path, path_registers,
// risk_registers, path_counters and risk_counters; what each does stands there, what the registers
// do in docs/reference/registers.md and risk_registers.md. The network is compiled in: the module
// `network` and its package. A frame that turns out to be bad is known to signal by the stamp that
// the feed's last operation has. order_message is an order as OUCH has it, first byte highest: 5.0,
// or 4.2 where OUCH42 is 1. With LINK the order's session with the venue is there, too
// (order_link): s_link and m_link are its line, as one of s_axis is, heard_byte is each byte that
// it takes of the venue's, refused_token that of an order that could not leave; venue_message isn't
// looked at. Without, venue_message is what the venue says, and who joins the core has the session.
// With TAPS the taps show what goes from block to block, else they are 0: tap is what itch_parse
// reads, the others are records, each with its valid.
//
// The gate is commanded by s_risk alone, a bus of its own: who has s_axil can't arm it, nor change
// a limit. To it a book is stale that nobody hears, and a slot is halted in which nobody may act.
//
// Timing: a message's record at the end of its packet, or at each change, is presented (m_valid,
// m_signal) at the earliest, in cycles after the edge that accepts the message's last byte:
// feed_book's 12 (W = 8) or 14, features' 4, nn's LATENCY + 1, signal's 2; a replace takes 2 more.
// What waits does so in op_gate, feature_turns and nn, and nowhere else. Of a signal the gate's
// decision comes 4 cycles later, the order's message 5, and the first byte of its frame 7 where no
// other frame leaves. No backpressure but on registers and of m_link. Reset forgets all but
// memories, kills the gate and disarms it, and ends the session.
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
    parameter int unsigned OPEN = 16,  // places for open orders, a power of two
    parameter int unsigned RECENT = 4,  // orders remembered, against duplicates
    parameter int unsigned ARM_CYCLES = 134217728,  // from a request to its arming, at most
    parameter int unsigned ANSWERS = 16,  // confirmations that may wait, a power of two
    parameter bit OUCH42 = 1'b0,  // the venue speaks OUCH 4.2, else 5.0
    parameter bit LINK = 1'b0,  // the order's session is here; the next four are order_link's
    parameter int unsigned MESSAGES = 64,  // packets that may be unacknowledged
    parameter int unsigned TIMEOUT = 25000000,  // cycles until something is sent again
    parameter int unsigned RETRIES = 5,  // times, until the venue is silent
    parameter int unsigned LINK_ROWS = 2048,  // beats of the venue's that may wait
    parameter bit GATED = 1'b0,  // in simulation: clocks of blocks that rest stand (idle_clock)
    parameter bit TAPS = 1'b0,  // what goes from block to block is shown
    parameter logic [63:0] BUILD_HASH = 64'd0,  // of all that is synthesised
    localparam int unsigned LANES = W / 8,
    localparam int unsigned SESSION_W = 80,
    localparam int unsigned HOST_W = 320,
    localparam int unsigned ADDRESS_W = 14,
    localparam int unsigned RISK_ADDRESS_W = 9,
    localparam int unsigned SENT_W = OUCH42 ? 392 : 376,
    localparam int unsigned VENUE_W = OUCH42 ? 640 : 544,
    localparam int unsigned LENGTH_W = 7
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
    output logic s_risk_awready,
    input logic s_risk_awvalid,
    input logic [RISK_ADDRESS_W-1:0] s_risk_awaddr,
    input logic [2:0] s_risk_awprot,
    output logic s_risk_wready,
    input logic s_risk_wvalid,
    input logic [31:0] s_risk_wdata,
    input logic [3:0] s_risk_wstrb,
    input logic s_risk_bready,
    output logic s_risk_bvalid,
    output logic [1:0] s_risk_bresp,
    output logic s_risk_arready,
    input logic s_risk_arvalid,
    input logic [RISK_ADDRESS_W-1:0] s_risk_araddr,
    input logic [2:0] s_risk_arprot,
    input logic s_risk_rready,
    output logic s_risk_rvalid,
    output logic [31:0] s_risk_rdata,
    output logic [1:0] s_risk_rresp,
    input logic kill_pin,
    input logic [W-1:0] s_link_tdata,
    input logic [LANES-1:0] s_link_tkeep,
    input logic s_link_tvalid,
    input logic s_link_tlast,
    input logic s_link_tuser,
    output logic [W-1:0] m_link_tdata,
    output logic [LANES-1:0] m_link_tkeep,
    output logic m_link_tvalid,
    output logic m_link_tlast,
    output logic m_link_tuser,
    input logic m_link_tready,
    output logic heard_valid,
    output logic [7:0] heard_byte,
    output logic refused_valid,
    output logic [TOKEN_W-1:0] refused_token,
    input logic venue_valid,
    input logic [VENUE_W-1:0] venue_message,
    input logic [15:0] venue_bytes,
    output logic m_valid,
    output signal_t m_signal,
    output logic decision_valid,
    output decision_t decision,
    output logic order_valid,
    output logic [SENT_W-1:0] order_message,
    output logic [LENGTH_W-1:0] order_length,
    output logic echo_valid,
    output logic echo_taken,
    output risk_command_t echo,
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
    output book_stops_t tap_stops,
    output logic tap_order_valid,
    output order_t tap_order,
    output tap_t tap
);
  if (W != 8 && W != 64) $error("tickwire_core: W must be 8 or 64");
  if (BOOKS < 2 || BOOKS > SLOTS) $error("tickwire_core: BOOKS must be 2 to SLOTS");
  if (RISK_ADDRESS_W != risk_regs_pkg::RISK_REGS_MIN_ADDR_WIDTH ||
      SENT_W != 8 * (OUCH42 ? ouch42_pkg::ENTER_ORDER_LENGTH : ouch_pkg::ENTER_ORDER_LENGTH) ||
      VENUE_W != 8 * (OUCH42 ? ouch42_pkg::LONGEST_OF_VENUE : ouch_pkg::LONGEST_OF_VENUE) ||
      LENGTH_W != ouch_pkg::MESSAGE_LENGTH_W)
    $error("tickwire_core: the widths of the risk window's and OUCH's ports are other ones");

  localparam int unsigned PLACE_W = $clog2(OPEN);
  localparam int unsigned COUNTER_W = 10;  // bits of a counter's address
  localparam int unsigned CHECK_COUNTER_W = 11;  // likewise of a check's
  localparam int unsigned PACKET_W = 448;  // bits of a packet of the host's
  localparam int unsigned PACKET_LENGTH_W = 6;
  localparam int unsigned VERDICTS = W == 64 ? 16 : 4;  // frames of two feeds, 6 or 50 cycles apart

  // Each block's events of the path are 0 but for its own.
  feed_events_t [1:0] feed_events;
  path_events_t book_events, network_events, signal_events, slot_events, order_events, link_events;
  path_events_t path_events;

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
  order_settings_t [SLOTS-1:0] order_settings;
  logic [SLOTS-1:0] crossed, locked, halted, shut;
  book_stops_t stops;
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
  logic check_req, check_req_is_wr, check_rd_ack, check_wr_ack;
  logic [CHECK_COUNTER_W-1:0] check_addr;
  logic [31:0] check_rd_data;
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
  // The gate's, and what its registers command.
  logic command_valid, confirmation_valid, killed, armed, pending, made_valid;
  risk_command_t command;
  slot_limits_t slot_limits;
  total_limits_t total_limits;
  confirmation_t confirmation;
  logic [NONCE_W-1:0] nonce;
  order_t made;
  // The session's, and what the host does with it.
  logic session_open, session_close, session_taken, session_live, session_settled;
  tcp_session_t link_session;
  session_end_e session_end;
  logic [31:0] unacknowledged, next_byte, expected_byte;
  logic packet_valid, packet_ready, packet_refused;
  logic [PACKET_W-1:0] packet;
  logic [PACKET_LENGTH_W-1:0] packet_length;
  logic said_valid, link_refused, link_doubt, takes, number_known;
  logic [TOKEN_W-1:0] number;
  logic [PLACE_W-1:0] look_place;
  logic look_open;
  logic [TOKEN_W-1:0] look_token;
  logic [SLOT_W-1:0] look_slot;
  logic [VENUE_W-1:0] said_message;
  logic [15:0] said_bytes;
  confirmation_t link_refusal;

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
      .order_settings(order_settings),
      .crossed(crossed),
      .locked(locked),
      .halted(halted),
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
      .counter_wr_ack(counter_wr_ack),
      .check_req(check_req),
      .check_req_is_wr(check_req_is_wr),
      .check_addr(check_addr),
      .check_rd_ack(check_rd_ack),
      .check_rd_data(check_rd_data),
      .check_wr_ack(check_wr_ack)
  );
  assign path_events = book_events | network_events | signal_events | slot_events | order_events |
                       link_events;
  path_counters path_counters_i (
      .clk(clk),
      .rst(rst),
      .clear(clear_counters),
      .feed_events(feed_events),
      .path_events(path_events),
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

  // From signals to orders.
  risk_registers risk_registers_i (
      .clk(clk),
      .rst(rst),
      .s_axil_awready(s_risk_awready),
      .s_axil_awvalid(s_risk_awvalid),
      .s_axil_awaddr(s_risk_awaddr),
      .s_axil_awprot(s_risk_awprot),
      .s_axil_wready(s_risk_wready),
      .s_axil_wvalid(s_risk_wvalid),
      .s_axil_wdata(s_risk_wdata),
      .s_axil_wstrb(s_risk_wstrb),
      .s_axil_bready(s_risk_bready),
      .s_axil_bvalid(s_risk_bvalid),
      .s_axil_bresp(s_risk_bresp),
      .s_axil_arready(s_risk_arready),
      .s_axil_arvalid(s_risk_arvalid),
      .s_axil_araddr(s_risk_araddr),
      .s_axil_arprot(s_risk_arprot),
      .s_axil_rready(s_risk_rready),
      .s_axil_rvalid(s_risk_rvalid),
      .s_axil_rdata(s_risk_rdata),
      .s_axil_rresp(s_risk_rresp),
      .command_valid(command_valid),
      .command(command),
      .slot_limits(slot_limits),
      .total_limits(total_limits),
      .confirmation_valid(confirmation_valid),
      .confirmation(confirmation),
      .killed(killed),
      .armed(armed),
      .pending(pending),
      .nonce(nonce),
      .echo_valid(echo_valid),
      .echo_taken(echo_taken),
      .echo_act(echo.act),
      .session_open(session_open),
      .session_close(session_close),
      .session(link_session),
      .session_taken(session_taken),
      .session_live(session_live),
      .session_settled(session_settled),
      .session_end(session_end),
      .unacknowledged(unacknowledged),
      .next_byte(next_byte),
      .expected_byte(expected_byte),
      .packet_valid(packet_valid),
      .packet(packet),
      .packet_length(packet_length),
      .packet_ready(packet_ready),
      .packet_refused(packet_refused)
  );

  for (genvar s = 0; s < SLOTS; s++) begin : gen_shut
    assign shut[s] = market[s] != REASON_OK;
  end
  assign stops.stale   = stale_slots | ~hears;
  assign stops.crossed = crossed;
  assign stops.locked  = locked;
  assign stops.halted  = halted | shut;
  order_path #(
      .OPEN(OPEN),
      .RECENT(RECENT),
      .ARM_CYCLES(ARM_CYCLES),
      .ANSWERS(ANSWERS),
      .OUCH42(OUCH42)
  ) order_path_i (
      .clk(clk),
      .rst(rst),
      .cycle(cycle),
      .model_id(network_pkg::MODEL_ID),
      .kill_pin(kill_pin),
      .settings(order_settings),
      .book_stale(stops.stale),
      .book_crossed(stops.crossed),
      .book_locked(stops.locked),
      .book_halted(stops.halted),
      .command_valid(command_valid),
      .command(command),
      .slot_limits(slot_limits),
      .total_limits(total_limits),
      .s_valid(m_valid),
      .s_signal(m_signal),
      .venue_valid(said_valid),
      .venue_message(said_message),
      .venue_bytes(said_bytes),
      .host_valid(confirmation_valid),
      .host_confirmation(confirmation),
      .link_refused(link_refused),
      .link_refusal(link_refusal),
      .link_doubt(link_doubt),
      .m_valid(order_valid),
      .m_message(order_message),
      .m_length(order_length),
      .m_order_valid(made_valid),
      .m_order(made),
      .m_decision_valid(decision_valid),
      .m_decision(decision),
      .m_echo_valid(echo_valid),
      .m_echo_taken(echo_taken),
      .m_echo(echo),
      .killed(killed),
      .armed(armed),
      .nonce(nonce),
      .pending(pending),
      .takes(takes),
      .number_known(number_known),
      .number(number),
      .look_place(look_place),
      .look_open(look_open),
      .look_token(look_token),
      .look_slot(look_slot),
      .path_events(order_events)
  );
  risk_counters risk_counters_i (
      .clk(clk),
      .rst(rst),
      .clear(clear_counters),
      .s_valid(decision_valid),
      .s_decision(decision),
      .req(check_req),
      .req_is_wr(check_req_is_wr),
      .addr(check_addr),
      .rd_ack(check_rd_ack),
      .rd_data(check_rd_data),
      .wr_ack(check_wr_ack)
  );

  // And to the venue. What stops a slot, or closes the day, stops all that wait for the line.
  logic stops_some;
  assign stops_some = echo_valid && echo_taken && echo.act inside {ACT_KILL_SLOT, ACT_SESSION};
  assign refused_valid = link_refused;
  assign refused_token = link_refusal.token;
  if (LINK) begin : gen_link
    order_link #(
        .W(W),
        .ORDERS(OPEN),
        .MESSAGES(MESSAGES),
        .TIMEOUT(TIMEOUT),
        .RETRIES(RETRIES),
        .ROWS(LINK_ROWS),
        .OUCH42(OUCH42)
    ) order_link_i (
        .clk(clk),
        .rst(rst),
        .open(session_open),
        .open_taken(session_taken),
        .close(session_close),
        .session(link_session),
        .stopped(killed || !armed || stops_some),
        .killed(killed),
        .echo_valid(echo_valid),
        .echo(echo),
        .order_slot(made.slot),
        .takes(takes),
        .number_known(number_known),
        .number(number),
        .look_place(look_place),
        .look_open(look_open),
        .look_token(look_token),
        .look_slot(look_slot),
        .s_valid(order_valid),
        .s_message(order_message),
        .host_valid(packet_valid),
        .host_packet(packet),
        .host_length(packet_length),
        .host_ready(packet_ready),
        .host_refused(packet_refused),
        .m_refused(link_refused),
        .m_refusal(link_refusal),
        .s_axis_tdata(s_link_tdata),
        .s_axis_tkeep(s_link_tkeep),
        .s_axis_tvalid(s_link_tvalid),
        .s_axis_tlast(s_link_tlast),
        .s_axis_tuser(s_link_tuser),
        .m_axis_tdata(m_link_tdata),
        .m_axis_tkeep(m_link_tkeep),
        .m_axis_tvalid(m_link_tvalid),
        .m_axis_tlast(m_link_tlast),
        .m_axis_tuser(m_link_tuser),
        .m_axis_tready(m_link_tready),
        .venue_valid(said_valid),
        .venue_message(said_message),
        .venue_bytes(said_bytes),
        .m_valid(heard_valid),
        .m_byte(heard_byte),
        .live(session_live),
        .settled(session_settled),
        .m_doubt(link_doubt),
        .m_end(session_end),
        .unacknowledged(unacknowledged),
        .next_byte(next_byte),
        .expected_byte(expected_byte),
        .path_events(link_events)
    );
  end else begin : gen_no_link
    assign {m_link_tdata, m_link_tkeep, m_link_tvalid, m_link_tlast, m_link_tuser} = '0;
    assign {heard_valid, heard_byte, session_taken, session_live, session_settled} = '0;
    assign {unacknowledged, next_byte, expected_byte, link_refused, link_doubt} = '0;
    assign takes = 1'b0;
    assign look_place = '0;
    assign {packet_ready, packet_refused} = '1;  // each is refused at once
    assign link_refusal = '0;
    assign link_events = '0;
    assign session_end = SESSION_END_NONE;
    assign said_valid = venue_valid;
    assign said_message = venue_message;
    assign said_bytes = venue_bytes;
    logic unused;
    assign unused = &{1'b0, s_link_tdata, s_link_tkeep, s_link_tvalid, s_link_tlast, s_link_tuser,
                      m_link_tready, stops_some, session_open, session_close, link_session,
                      number_known, number, look_open, look_token, look_slot};
    logic unused_packet;
    assign unused_packet = &{1'b0, packet_valid, packet, packet_length};
  end

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
  assign tap_stops = TAPS ? stops : '0;
  assign tap_order_valid = TAPS ? made_valid : '0;
  assign tap_order = TAPS ? made : '0;
  assign tap = TAPS ? feed_tap : '0;
endmodule

`default_nettype wire
