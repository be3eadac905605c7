#include "Data.hpp"

#include "dcmtk/dcmdata/dcspchrs.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

using namespace pdx;

namespace {

using Element = std::unique_ptr<DcmElement>;

/// An empty element with the VR of the dictionary.
Element make(pdx_tag tag) {
    DcmElement *made = nullptr;
    const DcmTag full(key(tag));
    if (full.getEVR() == EVR_UN || full.getEVR() == EVR_UNKNOWN) {
        throw Failure{PDX_INVALID_ARGUMENT, name(tag) + " is not in the data dictionary"};
    }
    require(DcmItem::newDicomElement(made, full), PDX_INVALID_ARGUMENT, name(tag));
    return Element(made);
}

/// Replaces what the item has under the element's tag.
void insert(pdx_item *item, pdx_tag tag, Element element) {
    DcmElement *raw = element.get();
    require(native(item)->insert(raw, OFTrue), PDX_INVALID_ARGUMENT, name(tag));
    element.release();
}

template <class Value>
std::vector<Value> exact(pdx_tag tag, const double *values, size_t count) {
    std::vector<Value> result(count);
    for (size_t index = 0; index < count; ++index) {
        const double value = values[index];
        const bool fits = value >= static_cast<double>(std::numeric_limits<Value>::lowest()) &&
                          value <= static_cast<double>(std::numeric_limits<Value>::max());
        const bool whole = !std::numeric_limits<Value>::is_integer || value == std::floor(value);
        if (!fits || !whole) throw Failure{PDX_INVALID_ARGUMENT, name(tag) + " cannot hold this number"};
        result[index] = static_cast<Value>(value);
    }
    return result;
}

void putTags(DcmElement &element, pdx_tag tag, const double *values, size_t count) {
    std::vector<Uint16> halves;
    for (const Uint32 value : exact<Uint32>(tag, values, count)) {
        halves.push_back(static_cast<Uint16>(value >> 16));
        halves.push_back(static_cast<Uint16>(value));
    }
    require(
        element.putUint16Array(halves.data(), static_cast<unsigned long>(count)), PDX_INVALID_ARGUMENT, name(tag));
}

OFCondition putNumbers(DcmElement &element, pdx_tag tag, const double *values, size_t count) {
    const auto number = static_cast<unsigned long>(count);
    switch (element.getVR()) {
        case EVR_US: return element.putUint16Array(exact<Uint16>(tag, values, count).data(), number);
        case EVR_SS: return element.putSint16Array(exact<Sint16>(tag, values, count).data(), number);
        case EVR_UL: return element.putUint32Array(exact<Uint32>(tag, values, count).data(), number);
        case EVR_SL: return element.putSint32Array(exact<Sint32>(tag, values, count).data(), number);
        case EVR_FL: return element.putFloat32Array(exact<Float32>(tag, values, count).data(), number);
        case EVR_FD: return element.putFloat64Array(values, number);
        default: throw Failure{PDX_INVALID_ARGUMENT, name(tag) + " is no binary number"};
    }
}

/// The most characters that a value of a VR may have (PS3.5 §6.2), or 0 where this is left to DCMTK.
size_t longest(DcmEVR vr) {
    switch (vr) {
        case EVR_SH: return 16;
        case EVR_LO: return 64;
        case EVR_ST: return 1024;
        case EVR_LT: return 10240;
        default: return 0;
    }
}

/// Checks lengths, which DCMTK leaves out where it cannot count characters.
void checkLength(DcmElement &element, const std::string &text, const OFString &set) {
    const size_t most = longest(element.getVR());
    // Escape sequences of ISO 2022 are no characters, and what they announce has one or two bytes.
    if (most == 0 || text.find('\033') != std::string::npos) return;
    const bool separates = element.getVR() == EVR_SH || element.getVR() == EVR_LO;
    size_t length = 0;
    for (const char byte : text) {
        if (separates && byte == '\\') length = 0;
        else if (set != "ISO_IR 192" || (static_cast<unsigned char>(byte) & 0xC0u) != 0x80u) ++length;
        if (length > most) {
            throw Failure{
                PDX_INVALID_ARGUMENT,
                name(uint32_t{element.getGTag()} << 16 | element.getETag()) + " is longer than " +
                    std::to_string(most) + " characters"};
        }
    }
}

/// DCMTK's check, but for the offset +0000, which it takes for an error and PS3.5 §6.2 allows.
OFCondition checkValue(DcmElement &element, const std::string &text) {
    if (element.getVR() == EVR_DT && text.size() > 5 && text.compare(text.size() - 5, 5, "+0000") == 0) {
        return DcmDateTime::checkStringValue(OFString((text.substr(0, text.size() - 5) + "+0100").c_str()), "1");
    }
    return element.checkValue();
}

/// UTF-8 in another character set, which must give back the very text; never a replacement for a character.
std::string encoded(pdx_tag tag, const std::string &text, const OFString &set) {
    const auto beyond = [](char byte) { return (static_cast<unsigned char>(byte) & 0x80u) != 0; };
    if (set == "ISO_IR 192" || std::none_of(text.begin(), text.end(), beyond)) return text;
    DcmSpecificCharacterSet there, back;
    OFString result, again;
    const bool isHeld = !set.empty() && there.selectCharacterSet("ISO_IR 192", set).good() &&
                        there.convertString(OFString(text.c_str()), result).good() &&
                        back.selectCharacterSet(set, "ISO_IR 192").good() &&
                        back.convertString(result, again).good() && again == text.c_str();
    const auto backslashes = [](const auto &bytes) { return std::count(bytes.begin(), bytes.end(), '\\'); };
    // A backslash as half a character would be read as the end of a value, and lengths were measured in UTF-8.
    if (!isHeld || backslashes(result) != backslashes(text) || result.length() > text.size()) {
        throw Failure{
            PDX_UNSUPPORTED, "the Specific Character Set (0008,0005) cannot hold the text meant for " + name(tag)};
    }
    return std::string(result.c_str(), result.length());
}

}  // namespace

extern "C" {

int32_t pdx_item_put_utf8(pdx_item *item, pdx_tag tag, const char *text, pdx_error *error) {
    std::string bytes;
    const int32_t code = guarded(error, [&] { bytes = encoded(tag, text, characterSet(native(item))); });
    return code != PDX_OK ? code : pdx_item_put_text(item, tag, bytes.data(), bytes.size(), error);
}

int32_t pdx_item_put_text(pdx_item *item, pdx_tag tag, const char *bytes, size_t count, pdx_error *error) {
    return guarded(error, [&] {
        Element element = make(tag);
        DcmElement &made = *element;
        // DCMTK would raise small letters of a Code String silently.
        if (made.getVR() == EVR_CS && std::any_of(bytes, bytes + count, [](char c) { return c >= 'a' && c <= 'z'; })) {
            throw Failure{PDX_INVALID_ARGUMENT, name(tag) + " is a Code String and has no small letters"};
        }
        const std::string text(bytes, count);
        checkLength(made, text, characterSet(native(item)));
        require(made.putString(bytes, static_cast<Uint32>(count)), PDX_INVALID_ARGUMENT, name(tag));
        insert(item, tag, std::move(element));
        // The check needs the data set around the element for its character set.
        const OFCondition check = checkValue(made, text);
        if (check.good()) return;
        native(item)->findAndDeleteElement(key(tag));
        require(check, PDX_INVALID_ARGUMENT, name(tag));
    });
}

int32_t pdx_item_convert_to_utf8(pdx_item *item, pdx_error *error) {
    return guarded(error, [&] {
        convertToUTF8(*native(item), OFString());
        require(
            native(item)->putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192"), PDX_FAILED, "(0008,0005)");
    });
}

int32_t pdx_item_put_numbers(
    pdx_item *item, pdx_tag tag, const double *values, size_t count, pdx_error *error) {
    return guarded(error, [&] {
        Element element = make(tag);
        if (element->getVR() == EVR_AT) {
            putTags(*element, tag, values, count);
        } else {
            require(putNumbers(*element, tag, values, count), PDX_INVALID_ARGUMENT, name(tag));
        }
        insert(item, tag, std::move(element));
    });
}

int32_t pdx_item_put_bytes(pdx_item *item, pdx_tag tag, const uint8_t *bytes, size_t count, pdx_error *error) {
    return guarded(error, [&] {
        Element element = make(tag);
        require(
            element->putUint8Array(bytes, static_cast<unsigned long>(count)), PDX_INVALID_ARGUMENT, name(tag));
        insert(item, tag, std::move(element));
    });
}

int32_t pdx_item_put_empty(pdx_item *item, pdx_tag tag, pdx_error *error) {
    return guarded(error, [&] { insert(item, tag, make(tag)); });
}

pdx_item *pdx_item_append(pdx_item *item, pdx_tag tag, pdx_error *error) {
    DcmItem *made = nullptr;
    guarded(error, [&] {
        require(
            native(item)->findOrCreateSequenceItem(key(tag), made, -2), PDX_INVALID_ARGUMENT, name(tag));
    });
    return opaque(made);
}

int32_t pdx_item_copy(pdx_item *item, pdx_item *source, pdx_tag tag, pdx_error *error) {
    return guarded(error, [&] {
        DcmElement *found = find(source, tag);
        if (found == nullptr) throw Failure{PDX_NOT_FOUND, name(tag) + " is absent"};
        Element copy(static_cast<DcmElement *>(found->clone()));
        if (copy == nullptr) throw std::bad_alloc();
        insert(item, tag, std::move(copy));
    });
}

int32_t pdx_item_copy_all(pdx_item *item, pdx_item *source, pdx_error *error) {
    return guarded(error, [&] {
        DcmItem *from = native(source);
        for (DcmObject *at = from->nextInContainer(nullptr); at != nullptr; at = from->nextInContainer(at)) {
            const DcmTagKey tag = at->getTag();
            Element copy(static_cast<DcmElement *>(static_cast<DcmElement *>(at)->clone()));
            if (copy == nullptr) throw std::bad_alloc();
            insert(item, uint32_t{tag.getGroup()} << 16 | tag.getElement(), std::move(copy));
        }
    });
}

}  // extern "C"
