#include "Data.hpp"

#include "dcmtk/dcmdata/dcspchrs.h"
#include "dcmtk/ofstd/ofchrenc.h"

using namespace pdx;

namespace {

/// Whether a character set is one of the Japanese ones with code extensions, which glibc has no names for.
bool isJapanese(const OFString &set) {
    return set.find("ISO 2022 IR 87") != OFString_npos || set.find("ISO 2022 IR 159") != OFString_npos;
}

/// Decodes JIS X 0201, 0208 and 0212 with the escape sequences of PS3.3 Table C.12-3 and C.12-4.
class JapaneseDecoder {
public:
    explicit JapaneseDecoder(const OFString &set)
        : hasKatakana(set.find("IR 13") != OFString_npos) {
        require(encoding.selectEncoding("EUC-JP", "UTF-8"), PDX_UNSUPPORTED, "EUC-JP");
    }

    OFString decode(const OFString &text) {
        OFString result;
        Set set = Set::single;
        for (size_t at = 0; at < text.length();) {
            if (text[at] == '\033') at += escape(text, at, set);
            else if (set == Set::single) result += single(text[at++]);
            else {
                if (at + 1 >= text.length()) throw broken();
                result += pair(text[at], text[at + 1], set);
                at += 2;
            }
        }
        return result;
    }

private:
    enum class Set { single, kanji, supplementary };

    OFCharacterEncoding encoding;
    const bool hasKatakana;

    static Failure broken() { return Failure{PDX_MALFORMED, "the bytes break ISO 2022"}; }

    static size_t escape(const OFString &text, size_t at, Set &set) {
        const OFString rest = text.substr(at + 1, 3);
        // Sets of one byte in G0, and the Katakana in G1, which leave G0 alone.
        if (rest.compare(0, 2, "(B") == 0 || rest.compare(0, 2, "(J") == 0) {
            set = Set::single;
            return 3;
        }
        if (rest.compare(0, 2, ")I") == 0) return 3;
        if (rest.compare(0, 2, "$B") == 0) {
            set = Set::kanji;
            return 3;
        }
        if (rest.compare(0, 3, "$(D") == 0) {
            set = Set::supplementary;
            return 4;
        }
        throw broken();
    }

    OFString single(char character) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte < 0x80u) return OFString(1, character);
        if (!hasKatakana || byte < 0xA1u || byte > 0xDFu) throw broken();
        return convert({'\x8E', character});
    }

    OFString pair(char first, char second, Set set) {
        const auto high = [](char c) { return static_cast<char>(static_cast<unsigned char>(c) | 0x80u); };
        if (first < 0x21 || first > 0x7E || second < 0x21 || second > 0x7E) throw broken();
        std::string bytes = set == Set::supplementary ? "\x8F" : "";
        return convert(bytes + high(first) + high(second));
    }

    OFString convert(const std::string &bytes) {
        OFString result;
        require(encoding.convertString(OFString(bytes.c_str()), result), PDX_MALFORMED, "the bytes break JIS");
        return result;
    }
};

}  // namespace

namespace pdx {

OFString toUTF8(const OFString &value, const OFString &set, DcmEVR vr) {
    if (isJapanese(set)) return JapaneseDecoder(set).decode(value);
    DcmSpecificCharacterSet conversion;
    OFString result;
    require(conversion.selectCharacterSet(set, "ISO_IR 192"), PDX_UNSUPPORTED, "the character set (0008,0005)");
    require(
        conversion.convertString(value, result, vr == EVR_PN ? "\\^=" : "\\"), PDX_MALFORMED,
        "text in the character set (0008,0005)");
    return result;
}

void convertToUTF8(DcmItem &item, const OFString &inherited) {
    OFString own;
    if (item.findAndGetOFStringArray(DCM_SpecificCharacterSet, own).bad()) own = inherited;
    for (DcmObject *at = item.nextInContainer(nullptr); at != nullptr; at = item.nextInContainer(at)) {
        if (auto *sequence = dynamic_cast<DcmSequenceOfItems *>(at)) {
            for (DcmObject *inner = sequence->nextInContainer(nullptr); inner != nullptr;
                 inner = sequence->nextInContainer(inner)) {
                convertToUTF8(*static_cast<DcmItem *>(inner), own);
            }
        } else if (at->isAffectedBySpecificCharacterSet()) {
            auto *element = static_cast<DcmElement *>(at);
            OFString value;
            require(element->getOFStringArray(value, OFFalse), PDX_MALFORMED, "text");
            require(element->putOFStringArray(toUTF8(value, own, element->getVR())), PDX_FAILED, "text");
        }
    }
    // From here on the outermost one holds.
    delete item.remove(DCM_SpecificCharacterSet);
}

}  // namespace pdx
