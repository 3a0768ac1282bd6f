"""What is on the wire.

itch, fields   ITCH 5.0 messages; their numpy types
mold           MoldUDP64 packets of messages
ethernet       Ethernet frames around them
pcap, capture  capture files; whole ones only, with check sequences
operations     ITCH messages to book operations
chunks         many byte strings in one array
"""
