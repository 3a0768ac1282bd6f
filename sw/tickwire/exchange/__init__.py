"""The exchange: matching, agents that trade, and days of order flow to train and test on.

naive_engine   the specification of a matching engine, in plain Python
engine         the same engine, compiled; engine_types, engine_kernel
agents         what sends orders to the engine; agent_state, and arrivals: when
market         a day of agents at the engine
flow           a test day with every kind of message; flow_orders, flow_kernel
deep_day       a day of orders as IEX DEEP sends it
events         an exchange's events, and events as ITCH messages
draws          random numbers for compiled code
"""
