#include "Data.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

using namespace pdx;

namespace {

bool isText(const DcmElement &element) {
    switch (element.getVR()) {
        case EVR_AE: case EVR_AS: case EVR_CS: case EVR_DA: case EVR_DS: case EVR_DT: case EVR_IS: case EVR_LO:
        case EVR_LT: case EVR_PN: case EVR_SH: case EVR_ST: case EVR_TM: case EVR_UC: case EVR_UI: case EVR_UR:
        case EVR_UT:
            return true;
        default:
            return false;
    }
}

/// Whether text is the same in every character set: ASCII without an escape sequence.
bool isPlain(const OFString &text) {
    for (size_t index = 0; index < text.length(); ++index) {
        const auto byte = static_cast<unsigned char>(text[index]);
        if (byte >= 0x80u || byte == 0x1Bu) return false;
    }
    return true;
}

double number(DcmElement &element, unsigned long index) {
    Float64 wide = 0;
    Sint32 signedLong = 0;
    Uint32 unsignedLong = 0;
    Sint16 signedShort = 0;
    Uint16 unsignedShort = 0;
    Float32 single = 0;
    OFCondition condition = EC_IllegalCall;
    switch (element.getVR()) {
        case EVR_DS: case EVR_FD: condition = element.getFloat64(wide, index); break;
        case EVR_FL: condition = element.getFloat32(single, index); wide = single; break;
        case EVR_IS: case EVR_SL: condition = element.getSint32(signedLong, index); wide = signedLong; break;
        case EVR_UL: condition = element.getUint32(unsignedLong, index); wide = unsignedLong; break;
        case EVR_SS: condition = element.getSint16(signedShort, index); wide = signedShort; break;
        case EVR_US: condition = element.getUint16(unsignedShort, index); wide = unsignedShort; break;
        case EVR_AT: {
            DcmTagKey tag;
            condition = static_cast<DcmAttributeTag &>(element).getTagVal(tag, index);
            wide = static_cast<double>(uint32_t{tag.getGroup()} << 16 | tag.getElement());
            break;
        }
        default: break;
    }
    require(condition, PDX_MALFORMED, "a value that is no number");
    return wide;
}

}  // namespace

extern "C" {

int32_t pdx_item_contains(pdx_item *item, pdx_tag tag) {
    int32_t found = 0;
    guarded(nullptr, [&] { found = find(item, tag) != nullptr; });
    return found;
}

int32_t pdx_item_vr(pdx_item *item, pdx_tag tag, char vr[3]) {
    int32_t found = 0;
    guarded(nullptr, [&] {
        DcmElement *element = find(item, tag);
        if (element == nullptr) return;
        std::strncpy(vr, DcmVR(element->getVR()).getValidVRName(), 2);
        vr[2] = 0;
        found = 1;
    });
    return found;
}

int32_t pdx_item_text(pdx_item *item, pdx_tag tag, const char **bytes, size_t *count, pdx_error *error) {
    return guarded(error, [&] {
        *bytes = nullptr;
        *count = 0;
        DcmElement *element = find(item, tag);
        if (element == nullptr || element->getLength() == 0) return;
        if (!isText(*element)) throw Failure{PDX_MALFORMED, name(tag) + " is no text"};
        char *value = nullptr;
        Uint32 length = 0;
        require(element->getString(value, length), PDX_MALFORMED, name(tag));
        *bytes = value;
        *count = value == nullptr ? 0 : length;
    });
}

char *pdx_item_utf8(pdx_item *item, pdx_tag tag, pdx_error *error) {
    char *result = nullptr;
    guarded(error, [&] {
        DcmElement *element = find(item, tag);
        OFString value;
        if (element != nullptr && element->getLength() > 0) {
            if (!isText(*element)) throw Failure{PDX_MALFORMED, name(tag) + " is no text"};
            require(element->getOFStringArray(value), PDX_MALFORMED, name(tag));
        }
        const OFString set = characterSet(native(item));
        OFString converted = value;
        const bool isAffected = element != nullptr && element->isAffectedBySpecificCharacterSet();
        if (isAffected && !isPlain(value) && !set.empty() && set != "ISO_IR 192") {
            converted = toUTF8(value, set, element->getVR());
        }
        result = static_cast<char *>(std::malloc(converted.length() + 1));
        if (result == nullptr) throw std::bad_alloc();
        std::memcpy(result, converted.c_str(), converted.length() + 1);
    });
    return result;
}

int32_t pdx_item_numbers(
    pdx_item *item, pdx_tag tag, double *values, size_t capacity, size_t *count, pdx_error *error) {
    return guarded(error, [&] {
        *count = 0;
        DcmElement *element = find(item, tag);
        if (element == nullptr || element->getLength() == 0) return;
        const unsigned long all = element->getVM();
        for (unsigned long index = 0; index < all && index < capacity; ++index) {
            try {
                values[index] = number(*element, index);
            } catch (const Failure &failure) {
                throw Failure{failure.code, name(tag) + " holds " + failure.message};
            }
        }
        *count = all;
    });
}

int32_t pdx_item_bytes(
    pdx_item *item, pdx_tag tag, uint8_t *bytes, size_t capacity, size_t *count, pdx_error *error) {
    return guarded(error, [&] {
        *count = 0;
        DcmElement *element = find(item, tag);
        if (element == nullptr || element->getLength() == 0) return;
        if (element->isLeaf() == OFFalse || isText(*element)) throw Failure{PDX_MALFORMED, name(tag) + " is no binary"};
        const Uint32 all = element->getLengthField();
        if (capacity > 0 && bytes != nullptr) {
            require(
                element->getPartialValue(
                    bytes, 0, static_cast<Uint32>(std::min<size_t>(all, capacity)), nullptr, gLocalByteOrder),
                PDX_MALFORMED, name(tag));
        }
        *count = all;
    });
}

int32_t pdx_item_items(
    pdx_item *item, pdx_tag tag, pdx_item **items, size_t capacity, size_t *count, pdx_error *error) {
    return guarded(error, [&] {
        *count = 0;
        DcmElement *element = find(item, tag);
        if (element == nullptr) return;
        DcmSequenceOfItems *sequence = dynamic_cast<DcmSequenceOfItems *>(element);
        if (sequence == nullptr) throw Failure{PDX_MALFORMED, name(tag) + " is no sequence"};
        size_t index = 0;
        // Going from item to item is linear; asking for each by its number is not.
        for (DcmObject *at = sequence->nextInContainer(nullptr); at != nullptr;
             at = sequence->nextInContainer(at)) {
            if (index < capacity && items != nullptr) items[index] = opaque(static_cast<DcmItem *>(at));
            ++index;
        }
        *count = index;
    });
}

int32_t pdx_item_tags(pdx_item *item, pdx_tag *tags, size_t capacity, size_t *count, pdx_error *error) {
    return guarded(error, [&] {
        size_t index = 0;
        DcmItem *source = native(item);
        for (DcmObject *at = source->nextInContainer(nullptr); at != nullptr; at = source->nextInContainer(at)) {
            const DcmTagKey tag = at->getTag();
            if (index < capacity && tags != nullptr) tags[index] = uint32_t{tag.getGroup()} << 16 | tag.getElement();
            ++index;
        }
        *count = index;
    });
}

}  // extern "C"
