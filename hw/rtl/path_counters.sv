// path_counters: counts the events of both feeds and of the path, for the register block to read.
//
// Each counter of hw/regs/tickwire.rdl adds in every cycle what the event of its name is: a field
// of feed_events (index 0 is feed A) or of path_events; message_overruns and feed_drops are events
// of a feed, of which one counter of the path adds both feeds'. What `clear` does, what an access
// takes and what a read gives stands in counters.
`default_nettype none

module path_counters
  import tick_pkg::*;
  import counter_regs_pkg::*;
#(
    localparam int unsigned ADDRESS_W = 10,  // bits of a byte address
    localparam int unsigned COUNT_W   = 32
) (
    input  logic                         clk,
    input  logic                         rst,
    input  logic                         clear,
    input  feed_events_t [          1:0] feed_events,
    input  path_events_t                 path_events,
    input  logic                         req,
    input  logic                         req_is_wr,
    input  logic         [ADDRESS_W-1:0] addr,
    output logic                         rd_ack,
    output logic         [  COUNT_W-1:0] rd_data,
    output logic                         wr_ack
);
  counters #(
      .WIDE(WIDE),
      .INCREMENT_W(STEP_W),
      .ADDRESS_W(ADDRESS_W),
      .COUNT_W(COUNT_W)
  ) counters_i (
      .clk(clk),
      .rst(rst),
      .clear(clear),
      .increments(increments_of(feed_events, path_events)),
      .req(req),
      .req_is_wr(req_is_wr),
      .addr(addr),
      .rd_ack(rd_ack),
      .rd_data(rd_data),
      .wr_ack(wr_ack)
  );
endmodule

`default_nettype wire
