// SendBatch: datagrams that leave through one socket together, in as few system calls as the kernel allows.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "turnd/base/bytes.h"
#include "turnd/base/endpoint.h"
#include "turnd/net/client_link.h"
#include "turnd/net/cut_refusals.h"
#include "turnd/net/kernel_features.h"
#include "turnd/posix/socket_address.h"
#include "turnd/turn/counters.h"
#include "turnd/turn/header_fields.h"

namespace turnd::net {

// Filled by its owner and flushed; payloads and headers are borrowed until then. Neighbours of one size and with the
// same fields to one destination are a run, which the kernel takes as one message and cuts into datagrams again
// (UDP_SEGMENT). Only the last may be shorter.
//   datagrams | header payload | header payload | header pay |   one message of a run
class SendBatch {
 public:
  static constexpr std::size_t kDatagrams = 64;

  // `refused`: runs that the kernel did not cut; outlives it. Null: nobody asks.
  explicit SendBatch(const KernelFeatures& kernel, turn::Counter* refused = nullptr)
      : has_gso_(kernel.udp_gso), refused_(refused) {}

  struct Message {
    base::ByteView header = {};
    base::ByteView payload = {};
    std::uint8_t padding = 0;                       // zero bytes, at most 3
    std::optional<turn::HeaderFields> fields = {};  // none: the socket's own
  };
  [[nodiscard]] bool full() const { return datagrams_ == kDatagrams; }
  // `from`: the source address to leave from (IP_PKTINFO); none: the socket's own.
  void add(const base::Endpoint& to, const Message& message, const std::optional<base::IpAddress>& from = {});
  // Adds what was not sent to `failed`.
  void flush(int descriptor, NotSent& failed);

 private:
  struct Datagram {
    std::size_t first_vector = 0;  // its iovecs end where those of the next begin
    std::size_t payload = 0;       // bytes
  };
  struct Run {
    base::Endpoint to;
    std::optional<base::IpAddress> from;
    std::optional<turn::HeaderFields> fields;
    posix::SocketAddress address;
    std::size_t first = 0;  // of datagrams_
    std::size_t count = 0;
    std::size_t datagram_size = 0;
    std::size_t bytes = 0;
    bool is_closed = false;  // a shorter one was its last
  };
  enum class Cut : std::uint8_t { by_kernel, none };

  using From = std::optional<base::IpAddress>;
  using Fields = std::optional<turn::HeaderFields>;
  [[nodiscard]] bool fits_run(const base::Endpoint& to, std::size_t size, const From& from, const Fields& fields) const;
  void begin_run(const base::Endpoint& to, std::size_t size, const From& from, const Fields& fields);
  void set_control(std::size_t index, Cut cut);                                      // of the run
  std::size_t prepare_runs();                                                        // how many the kernel is to cut
  [[nodiscard]] std::size_t runs_to_cut(std::size_t from, std::size_t until) const;  // among these
  [[nodiscard]] std::size_t vectors_until(std::size_t datagram) const;
  // The run at `index` was refused; returns the next one to send.
  std::size_t on_refused(int descriptor, std::size_t index, int error, NotSent& failed);
  void send_apart(int descriptor, std::size_t index, NotSent& failed);
  void give_up(std::size_t from, std::size_t until, int error, NotSent& failed) const;  // datagrams

  // Address, hop limit, traffic class, size of the datagrams.
  static constexpr std::size_t kControl =
      CMSG_SPACE(sizeof(in6_pktinfo)) + 2 * CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(std::uint16_t));

  bool has_gso_;
  turn::Counter* refused_;
  CutRefusals refusals_;
  std::size_t datagrams_ = 0;
  std::size_t vectors_ = 0;
  std::size_t runs_ = 0;
  std::array<Datagram, kDatagrams> datagram_{};
  std::array<iovec, kDatagrams * 3> vector_{};
  std::array<Run, kDatagrams> run_{};
  std::array<mmsghdr, kDatagrams> header_{};
  struct alignas(8) Control {
    std::array<std::uint8_t, kControl> bytes;
  };
  std::array<Control, kDatagrams> control_{};
};

}  // namespace turnd::net
