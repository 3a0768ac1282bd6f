// @NAME@: a recurrent step behind AXI-Stream, with the state of every instrument.
//
// s_axis_tid names the instrument. s_axis_tuser says what to do, in order with everything else:
//   0 step   1 clear this instrument   2 clear all   3 clear this instrument, then step
// A step gives one result; a clear gives none. A cleared instrument's state is zero.
//
// Different instruments go one a clock. A tick whose instrument's state is still under way waits
// (LOOP clocks between two ticks of one instrument), and what is behind it waits too: up to HOLD
// entries are held, then s_axis_tready falls. A tick that doesn't wait has its result LATENCY
// clocks later, always. Nothing holds up the results. State survives any gap; reset clears it.
// Element 0 of each vector is in the lowest bits. Generated; don't edit.

`default_nettype none

module @NAME@ #(
    parameter LATENCY   = @LATENCY@,  // constants of this network: only their own values are accepted
    parameter LOOP      = @LOOP@,
    parameter TAG_BITS  = @TAG_BITS@,  // 2**TAG_BITS instruments
    parameter HOLD_BITS = 2   // 2**HOLD_BITS entries in front
) (
    input  wire                clk,
    input  wire                rst,
    input  wire                s_axis_tvalid,
    output wire                s_axis_tready,
    input  wire [@IN_TOP@:0] s_axis_tdata,
    input  wire [TAG_BITS-1:0] s_axis_tid,
    input  wire [         1:0] s_axis_tuser,
    output wire                m_axis_tvalid,
    output wire [@OUT_TOP@:0] m_axis_tdata,
    output wire [TAG_BITS-1:0] m_axis_tid
);

  localparam STAGES = @LATENCY@;
  localparam READ = @READ@;  // the state joins at the edge that begins this stage
  localparam WRITE = @WRITE@;  // its successor is there at the end of this one
  localparam DATA_BITS = @IN_BITS@;
  localparam STATE_BITS = @STATE_BITS@;
  localparam ENTRY_BITS = DATA_BITS + TAG_BITS + 2;
  localparam INSTRUMENTS = 1 << TAG_BITS;

  generate
    if (LATENCY != STAGES || LOOP != @LOOP@) begin : gen_wrong_latency
      @NAME@_has_another_latency bad ();
    end
  endgenerate

  // What waits, in order. An entry that finds nothing waiting goes past it without a clock's loss.
  reg [ENTRY_BITS-1:0] hold_q[0:(1<<HOLD_BITS)-1];
  reg [HOLD_BITS:0] put_q, take_q;
  wire empty = put_q == take_q;
  wire full = put_q == (take_q ^ {1'b1, {HOLD_BITS{1'b0}}});
  wire [ENTRY_BITS-1:0] arriving = {s_axis_tuser, s_axis_tid, s_axis_tdata};
  wire [ENTRY_BITS-1:0] head = empty ? arriving : hold_q[take_q[HOLD_BITS-1:0]];
  wire head_valid = !empty || s_axis_tvalid;
  wire [TAG_BITS-1:0] head_tag = head[DATA_BITS+:TAG_BITS];
  wire [1:0] head_user = head[DATA_BITS+TAG_BITS+:2];
  wire clears_all = head_user == 2'd2;
  wire steps = !(head_user[1] ^ head_user[0]);

  // Steps whose state is not back: the last LOOP - 1 clocks.
  reg [LOOP-1:0] away_q;
  reg [LOOP*TAG_BITS-1:0] away_tag_q;
  reg blocked;
  integer slot;
  always @(*) begin
    blocked = 1'b0;
    for (slot = 0; slot < LOOP - 1; slot = slot + 1)
      if (away_q[slot] && (clears_all || away_tag_q[slot*TAG_BITS+:TAG_BITS] == head_tag))
        blocked = 1'b1;
  end

  wire go = head_valid && !blocked;
  assign s_axis_tready = !full;

  always @(posedge clk) begin
    if (rst) begin
      put_q  <= {(HOLD_BITS + 1) {1'b0}};
      take_q <= {(HOLD_BITS + 1) {1'b0}};
      away_q <= {LOOP{1'b0}};
    end else begin
      if (s_axis_tvalid && !full && !(empty && go)) put_q <= put_q + 1'b1;
      if (go && !empty) take_q <= take_q + 1'b1;
      away_q <= {away_q[LOOP-2:0], go && steps};
    end
    if (s_axis_tvalid && !full) hold_q[put_q[HOLD_BITS-1:0]] <= arriving;
    away_tag_q <= {away_tag_q[(LOOP-1)*TAG_BITS-1:0], head_tag};
  end

  // What goes down the pipeline: slot k is what is in stage k - 1.
  reg [STAGES:0] step_q, clear_q, all_q;
  reg [(STAGES+1)*TAG_BITS-1:0] tag_q;
  wire [STAGES+1:0] step = {step_q, go && steps};
  wire [STAGES+1:0] clear = {clear_q, go && head_user[0]};
  wire [STAGES+1:0] all = {all_q, go && clears_all};
  wire [(STAGES+2)*TAG_BITS-1:0] tag = {tag_q, head_tag};

  always @(posedge clk) begin
    if (rst) begin
      step_q  <= {(STAGES + 1) {1'b0}};
      clear_q <= {(STAGES + 1) {1'b0}};
      all_q   <= {(STAGES + 1) {1'b0}};
    end else begin
      step_q  <= step[STAGES:0];
      clear_q <= clear[STAGES:0];
      all_q   <= all[STAGES:0];
    end
    tag_q <= tag[(STAGES+1)*TAG_BITS-1:0];
  end

  assign m_axis_tvalid = step[STAGES+1];
  assign m_axis_tid    = tag[(STAGES+1)*TAG_BITS+:TAG_BITS];

  // The states, and which of them were written since they were cleared.
  reg [STATE_BITS-1:0] state_q[0:INSTRUMENTS-1];
  reg [INSTRUMENTS-1:0] live_q;
  wire [TAG_BITS-1:0] read_tag = tag[READ*TAG_BITS+:TAG_BITS];
  wire [TAG_BITS-1:0] write_tag = tag[(WRITE+1)*TAG_BITS+:TAG_BITS];
  wire fresh = clear[READ] || !live_q[read_tag];
  wire [STATE_BITS-1:0] state = fresh ? {STATE_BITS{1'b0}} : state_q[read_tag];
  wire [STATE_BITS-1:0] next_state;

  always @(posedge clk) begin
    if (step[WRITE+1]) state_q[write_tag] <= next_state;
    if (rst) live_q <= {INSTRUMENTS{1'b0}};
    else begin
      if (step[WRITE+1]) live_q[write_tag] <= 1'b1;
      if (clear[READ]) live_q[read_tag] <= 1'b0;
      if (all[READ]) live_q <= {INSTRUMENTS{1'b0}};
    end
  end

  @NAME@_core core (
      .clk(clk),
      .x(head[DATA_BITS-1:0]),
      .state(state),
      .next_state(next_state),
      .y(m_axis_tdata)
  );

endmodule

`default_nettype wire
