#include "signaling/request_log.h"

#include <utility>

#include "turnd/process/logging.h"

namespace signaling {
namespace {

using turnd::process::LogLevel;

LogLevel level_of(const api::RequestFacts& facts, unsigned status) {
  if (status >= 500) return LogLevel::warning;
  return facts.is_traced ? LogLevel::info : LogLevel::debug;
}

}  // namespace

void RequestLog::tell(const api::RequestFacts& facts, unsigned status, std::chrono::nanoseconds took) {
  const LogLevel level = level_of(facts, status);
  if (!turnd::process::logs(level)) return;
  std::uint64_t left_out = 0;
  if (!take(left_out)) return;
  boost::json::object fields{{"method", net::to_string(facts.method)},
                             {"route", facts.route},
                             {"status", status},
                             {"duration_ms", std::chrono::duration<double, std::milli>(took).count()},
                             {"request_id", facts.request_id},
                             {"trace_id", facts.trace_id}};
  if (left_out > 0) fields["suppressed"] = left_out;
  turnd::process::log_line(level, "request", fields);
}

bool RequestLog::take(std::uint64_t& left_out) {
  const auto now = Clock::now();
  const std::lock_guard lock(mutex_);
  if (now - second_ >= std::chrono::seconds(1)) {
    second_ = now;
    lines_ = 0;
  }
  if (lines_ >= kMostInASecond) return ++left_out_, false;
  ++lines_;
  left_out = std::exchange(left_out_, 0);
  return true;
}

}  // namespace signaling
