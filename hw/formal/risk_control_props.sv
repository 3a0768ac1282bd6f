// Properties of risk_control. Commands, faults and what the limits say are free in every cycle. What
// was said is followed here by the ports alone: the key, the hash, the nonce, the beats.
`default_nettype none

module risk_control_props
  import tick_pkg::*;
#(
    localparam int unsigned ARM_CYCLES = 5
) (
    input logic                           clk,
    input logic                           rst,
    input logic          [          15:0] cycle,
    input logic          [MODEL_ID_W-1:0] model_id,
    input logic                           kill_pin,
    input logic                           saturated,
    input logic                           mismatch,
    input logic                           bad_confirmation,
    input logic                           limits_written,
    input logic                           total_written,
    input logic          [          31:0] silence,
    input logic                           s_valid,
    input risk_command_t                  s_command
);
  logic opens, taken, killed, armed, session_open, pending;
  logic [SLOTS-1:0] slot_killed;
  logic [NONCE_W-1:0] nonce;
  risk_events_t m_events;

  risk_control #(.ARM_CYCLES(ARM_CYCLES)) dut (.*);

  logic started_q = 1'b0;
  logic killed_q, armed_q, session_q, rst_q;  // a cycle ago
  logic [SLOTS-1:0] slot_killed_q;
  logic key_known_q, hash_known_q, asked_q;
  logic [KEY_W-1:0] key_q;
  logic [63:0] hash_q;
  logic [NONCE_W-1:0] nonce_q;
  logic [3:0] since_q;  // cycles since the request
  logic [31:0] beat_q;  // since the last one
  logic revived_q, rearmed_q, opened_q;
  logic [SLOTS-1:0] revived_slots_q;

  logic right, needs, right_arm, stops;
  assign needs = s_valid && !(s_command.act inside {ACT_KILL, ACT_KILL_SLOT, ACT_DISARM});
  assign right = key_known_q && s_command.key == key_q && s_command.act != ACT_KEY;
  assign right_arm = s_valid && right && s_command.act == ACT_ARM && asked_q &&
                     s_command.nonce == nonce_q && s_command.model_id == model_id &&
                     s_command.limits_hash == hash_q && since_q <= 4'(ARM_CYCLES);
  assign stops = kill_pin || saturated || mismatch || (s_valid && s_command.act == ACT_KILL);

  always_ff @(posedge clk) begin
    started_q     <= started_q || rst;
    rst_q         <= rst;
    killed_q      <= killed;
    armed_q       <= armed;
    session_q     <= session_open;
    slot_killed_q <= slot_killed;
    revived_q     <= s_valid && right && s_command.act == ACT_REVIVE && !armed && !stops;
    rearmed_q     <= right_arm && !killed;
    opened_q      <= s_valid && right && s_command.act == ACT_SESSION && s_command.open && !armed;
    for (int unsigned i = 0; i < SLOTS; i++) begin
      revived_slots_q[i] <= s_valid && right && s_command.act == ACT_REVIVE_SLOT && !armed &&
          s_command.slot == SLOT_W'(i);
    end
    since_q <= since_q == '1 ? '1 : since_q + 1'b1;
    beat_q  <= beat_q == '1 ? '1 : beat_q + 1'b1;
    if (s_valid && s_command.act == ACT_KEY && !key_known_q && s_command.key != '0) begin
      key_known_q <= 1'b1;
      key_q       <= s_command.key;
    end
    if (s_valid && right) begin
      if (s_command.act == ACT_HASH && !armed) begin
        hash_known_q <= 1'b1;
        hash_q       <= s_command.limits_hash;
      end
      if (s_command.act == ACT_BEAT) beat_q <= '0;
    end
    if (limits_written) hash_known_q <= 1'b0;
    if (limits_written || (s_valid && right && s_command.act == ACT_ARM)) asked_q <= 1'b0;
    if (taken && s_command.act == ACT_REQUEST) begin
      asked_q <= 1'b1;
      nonce_q <= {dut.requests_q, cycle};
      since_q <= 4'd1;
    end
    if (rst) begin
      key_known_q  <= 1'b0;
      hash_known_q <= 1'b0;
      asked_q      <= 1'b0;
      since_q      <= '1;
      beat_q       <= '1;
    end
  end

  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    limits_come_by_command :
    assume (!limits_written ||
            (s_valid && s_command.act inside {ACT_SLOT_LIMITS, ACT_TOTAL_LIMITS}));
    if (started_q && rst_q) begin
      reset_kills : assert (killed && slot_killed == '1 && !armed && !session_open);
    end
    if (started_q && !rst) begin
      a_kill_is_at_once : assert (!stops || (killed && !armed));
      a_saturation_kills : assert (!saturated || killed);
      a_mismatch_kills : assert (!mismatch || killed);
      the_pin_kills : assert (!kill_pin || killed);
      a_dead_host_kills : assert (!(armed_q && !rst_q) || beat_q < silence || killed);
      killed_is_disarmed : assert (!killed || !armed);
      a_bad_confirmation_disarms : assert (!bad_confirmation || !armed);
      a_wrong_key_disarms :
      assert (!(needs && !right) || !armed || (s_command.act == ACT_KEY && !key_known_q));
      disarm_is_at_once : assert (!(s_valid && s_command.act == ACT_DISARM) || !armed);
      a_slot_is_killed_at_once :
      assert (!(s_valid && s_command.act == ACT_KILL_SLOT) || slot_killed[s_command.slot]);
      opens_with_the_key : assert (!opens || (needs && right));
      taken_with_the_key :
      assert (!taken || right || !needs || (s_command.act == ACT_KEY && !key_known_q));
      arming_is_asked_for : assert (!(taken && s_command.act == ACT_ARM) || right_arm);
      a_request_needs_a_hash :
      assert (!(taken && s_command.act == ACT_REQUEST) ||
              (hash_known_q && total_written && !killed));
      closing_is_at_once :
      assert (!(s_valid && right && s_command.act == ACT_SESSION && !s_command.open) ||
              !session_open);
      if (!rst_q) begin
        stays_killed : assert (!killed_q || killed || revived_q);
        slots_stay_killed : assert ((slot_killed_q & ~slot_killed & ~revived_slots_q) == '0);
        armed_only_by_arming : assert (!armed || armed_q || rearmed_q);
        open_only_by_opening : assert (!session_open || session_q || opened_q);
      end
      // What makes it inductive.
      k1 : assert (dut.key_known_q == key_known_q && (!key_known_q || dut.key_q == key_q));
      k2 : assert (dut.hash_known_q == hash_known_q && (!hash_known_q || dut.hash_q == hash_q));
      k3 :
      assert (!dut.pending_q || (asked_q && dut.nonce_q == nonce_q && hash_known_q &&
                                      since_q <= 4'(ARM_CYCLES) && since_q != '0 &&
                                      4'(dut.wait_q) == 4'(ARM_CYCLES) - since_q));
      k4 : assert (dut.silence_q == beat_q && !(dut.armed_q && dut.killed_q));
      k5 : assert (!dut.armed_q || rst_q || armed_q || rearmed_q);
      k6 : assert (rst_q || !killed_q || revived_q || dut.killed_q);
      k7 : assert (rst_q || (slot_killed_q & ~dut.slot_killed_q & ~revived_slots_q) == '0);
      k8 : assert (rst_q || !dut.open_q || session_q || opened_q);
      arms : cover (armed && !armed_q);
      dies : cover (killed && armed_q && !stops);
      revives : cover (!killed && killed_q);
    end
  end
endmodule

`default_nettype wire
