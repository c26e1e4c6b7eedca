#include "signaling/webhook_settings.h"

#include <utility>

#include "signaling/state_files.h"

namespace signaling {

std::variant<std::vector<service::Webhook>, turnd::config::WorldError> webhook_settings(const config::Config& config) {
  std::vector<service::Webhook> hooks;
  for (const config::Webhook& written : config.webhooks) {
    auto secret = read_key(written.secret_file);
    if (auto* error = std::get_if<turnd::config::WorldError>(&secret)) return std::move(*error);
    hooks.push_back({written.url, std::move(std::get<turnd::base::Secret>(secret)), written.events});
  }
  return hooks;
}

}  // namespace signaling
