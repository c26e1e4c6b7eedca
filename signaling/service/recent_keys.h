// RecentKeys: which message was stored last under which key of a client, so that one sent again is stored once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <boost/unordered/unordered_flat_map.hpp>

#include "signaling/store/connection.h"

namespace signaling::service {

// Keys that were used lately: an index in the database would know all of them, but cost every line a page of its own.
// What it tells is checked with the row, so that it may be wrong about what was undone, but never misleads. Used on the
// writer's thread alone.
class RecentKeys {
 public:
  // At least so many are known, at most twice as many.
  static constexpr std::size_t kKnown = 32'768;
  explicit RecentKeys(std::size_t known = kKnown) : known_(known) {}

  // What was stored before this process began: those of the last `known` messages, whether they have one or not.
  void load(store::Connection& db);
  void remember(std::string_view key, std::int64_t message_id);
  [[nodiscard]] std::optional<std::int64_t> find(store::Connection& db, std::string_view key) const;

 private:
  using Ids = boost::unordered_flat_map<std::size_t, std::int64_t>;  // by the key's hash

  std::size_t known_;
  Ids young_, old_;
};

}  // namespace signaling::service
