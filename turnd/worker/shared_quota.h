// SharedQuota: the ledger of allocations over all workers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "turnd/turn/quota_ledger.h"
#include "turnd/turn/settings.h"

namespace turnd::worker {

// Thread-safe; one short lock per Allocate and per end of an allocation. IPv6 clients count by /64: whoever
// has one address of it has them all.
class SharedQuota final : public turn::QuotaLedger {
 public:
  explicit SharedQuota(const turn::Limits& limits);

  [[nodiscard]] base::Result<turn::QuotaUnit, turn::QuotaRefusal> acquire(std::string_view user,
                                                                          const base::IpAddress& client) override;
  [[nodiscard]] turn::SharedBandwidth& total_bandwidth() override;

  // New counts hold for new allocations, new rates at once.
  void replace_limits(const turn::Limits& limits);
  // Allocations that hold a unit now.
  [[nodiscard]] std::size_t held() const;

 private:
  struct Books;
  class Account;
  std::shared_ptr<Books> books_;  // accounts keep it alive
};

}  // namespace turnd::worker
