#include "signaling/limits.h"

#include "signaling/api/account_routes.h"

namespace signaling {
namespace {

constexpr std::uint32_t kSendBurst = 3;  // times the rate

service::Rate bucket(const config::Rate& rate) {
  service::Rate made = window(rate);
  made.burst = kSendBurst * made.count;
  return made;
}

}  // namespace

service::Rate window(const config::Rate& rate) {
  return {.count = static_cast<std::uint32_t>(rate.count), .per = rate.per};
}

Limits::Limits(const config::Limits& configured)
    : tries_by_address(window(configured.login)),
      tries_by_account(window(configured.login)),
      mails_by_address(api::kMailsByAddress),
      mails_by_account(api::kMailsByAccount),
      credentials(window(configured.turn_credentials)),
      sends(bucket(configured.messages)) {}

void Limits::adopt(const config::Limits& configured) {
  tries_by_address.set_rate(window(configured.login));
  tries_by_account.set_rate(window(configured.login));
  credentials.set_rate(window(configured.turn_credentials));
  sends.set_rate(bucket(configured.messages));
}

}  // namespace signaling
