// Properties of risk_gate's joints. The other blocks than risk_control are free: whatever they say.
`default_nettype none

module risk_gate_props
  import tick_pkg::*;
(
    input logic                           clk,
    input logic                           rst,
    input logic          [   CYCLE_W-1:0] cycle,
    input logic          [MODEL_ID_W-1:0] model_id,
    input logic                           kill_pin,
    input logic          [     SLOTS-1:0] book_stale,
    input logic          [     SLOTS-1:0] book_crossed,
    input logic          [     SLOTS-1:0] book_locked,
    input logic          [     SLOTS-1:0] book_halted,
    input logic                           command_valid,
    input risk_command_t                  command,
    input slot_limits_t                   slot_limits,
    input total_limits_t                  total_limits,
    input logic                           doubt,
    input logic                           confirmation_valid,
    input confirmation_t                  confirmation,
    input logic                           s_valid,
    input intent_t                        s_intent,
    input logic                           takes,
    input logic                           look_place
);
  logic m_valid, m_order_valid, m_echo_valid, m_echo_taken, killed, armed, pending, number_known;
  logic look_open;
  decision_t m_decision;
  order_t m_order;
  risk_command_t m_echo;
  logic [NONCE_W-1:0] nonce;
  logic [TOKEN_W-1:0] number, look_token;
  logic [SLOT_W-1:0] look_slot;
  risk_events_t m_events;

  risk_gate #(
      .OPEN(2),
      .RECENT(1),
      .ARM_CYCLES(4)
  ) dut (
      .*
  );

  logic started_q = 1'b0;
  logic rst_q, armed_q, written_q, mine_q;
  always_ff @(posedge clk) begin
    started_q <= started_q || rst;
    rst_q     <= rst;
    armed_q   <= armed;
    mine_q    <= command_valid && command.act == ACT_ARM && command.model_id == model_id;
    written_q <= dut.limits_taken;
  end

  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    // As risk_limits' proof has it.
    of_limits :
    assume (!dut.limits_taken ||
            dut.opens && command.act inside {ACT_SLOT_LIMITS, ACT_TOTAL_LIMITS});
    if (started_q && !rst) begin
      mismatch_kills : assert (killed || !dut.mismatch);
      saturation_kills : assert (killed || !dut.saturated);
      pin_kills : assert (killed || !kill_pin);
      doubt_disarms : assert (!(armed && doubt));
      bad_confirmation_disarms : assert (!(armed && dut.bad_confirmation));
      killed_is_not_armed : assert (!(armed && killed));
      silence_kills : assert (killed || !armed || dut.controls.silence_q < dut.total.silence);
      new_day_is_taken : assert (!dut.new_day || dut.position_taken);
      heard_now :
      assert (dut.stops.killed == killed && dut.stops.armed == armed &&
              dut.stops.slot_killed == dut.slot_killed[dut.o_slot] &&
              dut.stops.stale == book_stale[dut.o_slot] &&
              dut.stops.crossed == book_crossed[dut.o_slot] &&
              dut.stops.locked == book_locked[dut.o_slot] &&
              dut.stops.halted == book_halted[dut.o_slot] &&
              dut.stops.session_open == dut.session_open);
    end
    if (started_q && !rst && !rst_q) begin
      this_model_only : assert (!armed || armed_q || mine_q);
      written_is_void : assert (!(written_q && pending));
      written_has_no_hash : assert (!(written_q && dut.controls.hash_known_q));
    end
    if (started_q && !rst) begin
      arms : cover (armed);
      dies_by_mismatch : cover (armed_q && killed && dut.mismatch);
    end
  end
endmodule

`default_nettype wire
