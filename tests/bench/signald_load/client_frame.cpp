#include "tests/bench/signald_load/client_frame.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <random>

namespace signaling::load {
namespace {

constexpr std::uint64_t kLongest = 1U << 24;

// Masks of a load generator need not be secret, but they have to differ.
std::uint32_t next_mask() {
  static std::minstd_rand random(std::random_device{}());
  return static_cast<std::uint32_t>(random());
}

}  // namespace

void append_client_frame(std::string& out, net::Opcode opcode, std::string_view payload) {
  const net::FrameHead head = net::frame_head(opcode, payload.size());
  const std::size_t begin = out.size();
  out.append(head.text());
  out[begin + 1] = static_cast<char>(static_cast<unsigned char>(out[begin + 1]) | 0x80U);
  std::array<char, 4> key{};
  const std::uint32_t mask = next_mask();
  std::memcpy(key.data(), &mask, sizeof mask);
  out.append(key.data(), key.size());
  const std::size_t body = out.size();
  out.append(payload);
  for (std::size_t i = 0; i < payload.size(); ++i) out[body + i] = static_cast<char>(out[body + i] ^ key[i % 4]);
}

std::optional<ServerFrame> take_server_frame(std::string_view bytes) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at])); };
  if (bytes.size() < 2) return ServerFrame{};
  if ((byte(0) & 0xF0U) != 0x80U || (byte(1) & 0x80U) != 0) return std::nullopt;  // final, unmasked, no extension
  std::uint64_t length = byte(1);
  const std::size_t extra = length < 126 ? 0 : length == 126 ? 2 : 8;
  if (bytes.size() < 2 + extra) return ServerFrame{};
  if (extra != 0) length = 0;
  for (std::size_t i = 0; i < extra; ++i) length = length << 8 | byte(2 + i);
  if (length > kLongest) return std::nullopt;
  if (bytes.size() < 2 + extra + length) return ServerFrame{};
  return ServerFrame{static_cast<net::Opcode>(byte(0) & 0x0FU), bytes.substr(2 + extra, length), 2 + extra + length};
}

}  // namespace signaling::load
