// A venue that answers orders, as a plan says: each answer is of one order in so many, and comes so
// many cycles after it; it is a message with some of its bytes copied from the order's. One of no
// shares isn't given. It says one thing every APART cycles at most, in the order in which they are due.
#pragma once

#include "ports.h"
#include <map>
#include <vector>

struct Answer {
    uint32_t turn, delay;         // of which order in a round; cycles after it
    uint32_t length, divide;      // bytes; shares: all, or 2 half, rounded down, or 3 the rest of it
    uint8_t from[4], to[4], size[4];  // what is copied: order's place, own place, bytes
    uint8_t shares_from, shares_to, spare[2];
    uint8_t bytes[68];
};

class Venue {
  public:
    Venue(const std::vector<uint8_t> &bytes, File &heard) : heard(heard) {
        if (bytes.size() < 4) return;
        memcpy(&turns, bytes.data(), 4);
        plan.resize((bytes.size() - 4) / sizeof(Answer));
        if (!plan.empty()) memcpy(plan.data(), bytes.data() + 4, plan.size() * sizeof(Answer));
    }
    bool quiet() const { return due.empty(); }
    // An order of this cycle, its first byte first.
    void order(int64_t cycle, const uint8_t *sent) {
        for (const Answer &answer : plan) {
            if (answer.turn != orders % turns) continue;
            uint32_t shares = of(answer, sent);
            if (shares) due.insert({cycle + answer.delay, said(answer, sent, shares)});
        }
        orders++;
    }
    // Sets the ports, before the edge of this cycle.
    template <class Dut> void drive(int64_t cycle, Dut *dut) {
        dut->venue_valid = 0;
        if (due.empty() || due.begin()->first > cycle || cycle < next) return;
        const Said &said = due.begin()->second;
        dut->venue_valid = 1;
        dut->venue_bytes = said.length;
        clear(dut->venue_message);
        for (unsigned n = 0; n < sizeof said.bytes; n++) {
            unsigned bit = 8 * (sizeof said.bytes - 1 - n);
            uint32_t word_of = word(dut->venue_message, bit / 32);
            put(dut->venue_message, bit / 32, word_of | uint32_t(said.bytes[n]) << bit % 32);
        }
        heard.write(&cycle, sizeof cycle);
        heard.write(&said, sizeof said);
        due.erase(due.begin());
        next = cycle + APART;
    }

  private:
    static constexpr int APART = 4;
    struct Said {
        uint32_t length;
        uint8_t bytes[68];
    };
    File &heard;
    uint32_t turns = 1;
    uint64_t orders = 0;
    int64_t next = 0;
    std::vector<Answer> plan;
    std::multimap<int64_t, Said> due;

    static uint32_t of(const Answer &answer, const uint8_t *sent) {
        uint32_t shares = 0;
        for (unsigned n = 0; n < 4; n++) shares = shares << 8 | sent[answer.shares_from + n];
        return answer.divide == 2 ? shares / 2 : answer.divide == 3 ? shares - shares / 2 : shares;
    }
    static Said said(const Answer &answer, const uint8_t *sent, uint32_t shares) {
        Said said = {answer.length, {}};
        memcpy(said.bytes, answer.bytes, sizeof said.bytes);
        for (unsigned n = 0; n < 4; n++)
            memcpy(said.bytes + answer.to[n], sent + answer.from[n], answer.size[n]);
        for (unsigned n = 0; n < 4 && answer.shares_to; n++)
            said.bytes[answer.shares_to + n] = shares >> 8 * (3 - n);
        return said;
    }
};
