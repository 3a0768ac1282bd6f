// network: a stand-in for what openrtl writes, with its ports and its timing, for lint and benches.
//
// What: A step's sum is x0 + 3 x1 + 5 x2 ... of the signed inputs, and the instrument's state
// becomes five times itself plus that, modulo 2^16. The outputs, the first in the lowest bits, are
// bits 11 to 0 of the new state, bits 15 to 4, bits 11 to 0 of it exclusive-or itself 3 to the
// right, bits 8 to 0, bits 6 to 0. s_axis_tuser 0 is a step, 1 clears the instrument's state, 2
// every state, 3 clears, then steps. Reset clears it all.
// Timing: A result is there LATENCY + 1 cycles after its input. An instrument's inputs come LOOP
// cycles after its last step, or later.
// Not: Unlike openrtl's block this one doesn't hold back what comes earlier: such a step sees the
// state before, and such a clear is lost.
`default_nettype none

module network #(
    parameter int unsigned LATENCY  = network_pkg::LATENCY,  // 1 or more
    parameter int unsigned LOOP     = network_pkg::LOOP,     // 2 to LATENCY + 1
    parameter int unsigned TAG_BITS = 4                      // 2**TAG_BITS instruments
) (
    input  logic                                                clk,
    input  logic                                                rst,
    input  logic                                                s_axis_tvalid,
    output logic                                                s_axis_tready,
    input  logic [network_pkg::INPUTS*network_pkg::INPUT_W-1:0] s_axis_tdata,
    input  logic [                                TAG_BITS-1:0] s_axis_tid,
    input  logic [                                         1:0] s_axis_tuser,
    output logic                                                m_axis_tvalid,
    output logic [                network_pkg::OUTPUT_BITS-1:0] m_axis_tdata,
    output logic [                                TAG_BITS-1:0] m_axis_tid
);
  import network_pkg::INPUTS;
  import network_pkg::INPUT_W;
  if (LOOP < 2 || LOOP > LATENCY + 1) $error("network: LOOP must be 2 to LATENCY + 1");

  localparam int unsigned STATE_W = 16;
  typedef logic [STATE_W-1:0] state_t;
  typedef struct packed {
    logic step;
    logic clear;
    logic all;
    logic [TAG_BITS-1:0] tag;
  } command_t;

  state_t sum0, sum1_q, state1, next1;
  command_t command1_q;
  state_t states_q[1<<TAG_BITS];
  command_t way_q[LATENCY+1];  // from 2 on, what is under way
  state_t next_q[LATENCY+1];
  always_comb begin
    sum0 = '0;
    for (int unsigned i = 0; i < INPUTS; i++) begin
      sum0 += STATE_W'(2 * i + 1) * STATE_W'($signed(s_axis_tdata[i*INPUT_W+:INPUT_W]));
    end
    state1 = command1_q.clear ? '0 : states_q[command1_q.tag];
    next1  = (state1 << 2) + state1 + sum1_q;
  end
  assign s_axis_tready = 1'b1;

  always_ff @(posedge clk) begin
    sum1_q <= sum0;
    command1_q.step <= s_axis_tvalid && s_axis_tuser inside {0, 3} && !rst;
    command1_q.clear <= s_axis_tvalid && s_axis_tuser[0] && !rst;
    command1_q.all <= s_axis_tvalid && s_axis_tuser == 2 && !rst;
    command1_q.tag <= s_axis_tid;
    way_q[0] <= command1_q;
    next_q[0] <= next1;
    for (int unsigned i = 1; i <= LATENCY; i++) begin
      way_q[i]  <= way_q[i-1];
      next_q[i] <= next_q[i-1];
    end
    if (command1_q.clear) states_q[command1_q.tag] <= '0;
    if (way_q[LOOP-2].step) states_q[way_q[LOOP-2].tag] <= next_q[LOOP-2];
    if (command1_q.all || rst) states_q <= '{default: '0};
    if (rst) for (int unsigned i = 0; i <= LATENCY; i++) way_q[i].step <= 1'b0;
  end

  state_t result;
  assign result = next_q[LATENCY-1];
  assign m_axis_tvalid = way_q[LATENCY-1].step;
  assign m_axis_tid = way_q[LATENCY-1].tag;
  assign m_axis_tdata = {
    result[6:0], result[8:0], result[11:0] ^ result[14:3], result[15:4], result[11:0]
  };
endmodule

`default_nettype wire
