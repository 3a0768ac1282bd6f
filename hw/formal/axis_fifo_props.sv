// Properties of axis_fifo. The source and the sink may do anything. Beats are numbered as they are
// kept: a beat of a frame that is dropped later gives its number back. One number, free and fixed,
// is followed: the beat that leaves under it is the one that was kept under it. The count of what
// is kept follows from the ports alone, by the rule of the module's header.
`default_nettype none

module axis_fifo_props #(
    parameter bit FRAME_DROP = 0,
    localparam int unsigned DEPTH = 4,
    localparam int unsigned COUNT_W = 2
) (
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
  logic [COUNT_W-1:0] drop_count;

  axis_fifo #(
      .DEPTH     (DEPTH),
      .FRAME_DROP(FRAME_DROP),
      .COUNT_W   (COUNT_W)
  ) dut (
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
      .m_axis_tready(sink_ready),
      .drop_count
  );

  logic [10:0] in, out;
  assign in  = {user, last, keep, data};
  assign out = {m_user, m_last, m_keep, m_data};

  logic started_q = 1'b0;  // has there been a reset
  logic up_q;  // the first cycle after it is over
  logic [4:0] followed_q;  // any number, fixed: no reset, and it keeps its value
  logic [4:0] kept_q, left_q;  // beats of whole frames kept, and beats that left, modulo 32
  logic [4:0] coming_q;  // beats kept of the frame that is coming in
  logic losing_q;  // that frame has met a full RAM
  logic [COUNT_W-1:0] drops_q;
  logic [10:0] beat_q, out_q;
  logic stalled_q, due_q;
  logic [2:0] run_q;

  logic [4:0] readable, next;
  logic full, take, lose;
  assign readable = kept_q - left_q - 5'(m_valid);  // in RAM, whole
  assign next     = kept_q + coming_q;  // the number that the next beat gets
  assign full     = readable + coming_q == DEPTH;
  assign take     = valid && ready;
  assign lose     = FRAME_DROP && (full || losing_q);

  always_ff @(posedge clk) begin
    started_q  <= started_q || rst;
    up_q       <= !rst;
    followed_q <= followed_q;
    out_q      <= out;
    if (rst) begin
      kept_q    <= '0;
      left_q    <= '0;
      coming_q  <= '0;
      losing_q  <= 1'b0;
      drops_q   <= '0;
      stalled_q <= 1'b0;
      due_q     <= 1'b0;
      run_q     <= '0;
    end else begin
      if (take && lose) begin
        coming_q <= '0;
        losing_q <= !last;
        if (last && drops_q != '1) drops_q <= drops_q + 1'b1;
      end else if (take) begin
        if (last || !FRAME_DROP) begin
          kept_q   <= next + 1'b1;
          coming_q <= '0;
        end else coming_q <= coming_q + 1'b1;
        if (next == followed_q) beat_q <= in;
      end
      if (m_valid && sink_ready) left_q <= left_q + 1'b1;
      stalled_q <= m_valid && !sink_ready;
      due_q     <= readable != 0;
      run_q     <= (m_valid && sink_ready) ? run_q + (run_q != '1) : '0;
    end
  end

  logic [4:0] age;
  assign age = followed_q - left_q - 5'(m_valid);  // the followed beat's place in the RAM

  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    if (started_q && !rst) begin
      stable_while_stalled : assert (!stalled_q || (m_valid && out == out_q));
      never_more_than_depth : assert (readable + coming_q <= DEPTH && readable <= DEPTH);
      nothing_invented : assert (!m_valid || kept_q != left_q);
      nothing_stuck : assert (!due_q || m_valid);
      same_beat_in_order : assert (!(m_valid && left_q == followed_q) || out == beat_q);
      drops_counted : assert (drop_count == drops_q);
      room_used : assert (ready == (up_q && (FRAME_DROP || !full)));
      // What makes it inductive: where the beats that are inside stand.
      coming_is_short : assert (coming_q <= DEPTH && (FRAME_DROP || coming_q == 0));
      losing_keeps_none : assert (!losing_q || (FRAME_DROP && coming_q == 0));
      write_pointer : assert (dut.wr_q == 3'(next));
      commit_pointer : assert (dut.commit_q == 3'(kept_q));
      read_pointer : assert (dut.rd_q == 3'(left_q + 5'(m_valid)));
      dropping : assert (dut.dropping_q == losing_q);
      up : assert (dut.up_q == up_q);
      ram_holds_it : assert (!(age < readable + coming_q) || dut.mem[followed_q[1:0]] == beat_q);
      full_throughput : cover (run_q == 7);
      ram_full : cover (full && m_valid);
      drained : cover (readable == 0 && !m_valid && left_q == 6);
      if (FRAME_DROP) begin
        whole_frame_after_a_drop : cover (drop_count == 1 && m_valid && m_last && left_q == 1);
        rolled_back : cover (take && lose && coming_q == 3);
        count_at_maximum : cover (drop_count == '1 && take && lose && last);
      end
    end
  end
endmodule

`default_nettype wire
