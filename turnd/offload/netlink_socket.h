// NetlinkSocket: asks the kernel one question at a time (netlink(7)).
#pragma once

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>

#include "turnd/base/bytes.h"
#include "turnd/base/result.h"
#include "turnd/posix/file_descriptor.h"

namespace turnd::offload {

// The header of its kind, and attributes behind it.
class NetlinkQuestion {
 public:
  template <class Header>
  NetlinkQuestion(std::uint16_t type, const Header& header) {
    message().nlmsg_type = type;
    message().nlmsg_flags = NLM_F_REQUEST;
    message().nlmsg_len = NLMSG_LENGTH(sizeof header);
    std::memcpy(NLMSG_DATA(bytes_.data()), &header, sizeof header);
  }
  void add(std::uint16_t attribute, base::ByteView value);
  void add(std::uint16_t attribute, std::uint32_t value);

 private:
  friend class NetlinkSocket;
  nlmsghdr& message() { return *reinterpret_cast<nlmsghdr*>(bytes_.data()); }
  alignas(nlmsghdr) std::array<char, 256> bytes_{};
};

// One thread's.
class NetlinkSocket {
 public:
  // `protocol`: NETLINK_ROUTE, NETLINK_GENERIC. errno when it cannot be had.
  [[nodiscard]] static base::Result<NetlinkSocket, int> open(int protocol);
  // One system call there and one back. Null when the kernel refuses; valid until the next question.
  [[nodiscard]] const nlmsghdr* ask(NetlinkQuestion& question);
  // For all answers to a question about many things.
  void list(NetlinkQuestion& question, const std::function<void(const nlmsghdr&)>& take);

 private:
  explicit NetlinkSocket(posix::FileDescriptor socket) : socket_(std::move(socket)) {}
  posix::FileDescriptor socket_;
  std::uint32_t sequence_ = 0;
  alignas(nlmsghdr) std::array<char, 8192> answer_{};  // the most that a part of a list has
};

[[nodiscard]] posix::FileDescriptor open_netlink(int protocol, int flags, std::uint32_t groups);

// Among those behind a header of `header_size` bytes; null: it is not there.
[[nodiscard]] const rtattr* find_attribute(const nlmsghdr& answer, std::size_t header_size, std::uint16_t type);
// Among those inside of another.
[[nodiscard]] const rtattr* find_attribute(const rtattr& outer, std::uint16_t type);

template <class Value>
[[nodiscard]] std::optional<Value> value_of(const rtattr* attribute) {
  if (attribute == nullptr || RTA_PAYLOAD(attribute) < sizeof(Value)) return std::nullopt;
  Value value{};
  std::memcpy(&value, RTA_DATA(attribute), sizeof value);
  return value;
}

}  // namespace turnd::offload
