// TraceContext: W3C Trace Context, which trace a request belongs to.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace signaling::protocol {

struct TraceContext {
  std::string trace_id;   // 32 hex digits
  std::string parent_id;  // 16 hex digits: the span of the one who asked
  bool sampled = false;
};

// The value of a `traceparent` field (s3.2). Strict: lower-case hex, no zero ids, version ff refused, of version 00
// nothing behind the flags; of later versions the part that is known.
[[nodiscard]] std::optional<TraceContext> parse_traceparent(std::string_view field);
// Version 00, with `span_id` as the parent.
[[nodiscard]] std::string to_traceparent(const TraceContext& context, std::string_view span_id);

}  // namespace signaling::protocol
