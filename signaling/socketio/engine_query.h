// What a request to Engine.IO asks for, decided from its method, query and session alone.
#pragma once

#include <optional>
#include <string_view>

#include "signaling/net/http.h"
#include "signaling/socketio/engine_effect.h"

namespace signaling::socketio {

// The parameters that mean something; of several of a name the first counts. Views into the query.
struct EngineQuery {
  std::string_view version;    // EIO
  std::string_view transport;  // polling or websocket
  std::string_view sid;        // empty: a new session
};
[[nodiscard]] EngineQuery parse_engine_query(std::string_view query);

enum class EngineAction : std::uint8_t {
  open_polling,
  open_websocket,
  poll,
  post,
  second_websocket,  // of a session that there is
};

// How far the session of the query's sid has come.
enum class SidState : std::uint8_t { unknown, polling, websocket };

struct EngineDecision {
  EngineAction action = EngineAction::open_polling;
  std::optional<EngineFault> fault;  // then the action means nothing
};
[[nodiscard]] EngineDecision decide(net::Method method, const EngineQuery& query, bool is_websocket_attempt,
                                    SidState sid);

}  // namespace signaling::socketio
