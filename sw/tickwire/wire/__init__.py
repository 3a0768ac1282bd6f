"""What is on the wire.

itch, deep     the codecs of ITCH 5.0 and IEX DEEP 1.0; codec, fields: how any of a table works
mold, iex_tp   MoldUDP64's and IEX-TP's packets of messages; packets: what they share
ethernet       Ethernet frames around them
datagrams      UDP datagrams in captured frames, and why a frame has none
feeds          whose packets there are in a capture, and which are chosen
pcap, capture  capture files; whole ones only, with check sequences
files, packed  what a file is, by its first bytes; compressed files
dialects       which protocol messages are of, to name it where it isn't read
operations     ITCH messages to book operations; level_operations: DEEP's
chunks         many byte strings in one array
traffic        frames on the wires of feeds A and B, and the registers that filter them
window         how long a packet waits for what is missing before it
"""
