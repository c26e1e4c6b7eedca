// The keys of `limits`, each with the member it sets: for reading and for writing, in the order of the documentation.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <variant>

#include "signaling/config/config.h"

namespace signaling::config {

struct LimitKey {
  std::string_view key;
  // A size in bytes, a rate, a duration, a count.
  std::variant<std::uint64_t Limits::*, Rate Limits::*, milliseconds Limits::*, std::uint32_t Limits::*> member;
};

inline constexpr std::array kLimitKeys{
    LimitKey{"body", &Limits::body},
    LimitKey{"posts_body", &Limits::posts_body},
    LimitKey{"header", &Limits::header},
    LimitKey{"header_timeout", &Limits::header_timeout},
    LimitKey{"request_timeout", &Limits::request_timeout},
    LimitKey{"message", &Limits::message},
    LimitKey{"login", &Limits::login},
    LimitKey{"join", &Limits::join},
    LimitKey{"meeting_password", &Limits::meeting_password},
    LimitKey{"meetings", &Limits::meetings},
    LimitKey{"turn_credentials", &Limits::turn_credentials},
    LimitKey{"messages", &Limits::messages},
    LimitKey{"recording", &Limits::recording},
    LimitKey{"recording_part", &Limits::recording_part},
    LimitKey{"frame", &Limits::frame},
    LimitKey{"auth_timeout", &Limits::auth_timeout},
    LimitKey{"ping_interval", &Limits::ping_interval},
    LimitKey{"ping_timeout", &Limits::ping_timeout},
    LimitKey{"resume", &Limits::resume},
    LimitKey{"queue", &Limits::queue},
    LimitKey{"queue_time", &Limits::queue_time},
    LimitKey{"ring_timeout", &Limits::ring_timeout},
    LimitKey{"sockets_per_ip", &Limits::sockets_per_ip},
    LimitKey{"sockets_per_user", &Limits::sockets_per_user},
    LimitKey{"rate_total", &Limits::rate_total},
    LimitKey{"rate_chat", &Limits::rate_chat},
    LimitKey{"rate_candidates", &Limits::rate_candidates},
    LimitKey{"rate_join", &Limits::rate_join},
    LimitKey{"rate_stats", &Limits::rate_stats},
    LimitKey{"rate_data", &Limits::rate_data},
};

}  // namespace signaling::config
