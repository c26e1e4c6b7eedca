// UsageStore: the usage of ended sessions, as a table.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "turnd/base/clock.h"
#include "turnd/store/database.h"
#include "turnd/store/store_error.h"
#include "turnd/store/usage_record.h"

namespace turnd::store {

// Where a page ended: the next one begins after this record, going back in time.
struct UsagePosition {
  base::WallTime ended{};
  std::string id;
};

struct UsageQuery {
  std::optional<std::string> user;      // the whole USERNAME, or its user part
  std::optional<base::WallTime> since;  // since <= ended
  std::optional<base::WallTime> until;  // ended < until
  std::optional<UsagePosition> after;
  std::size_t limit = 100;
};

// One thread's, over a connection of its own.
class UsageStore {
 public:
  explicit UsageStore(Database& database) : database_(database) {}

  // All or nothing. A record that is already there is left as it is.
  [[nodiscard]] Stored<bool> append(std::span<const UsageRecord> records);
  // Newest first.
  [[nodiscard]] Stored<std::vector<UsageRecord>> query(const UsageQuery& query);
  // Removes what ended before; returns how many.
  [[nodiscard]] Stored<std::int64_t> purge(base::WallTime before);

 private:
  Database& database_;
};

}  // namespace turnd::store
