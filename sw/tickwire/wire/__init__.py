"""What is on the wire: ITCH 5.0, MoldUDP64, Ethernet frames and capture files."""
