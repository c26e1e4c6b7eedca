// The routes for operators and for tools: health, version, metrics, and the API's own description.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "signaling/api/api_document.h"
#include "signaling/api/metrics.h"
#include "signaling/api/router.h"

namespace signaling::api {

// What outlives the routes, and what the rest of the server says of itself. Asked on the loop's thread.
struct OpsParts {
  Metrics& metrics;
  const ApiDocument& document;
  std::string version;
  std::string commit;
  std::function<bool()> draining;                // then it is not ready
  std::function<bool()> events;                  // what happens is written down: the "broker" of the answers
  std::function<std::string()> turn;             // "ok", "degraded", "none"
  std::function<boost::json::object()> sockets;  // {connectedUsers, activeCalls}
};

enum class MetricsDoor : std::uint8_t { open, elsewhere };  // C7

void add_ops_routes(Router& router, const OpsParts& parts, MetricsDoor door);
// Health and metrics alone, for a listener of their own.
void add_metrics_routes(Router& router, const OpsParts& parts);

}  // namespace signaling::api
