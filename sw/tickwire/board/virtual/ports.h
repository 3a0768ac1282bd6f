// Ports of a Verilated model and files of records, for main.cpp.
#pragma once

#include "verilated.h"
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

// Ports of any width, 32 bits at a time.
template <class T> uint32_t word(const T &port, unsigned n) {
    return n > (sizeof(T) - 1) / 4 ? 0 : uint32_t(uint64_t(port) >> 32 * n);
}
template <std::size_t N> uint32_t word(const VlWide<N> &port, unsigned n) { return port[n]; }
template <class T> void put(T &port, unsigned n, uint32_t value) {
    uint64_t mask = uint64_t(0xFFFFFFFF) << 32 * n;
    port = T((uint64_t(port) & ~mask) | (uint64_t(value) << 32 * n));
}
template <std::size_t N> void put(VlWide<N> &port, unsigned n, uint32_t value) { port[n] = value; }

// A field of a packed struct: `at` is its lowest bit; at most 64 bits wide.
template <class T> uint64_t bits(const T &port, unsigned at, unsigned width) {
    unsigned n = at / 32, shift = at % 32;
    uint64_t value = word(port, n) >> shift;
    if (shift + width > 32) value |= uint64_t(word(port, n + 1)) << (32 - shift);
    if (shift + width > 64) value |= uint64_t(word(port, n + 2)) << (64 - shift);
    return width == 64 ? value : value & ((uint64_t(1) << width) - 1);
}

template <class T> void clear(T &port) { port = 0; }
template <std::size_t N> void clear(VlWide<N> &port) {
    for (unsigned n = 0; n < N; n++) port[n] = 0;
}

// All of the port: it began at random.
template <class T> void set(T &port, const std::string &hex) {
    clear(port);
    std::size_t end = hex.size();
    for (unsigned n = 0; end; n++) {
        std::size_t begin = end > 8 ? end - 8 : 0;
        put(port, n, uint32_t(std::stoul(hex.substr(begin, end - begin), nullptr, 16)));
        end = begin;
    }
}

class File {
  public:
    File(const std::string &path) : file(fopen(path.c_str(), "wb")) {
        if (!file) {
            perror(path.c_str());
            exit(1);
        }
        setvbuf(file, nullptr, _IOFBF, 1 << 20);
    }
    ~File() { close(); }
    void write(const void *data, std::size_t size) {
        if (fwrite(data, size, 1, file) != 1) fail();
    }
    void close() {
        if (file && fclose(file)) fail();
        file = nullptr;
    }

  private:
    FILE *file;
    void fail() {
        perror("writing results");
        exit(1);
    }
};

template <class T> void record(File &file, uint64_t cycle, const T &port, unsigned size) {
    uint8_t bytes[8 + 128];
    memcpy(bytes, &cycle, 8);
    for (unsigned n = 0; n < size; n++) bytes[8 + size - 1 - n] = word(port, n / 4) >> 8 * (n % 4);
    file.write(bytes, 8 + size);
}
