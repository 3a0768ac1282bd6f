// counters: counts events in memory, for the register block to read.
//
// What: each of COUNTERS adds its `increments` in every cycle, a number for those of WIDE, else its
// lowest bit, and stays at its maximum once there. `clear` sets all of them to 0, as reset does;
// the increments of its own cycle are lost.
//
// Timing: an access is `req` for one cycle with `addr` in bytes. rd_ack pulses 8 to 13 cycles
// later, the more when the same counter is just being brought up to date, with the count of all
// increments until the cycle 6 before, and of none after; a read that is under way when `clear`
// comes may give 0. A write changes nothing and is answered by wr_ack alike, but it waits for no
// counter: after 8 or 9 cycles, as does a read beyond the counters. One access at a time,
// the next not before the answer, as PeakRDL's block makes them; reset ends one without an answer.
//
// Rules: an address beyond the counters reads 0.
`default_nettype none

module counters #(
    parameter int unsigned COUNTERS = counter_regs_pkg::COUNTERS,  // 8 or more
    parameter logic [COUNTERS-1:0] WIDE = '1,  // those that count more than one a cycle
    parameter int unsigned INCREMENT_W = 3,  // bits of an increment of these
    parameter int unsigned ADDRESS_W = 10,  // bits of a byte address
    parameter int unsigned COUNT_W = 32  // bits of a count
) (
    input  logic                                  clk,
    input  logic                                  rst,
    input  logic                                  clear,
    input  logic [ COUNTERS-1:0][INCREMENT_W-1:0] increments,
    input  logic                                  req,
    input  logic                                  req_is_wr,
    input  logic [ADDRESS_W-1:0]                  addr,
    output logic                                  rd_ack,
    output logic [  COUNT_W-1:0]                  rd_data,
    output logic                                  wr_ack
);
  if (COUNTERS < 8) $error("counters: COUNTERS must be 8 or more");
  if (COUNTERS > 2 ** (ADDRESS_W - 2)) $error("counters: ADDRESS_W can't name every counter");
  if (INCREMENT_W < 1) $error("counters: INCREMENT_W must be 1 or more");

  // Increments gather in a few bits, which go round, until the counter's turn comes to bring memory
  // up to date. A read is a turn out of order. An access takes 9 cycles at least, of which it takes
  // one from the sweep, and 4 more if that is about to come to the same counter: a counter's turn
  // comes within 3 * COUNTERS cycles.
  localparam int unsigned INDEX_W = $clog2(COUNTERS);
  localparam int unsigned WIDE_W = $clog2((3 * COUNTERS + 8) * (2 ** INCREMENT_W - 1) + 1);
  localparam int unsigned NARROW_W = $clog2(3 * COUNTERS + 8 + 1);
  localparam int unsigned STAGES = 6;
  if (COUNT_W <= WIDE_W) $error("counters: COUNT_W must hold what gathers between two turns");

  logic [COUNTERS-1:0][WIDE_W-1:0] gathered;
  logic [COUNTERS-1:0] fresh_q;  // what memory holds is from before the clear
  logic [COUNT_W+WIDE_W-1:0] memory[COUNTERS];  // the count, and what had gathered by then
  logic [COUNT_W-1:0] read_count_q, count_q, old_q, value_q;
  logic [WIDE_W-1:0] read_before_q, before_q;

  // Turns: which counter, and whether it is read, from the choice to the write.
  logic [INDEX_W-1:0] next_q, index;
  logic [COUNTERS-1:0] mine_q;  // the turn is this counter's
  logic [STAGES-1:0][INDEX_W-1:0] index_q;
  logic [STAGES-1:0] turn_q, read_q, write_q;
  logic [WIDE_W-1:0] taken, news, news_q;
  logic [3:0][WIDE_W-1:0] taken_q;
  logic [1:0] new_q, wide_q;
  logic asked_q, asked_write_q, beyond_q, turn, host, swept_q, host_free, sweep_free;
  logic [INDEX_W-1:0] asked_index_q;
  logic [  COUNT_W:0] sum;

  // Memory is read two stages after the choice: until then the last turns' writes are done.
  function automatic logic idle(input logic [INDEX_W-1:0] which);
    idle = 1'b1;
    for (int unsigned i = 0; i < STAGES - 2; i++) if (turn_q[i] && index_q[i] == which) idle = 1'b0;
  endfunction

  always_comb begin
    host_free  = beyond_q || asked_write_q || idle(asked_index_q);
    sweep_free = idle(next_q);
    host       = asked_q && host_free && (swept_q || !sweep_free);
    turn       = host ? !beyond_q && !asked_write_q : sweep_free;
    index      = host ? asked_index_q : next_q;
    taken      = '0;
    for (int unsigned i = 0; i < COUNTERS; i++) if (mine_q[i]) taken |= gathered[i];
    news = taken_q[1] - (new_q[1] ? '0 : before_q);
    if (!wide_q[1]) news = WIDE_W'(news[NARROW_W-1:0]);
    sum = {1'b0, old_q} + (COUNT_W + 1)'(news_q);
  end

  for (genvar i = 0; i < COUNTERS; i++) begin : gen_gather
    localparam int unsigned GATHERED_W = WIDE[i] ? WIDE_W : NARROW_W;
    localparam int unsigned STEP_W = WIDE[i] ? INCREMENT_W : 1;
    logic [GATHERED_W-1:0] gathered_q;
    assign gathered[i] = WIDE_W'(gathered_q);
    always_ff @(posedge clk) begin
      if (rst || clear) gathered_q <= '0;
      else gathered_q <= gathered_q + GATHERED_W'(increments[i][STEP_W-1:0]);
    end
  end

  always_ff @(posedge clk) begin
    for (int unsigned i = 0; i < COUNTERS; i++) begin
      mine_q[i] <= turn_q[0] && index_q[0] == INDEX_W'(i);
      if (mine_q[i]) fresh_q[i] <= 1'b0;
    end
    index_q <= {index_q[STAGES-2:0], index};
    taken_q <= {taken_q[2:0], taken};
    news_q <= news;
    old_q <= new_q[1] ? '0 : count_q;
    new_q <= {new_q[0], |(fresh_q & mine_q)};
    wide_q <= {wide_q[0], |(WIDE & mine_q)};
    {read_count_q, read_before_q} <= memory[index_q[1]];
    {count_q, before_q} <= {read_count_q, read_before_q};
    value_q <= sum[COUNT_W] ? '1 : sum[COUNT_W-1:0];
    if (turn_q[5]) memory[index_q[5]] <= {value_q, taken_q[3]};
    rd_data <= turn_q[5] ? value_q : '0;
    if (req) begin
      asked_write_q <= req_is_wr;
      asked_index_q <= INDEX_W'(addr[ADDRESS_W-1:2]);
      beyond_q      <= 32'(addr[ADDRESS_W-1:2]) >= COUNTERS;
    end
    if (rst || clear) begin
      fresh_q <= '1;
      turn_q  <= '0;
      mine_q  <= '0;
    end else begin
      turn_q <= {turn_q[STAGES-2:0], turn};
    end
    if (rst) begin
      next_q  <= '0;
      asked_q <= 1'b0;
      swept_q <= 1'b0;
      read_q  <= '0;
      write_q <= '0;
      rd_ack  <= 1'b0;
      wr_ack  <= 1'b0;
    end else begin
      asked_q <= req || asked_q && !host;
      swept_q <= !host && sweep_free;
      if (!host && sweep_free) next_q <= 32'(next_q) == COUNTERS - 1 ? '0 : next_q + 1'b1;
      read_q  <= {read_q[STAGES-2:0], host && !asked_write_q};
      write_q <= {write_q[STAGES-2:0], host && asked_write_q};
      rd_ack  <= read_q[STAGES-1];
      wr_ack  <= write_q[STAGES-1];
    end
  end
endmodule

`default_nettype wire
