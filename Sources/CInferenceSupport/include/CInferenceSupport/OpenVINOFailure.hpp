/// What OpenVINO throws, in words.
#pragma once

#include "Guard.hpp"

#include <sstream>

namespace portico {

/// Reads an exception of OpenVINO. Its message begins with the places in OpenVINO's own source that it came by, and what
/// follows them counts.
inline Failure openVINOFailure(const std::exception &failure, int32_t status) {
    std::istringstream lines(failure.what());
    std::string line, words;
    while (std::getline(lines, line)) {
        line = trimmed(line);
        const bool isPlace = line.compare(0, 15, "Exception from ") == 0 || line.compare(0, 7, "Check '") == 0 ||
                             line.compare(0, 6, "While ") == 0;
        if (line.empty() || isPlace) continue;
        words += (words.empty() ? "" : " ") + line;
    }
    return {status, words.empty() ? trimmed(failure.what()) : words};
}

}  // namespace portico
