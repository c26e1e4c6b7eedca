// RecentKeys: which message was stored last under which key of a client, so that one sent again is stored once.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <boost/unordered/unordered_flat_map.hpp>

#include "signaling/store/connection.h"
#include "turnd/auth/siphash.h"
#include "turnd/base/clock.h"

namespace signaling::service {

// Keys that were used lately: an index in the database would know all of them, but cost every line a page of its own.
// What it tells is checked with the row, so that it may be wrong about what was undone, but never misleads. Used on the
// writer's thread alone.
class RecentKeys {
 public:
  using WallTime = turnd::base::WallTime;

  // A key is known as long as a client may come back and send again what it had no answer to (limits.resume and more),
  // and at least so many are. Twice `most` bounds the memory: 70 MB at a load that brings as many within `lasts`, or
  // 160 where no history is kept.
  struct Bounds {
    std::size_t known = 32'768;
    std::size_t most = 1'048'576;
    std::chrono::minutes lasts{2};
  };
  // All that is left of a message that was not kept (history `none`).
  struct Passed {
    std::int64_t id = 0;
    std::int64_t conversation_id = 0;
    std::int64_t seq = 0;
    WallTime created_at{};
  };

  RecentKeys();
  explicit RecentKeys(Bounds bounds);

  // What was stored before this process began: those of the last `known` messages, whether they have one or not, and of
  // the last `lasts` before the newest.
  void load(store::Connection& db);
  // Of every message that gets a row, before its key: one whose id is given out again was undone, with all after it.
  void give_out(std::int64_t message_id);
  void remember(std::string_view key, std::int64_t message_id, WallTime now);
  void remember(std::string_view key, const Passed& message, WallTime now);
  [[nodiscard]] std::optional<std::int64_t> find(store::Connection& db, std::string_view key) const;
  [[nodiscard]] std::optional<Passed> find_passed(store::Connection& db, std::string_view key) const;

 private:
  // By the key's hash; nobody who does not know ours can make two that are the same.
  struct Half {
    boost::unordered_flat_map<std::uint64_t, std::int64_t> kept;
    boost::unordered_flat_map<std::uint64_t, Passed> passed;
    WallTime since{};

    [[nodiscard]] std::size_t size() const { return kept.size() + passed.size(); }
  };

  [[nodiscard]] std::uint64_t hash(std::string_view key) const;
  // The younger half when it has grown up becomes the older one, which goes.
  void turn_over(WallTime now);

  Bounds bounds_;
  turnd::auth::SipKey hash_key_{};
  Half young_, old_;
  std::int64_t last_id_ = 0;
};

}  // namespace signaling::service
