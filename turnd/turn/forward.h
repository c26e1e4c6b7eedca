// Relayed payload, as views into the batch it came in: nothing is copied, nothing is allocated.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "turnd/base/bytes.h"
#include "turnd/base/endpoint.h"
#include "turnd/turn/five_tuple.h"
#include "turnd/turn/header_fields.h"
#include "turnd/turn/ids.h"

namespace turnd::turn {

enum class Fragmentation : std::uint8_t { allowed, forbidden };  // RFC 8656 s14.8 DONT-FRAGMENT

// One datagram towards a peer: the payload as it is.
//   received from the client  [40 01 04 B0] payload
//   sent to the peer                        payload
struct PeerForward {
  RelayId relay;
  base::Endpoint to;  // advertised, when it is a relay of this server: net/ translates
  base::ByteView payload;
  Fragmentation fragmentation = Fragmentation::allowed;
  std::optional<HeaderFields> fields;
};

// One message towards the client: header, payload and padding are gathered by the kernel.
//   received from the peer                     payload
//   sent to the client    [40 01 04 B0]        payload             (channel)
//                         [Data indication..]  payload [0 0 0]     (permission only)
struct ClientForward {
  base::ByteView header;  // in the list
  base::ByteView payload;
  std::uint8_t padding = 0;            // zero bytes after the payload
  std::optional<HeaderFields> fields;  // for UDP clients alone
};

// Both lists keep their memory between batches; `clear()` ends the life of every view in them.
class PeerForwards {
 public:
  [[nodiscard]] std::span<const PeerForward> items() const { return std::span(items_).first(used_); }
  [[nodiscard]] bool empty() const { return used_ == 0; }
  void clear() { used_ = 0; }
  // Room for `more` after what is there; allocates only when a batch is larger than ever.
  void reserve(std::size_t more) {
    if (items_.size() < used_ + more) items_.resize(used_ + more);
  }
  // The next item, within what was reserved (not checked: this is the data path). It holds an old one's values:
  // the caller fills every member.
  [[nodiscard, gnu::always_inline]] PeerForward& next() { return items_.data()[used_++]; }

 private:
  std::vector<PeerForward> items_;
  std::size_t used_ = 0;
};

// A batch from one relay goes to one client.
class ClientForwards {
 public:
  // A Data indication's header with an IPv6 peer: 20 + 4 + 20 + 4 bytes.
  static constexpr std::size_t kMaxHeader = 48;

  ClientId via;
  FiveTuple to;

  [[nodiscard]] std::span<const ClientForward> items() const { return std::span(items_).first(used_); }
  [[nodiscard]] bool empty() const { return used_ == 0; }
  void clear() { used_ = 0; }
  // Room for `batch` messages; called once per batch, allocates only when a batch is larger than ever.
  void reserve(std::size_t batch) {
    if (items_.size() >= batch) return;
    items_.resize(batch);
    headers_.resize(batch);
  }
  // The next item, within what was reserved, with a header of `header_size` bytes. The caller fills these bytes,
  // payload, padding and fields.
  struct Next {
    base::MutableBytes header;
    ClientForward& item;
  };
  [[nodiscard, gnu::always_inline]] Next next(std::size_t header_size) {
    const base::MutableBytes header{headers_.data()[used_].data(), header_size};
    ClientForward& item = items_.data()[used_++];
    item.header = header;
    return {header, item};
  }

 private:
  std::vector<ClientForward> items_;
  std::vector<std::array<std::uint8_t, kMaxHeader>> headers_;
  std::size_t used_ = 0;
};

}  // namespace turnd::turn
