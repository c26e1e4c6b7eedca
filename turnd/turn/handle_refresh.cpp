// Refresh (RFC 8656 s8.2): longer life, or none.
#include <algorithm>

#include "turnd/stun/turn_attributes.h"
#include "turnd/turn/engine_state.h"

namespace turnd::turn {

namespace {

// Without a family all relays are meant; with one, only its own (RFC 8656 s8.2).
void set_expiry(Allocation& allocation, std::optional<base::Family> family, base::TimePoint until) {
  AllocationDetails& details = *allocation.details;
  base::TimePoint last = until;
  bool apart = false;
  for (const base::Family each : base::kFamilies) {
    if (!details.has_open_relay(each)) continue;
    if (!family || *family == each) details.relay(each).expires = until;
    last = std::max(last, details.relay(each).expires);
    apart = apart || details.relay(each).expires != until;
  }
  allocation.relays_expire_apart = apart;
  allocation.expires = Tick::end_at(last);
}

bool is_dual(const AllocationDetails& details) {
  return std::ranges::all_of(base::kFamilies, [&](base::Family family) { return details.has_open_relay(family); });
}

}  // namespace

void Engine::State::handle_refresh(const Request& request, const auth::Authenticated& client) {
  const ReplyTo to = reply_to(client, request.datagram);
  const auto own = find_own(request, client);
  if (!own) return refuse(to, own.error(), request.out);

  const auto asked = request.message.get<stun::Lifetime>();
  const auto requested = request.message.get<stun::RequestedAddressFamily>();
  if (asked.malformed() || requested.malformed()) return refuse(to, ErrorCode::bad_request, request.out);
  Allocation& allocation = table.at(*own);
  AllocationDetails& details = *allocation.details;
  std::optional<base::Family> family;
  if (requested.value) {
    family = requested.value->family;
    if (!family || !details.has_open_relay(*family))
      return refuse(to, ErrorCode::peer_address_family_mismatch, request.out);
  }

  std::chrono::seconds granted{0};
  if (asked.value && asked.value->value == granted) {
    if (family && is_dual(details)) {
      close_relay(*own, *family, request.out);
    } else {
      close(*own, CloseReason::client_closed, request.now, request.out);
    }
  } else {
    granted = grant(asked.value ? asked.value->value : granted, details.settings->limits);
    set_expiry(allocation, family, request.now.monotonic + granted);
    expiries.arm_earlier(*own, earliest_deadline(*own, request.now.monotonic));
  }
  stun::MessageBuilder reply = begin_success(to);
  reply.add(stun::Lifetime{granted});
  succeed(to, reply, request.out);
}

}  // namespace turnd::turn
