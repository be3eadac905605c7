/// How fast something runs that is done again and again.
#pragma once

#include <chrono>

namespace portico {

/// The convolution that engines are measured with: its channels, filters and the edges of image and filter.
constexpr int64_t probeChannels = 32, probeEdge = 48, probeFilter = 3;

/// Its multiplications and additions, in thousand millions.
constexpr double probeOperations = 2e-9 * probeChannels * probeChannels * probeFilter * probeFilter * probeFilter *
                                   probeEdge * probeEdge * probeEdge;

/// How often `body` is done in a second, measured for so many seconds after two that count for nothing.
template <typename Body>
double pace(double seconds, const Body &body) {
    using Clock = std::chrono::steady_clock;
    body();
    body();
    const auto start = Clock::now();
    double elapsed = 0;
    int count = 0;
    do {
        body();
        ++count;
        elapsed = std::chrono::duration<double>(Clock::now() - start).count();
    } while (elapsed < seconds);
    return count / elapsed;
}

}  // namespace portico
