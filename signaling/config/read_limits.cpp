#include "signaling/config/sections.h"
#include "signaling/config/sizes.h"

namespace signaling::config {
namespace {

using namespace std::chrono_literals;

void read_size(MapReader& from, std::string_view key, std::uint64_t& into) {
  const auto field = from.find(key);
  if (!field) return;
  if (const auto value = field->is_scalar() ? parse_size(field->text()) : std::nullopt)
    into = *value;
  else
    from.problems().add(*field, "is no size", "write a whole number with KiB, MiB or GiB; 0 for no limit");
}

void read_rate(MapReader& from, std::string_view key, Rate& into) {
  const auto field = from.find(key);
  if (!field) return;
  if (const auto value = field->is_scalar() ? turnd::config::parse_rate(field->text()) : std::nullopt)
    into = *value;
  else
    from.problems().add(*field, "is no rate", "write a whole number with /s, /min or /h; 0 for no limit");
}

void read_limit(MapReader& from, std::string_view key, std::uint32_t& into) {
  read_count(from, key, {0, 1'000'000'000}, into);
}

void read_http(MapReader& limits, Limits& into) {
  read_size(limits, "body", into.body);
  read_size(limits, "posts_body", into.posts_body);
  read_size(limits, "header", into.header);
  read_milliseconds(limits, "header_timeout", 0ms, into.header_timeout);
  read_milliseconds(limits, "request_timeout", 0ms, into.request_timeout);
  read_size(limits, "message", into.message);
  read_rate(limits, "login", into.login);
  read_rate(limits, "join", into.join);
  read_rate(limits, "meeting_password", into.meeting_password);
  read_rate(limits, "meetings", into.meetings);
  read_rate(limits, "turn_credentials", into.turn_credentials);
  read_rate(limits, "messages", into.messages);
  read_size(limits, "recording", into.recording);
  read_size(limits, "recording_part", into.recording_part);
}

void read_sockets(MapReader& limits, Limits& into) {
  read_size(limits, "frame", into.frame);
  read_milliseconds(limits, "auth_timeout", 0ms, into.auth_timeout);
  read_milliseconds(limits, "ping_interval", 0ms, into.ping_interval);
  read_milliseconds(limits, "ping_timeout", 0ms, into.ping_timeout);
  read_milliseconds(limits, "resume", 0ms, into.resume);
  read_size(limits, "queue", into.queue);
  read_milliseconds(limits, "queue_time", 0ms, into.queue_time);
  read_milliseconds(limits, "ring_timeout", 0ms, into.ring_timeout);
  read_limit(limits, "sockets_per_ip", into.sockets_per_ip);
  read_limit(limits, "sockets_per_user", into.sockets_per_user);
  read_rate(limits, "rate_total", into.rate_total);
  read_rate(limits, "rate_chat", into.rate_chat);
  read_rate(limits, "rate_candidates", into.rate_candidates);
  read_rate(limits, "rate_join", into.rate_join);
  read_rate(limits, "rate_stats", into.rate_stats);
  read_rate(limits, "rate_data", into.rate_data);
}

}  // namespace

void read_limits(MapReader& root, Reading& reading) {
  MapReader limits = root.map("limits");
  read_http(limits, reading.config.limits);
  read_sockets(limits, reading.config.limits);
  limits.finish();
}

}  // namespace signaling::config
