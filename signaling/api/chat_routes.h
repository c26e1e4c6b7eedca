// The routes of chat, conversations, posts, TURN and the event log, and what they work with.
#pragma once

#include <cstdint>
#include <functional>

#include "signaling/api/router.h"
#include "signaling/service/conversations.h"
#include "signaling/service/event_log.h"
#include "signaling/service/hash_pool.h"
#include "signaling/service/lobby.h"
#include "signaling/service/messages.h"
#include "signaling/service/posts.h"
#include "signaling/service/rate_limits.h"
#include "signaling/turn/pool.h"

namespace signaling::api {

// Of the lobby, at this moment; only the sockets know.
struct LiveFigures {
  std::int64_t connected_users = 0;
  std::int64_t total_connections = 0;  // since the start
  std::int64_t active_calls = 0;
};

// What the parts refer to outlives the router.
struct ChatParts {
  const service::Messages& messages;
  const service::Conversations& conversations;
  const service::Lobby& lobby;
  service::RateLimiter& sends;                // K19
  std::function<LiveFigures()> live_figures;  // on a storage thread
};
void add_chat_routes(Router& router, const ChatParts& parts);
void add_conversation_routes(Router& router, const ChatParts& parts);
void add_message_routes(Router& router, const ChatParts& parts);

struct PostParts {
  const service::Posts& posts;
  service::HashPool& cleaning;  // HTML takes up to half a second
  std::uint64_t most_body = 2 * 1024 * 1024;
};
void add_post_routes(Router& router, const PostParts& parts);

struct TurnParts {
  turn::Pool& pool;
  service::RateLimiter& credentials;                                       // C5
  std::function<void(const std::vector<service::Event>&, WallTime)> tell;  // to the event log
};
void add_turn_routes(Router& router, const TurnParts& parts);

struct LogParts {
  store::Database& events;  // events.db
  bool open_logs = false;   // compat.open_logs
};
void add_log_routes(Router& router, const LogParts& parts);

// 429 once the bucket of whoever asks (account, guest or address) is empty.
[[nodiscard]] std::optional<protocol::Failure> throttle(service::RateLimiter& limiter, const Call& call);

}  // namespace signaling::api
