// Properties of order_cancel42, of 4 places: of any one of them, and of any slot. What stands in a
// place may change in each cycle.
`default_nettype none

module order_cancel42_props
  import tick_pkg::*;
#(
    localparam int unsigned OPEN = 4
) (
    input logic                        clk,
    input logic                        rst,
    input logic                        live,
    input logic                        killed,
    input logic                        s_echo_valid,
    input risk_command_t               s_echo,
    input logic                        look_open,
    input logic          [TOKEN_W-1:0] look_token,
    input logic          [ SLOT_W-1:0] look_slot,
    input logic                        m_ready,
    input logic          [        1:0] any_place,
    input logic          [ SLOT_W-1:0] any_slot
);
  logic [1:0] look_place;
  logic m_valid, blocks;
  logic [175:0] m_packet;
  logic [5:0] m_length;
  link_events_t m_events;
  order_cancel42 #(.OPEN(OPEN)) dut (.*);

  logic started_q = 1'b0;
  logic killed_q, rises_q;
  logic [1:0] place_q;
  logic [SLOT_W-1:0] slot_q;
  logic due_q, due_slot_q;  // the place's turn is yet to come, of a kill of all, or of the slot's
  logic all, of_slot, looked, done, done_slot, rst_q, sent_q, unsent_q;

  assign all = rises_q || (s_echo_valid && s_echo.act == ACT_KILL);
  assign of_slot = s_echo_valid && s_echo.act == ACT_KILL_SLOT && s_echo.slot == slot_q;
  // A place is done as its order is taken, or as there is none of those that are asked for.
  assign looked = blocks && look_place == place_q && live;
  assign done = looked && (!look_open || (m_valid && m_ready));
  assign done_slot = looked && (!look_open || look_slot != slot_q || (m_valid && m_ready));

  // What is walked is of the slot: the place is the slot's turn, not another's.
  logic walks, walks_all;
  assign walks = dut.walks_q && (dut.all_q || dut.slot_q == slot_q);
  assign walks_all = dut.walks_q && dut.all_q;

  always_ff @(posedge clk) begin
    started_q <= started_q || rst;
    rst_q     <= rst;
    if (rst) begin
      killed_q   <= 1'b1;
      rises_q    <= 1'b0;
      place_q    <= any_place;
      slot_q     <= any_slot;
      due_q      <= 1'b0;
      due_slot_q <= 1'b0;
      sent_q     <= 1'b0;
      unsent_q   <= 1'b0;
    end else begin
      killed_q   <= killed;
      rises_q    <= killed && !killed_q;
      due_q      <= live && (all || (due_q && !done));
      due_slot_q <= live && (of_slot || (due_slot_q && !(done_slot && walks)));
      sent_q     <= m_valid && m_ready;
      unsent_q   <= !live && (due_q || due_slot_q || all || of_slot);
    end
  end

  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    if (started_q && !rst) begin
      never_unowned : assert (!m_valid || live);
      while_it_blocks : assert (!m_valid || blocks);
      of_an_order : assert (!m_valid || look_open);
      as_soup_has_it : assert (m_packet[175-:32] == {16'd20, "UX"} && m_length == 6'd22);
      all_of_it : assert (m_packet[79:0] == {"      ", 32'd0});
      until_all_are_done : assert (blocks || (!due_q && !due_slot_q));
      // What makes it inductive.
      all_to_come : assert (!due_q || (walks_all && dut.place_q <= place_q));
      slot_to_come :
      assert (!due_slot_q || dut.slots_q[slot_q] || (walks && dut.place_q <= place_q));
      waits_behind : assert (dut.walks_q || dut.slots_q == '0);
      started_alike : assert (dut.killed_q == killed_q && dut.rises_q == rises_q);
      cover_all : cover (sent_q && !dut.walks_q);
      cover_slot : cover (due_slot_q && walks_all);
      cover_behind : cover (due_slot_q && !walks);
    end
    if (started_q && !rst_q) begin
      said : assert (m_events.cancels == sent_q && (!unsent_q || m_events.cancels_unsent));
    end
  end

  // The token in eight digits, the highest first.
  for (genvar i = 0; i < 8; i++) begin : gen_digit
    logic [3:0] digit;
    logic [7:0] letter;
    assign digit  = look_token[31-4*i-:4];
    assign letter = m_packet[143-8*i-:8];
    always_ff @(posedge clk) begin
      if (started_q && !rst) begin
        written : assert (letter == (digit < 4'd10 ? "0" + 8'(digit) : "A" + 8'(digit) - 8'd10));
      end
    end
  end
endmodule

`default_nettype wire
