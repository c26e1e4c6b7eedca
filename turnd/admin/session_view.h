// The relay's sessions as the control API shows them.
#pragma once

#include <string_view>

#include "turnd/control/event.h"
#include "turnd/control/responses.h"
#include "turnd/store/usage_record.h"
#include "turnd/turn/effect.h"
#include "turnd/turn/session.h"

namespace turnd::admin {

[[nodiscard]] control::Session to_control(const turn::Session& session);
[[nodiscard]] control::Usage to_control(const store::UsageRecord& record);
[[nodiscard]] control::Refusal to_control(const turn::AuthRefused& refused);

// What is kept of a session that has ended.
[[nodiscard]] store::UsageRecord to_record(const turn::EndedSession& session);

// D13: the whole USERNAME, or what follows the first colon of an ephemeral one.
template <class AnySession>
[[nodiscard]] bool is_of_user(const AnySession& session, std::string_view user) {
  return session.username == user || session.user == user;
}

}  // namespace turnd::admin
