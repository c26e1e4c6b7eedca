// What the TURN clients of turnctl ask and are answered.
#pragma once

#include "turnctl/failure.h"
#include "turnd/stun/message_view.h"
#include "turnd/stun/types.h"

namespace turnctl {

[[nodiscard]] turnd::stun::TransactionId random_transaction();

// Whether it is the response to that request.
[[nodiscard]] bool answers(const turnd::stun::MessageView& response, turnd::stun::Method method,
                           const turnd::stun::TransactionId& transaction);

// Of an error response; 0 when it carries none.
[[nodiscard]] int error_code(const turnd::stun::MessageView& response);
// An error response in words, and what to do about it.
[[nodiscard]] Failure refused(turnd::stun::Method method, const turnd::stun::MessageView& response);
[[nodiscard]] std::string remedy_for(int code);

}  // namespace turnctl
