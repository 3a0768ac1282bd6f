// A venue that answers orders, as a plan says: each answer is of one order in so many, and is due so
// many cycles after that came; it is a message with some of its bytes copied from the order's. One of
// no shares isn't given. It is said in the order in which they are due.
#pragma once

#include "ports.h"
#include <map>
#include <vector>

static constexpr unsigned ORDER = 47;  // bytes of an order's message

struct Answer {
    uint32_t turn, delay;         // of which order in a round; cycles after it
    uint32_t length, divide;      // bytes; shares: all, or 2 half, rounded down, or 3 the rest of it
    uint8_t from[4], to[4], size[4];  // what is copied: order's place, own place, bytes
    uint8_t shares_from, shares_to, spare[2];
    uint8_t bytes[68];
};

class Venue {
  public:
    Venue(const std::vector<uint8_t> &bytes) {
        if (bytes.size() < 4) return;
        memcpy(&turns, bytes.data(), 4);
        plan.resize((bytes.size() - 4) / sizeof(Answer));
        if (!plan.empty()) memcpy(plan.data(), bytes.data() + 4, plan.size() * sizeof(Answer));
    }
    bool quiet() const { return due.empty(); }
    // An order that came in this cycle, its first byte first.
    void order(int64_t cycle, const uint8_t *sent, std::size_t length) {
        if (length != ORDER) return;
        for (const Answer &answer : plan) {
            if (answer.turn != orders % turns) continue;
            uint32_t shares = of(answer, sent);
            if (shares) due.insert({cycle + answer.delay, message(answer, sent, shares)});
        }
        orders++;
    }
    // What it has to say by this cycle, or nothing; and that it was said.
    const std::vector<uint8_t> *says(int64_t cycle) const {
        return due.empty() || due.begin()->first > cycle ? nullptr : &due.begin()->second;
    }
    void said() { due.erase(due.begin()); }

  private:
    uint32_t turns = 1;
    uint64_t orders = 0;
    std::vector<Answer> plan;
    std::multimap<int64_t, std::vector<uint8_t>> due;

    static uint32_t of(const Answer &answer, const uint8_t *sent) {
        uint32_t shares = 0;
        for (unsigned n = 0; n < 4; n++) shares = shares << 8 | sent[answer.shares_from + n];
        return answer.divide == 2 ? shares / 2 : answer.divide == 3 ? shares - shares / 2 : shares;
    }
    static std::vector<uint8_t> message(const Answer &answer, const uint8_t *sent, uint32_t shares) {
        std::vector<uint8_t> bytes(answer.bytes, answer.bytes + answer.length);
        for (unsigned n = 0; n < 4; n++)
            memcpy(bytes.data() + answer.to[n], sent + answer.from[n], answer.size[n]);
        for (unsigned n = 0; n < 4 && answer.shares_to; n++)
            bytes[answer.shares_to + n] = shares >> 8 * (3 - n);
        return bytes;
    }
};
