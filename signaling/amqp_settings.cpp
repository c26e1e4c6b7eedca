#include "signaling/amqp_settings.h"

#include <utility>

#include "signaling/state_files.h"

namespace signaling {

using turnd::base::Secret;
using turnd::config::WorldError;

std::variant<std::optional<service::AmqpSink>, WorldError> amqp_settings(const config::Config& config) {
  if (!config.amqp) return std::optional<service::AmqpSink>();
  const auto address = config::parse_amqp_address(config.amqp->url);
  if (!address) return WorldError{"amqp.url", "it is no address", "write one such as amqps://broker.example.org"};
  service::AmqpSink sink;
  sink.events = config.amqp->events;
  sink.broker.host = address->host;
  sink.broker.port = address->port;
  sink.broker.user = address->user;
  sink.broker.virtual_host = address->virtual_host;
  sink.broker.tls = address->tls;
  sink.broker.ca_file = config.amqp->ca_file;
  sink.broker.password = Secret("guest");
  if (config.amqp->password_file.empty()) return std::optional(std::move(sink));
  auto password = read_secret(config.amqp->password_file);
  if (auto* error = std::get_if<WorldError>(&password)) return std::move(*error);
  sink.broker.password = std::move(std::get<Secret>(password));
  return std::optional(std::move(sink));
}

}  // namespace signaling
