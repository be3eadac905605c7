#include <CInferenceSupport/Description.hpp>

#include <cstdio>
#include <cstring>
#include <fstream>

namespace portico {
namespace {

std::string quoted(const std::string &text) {
    std::string result = "\"";
    for (const char character : text) {
        if (character == '"' || character == '\\') {
            result += '\\';
            result += character;
        } else if (static_cast<unsigned char>(character) < 0x20) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04x", character);
            result += escape;
        } else {
            result += character;
        }
    }
    return result + '"';
}

std::string list(const std::vector<std::string> &values) {
    std::string result = "[";
    for (const auto &value : values) result += (result.size() > 1 ? "," : "") + value;
    return result + "]";
}

std::string list(std::vector<std::string> values, std::string (*written)(const std::string &)) {
    for (auto &value : values) value = written(value);
    return list(values);
}

/// The value of the first line of /proc/cpuinfo that has the key.
std::string processorFact(const std::string &key) {
    std::ifstream file("/proc/cpuinfo");
    std::string line;
    while (std::getline(file, line)) {
        const size_t colon = line.find(": ");
        if (colon != std::string::npos && line.compare(0, key.size(), key) == 0) return line.substr(colon + 2);
    }
    return "";
}

}  // namespace

std::string processorName() {
    const std::string name = processorFact("model name");
    return name.empty() ? "cpu" : name;
}

std::vector<std::string> instructionSets() {
    // By the kernel's names, and those that tools call by another.
    static const struct {
        const char *flag, *name;
    } known[] = {
        {"avx2", "avx2"}, {"fma", "fma"}, {"avx_vnni", "avx-vnni"}, {"avx512f", "avx512f"},
        {"avx512_vnni", "avx512vnni"}, {"avx512_bf16", "avx512bf16"}, {"avx512_fp16", "avx512fp16"},
        {"amx_tile", "amx-tile"}, {"amx_bf16", "amx-bf16"}, {"amx_fp16", "amx-fp16"},
    };
    const std::string flags = " " + processorFact("flags") + " ";
    std::vector<std::string> result;
    for (const auto &set : known) {
        if (flags.find(std::string(" ") + set.flag + " ") != std::string::npos) result.push_back(set.name);
    }
    return result;
}

size_t write(const Description &description, char *buffer, size_t size) {
    std::vector<std::string> devices;
    for (const auto &device : description.devices) {
        devices.push_back("{\"name\":" + quoted(device.name) + ",\"description\":" + quoted(device.description) + "}");
    }
    const std::string text = "{\"version\":" + quoted(description.version) + ",\"devices\":" + list(devices) +
                             ",\"threads\":" + std::to_string(description.threads) +
                             ",\"instructionSets\":" + list(instructionSets(), quoted) +
                             ",\"precisions\":" + list(description.precisions, quoted) + "}";
    if (buffer != nullptr && text.size() < size) std::memcpy(buffer, text.c_str(), text.size() + 1);
    return text.size();
}

}  // namespace portico
