// Ranges of addresses: text, borders, and a comparison with arithmetic on 128 bits.
#include "turnd/base/cidr.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <utility>

namespace turnd::base {
namespace {

__extension__ using Number = unsigned __int128;

IpAddress address(std::string_view text) { return IpAddress::parse(text).value(); }
AddressRange range(std::string_view text) { return AddressRange::parse(text).value(); }

Number number_of(const IpAddress& address) {
  Number number = 0;
  for (const std::uint8_t octet : address.octets()) number = number << 8 | octet;
  return number;
}

IpAddress ipv6_of(Number number) {
  std::array<std::uint8_t, 16> octets{};
  for (std::size_t i = octets.size(); i-- > 0; number >>= 8) octets[i] = static_cast<std::uint8_t>(number & 0xFF);
  return IpAddress::v6(octets);
}

IpAddress ipv4_of(Number number) {
  return IpAddress::v4({static_cast<std::uint8_t>(number >> 24 & 0xFF), static_cast<std::uint8_t>(number >> 16 & 0xFF),
                        static_cast<std::uint8_t>(number >> 8 & 0xFF), static_cast<std::uint8_t>(number & 0xFF)});
}

// Numbers of all magnitudes, many of them near each other.
class Numbers {
 public:
  explicit Numbers(unsigned bits) : bits_(bits) {}
  Number next() {
    const Number whole = Number{random_()} << 64 | random_();
    const Number cut = whole >> (128 - bits_);
    const Number low = cut & ((Number{1} << random_() % bits_) - 1);
    latest_ = random_() % 2 == 0 ? cut : (latest_ & ~Number{0xFF}) ^ low;
    return latest_ & limit();
  }
  [[nodiscard]] Number limit() const { return bits_ == 128 ? ~Number{0} : (Number{1} << bits_) - 1; }

 private:
  std::mt19937_64 random_{20260827};
  unsigned bits_;
  Number latest_ = 0;
};

template <class MakeAddress>
void compare_with_arithmetic(Numbers numbers, MakeAddress make_address) {
  int inside = 0;
  for (int i = 0; i < 50'000; ++i) {
    auto [low, high] = std::minmax({numbers.next(), numbers.next()});
    const auto tested = AddressRange::between(make_address(low), make_address(high)).value();
    const Number border[] = {numbers.next(), low, high, low - 1, high + 1, low + (high - low) / 2};
    for (const Number candidate : border) {
      const Number wrapped = candidate & numbers.limit();
      const bool expected = low <= wrapped && wrapped <= high;
      inside += expected ? 1 : 0;
      if (tested.contains(make_address(wrapped)) != expected) FAIL() << to_string(tested) << " " << i;
    }
  }
  EXPECT_GT(inside, 150'000) << "low, high and the middle are always inside";
}

TEST(AddressRange, ContainsWhatArithmeticSays_Ipv6) { compare_with_arithmetic(Numbers(128), ipv6_of); }

TEST(AddressRange, ContainsWhatArithmeticSays_Ipv4) { compare_with_arithmetic(Numbers(32), ipv4_of); }

TEST(AddressRange, IsComparedBySizeAsArithmeticSays) {
  Numbers numbers(128);
  for (int i = 0; i < 20'000; ++i) {
    const auto [a, b] = std::minmax({numbers.next(), numbers.next()});
    const auto [c, d] = std::minmax({numbers.next(), numbers.next()});
    const auto first = AddressRange::between(ipv6_of(a), ipv6_of(b)).value();
    const auto second = AddressRange::between(ipv6_of(c), ipv6_of(d)).value();
    ASSERT_EQ(first.compare_size(second), b - a <=> d - c);
    ASSERT_EQ(second.compare_size(first), d - c <=> b - a);
  }
}

TEST(AddressRange, IsNoBoxOfOctets) {
  const AddressRange tested = range("2001:db8::100-2001:db8::200");

  EXPECT_TRUE(tested.contains(address("2001:db8::101")));
  EXPECT_TRUE(tested.contains(address("2001:db8::1ff")));
  EXPECT_FALSE(tested.contains(address("2001:db8::ff")));
  EXPECT_FALSE(tested.contains(address("2001:db8::201")));
}

TEST(AddressRange, HoldsOneFamilyOnly) {
  EXPECT_FALSE(range("0.0.0.0/0").contains(address("::")));
  EXPECT_FALSE(range("::/0").contains(address("0.0.0.0")));
  EXPECT_FALSE(range("::/0").contains(address("192.0.2.1")));
  EXPECT_TRUE(range("::/0").contains(address("::ffff:192.0.2.1")));
}

TEST(AddressRange, ReadsEveryPrefixLengthAsItsFirstAndLastAddress) {
  for (unsigned prefix = 0; prefix <= 128; ++prefix) {
    const Number size_less_one = prefix == 0 ? ~Number{0} : (Number{1} << (128 - prefix)) - 1;
    const Number first = number_of(address("2001:db8:a5a5:5a5a:a5a5:5a5a:a5a5:5a5a")) & ~size_less_one;
    const auto block = AddressRange::parse(to_string(ipv6_of(first)) + "/" + std::to_string(prefix));
    ASSERT_TRUE(block) << prefix;
    EXPECT_EQ(number_of(block->low()), first);
    EXPECT_EQ(number_of(block->high()), first + size_less_one);
  }
}

TEST(AddressRange, TakesBackWhatItWritesAndWritesTheShortestForm) {
  const std::pair<std::string_view, std::string_view> forms[] = {
      {"192.0.2.1", "192.0.2.1"},
      {"192.0.2.1/32", "192.0.2.1"},
      {"192.0.2.0-192.0.2.255", "192.0.2.0/24"},
      {"192.0.2.1-192.0.2.9", "192.0.2.1-192.0.2.9"},
      {"0.0.0.0/0", "0.0.0.0/0"},
      {"2001:db8::/32", "2001:db8::/32"},
      {"2001:db8::1/128", "2001:db8::1"},
      {"::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0"},
  };
  for (const auto& [text, shortest] : forms) {
    EXPECT_EQ(to_string(range(text)), shortest);
    EXPECT_EQ(range(to_string(range(text))), range(text));
  }
}

TEST(AddressRange, RefusesWhatAnAdministratorMayHaveMistyped) {
  for (const std::string_view text : {"",
                                      "foo",
                                      "10.0.0.0/33",
                                      "10.0.0.0/-1",
                                      "10.0.0.0/",
                                      "10.0.0.0/8 ",
                                      "10.0.0.0/+8",
                                      "10.0.0.0/8/8",
                                      "10.0.0.1/8",
                                      "10.0.0.0 /8",
                                      "10.0.0.9-10.0.0.0",
                                      "10.0.0.0-",
                                      "-10.0.0.0",
                                      "-",
                                      "/",
                                      "10.0.0.0-10.0.0.9-10.0.0.10",
                                      "10.0.0.0-::1",
                                      "::1-10.0.0.0",
                                      "2001:db8::1/32",
                                      "::/129",
                                      "[::1]",
                                      "10.0.0.0-10.0.0.0/8",
                                      "10/8",
                                      "10.0.0/24"})
    EXPECT_FALSE(AddressRange::parse(text)) << text;
}

TEST(AddressRange, NeedsBothEndsOfOneFamilyInOrder) {
  EXPECT_FALSE(AddressRange::between(address("10.0.0.2"), address("10.0.0.1")));
  EXPECT_FALSE(AddressRange::between(address("10.0.0.1"), address("::1")));
  EXPECT_TRUE(AddressRange::between(address("10.0.0.1"), address("10.0.0.1"))->is_single());
  EXPECT_FALSE(AddressRange::between(address("10.0.0.1"), address("10.0.0.2"))->is_single());
}

}  // namespace
}  // namespace turnd::base
