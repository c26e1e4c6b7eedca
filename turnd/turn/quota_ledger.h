// QuotaLedger: how many allocations a user, a client address and the server hold, over all workers.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "turnd/base/endpoint.h"
#include "turnd/base/result.h"
#include "turnd/turn/bandwidth.h"

namespace turnd::turn {

enum class QuotaRefusal : std::uint8_t {
  user,     // 486
  address,  // 486
  total,    // 508
};

// One allocation's share; given back exactly once, when it is destroyed. Move-only. Holds the user's buckets.
class QuotaUnit {
 public:
  // `account` gives the unit back when it is destroyed.
  QuotaUnit(std::shared_ptr<void> account, std::shared_ptr<SharedBandwidth> user_bandwidth)
      : account_(std::move(account)), user_bandwidth_(std::move(user_bandwidth)) {}
  QuotaUnit(QuotaUnit&&) noexcept = default;
  QuotaUnit& operator=(QuotaUnit&&) noexcept = default;

  [[nodiscard]] SharedBandwidth& user_bandwidth() { return *user_bandwidth_; }

 private:
  std::shared_ptr<void> account_;
  std::shared_ptr<SharedBandwidth> user_bandwidth_;
};

// Thread-safe; called off the data path (Allocate only). Never blocks for long.
class QuotaLedger {
 public:
  virtual ~QuotaLedger() = default;
  [[nodiscard]] virtual base::Result<QuotaUnit, QuotaRefusal> acquire(std::string_view user,
                                                                      const base::IpAddress& client) = 0;
  // The server's own buckets.
  [[nodiscard]] virtual SharedBandwidth& total_bandwidth() = 0;
};

}  // namespace turnd::turn
