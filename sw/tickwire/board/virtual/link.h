// A venue's end of the order's session, and the line to it, at a Verilated tickwire_core.
//
// The line loses nothing. The peer takes what it awaits, by its sequence number alone, acknowledges
// it at once, and sends what the venue says as the card's window allows. Whether a frame is right
// in each byte is judged by who reads `frames`, in which is every frame of the card's: the cycles of
// its first beat on the line and of its last, its length, its bytes. A frame that was not
// understood is so one that is never answered: then the peer gives up after PATIENCE cycles.
#pragma once

#include "ports.h"
#include <vector>

// Both ends, as the host has handed them over.
struct Session {
    uint64_t our_mac, peer_mac;
    uint32_t our_address, peer_address, next_byte, expected_byte;
    uint16_t our_port, peer_port, window, spare;
};

class Frame : public std::vector<uint8_t> {
  public:
    uint64_t get(std::size_t at, unsigned count) const {
        uint64_t value = 0;
        for (unsigned n = 0; n < count; n++) value = value << 8 | (at + n < size() ? (*this)[at + n] : 0);
        return value;
    }
    void put(uint64_t value, unsigned count) {
        while (count--) push_back(value >> 8 * count);
    }
    void set(std::size_t at, uint64_t value, unsigned count) {
        while (count--) (*this)[at++] = value >> 8 * count;
    }
};

// The sum of RFC 1071, of 16-bit words from there on.
static uint16_t checksum(const Frame &frame, std::size_t from, std::size_t to, uint32_t sum = 0) {
    for (; from < to; from += 2) sum += frame.get(from, from + 1 < to ? 2 : 1) << (from + 1 < to ? 0 : 8);
    while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
    return ~sum;
}

static uint32_t check_sequence(const Frame &frame) {
    uint32_t crc = ~0u;
    for (uint8_t byte : frame) {
        crc ^= byte;
        for (int n = 0; n < 8; n++) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return ~crc;
}

template <class Venue> class Peer {
  public:
    Peer(const std::vector<uint8_t> &bytes, Venue &venue, File &frames)
        : venue(venue), frames(frames) {
        if (bytes.size() != sizeof(Session)) return;
        there = true;
        memcpy(&session, bytes.data(), sizeof(Session));
        took = session.next_byte, sent = known = session.expected_byte;
    }
    bool quiet(int64_t cycle) const {
        bool idle = venue.quiet() && !owes && sent == known && line.empty() && left.empty();
        return !there || idle || cycle > active + PATIENCE;
    }
    // Sets the ports, before the edge of this cycle.
    template <class Dut> void drive(int64_t cycle, Dut *dut) {
        constexpr unsigned LANES = sizeof(dut->m_link_tdata);
        dut->m_link_tready = cycle >= rests;
        if (there && line.empty() && cycle >= next) speak(cycle, LANES == 1);
        unsigned count = std::min<std::size_t>(LANES, line.size() - at);
        uint64_t beat = 0;
        for (unsigned n = 0; n < count; n++) beat |= uint64_t(line[at + n]) << 8 * n;
        at += count;
        dut->s_link_tdata = beat;
        dut->s_link_tkeep = (1u << count) - 1;
        dut->s_link_tvalid = count > 0;
        dut->s_link_tlast = count && at == line.size();
        dut->s_link_tuser = 0;
        if (count && at == line.size()) {
            line.clear(), at = 0;
            next = cycle + 1 + gap(LANES);
        }
    }
    // What is on the line, right before the edge.
    template <class Dut> void look(int64_t cycle, Dut *dut) {
        constexpr unsigned LANES = sizeof(dut->m_link_tdata);
        bool valid = dut->m_link_tvalid && dut->m_link_tready;
        if (valid) {
            if (left.empty()) first = cycle;
            for (unsigned n = 0; n < LANES; n++)
                if (dut->m_link_tkeep >> n & 1) left.push_back(dut->m_link_tdata >> 8 * n);
            last = cycle;
        }
        bool ends = LANES == 1 ? !valid && !left.empty() : valid && dut->m_link_tlast;
        if (!ends) return;
        if (LANES == 1) left.erase(left.begin(), left.begin() + std::min<std::size_t>(8, left.size()));
        if (LANES > 1) rests = cycle + 1 + gap(LANES);
        hear(cycle);
        left.clear();
        active = cycle;
    }

  private:
    static constexpr int64_t PATIENCE = 50000;
    static constexpr unsigned LONGEST = 128, HEADER = 54;
    Venue &venue;
    File &frames;
    bool there = false, owes = false;
    Session session = {};
    uint32_t took = 0;             // the next byte of the card's
    uint32_t sent = 0, known = 0;  // the next byte of its own, and the first that isn't acknowledged
    uint32_t room = 0;             // the card's window
    Frame line, left;              // on their way to the card, and from it
    std::size_t at = 0;
    int64_t next = 0, rests = 0, first = 0, last = 0;
    int64_t active = 0;  // when it last spoke or heard

    // Cycles between frames: 12 bytes, and at 64 bits the preamble, which isn't there.
    static constexpr int gap(unsigned lanes) { return lanes == 1 ? 12 : 3; }

    void hear(int64_t cycle) {
        struct {
            int64_t first, last;
            uint32_t length;
            uint8_t bytes[LONGEST];
        } __attribute__((packed)) row = {first, last, uint32_t(left.size()), {}};
        memcpy(row.bytes, left.data(), std::min<std::size_t>(left.size(), LONGEST));
        frames.write(&row, sizeof row);
        std::size_t end = 14 + left.get(16, 2), data = 34 + 4 * (left.get(46, 1) >> 4);
        if (!there || left.get(12, 2) != 0x0800 || end > left.size() || data > end) return;
        known = left.get(42, 4), room = left.get(48, 2);
        if (data == end) return;
        owes = true;
        if (left.get(38, 4) != took) return;
        took += end - data;
        // A packet is a segment; an order's message is behind its length and type.
        if (left.get(data + 2, 2) == ('U' << 8 | 'O')) venue.order(cycle, &left[data + 3], end - data - 3);
    }
    void speak(int64_t cycle, bool preamble) {
        std::vector<uint8_t> message;
        if (const std::vector<uint8_t> *said = venue.says(cycle))
            if (sent - known + said->size() + 3 <= room) {
                message = *said;
                venue.said();
            }
        if (message.empty() && !owes) return;
        line = segment(message);
        if (preamble) {
            static const uint8_t before[] = {85, 85, 85, 85, 85, 85, 85, 0xD5};
            line.insert(line.begin(), before, before + 8);
        }
        if (!message.empty()) sent += message.size() + 3;
        owes = false;
        active = cycle;
    }
    Frame segment(const std::vector<uint8_t> &message) const {
        Frame frame;
        std::size_t size = message.empty() ? 0 : message.size() + 3;
        frame.put(session.our_mac, 6), frame.put(session.peer_mac, 6), frame.put(0x0800, 2);
        frame.put(0x4500, 2), frame.put(40 + size, 2), frame.put(0x4000, 4);
        frame.put(0x4006, 2), frame.put(0, 2);
        frame.put(session.peer_address, 4), frame.put(session.our_address, 4);
        frame.put(session.peer_port, 2), frame.put(session.our_port, 2);
        frame.put(sent, 4), frame.put(took, 4), frame.put(size ? 0x5018 : 0x5010, 2);
        frame.put(session.window, 2), frame.put(0, 4);
        if (size) {
            frame.put(size - 2, 2), frame.put('S', 1);
            frame.insert(frame.end(), message.begin(), message.end());
        }
        frame.set(24, checksum(frame, 14, 34), 2);
        frame.set(50, checksum(frame, 26, frame.size(), 6 + 20 + size), 2);
        while (frame.size() < 60) frame.push_back(0);
        uint32_t check = check_sequence(frame);
        for (int n = 0; n < 4; n++) frame.push_back(check >> 8 * n);
        return frame;
    }
};
