#include "signaling/protocol/client_message.h"

#include <array>
#include <utility>

namespace signaling::protocol {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 13> kModerateActions = {
    "mute", "ask-unmute", "stop-video", "stop-screen", "kick",      "ban",      "role",
    "lock", "unlock",     "mute-all",   "lower-hands", "spotlight", "settings",
};
static_assert(kModerateActions.size() == static_cast<std::size_t>(ModerateAction::settings) + 1);

}  // namespace

std::string_view to_string(Topic topic) {
  switch (topic) {
    case Topic::presence:
      return "presence";
    case Topic::notifications:
      return "notifications";
    case Topic::meetings:
      return "meetings";
    case Topic::logs:
      return "logs";
    case Topic::stats:
      return "stats";
  }
  return "";
}

std::string_view to_string(CallAction action) {
  switch (action) {
    case CallAction::invite:
      return "invite";
    case CallAction::accept:
      return "accept";
    case CallAction::decline:
      return "decline";
    case CallAction::cancel:
      return "cancel";
    case CallAction::end:
      return "end";
  }
  return "";
}

std::string_view to_string(ModerateAction action) { return kModerateActions[static_cast<std::size_t>(action)]; }

std::optional<ModerateAction> moderate_action(std::string_view name) {
  for (std::size_t i = 0; i < kModerateActions.size(); ++i) {
    if (kModerateActions[i] == name) return static_cast<ModerateAction>(i);
  }
  return std::nullopt;
}

}  // namespace signaling::protocol
