#include "signaling/protocol/trace_context.h"

#include <algorithm>

namespace signaling::protocol {
namespace {

// 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
// ^0 ^3                               ^36              ^53
constexpr std::size_t kTraceId = 3, kParentId = 36, kFlags = 53, kLength = 55;
constexpr std::size_t kDashes[] = {2, 35, 52};

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_id(std::string_view text) { return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos; }

// The lowest bit of the flags.
bool is_sampled(char digit) { return (digit <= '9' ? digit - '0' : digit - 'a' + 10) % 2 == 1; }

}  // namespace

std::optional<TraceContext> parse_traceparent(std::string_view field) {
  if (field.size() < kLength) return std::nullopt;
  const std::string_view version = field.substr(0, 2);
  if (!is_hex(version) || version == "ff") return std::nullopt;
  if (field.size() > kLength && (version == "00" || field[kLength] != '-')) return std::nullopt;
  if (std::ranges::any_of(kDashes, [field](std::size_t at) { return field[at] != '-'; })) return std::nullopt;
  const std::string_view trace = field.substr(kTraceId, 32), parent = field.substr(kParentId, 16);
  if (!is_id(trace) || !is_id(parent) || !is_hex(field.substr(kFlags, 2))) return std::nullopt;
  return TraceContext{std::string(trace), std::string(parent), is_sampled(field[kFlags + 1])};
}

std::string to_traceparent(const TraceContext& context, std::string_view span_id) {
  std::string text = "00-" + context.trace_id + "-";
  text.append(span_id).append(context.sampled ? "-01" : "-00");
  return text;
}

}  // namespace signaling::protocol
