// The sample messages of RFC 5769 section 2 and RFC 8489 appendix B.1, byte for byte, in hexadecimal.
#pragma once

#include <string>
#include <string_view>

#include "turnd/base/hex.h"

namespace turnd::vectors {

// Of all short-term samples.
inline constexpr std::string_view kShortTermPassword = "VOkJxbRl1RmTxUk/WvJxBt";

// Of both long-term samples. The RFCs write the password with U+00AD, which OpaqueString refuses; this is the
// password as SASLprep left it, and the one the integrity was computed with.
inline constexpr std::string_view kUsername = "\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9";
inline constexpr std::string_view kRealm = "example.org";
inline constexpr std::string_view kPreparedPassword = "TheMatrIX";

// RFC 5769 s2.1: padding is spaces, which a receiver ignores.
inline constexpr std::string_view kSampleRequest =
    "00010058 2112a442 b7e7a701bc34d686fa87dfae"
    "80220010 5354554e207465737420636c69656e74"
    "00240004 6e0001ff"
    "80290008 932ff9b151263b36"
    "00060009 6576746a3a68367659 202020"
    "00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
    "80280004 e57a3bcf";

// RFC 5769 s2.2
inline constexpr std::string_view kSampleIpv4Response =
    "0101003c 2112a442 b7e7a701bc34d686fa87dfae"
    "8022000b 7465737420766563746f72 20"
    "00200008 0001a147e112a643"
    "00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7"
    "80280004 c07d4c96";

// RFC 5769 s2.3
inline constexpr std::string_view kSampleIpv6Response =
    "01010048 2112a442 b7e7a701bc34d686fa87dfae"
    "8022000b 7465737420766563746f72 20"
    "00200014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
    "00080014 a382954e4be67bf11784c97c8292c275bfe3ed41"
    "80280004 c8fb0b4c";

// RFC 5769 s2.4
inline constexpr std::string_view kSampleLongTermRequest =
    "00010060 2112a442 78ad3433c6ad72c029da412e"
    "00060012 e3839ee38388e383aae38383e382afe382b9 0000"
    "0015001c 662f2f3439396b39353464364f4c33346f4c39465354767936347341"
    "0014000b 6578616d706c652e6f7267 00"
    "00080014 f67024656dd64a3e02b8e0712e85c9a28ca89666";

// RFC 8489 appendix B.1 with erratum 6268: the printed message lacks PASSWORD-ALGORITHM.
inline constexpr std::string_view kSampleSha256Request =
    "00010090 2112a442 78ad3433c6ad72c029da412e"
    "001e0020 4a3cf38fef6992bda952c6780417da0f24819415569e60b205c46e41407f1704"
    "00150029 6f624d61744a6f733241414143662f2f3439396b39353464364f4c33346f4c3946535476793634734100 0000"
    "0014000b 6578616d706c652e6f7267 00"
    "001d0004 00020000"
    "001c0020 b5c7bf005b6c52a21c51c5e892f81924136296cb927c43149309278cc6518e65";

// Spaces only structure the text.
inline base::Bytes bytes_of(std::string_view message) {
  std::string digits(message);
  std::erase(digits, ' ');
  return base::from_hex(digits).value();
}

}  // namespace turnd::vectors
