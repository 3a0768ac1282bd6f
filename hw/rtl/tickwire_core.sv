// tickwire_core: the whole path, from the frames of feeds A and B to signals, without pins.
//
// It joins feed_book, features, nn, signal, tickwire_regs and counters; what each does stands there,
// what the registers do in docs/reference/registers.md. A message's record at the end of its packet, or at each
// change, is presented (m_valid, m_signal) at the earliest, in cycles after the edge that accepts the
// message's last byte: feed_book's 12 (W = 8) or 14, features' 4, nn's LATENCY + 1, signal's 2; a
// replace takes 2 more. What waits does so in op_gate, feature_turns and nn, and nowhere else. The
// network is compiled in: the module `network` and its package.
// The host's operation waits from `issue` until op_gate takes it; add, halt, resume, clear, load and
// trust of a slot below BOOKS are its operations, anything else does nothing, as does an issue while
// one waits. It ends its packet, and its time and stamps are 0. Slots from BOOKS on are never enabled.
// A frame is told to be bad with the stamp that the feed's last operation has. A slot's status is of
// its last book record and vector; its reason is the book's, if that is not ok, else its last
// signal's. `learned` stands until the slot learns no longer. With TAPS the taps show what goes from
// block to block, else they are 0. No backpressure but on registers. Reset forgets all but memories.
`default_nettype none

module tickwire_core
  import tick_pkg::*;
  import counter_regs_pkg::*;
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
    parameter int unsigned VECTORS = 16,  // that may wait for the network
    parameter bit GATED = 1'b0,  // in simulation: clocks of blocks that rest stand (idle_clock)
    parameter bit TAPS = 1'b0,  // what goes from block to block is shown
    parameter logic [63:0] BUILD_HASH = 64'd0,  // of all that is synthesised
    localparam int unsigned LANES = W / 8,
    localparam int unsigned LANE_W = $clog2(LANES + 1),
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
    output logic [15:0] host_locate,
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
    output signal_t tap_network
);
  if (W != 8 && W != 64) $error("tickwire_core: W must be 8 or 64");
  if (BOOKS < 2 || BOOKS > SLOTS) $error("tickwire_core: BOOKS must be 2 to SLOTS");

  localparam int unsigned STEP_W = 4;  // bits of what a counter adds in a cycle
  localparam int unsigned COUNTER_W = 9;  // bits of a counter's address
  localparam int unsigned VERDICTS = W == 64 ? 16 : 4;  // frames of two feeds, 6 or 50 cycles apart

  tickwire_regs_pkg::tickwire_regs__in_t regs_in;
  tickwire_regs_pkg::tickwire_regs__out_t regs_out;
  logic [63:0] cycles_q;  // since reset
  always_ff @(posedge clk) cycles_q <= rst ? '0 : cycles_q + 1'b1;

  // From frames to books.
  logic [1:0] any_group;
  logic [1:0] any_port;
  logic [1:0][31:0] group;
  logic [1:0][15:0] port;
  logic [SLOTS-1:0] enable;
  logic [SLOTS-1:0] learn;
  logic [SLOTS-1:0][15:0] locate;
  logic [SLOTS-1:0][63:0] symbol;
  logic host_op_valid;
  book_op_t host_op;
  logic host_op_ready;
  logic ready;
  logic operation_valid;
  book_op_t operation;
  logic bad_frame;
  logic [SLOTS-1:0] stale_slots;
  logic dropped;
  logic kept_out;
  logic refused_trusts;
  logic [SLOTS-1:0] learned;
  logic followed;
  logic [SESSION_W-1:0] session;
  logic [SEQUENCE_W-1:0] next;
  logic [SEQUENCE_W-1:0] gap_first;
  logic [SEQUENCE_W-1:0] gap_count;
  logic [1:0] frames;
  logic [1:0] bad_preamble;
  logic [1:0] receive_errors;
  logic [1:0] long_frames;
  logic [1:0] short_frames;
  logic [1:0] bad_fcs;
  logic [1:0] datagrams;
  logic [1:0] other_protocol;
  logic [1:0] bad_ip_header;
  logic [1:0] ip_options;
  logic [1:0] ip_fragments;
  logic [1:0] bad_udp;
  logic [1:0] filtered;
  logic [1:0] truncated;
  logic [1:0] message_overruns;
  logic [1:0] packets;
  logic [1:0] heartbeats;
  logic [1:0] duplicates;
  logic [1:0] other_session;
  logic [1:0] feed_drops;
  logic gaps;
  logic sessions_ended;
  logic [2:0] messages;
  logic unknown_types;
  logic [2:0] wrong_lengths;
  logic status_messages;
  logic other_instruments;
  logic book_messages;
  logic trade_messages;
  logic [W-1:0] feed_tap_axis_tdata;
  logic feed_tap_axis_tvalid;
  logic [CYCLE_W-1:0] feed_tap_cycle;
  logic [CYCLE_W-1:0] feed_tap_frame_cycle;
  logic [LANE_W-1:0] feed_tap_tail;
  logic feed_tap_last;
  logic [2:0] feed_tap_runts;
  logic feed_tap_start;
  logic [LANE_W-1:0] feed_tap_lane;
  logic [15:0] feed_tap_length;
  logic [SEQUENCE_W-1:0] feed_tap_sequence_number;
  logic feed_tap_last_of_packet;
  logic shown, ignored;
  top_of_book_t top;
  depth_t depth;
  reason_e cause;
  logic [1:0] feed_enable;
  feed_book #(
      .W(W),
      .BOOKS(BOOKS),
      .SPACING(SPACING),
      .QUEUE(QUEUE),
      .ORDER_ROWS(ORDER_ROWS),
      .LEVEL_ROWS(LEVEL_ROWS),
      .INDEX_W(INDEX_W),
      .CACHE(CACHE),
      .FAR(FAR),
      .GATED(GATED)
  ) feed_book_i (
      .clk(clk),
      .rst(rst),
      .cycle(cycles_q[CYCLE_W-1:0]),
      .feed_enable(feed_enable),
      .any_group(any_group),
      .any_port(any_port),
      .group(group),
      .port(port),
      .resynchronise(regs_out.command.resynchronise.value),
      .enable(enable),
      .learn(learn),
      .locate(locate),
      .symbol(symbol),
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
      .gap(),
      .session_ended(),
      .bad_frame(bad_frame),
      .m_valid(shown),
      .m_top(top),
      .m_depth(depth),
      .m_cause(cause),
      .m_ignored(ignored),
      .stale_slots(stale_slots),
      .orders(),
      .dropped(dropped),
      .kept_out(kept_out),
      .refused_trusts(refused_trusts),
      .order_error(),
      .level_error(),
      .evicted(),
      .refilled(),
      .restarted(),
      .host_valid(host_valid),
      .host_message(host_message),
      .host_locate(host_locate),
      .learned(learned),
      .followed(followed),
      .session(session),
      .next(next),
      .gap_first(gap_first),
      .gap_count(gap_count),
      .tap_axis_tdata(feed_tap_axis_tdata),
      .tap_axis_tvalid(feed_tap_axis_tvalid),
      .tap_cycle(feed_tap_cycle),
      .tap_frame_cycle(feed_tap_frame_cycle),
      .tap_tail(feed_tap_tail),
      .tap_last(feed_tap_last),
      .tap_runts(feed_tap_runts),
      .tap_start(feed_tap_start),
      .tap_lane(feed_tap_lane),
      .tap_length(feed_tap_length),
      .tap_sequence_number(feed_tap_sequence_number),
      .tap_last_of_packet(feed_tap_last_of_packet),
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

  // From books to signals.
  logic vector_valid, network_valid, network_dropped, inferences;
  feature_vector_t vector;
  signal_t said;
  logic [CYCLE_W-1:0] frame_q, bad_frame_cycle;
  logic [SLOTS-1:0][STRENGTH_W-1:0] buy_threshold, sell_threshold;
  logic [SLOTS-1:0][15:0] hysteresis;
  logic [SLOTS-1:0][31:0] minimum_interval;
  logic signals_none, signals_buy, signals_sell;
  assign bad_frame_cycle = operation_valid ? operation.frame_cycle : frame_q;
  always_ff @(posedge clk) if (operation_valid) frame_q <= operation.frame_cycle;

  // Vectors that wait leave one after the other, a few cycles apart; each_change forgets them at once.
  logic features_clk, each_change;
  assign each_change = W == 8 && regs_out.control.trigger.value;
  idle_clock #(
      .GATED (GATED),
      .LINGER(16)
  ) features_clock (
      .clk  (clk),
      .rst  (rst),
      .busy (shown || vector_valid || each_change),
      .m_clk(features_clk)
  );
  features #(
      .BOOKS(BOOKS)
  ) features_i (
      .clk(features_clk),
      .rst(rst),
      .each_change(each_change),
      .s_valid(shown),
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
      .m_signal(said),
      .inferences(inferences),
      .dropped(network_dropped),
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
      .s_signal(said),
      .m_valid(m_valid),
      .m_signal(m_signal),
      .signals_none(signals_none),
      .signals_buy(signals_buy),
      .signals_sell(signals_sell)
  );

  // The host's operation, from `issue` until it is taken.
  operation_e asked;
  logic issues;
  always_comb begin
    asked = operation_e'(regs_out.host.issue.operation.value);
    issues = regs_out.host.issue.go.value && !host_op_valid &&
        32'(regs_out.host.issue.slot.value) < BOOKS &&
        asked inside {OPERATION_ADD, OPERATION_HALT, OPERATION_RESUME, OPERATION_CLEAR,
                      OPERATION_LOAD, OPERATION_TRUST};
  end
  always_ff @(posedge clk) begin
    host_op_valid <= !rst && (issues || (host_op_valid && !host_op_ready));
    if (issues) begin
      host_op <= '0;
      host_op.slot <= regs_out.host.issue.slot.value[SLOT_W-1:0];
      host_op.operation <= asked;
      host_op.side <= side_e'(regs_out.host.issue.side.value);
      host_op.price <= regs_out.host.price.price.value;
      host_op.shares <= regs_out.host.shares.shares.value;
      host_op.last_of_packet <= 1'b1;
      host_op.order_reference <= {
        regs_out.host.reference_high.word.value, regs_out.host.reference_low.word.value
      };
      host_op.sequence_number <= {
        regs_out.host.sequence_high.word.value, regs_out.host.sequence_low.word.value
      };
    end
  end

  // What a slot is.
  logic [SLOTS-1:0] stale_q, crossed_q, locked_q, halted_q, warm_q, learned_q;
  reason_e [SLOTS-1:0] book_reason_q, signal_reason_q;
  logic crosses, locks;  // it becomes so
  assign crosses = shown && top.crossed && !crossed_q[top.slot];
  assign locks   = shown && top.locked && !locked_q[top.slot];
  always_ff @(posedge clk) begin
    stale_q   <= stale_slots;
    learned_q <= (learned_q | learned) & learn;
    if (shown) begin
      crossed_q[top.slot]     <= top.crossed;
      locked_q[top.slot]      <= top.locked;
      halted_q[top.slot]      <= top.halted;
      book_reason_q[top.slot] <= top.reason;
    end
    if (vector_valid) warm_q[vector.slot] <= vector.warm;
    if (m_valid) signal_reason_q[m_signal.slot] <= m_signal.reason;
    if (rst) begin
      stale_q         <= '0;
      crossed_q       <= '0;
      locked_q        <= '0;
      halted_q        <= '0;
      warm_q          <= '0;
      learned_q       <= '0;
      book_reason_q   <= {SLOTS{REASON_CLEARED}};
      signal_reason_q <= {SLOTS{REASON_CLEARED}};
    end
  end

  // Registers: what they say to the path, and hear of it.
  for (genvar f = 0; f < 2; f++) begin : g_feed
    assign feed_enable[f] = regs_out.feeds[f].control.enable.value;
    assign any_group[f]   = regs_out.feeds[f].control.any_group.value;
    assign any_port[f]    = regs_out.feeds[f].control.any_port.value;
    assign group[f]       = regs_out.feeds[f].group.address.value;
    assign port[f]        = regs_out.feeds[f].udp.port.value;
  end
  for (genvar s = 0; s < SLOTS; s++) begin : g_slot
    reason_e reason;
    assign enable[s] = s < BOOKS && regs_out.slots[s].control.enable.value;
    assign learn[s] = s < BOOKS && regs_out.slots[s].control.learn.value;
    assign locate[s] = regs_out.slots[s].locate.stock_locate.value;
    assign symbol[s] = {
      regs_out.slots[s].symbol_first.characters.value,
      regs_out.slots[s].symbol_last.characters.value
    };
    assign buy_threshold[s] = regs_out.slots[s].buy_threshold.strength.value;
    assign sell_threshold[s] = regs_out.slots[s].sell_threshold.strength.value;
    assign hysteresis[s] = regs_out.slots[s].hysteresis.strength.value;
    assign minimum_interval[s] = regs_out.slots[s].minimum_interval.time_units.value;
    always_comb begin
      reason = signal_reason_q[s];
      if (book_reason_q[s] != REASON_OK) reason = book_reason_q[s];
      if (!enable[s]) reason = REASON_NOT_ENABLED;
    end
    assign regs_in.slots[s].locate.stock_locate.next = host_locate;
    assign regs_in.slots[s].locate.stock_locate.we = learned[s];
    assign regs_in.slots[s].status.stale.next = stale_slots[s];
    assign regs_in.slots[s].status.crossed.next = crossed_q[s];
    assign regs_in.slots[s].status.locked.next = locked_q[s];
    assign regs_in.slots[s].status.halted.next = halted_q[s];
    assign regs_in.slots[s].status.warm.next = warm_q[s];
    assign regs_in.slots[s].status.learned.next = learned_q[s];
    assign regs_in.slots[s].status.reason.next = reason;
    assign regs_in.slots[s].sticky.stale.next = stale_slots[s];
    assign regs_in.slots[s].sticky.crossed.next = crossed_q[s];
    assign regs_in.slots[s].sticky.locked.next = locked_q[s];
    assign regs_in.slots[s].sticky.halted.next = halted_q[s];
  end
  assign regs_in.build.hash.next = BUILD_HASH;
  assign regs_in.model.hash.next = network_pkg::MODEL_ID;
  assign regs_in.capabilities.width.next = 8'(W);
  assign regs_in.capabilities.slots.next = 8'(BOOKS);
  assign regs_in.capabilities.levels.next = 8'(LEVELS);
  assign regs_in.capabilities.orders_log2.next = 8'($clog2(8 * ORDER_ROWS));
  assign regs_in.cycles.count.next = cycles_q;
  assign regs_in.mold.session.characters.next = session[SESSION_W-1:16];
  assign regs_in.mold.session_end.characters.next = session[15:0];
  assign regs_in.mold.session_end.valid.next = followed;
  assign regs_in.mold.next.sequence_number.next = next;
  assign regs_in.mold.gap_first.sequence_number.next = gap_first;
  assign regs_in.mold.gap_count.messages.next = gap_count;
  assign regs_in.host.status.waits.next = host_op_valid;

  // They change with an access, which a counter answers late, and with what the path tells them.
  logic regs_clk, told;
  logic [5*SLOTS-1:0] told_now, told_q;
  assign told_now = {learned, stale_slots, crossed_q, locked_q, halted_q};
  assign told = told_now != told_q;
  always_ff @(posedge clk) told_q <= told_now;
  idle_clock #(
      .GATED (GATED),
      .LINGER(32)
  ) regs_clock (
      .clk(clk),
      .rst(rst),
      .busy(s_axil_awvalid || s_axil_wvalid || s_axil_bvalid || s_axil_arvalid || s_axil_rvalid ||
            told),
      .m_clk(regs_clk)
  );
  tickwire_regs tickwire_regs_i (
      .clk(regs_clk),
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
      .hwif_in(regs_in),
      .hwif_out(regs_out)
  );

  // Counters.
  function automatic logic [COUNTERS-1:0] wide();
    wide = '0;
    wide[PATH_MESSAGE_OVERRUNS] = 1'b1;
    wide[PATH_MESSAGES] = 1'b1;
    wide[PATH_WRONG_LENGTHS] = 1'b1;
    wide[PATH_STALE_BOOKS] = 1'b1;
    wide[PATH_FEED_DROPS] = 1'b1;
  endfunction
  logic [COUNTERS-1:0][STEP_W-1:0] increments;
  always_comb begin
    increments = '0;
    increments[FEEDS_0_FRAMES] = STEP_W'(frames[0]);
    increments[FEEDS_0_BAD_PREAMBLE] = STEP_W'(bad_preamble[0]);
    increments[FEEDS_0_SHORT_FRAMES] = STEP_W'(short_frames[0]);
    increments[FEEDS_0_LONG_FRAMES] = STEP_W'(long_frames[0]);
    increments[FEEDS_0_RECEIVE_ERRORS] = STEP_W'(receive_errors[0]);
    increments[FEEDS_0_BAD_FCS] = STEP_W'(bad_fcs[0]);
    increments[FEEDS_0_OTHER_PROTOCOL] = STEP_W'(other_protocol[0]);
    increments[FEEDS_0_BAD_IP_HEADER] = STEP_W'(bad_ip_header[0]);
    increments[FEEDS_0_IP_OPTIONS] = STEP_W'(ip_options[0]);
    increments[FEEDS_0_IP_FRAGMENTS] = STEP_W'(ip_fragments[0]);
    increments[FEEDS_0_BAD_UDP] = STEP_W'(bad_udp[0]);
    increments[FEEDS_0_FILTERED] = STEP_W'(filtered[0]);
    increments[FEEDS_0_TRUNCATED] = STEP_W'(truncated[0]);
    increments[FEEDS_0_DATAGRAMS] = STEP_W'(datagrams[0]);
    increments[FEEDS_0_PACKETS] = STEP_W'(packets[0]);
    increments[FEEDS_0_HEARTBEATS] = STEP_W'(heartbeats[0]);
    increments[FEEDS_0_DUPLICATES] = STEP_W'(duplicates[0]);
    increments[FEEDS_0_OTHER_SESSION] = STEP_W'(other_session[0]);
    increments[FEEDS_1_FRAMES] = STEP_W'(frames[1]);
    increments[FEEDS_1_BAD_PREAMBLE] = STEP_W'(bad_preamble[1]);
    increments[FEEDS_1_SHORT_FRAMES] = STEP_W'(short_frames[1]);
    increments[FEEDS_1_LONG_FRAMES] = STEP_W'(long_frames[1]);
    increments[FEEDS_1_RECEIVE_ERRORS] = STEP_W'(receive_errors[1]);
    increments[FEEDS_1_BAD_FCS] = STEP_W'(bad_fcs[1]);
    increments[FEEDS_1_OTHER_PROTOCOL] = STEP_W'(other_protocol[1]);
    increments[FEEDS_1_BAD_IP_HEADER] = STEP_W'(bad_ip_header[1]);
    increments[FEEDS_1_IP_OPTIONS] = STEP_W'(ip_options[1]);
    increments[FEEDS_1_IP_FRAGMENTS] = STEP_W'(ip_fragments[1]);
    increments[FEEDS_1_BAD_UDP] = STEP_W'(bad_udp[1]);
    increments[FEEDS_1_FILTERED] = STEP_W'(filtered[1]);
    increments[FEEDS_1_TRUNCATED] = STEP_W'(truncated[1]);
    increments[FEEDS_1_DATAGRAMS] = STEP_W'(datagrams[1]);
    increments[FEEDS_1_PACKETS] = STEP_W'(packets[1]);
    increments[FEEDS_1_HEARTBEATS] = STEP_W'(heartbeats[1]);
    increments[FEEDS_1_DUPLICATES] = STEP_W'(duplicates[1]);
    increments[FEEDS_1_OTHER_SESSION] = STEP_W'(other_session[1]);
    increments[PATH_GAPS] = STEP_W'(gaps);
    increments[PATH_SESSIONS_ENDED] = STEP_W'(sessions_ended);
    increments[PATH_MESSAGE_OVERRUNS] = STEP_W'($countones(message_overruns));
    increments[PATH_BAD_FRAMES] = STEP_W'(bad_frame);
    increments[PATH_MESSAGES] = STEP_W'(messages);
    increments[PATH_UNKNOWN_TYPES] = STEP_W'(unknown_types);
    increments[PATH_WRONG_LENGTHS] = STEP_W'(wrong_lengths);
    increments[PATH_BOOK_MESSAGES] = STEP_W'(book_messages);
    increments[PATH_TRADE_MESSAGES] = STEP_W'(trade_messages);
    increments[PATH_STATUS_MESSAGES] = STEP_W'(status_messages);
    increments[PATH_OTHER_INSTRUMENTS] = STEP_W'(other_instruments);
    increments[PATH_IGNORED_OPERATIONS] = STEP_W'(shown && ignored);
    increments[PATH_KEPT_OUT] = STEP_W'(kept_out);
    increments[PATH_REFUSED_TRUSTS] = STEP_W'(refused_trusts);
    increments[PATH_CROSSED_BOOKS] = STEP_W'(crosses);
    increments[PATH_LOCKED_BOOKS] = STEP_W'(locks);
    increments[PATH_STALE_BOOKS] = STEP_W'($countones(stale_slots & ~stale_q));
    increments[PATH_FEED_DROPS] = STEP_W'($countones(feed_drops));
    increments[PATH_BOOK_DROPS] = STEP_W'(dropped);
    increments[PATH_NETWORK_DROPS] = STEP_W'(network_dropped);
    increments[PATH_INFERENCES] = STEP_W'(inferences);
    increments[PATH_SIGNALS_NONE] = STEP_W'(signals_none);
    increments[PATH_SIGNALS_BUY] = STEP_W'(signals_buy);
    increments[PATH_SIGNALS_SELL] = STEP_W'(signals_sell);
    increments[PATH_UNKNOWN_REFERENCES] = STEP_W'(shown && cause == REASON_UNKNOWN_REFERENCE);
    increments[PATH_DUPLICATE_REFERENCES] = STEP_W'(shown && cause == REASON_DUPLICATE_REFERENCE);
    increments[PATH_EXCESS_SHARES] = STEP_W'(shown && cause == REASON_EXCESS_SHARES);
    increments[PATH_ZERO_PRICES] = STEP_W'(shown && cause == REASON_BAD_PRICE);
    increments[PATH_ZERO_SHARES] = STEP_W'(shown && cause == REASON_BAD_SHARES);
    increments[PATH_TABLE_OVERFLOWS] = STEP_W'(shown && cause == REASON_TABLE_OVERFLOW);
    increments[PATH_LEVEL_OVERFLOWS] = STEP_W'(shown && cause == REASON_LEVEL_OVERFLOW);
    increments[PATH_NUMBER_OVERFLOWS] = STEP_W'(shown && cause == REASON_NUMBER_OVERFLOW);
    increments[PATH_DEPTH_LOSSES] = STEP_W'(shown && cause == REASON_DEPTH_LOST);
  end
  counters #(
      .WIDE(wide()),
      .INCREMENT_W(STEP_W),
      .ADDRESS_W(COUNTER_W)
  ) counters_i (
      .clk(clk),
      .rst(rst),
      .clear(regs_out.command.clear_counters.value),
      .increments(increments),
      .req(regs_out.counters.req),
      .req_is_wr(regs_out.counters.req_is_wr),
      .addr(regs_out.counters.addr),
      .rd_ack(regs_in.counters.rd_ack),
      .rd_data(regs_in.counters.rd_data),
      .wr_ack(regs_in.counters.wr_ack)
  );

  assign tap_ready = TAPS ? ready : '0;
  assign tap_operation_valid = TAPS ? operation_valid : '0;
  assign tap_operation = TAPS ? operation : '0;
  assign tap_book_valid = TAPS ? shown : '0;
  assign tap_top = TAPS ? top : '0;
  assign tap_depth = TAPS ? depth : '0;
  assign tap_cause = TAPS ? cause : REASON_OK;
  assign tap_ignored = TAPS ? ignored : '0;
  assign tap_vector_valid = TAPS ? vector_valid : '0;
  assign tap_vector = TAPS ? vector : '0;
  assign tap_network_valid = TAPS ? network_valid : '0;
  assign tap_network = TAPS ? said : '0;
  assign tap_axis_tdata = TAPS ? feed_tap_axis_tdata : '0;
  assign tap_axis_tvalid = TAPS ? feed_tap_axis_tvalid : '0;
  assign tap_cycle = TAPS ? feed_tap_cycle : '0;
  assign tap_frame_cycle = TAPS ? feed_tap_frame_cycle : '0;
  assign tap_tail = TAPS ? feed_tap_tail : '0;
  assign tap_last = TAPS ? feed_tap_last : '0;
  assign tap_runts = TAPS ? feed_tap_runts : '0;
  assign tap_start = TAPS ? feed_tap_start : '0;
  assign tap_lane = TAPS ? feed_tap_lane : '0;
  assign tap_length = TAPS ? feed_tap_length : '0;
  assign tap_sequence_number = TAPS ? feed_tap_sequence_number : '0;
  assign tap_last_of_packet = TAPS ? feed_tap_last_of_packet : '0;
endmodule

`default_nettype wire
