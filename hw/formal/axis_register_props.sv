// Properties of axis_register. The source may do anything, breaking the stream rules included, and
// so may the sink. Beats are numbered as they are accepted and as they leave; one number, free and
// fixed, is followed through: the beat that leaves under it is the one that came in under it.
`default_nettype none

module axis_register_props (
    input logic       clk,
    input logic       rst,
    input logic [7:0] data,
    input logic       keep,
    input logic       last,
    input logic       user,
    input logic       valid,
    input logic       sink_ready
);
  logic ready, m_valid, m_keep, m_last, m_user;
  logic [7:0] m_data;

  axis_register dut (
      .clk,
      .rst,
      .s_axis_tdata (data),
      .s_axis_tkeep (keep),
      .s_axis_tlast (last),
      .s_axis_tuser (user),
      .s_axis_tvalid(valid),
      .s_axis_tready(ready),
      .m_axis_tdata (m_data),
      .m_axis_tkeep (m_keep),
      .m_axis_tlast (m_last),
      .m_axis_tuser (m_user),
      .m_axis_tvalid(m_valid),
      .m_axis_tready(sink_ready)
  );

  logic [10:0] in, out;
  assign in  = {user, last, keep, data};
  assign out = {m_user, m_last, m_keep, m_data};

  logic started_q = 1'b0;  // has there been a reset
  logic [3:0] followed_q;  // any number, fixed: no reset, and it keeps its value
  logic [3:0] accepted_q, left_q;  // modulo 16, more than the stage can hold
  logic [10:0] beat_q;  // the beat that was accepted under the followed number
  logic stalled_q;
  logic [10:0] out_q;
  logic [2:0] run_q;  // beats that left one after another

  always_ff @(posedge clk) begin
    started_q  <= started_q || rst;
    followed_q <= followed_q;
    out_q      <= out;
    if (rst) begin
      accepted_q <= '0;
      left_q     <= '0;
      stalled_q  <= 1'b0;
      run_q      <= '0;
    end else begin
      if (valid && ready) accepted_q <= accepted_q + 1'b1;
      if (valid && ready && accepted_q == followed_q) beat_q <= in;
      if (m_valid && sink_ready) left_q <= left_q + 1'b1;
      stalled_q <= m_valid && !sink_ready;
      run_q     <= (m_valid && sink_ready) ? run_q + (run_q != '1) : '0;
    end
  end

  logic [3:0] held, age;
  assign held = accepted_q - left_q;  // beats inside
  assign age  = followed_q - left_q;  // the followed beat's place in the queue, if it is inside

  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    if (started_q && !rst) begin
      stable_while_stalled : assert (!stalled_q || (m_valid && out == out_q));
      never_more_than_two : assert (held <= 2);
      nothing_lost_or_invented : assert (m_valid == (held != 0));
      room_announced : assert (!ready || held < 2);
      same_beat_in_order : assert (!(m_valid && age == 0) || out == beat_q);
      // What makes it inductive: where a beat that is inside stands.
      skid_is_second : assert (dut.skid_valid_q == (held == 2));
      skid_holds_it : assert (!(held == 2 && age == 1) || dut.skid_q == beat_q);
      full_throughput : cover (run_q == 7);
      stalled_with_two : cover (stalled_q && held == 2);
      drained : cover (held == 0 && left_q == 5);
    end
  end
endmodule

`default_nettype wire
