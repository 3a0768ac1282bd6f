// path_registers: the register block of the path, the host's operation, and what each slot is.
//
// What: the fields of hw/regs/tickwire.rdl (docs/reference/registers.md), on AXI4-Lite, as ports of
// the path. Settings go out as they were written last, by feed or slot; each_change only at W = 8.
// crossed, locked and halted are those of a slot's status, of now. What the host reads of the path
// comes in: session, next and gaps, the records of books (top), vectors and signals, each with its
// valid, hears (the enabled slots but for those whose locate a lower one has), stale_slots with
// stale_reasons, market with doubts, and learned with learned_locate, which writes the locate of
// those slots. The counters are outside: counter_… is the register block's side of them, check_… of
// those of the risk gate's checks. cycle is the low part of the register `cycles`, which counts
// clock cycles since reset.
//
// Timing: a command (resynchronise, open_market, clear_counters) is 1 for one cycle; open_market
// only while market.known is doubts. A slot's status is that of the record before; crossed_books
// and locked_books come with the record of a slot that was not so before, stale_books, how many
// slots have become stale, with the cycle in which stale_slots shows it. An access of AXI4-Lite
// ends within 20 cycles, one of a counter within 20 of its answer.
// GATED: the block's clock stands while nothing in it can change (idle_clock). Reset sets every
// register to its reset value; slots are then neither crossed, locked, halted, warm nor learned,
// and their reason is cleared.
//
// Rules, the host's operation: it waits from `issue` until host_op_ready. add, halt, resume, clear,
// load and trust of a slot below BOOKS are its operations, anything else does nothing, as does an
// issue while one waits. It ends its packet; its time, stamps and reason are 0.
//
// Rules, slots: crossed, locked and halted are those of the slot's last book record, warm that of
// its last vector. The reason is not_enabled of a slot that doesn't hear, or else stale_reasons'
// while the slot is stale, or else the last book record's, if that is not ok, else the last
// signal's. status.learned stands until the slot learns no longer, or learns that its locate is
// nobody's (0). Slots from BOOKS on are never enabled, and don't learn.
//
// Not: it does not judge what is written, nor hold an access up for the path.
`default_nettype none

module path_registers
  import tick_pkg::*;
#(
    parameter int unsigned W = 8,  // bits of a beat, 8 or 64
    parameter int unsigned BOOKS = SLOTS,  // slots that have a book, from 0
    parameter int unsigned ORDER_ROWS = 1024,  // rows of each choice of order_table
    parameter bit GATED = 1'b0,  // in simulation: the registers' clock stands while they rest
    parameter logic [63:0] BUILD_HASH = 64'd0,  // of all that is synthesised
    parameter logic [MODEL_ID_W-1:0] MODEL_ID = '0,  // of the network
    localparam int unsigned SESSION_W = 80,
    localparam int unsigned ADDRESS_W = 14,
    localparam int unsigned COUNTER_W = 10,  // bits of a counter's address
    localparam int unsigned CHECK_COUNTER_W = 11  // likewise of a check's
) (
    input logic clk,
    input logic rst,
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
    output logic [CYCLE_W-1:0] cycle,
    output logic [1:0] feed_enable,
    output logic [1:0] any_group,
    output logic [1:0] any_port,
    output logic [1:0][31:0] group,
    output logic [1:0][15:0] port,
    output logic resynchronise,
    output logic any_start,
    output logic any_hours,
    output logic open_market,
    output logic [23:0] window,
    output logic each_change,
    output logic [SLOTS-1:0] enable,
    output logic [SLOTS-1:0] learn,
    output logic [SLOTS-1:0][15:0] locate,
    output logic [SLOTS-1:0][63:0] symbol,
    output logic [SLOTS-1:0][STRENGTH_W-1:0] buy_threshold,
    output logic [SLOTS-1:0][STRENGTH_W-1:0] sell_threshold,
    output logic [SLOTS-1:0][15:0] hysteresis,
    output logic [SLOTS-1:0][31:0] minimum_interval,
    output order_settings_t [SLOTS-1:0] order_settings,
    output logic [SLOTS-1:0] crossed,
    output logic [SLOTS-1:0] locked,
    output logic [SLOTS-1:0] halted,
    output logic host_op_valid,
    output book_op_t host_op,
    input logic host_op_ready,
    input logic followed,
    input logic [SESSION_W-1:0] session,
    input logic [SEQUENCE_W-1:0] next,
    input logic [SEQUENCE_W-1:0] gap_first,
    input logic [SEQUENCE_W-1:0] gap_count,
    input logic [SLOTS-1:0] learned,
    input logic [SLOTS-1:0][15:0] learned_locate,
    input logic [SLOTS-1:0] hears,
    input logic [SLOTS-1:0] stale_slots,
    input reason_e [SLOTS-1:0] stale_reasons,
    input reason_e [SLOTS-1:0] market,
    input logic [15:0] doubts,
    input logic book_valid,
    input top_of_book_t top,
    input logic vector_valid,
    input feature_vector_t vector,
    input logic signal_valid,
    input signal_t signal_record,
    output path_events_t path_events,
    output logic clear_counters,
    output logic counter_req,
    output logic counter_req_is_wr,
    output logic [COUNTER_W-1:0] counter_addr,
    input logic counter_rd_ack,
    input logic [31:0] counter_rd_data,
    input logic counter_wr_ack,
    output logic check_req,
    output logic check_req_is_wr,
    output logic [CHECK_COUNTER_W-1:0] check_addr,
    input logic check_rd_ack,
    input logic [31:0] check_rd_data,
    input logic check_wr_ack
);
  if (W != 8 && W != 64) $error("path_registers: W must be 8 or 64");
  if (BOOKS < 2 || BOOKS > SLOTS) $error("path_registers: BOOKS must be 2 to SLOTS");

  tickwire_regs_pkg::tickwire_regs__in_t regs_in;
  tickwire_regs_pkg::tickwire_regs__out_t regs_out;

  logic [63:0] cycles_q;  // since reset
  always_ff @(posedge clk) cycles_q <= rst ? '0 : cycles_q + 1'b1;
  assign cycle = cycles_q[CYCLE_W-1:0];

  // The host's operation, from `issue` until it is taken.
  operation_e requested;
  logic issues;
  always_comb begin
    requested = operation_e'(regs_out.host.issue.operation.value);
    issues = regs_out.host.issue.go.value && !host_op_valid &&
        32'(regs_out.host.issue.slot.value) < BOOKS &&
        requested inside {OPERATION_ADD, OPERATION_HALT, OPERATION_RESUME, OPERATION_CLEAR,
                          OPERATION_LOAD, OPERATION_TRUST};
  end
  always_ff @(posedge clk) begin
    host_op_valid <= !rst && (issues || (host_op_valid && !host_op_ready));
    if (issues) begin
      host_op <= '0;
      host_op.slot <= regs_out.host.issue.slot.value[SLOT_W-1:0];
      host_op.operation <= requested;
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

  // What a slot is, and when it becomes so.
  logic [SLOTS-1:0] stale_q, crossed_q, locked_q, halted_q, warm_q, learned_q;
  reason_e [SLOTS-1:0] book_reason_q, signal_reason_q;
  always_comb begin
    path_events               = '0;
    path_events.crossed_books = book_valid && top.crossed && !crossed_q[top.slot];
    path_events.locked_books  = book_valid && top.locked && !locked_q[top.slot];
    path_events.stale_books   = 4'($countones(stale_slots & ~stale_q));
  end
  always_ff @(posedge clk) begin
    stale_q <= stale_slots;
    for (int unsigned s = 0; s < SLOTS; s++) begin
      if (learned[s]) learned_q[s] <= learned_locate[s] != '0;
      if (!learn[s]) learned_q[s] <= 1'b0;
    end
    if (book_valid) begin
      crossed_q[top.slot]     <= top.crossed;
      locked_q[top.slot]      <= top.locked;
      halted_q[top.slot]      <= top.halted;
      book_reason_q[top.slot] <= top.reason;
    end
    if (vector_valid) warm_q[vector.slot] <= vector.warm;
    if (signal_valid) signal_reason_q[signal_record.slot] <= signal_record.reason;
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

  assign crossed = crossed_q;
  assign locked = locked_q;
  assign halted = halted_q;

  // From registers to the path, and back.
  assign resynchronise = regs_out.command.resynchronise.value;
  assign any_start = regs_out.control.any_start.value;
  assign any_hours = regs_out.control.any_hours.value;
  assign open_market = regs_out.command.open_market.value && regs_out.market.known.value == doubts;
  assign window = regs_out.reorder.window.value;
  assign clear_counters = regs_out.command.clear_counters.value;
  assign each_change = W == 8 && regs_out.control.trigger.value;
  for (genvar f = 0; f < 2; f++) begin : gen_feed
    assign feed_enable[f] = regs_out.feeds[f].control.enable.value;
    assign any_group[f]   = regs_out.feeds[f].control.any_group.value;
    assign any_port[f]    = regs_out.feeds[f].control.any_port.value;
    assign group[f]       = regs_out.feeds[f].group.address.value;
    assign port[f]        = regs_out.feeds[f].udp.port.value;
  end
  for (genvar s = 0; s < SLOTS; s++) begin : gen_slot
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
    assign order_settings[s] = '{
            pricing: pricing_e'(regs_out.slots[s].order.pricing.value),
            offset: regs_out.slots[s].order_offset.price.value,
            shares: regs_out.slots[s].order_shares.shares.value,
            capped: regs_out.slots[s].order.capped.value,
            time_in_force: time_in_force_e'(regs_out.slots[s].order.time_in_force.value),
            display: display_e'(regs_out.slots[s].order.display.value),
            capacity: capacity_e'(regs_out.slots[s].order.capacity.value),
            marking: marking_e'(regs_out.slots[s].order.marking.value),
            symbol: symbol[s]
        };
    always_comb begin
      reason = signal_reason_q[s];
      if (book_reason_q[s] != REASON_OK) reason = book_reason_q[s];
      if (stale_slots[s]) reason = stale_reasons[s];
      if (!hears[s]) reason = REASON_NOT_ENABLED;
    end
    assign regs_in.slots[s].locate.stock_locate.next = learned_locate[s];
    assign regs_in.slots[s].locate.stock_locate.we = learned[s];
    assign regs_in.slots[s].status.stale.next = stale_slots[s];
    assign regs_in.slots[s].status.crossed.next = crossed_q[s];
    assign regs_in.slots[s].status.locked.next = locked_q[s];
    assign regs_in.slots[s].status.halted.next = halted_q[s];
    assign regs_in.slots[s].status.warm.next = warm_q[s];
    assign regs_in.slots[s].status.learned.next = learned_q[s];
    assign regs_in.slots[s].status.reason.next = reason;
    assign regs_in.slots[s].status.market.next = market[s];
    assign regs_in.slots[s].sticky.stale.next = stale_slots[s];
    assign regs_in.slots[s].sticky.crossed.next = crossed_q[s];
    assign regs_in.slots[s].sticky.locked.next = locked_q[s];
    assign regs_in.slots[s].sticky.halted.next = halted_q[s];
  end
  assign regs_in.build.hash.next = BUILD_HASH;
  assign regs_in.model.hash.next = MODEL_ID;
  assign regs_in.capabilities.width.next = 8'(W);
  assign regs_in.capabilities.slots.next = 8'(BOOKS);
  assign regs_in.capabilities.levels.next = 8'(LEVELS);
  assign regs_in.capabilities.orders_log2.next = 8'($clog2(8 * ORDER_ROWS));
  assign regs_in.cycles.count.next = cycles_q;
  assign regs_in.market.doubts.next = doubts;
  assign regs_in.mold.session.characters.next = session[SESSION_W-1:16];
  assign regs_in.mold.session_end.characters.next = session[15:0];
  assign regs_in.mold.session_end.valid.next = followed;
  assign regs_in.mold.next.sequence_number.next = next;
  assign regs_in.mold.gap_first.sequence_number.next = gap_first;
  assign regs_in.mold.gap_count.messages.next = gap_count;
  assign regs_in.host.status.waits.next = host_op_valid;
  assign counter_req = regs_out.counters.req;
  assign counter_req_is_wr = regs_out.counters.req_is_wr;
  assign counter_addr = regs_out.counters.addr;
  assign regs_in.counters.rd_ack = counter_rd_ack;
  assign regs_in.counters.rd_data = counter_rd_data;
  assign regs_in.counters.wr_ack = counter_wr_ack;
  assign check_req = regs_out.risk_checks.req;
  assign check_req_is_wr = regs_out.risk_checks.req_is_wr;
  assign check_addr = regs_out.risk_checks.addr;
  assign regs_in.risk_checks.rd_ack = check_rd_ack;
  assign regs_in.risk_checks.rd_data = check_rd_data;
  assign regs_in.risk_checks.wr_ack = check_wr_ack;

  // They change with an access, which a counter answers late, and with what the path writes.
  logic regs_clk, changes;
  logic [5*SLOTS-1:0] written, written_q;
  assign written = {learned, stale_slots, crossed_q, locked_q, halted_q};
  assign changes = written != written_q;
  always_ff @(posedge clk) written_q <= written;
  idle_clock #(
      .GATED (GATED),
      .LINGER(32)
  ) regs_clock (
      .clk(clk),
      .rst(rst),
      .busy(s_axil_awvalid || s_axil_wvalid || s_axil_bvalid || s_axil_arvalid || s_axil_rvalid ||
            changes),
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
endmodule

`default_nettype wire
