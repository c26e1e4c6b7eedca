#include "signaling/turn/relay_user.h"

namespace signaling::turn {

std::string account_user(std::int64_t user_id) { return std::to_string(user_id); }

std::string guest_user(std::string_view name) {
  const bool is_number = !name.empty() && name.find_first_not_of("0123456789") == std::string_view::npos;
  return (is_number ? "g:" : "") + std::string(name);
}

}  // namespace signaling::turn
