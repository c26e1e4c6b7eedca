#include "signaling/reload_effect.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "signaling/config/tree.h"

namespace signaling {
namespace {

using turnd::config::Map;
using turnd::config::Value;

// Sections and keys that take effect while it runs, and what is left out of them: what the services, the routes and
// Socket.IO took when they were made.
constexpr std::array<std::string_view, 7> kLive{"log.level",   "log.format",      "limits",        "tls",
                                                "auth.guests", "trusted_proxies", "shutdown_grace"};
constexpr std::array<std::string_view, 7> kFixed{"limits.posts_body",     "limits.message", "limits.recording",
                                                 "limits.recording_part", "limits.frame",   "limits.queue",
                                                 "limits.rate_candidates"};

bool is_within(std::string_view key, std::string_view section) {
  return key.starts_with(section) && (key.size() == section.size() || key[section.size()] == '.');
}

bool is_live(std::string_view key) {
  const auto covers = [key](std::string_view section) { return is_within(key, section); };
  return std::ranges::any_of(kLive, covers) && std::ranges::none_of(kFixed, covers);
}

// Every key below `prefix` whose value is not the same in both; either may be missing.
void collect(const std::string& prefix, const Value* before, const Value* after, std::vector<std::string>& changed) {
  if (before != nullptr && after != nullptr && *before == *after) return;
  const auto map_of = [](const Value* value) {
    return value == nullptr ? nullptr : std::get_if<Map>(&value->variant());
  };
  const Map* const old = map_of(before);
  const Map* const fresh = map_of(after);
  if (old == nullptr && fresh == nullptr) return changed.push_back(prefix);
  const auto below = [&](const std::string& key) { return prefix.empty() ? key : prefix + "." + key; };
  if (old != nullptr)
    for (const auto& [key, value] : *old)
      collect(below(key), &value, fresh == nullptr ? nullptr : after->find(key), changed);
  if (fresh != nullptr)
    for (const auto& [key, value] : *fresh)
      if (old == nullptr || before->find(key) == nullptr) collect(below(key), nullptr, &value, changed);
}

}  // namespace

ReloadEffect reload_effect(const config::Config& running, const config::Config& fresh) {
  const Value before = config::to_tree(running);
  const Value after = config::to_tree(fresh);
  std::vector<std::string> changed;
  collect("", &before, &after, changed);
  ReloadEffect effect;
  for (std::string& key : changed) (is_live(key) ? effect.applied : effect.waiting).push_back(std::move(key));
  return effect;
}

config::Config adopted(config::Config running, const config::Config& fresh) {
  const config::Limits old = running.limits;
  running.limits = fresh.limits;
  running.limits.posts_body = old.posts_body;
  running.limits.message = old.message;
  running.limits.recording = old.recording;
  running.limits.recording_part = old.recording_part;
  running.limits.frame = old.frame;
  running.limits.queue = old.queue;
  running.limits.rate_candidates = old.rate_candidates;
  running.log.level = fresh.log.level;
  running.log.format = fresh.log.format;
  running.auth.guests = fresh.auth.guests;
  running.tls = fresh.tls;
  running.trusted_proxies = fresh.trusted_proxies;
  running.shutdown_grace = fresh.shutdown_grace;
  return running;
}

}  // namespace signaling
