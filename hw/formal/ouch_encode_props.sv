// Properties of ouch_encode: orders are anything.
`default_nettype none

module ouch_encode_props
  import tick_pkg::*;
(
    input logic   clk,
    input logic   rst,
    input logic   s_valid,
    input order_t s_order
);
  logic m_valid, m_refused;
  logic [375:0] m_message;
  logic [6:0] m_length;
  confirmation_t m_refusal;
  ouch_events_t m_events;
  ouch_encode dut (.*);

  logic started_q = 1'b0;
  logic rst_q, valid_q;
  order_t order_q;
  logic [63:0] symbol_q;
  always_ff @(posedge clk) begin
    started_q <= started_q || rst;
    rst_q     <= rst;
    valid_q   <= s_valid;
    order_q   <= s_order;
    symbol_q  <= s_order.symbol;
  end

  // Bytes 0 on, as the specification counts them.
  logic [31:0] user_ref_num, quantity;
  logic [63:0] symbol, price;
  logic [7:0] kind, side, time_in_force, display, capacity, sweep, auction;
  logic [111:0] cl_ord_id;
  logic [ 15:0] appendage_length;
  assign {kind, user_ref_num, side, quantity, symbol, price, time_in_force, display, capacity,
          sweep, auction, cl_ord_id, appendage_length} = m_message;
  logic [7:0] first;
  logic printable;
  assign first = symbol_q[63:56];
  always_comb begin
    printable = 1'b1;
    for (int unsigned i = 0; i < 8; i++) begin
      printable &= symbol_q[8*i+:8] >= 8'd32 && symbol_q[8*i+:8] <= 8'd126;
    end
  end

  always_ff @(posedge clk) begin
    reset_first : assume (rst || started_q);
    if (started_q) begin
      one_answer : assert ((m_valid || m_refused) == (valid_q && !rst_q));
      not_both : assert (!(m_valid && m_refused));
      length_is : assert (m_length == 7'd47);
      counted : assert (m_events.orders == m_valid && m_events.refused_orders == m_refused);
      if (m_valid) begin
        an_enter_order : assert (kind == "O");
        token_is : assert (user_ref_num == order_q.token && user_ref_num != '0);
        quantity_is : assert (quantity == order_q.shares);
        quantity_taken : assert (quantity >= 32'd1 && quantity <= 32'd999_999);
        price_is : assert (price == {32'd0, order_q.price});
        price_limits : assert (price >= 64'd1 && price <= 64'd1_999_999_900);
        symbol_is : assert (symbol == symbol_q);
        symbol_named : assert (first != " " && printable);
        buys : assert ((side == "B") == (order_q.side == SIDE_BUY));
        shorts : assert (side == "B" || (side == "T") == (order_q.marking == MARKING_SHORT));
        sides : assert (side == "B" || side == "S" || side == "T");
        days : assert ((time_in_force == "0") == (order_q.time_in_force == TIME_IN_FORCE_DAY));
        times : assert (time_in_force == "0" || time_in_force == "3");
        times_named : assert (order_q.time_in_force <= 2'd1);
        hides : assert ((display == "N") == (order_q.display == DISPLAY_HIDDEN));
        displays : assert (display == "N" || display == "Y");
        agency : assert ((capacity == "A") == (order_q.capacity == CAPACITY_AGENCY));
        principal : assert ((capacity == "P") == (order_q.capacity == CAPACITY_PRINCIPAL));
        riskless : assert ((capacity == "R") == (order_q.capacity == CAPACITY_RISKLESS));
        capacities : assert (capacity == "A" || capacity == "P" || capacity == "R");
        no_sweep : assert (sweep == "N");
        continuous : assert (auction == "N");
        no_appendages : assert (appendage_length == '0);
      end
      if (m_refused) begin
        its_token : assert (m_refusal.token == order_q.token);
        rejected : assert (m_refusal.outcome == OUTCOME_REJECTED);
        for_a_cause :
        assert (order_q.token == '0 || order_q.shares == '0 || order_q.price == '0 ||
                              order_q.shares > 32'd999_999 || order_q.price > 32'd1_999_999_900 ||
                              order_q.time_in_force > 2'd1 || order_q.capacity == 2'd3 ||
                              first == " " || !printable);
      end
      shorted : cover (m_valid && side == "T" && display == "N" && capacity == "R");
      refused : cover (m_refused && printable && order_q.price != '0);
    end
  end
endmodule

`default_nettype wire
