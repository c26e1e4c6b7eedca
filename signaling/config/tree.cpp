#include "signaling/config/tree.h"

#include "signaling/config/limit_keys.h"
#include "signaling/config/sections.h"
#include "signaling/config/sizes.h"

namespace signaling::config {
namespace {

using turnd::config::duration_text;
using turnd::config::list_of;
using turnd::config::Map;
using turnd::config::number;
using turnd::config::rate_text;
using turnd::config::Value;
using turnd::config::word_for;

std::string same(const std::string& text) { return text; }

Value auth_tree(const Auth& auth) {
  Map map{{"algorithm", word_for(kAlgorithms, auth.algorithm)}};
  if (!auth.key_file.empty()) map.emplace_back("key_file", auth.key_file);
  if (!auth.previous_key_file.empty()) map.emplace_back("previous_key_file", auth.previous_key_file);
  map.emplace_back("access_ttl", duration_text(auth.access_ttl));
  map.emplace_back("refresh_ttl", duration_text(auth.refresh_ttl));
  map.emplace_back("guests", auth.guests);
  map.emplace_back("signup", auth.signup);
  return map;
}

Value node_tree(const TurnNode& node) {
  Map map{{"uris", list_of(node.uris, same)}};
  if (!node.secret_file.empty()) map.emplace_back("secret_file", node.secret_file);
  if (!node.control.empty()) map.emplace_back("control", node.control);
  map.emplace_back("ttl", duration_text(node.ttl));
  return map;
}

Value smtp_tree(const Smtp& smtp) {
  Map map{{"host", smtp.host}, {"port", number(smtp.port)}};
  if (!smtp.user.empty()) map.emplace_back("user", smtp.user);
  if (!smtp.password_file.empty()) map.emplace_back("password_file", smtp.password_file);
  map.emplace_back("from", smtp.from);
  map.emplace_back("tls", word_for(kSmtpTls, smtp.tls));
  return map;
}

Value limit_value(std::uint64_t size) { return size_text(size); }
Value limit_value(const Rate& rate) { return rate_text(rate); }
Value limit_value(milliseconds duration) { return duration_text(duration); }
Value limit_value(std::uint32_t count) { return number(count); }

Value limits_tree(const Limits& limits) {
  Map map;
  for (const LimitKey& limit : kLimitKeys)
    map.emplace_back(limit.key, std::visit([&](auto member) { return limit_value(limits.*member); }, limit.member));
  return map;
}

Value webhook_tree(const Webhook& hook) {
  Map map{{"url", hook.url}, {"secret_file", hook.secret_file}};
  if (!hook.events.empty()) map.emplace_back("events", list_of(hook.events, same));
  return map;
}

Value amqp_tree(const Amqp& amqp) {
  Map map{{"url", amqp.url}};
  if (!amqp.password_file.empty()) map.emplace_back("password_file", amqp.password_file);
  if (!amqp.ca_file.empty()) map.emplace_back("ca_file", amqp.ca_file);
  if (!amqp.events.empty()) map.emplace_back("events", list_of(amqp.events, same));
  return map;
}

}  // namespace

Value to_tree(const Config& config) {
  Map map{{"listen", list_of(config.listen, [](const Listen& listen) { return to_string(listen); })},
          {"public_url", config.public_url}};
  if (!config.tls.certificate.empty())
    map.emplace_back("tls", Map{{"certificate", config.tls.certificate}, {"key", config.tls.key}});
  if (!config.database.empty()) map.emplace_back("database", config.database);
  map.emplace_back("auth", auth_tree(config.auth));
  map.emplace_back("origins", list_of(config.origins, same));
  map.emplace_back("trusted_proxies", list_of(config.trusted_proxies, [](const turnd::base::AddressRange& range) {
                     return turnd::base::to_string(range);
                   }));
  map.emplace_back("turn", list_of(config.turn, node_tree));
  if (config.smtp) map.emplace_back("smtp", smtp_tree(*config.smtp));
  if (!config.webhooks.empty()) map.emplace_back("webhooks", list_of(config.webhooks, webhook_tree));
  if (config.amqp) map.emplace_back("amqp", amqp_tree(*config.amqp));
  map.emplace_back("limits", limits_tree(config.limits));
  map.emplace_back("retention", Map{{"messages", duration_text(config.retention.messages)},
                                    {"events", duration_text(config.retention.events)},
                                    {"recordings", duration_text(config.retention.recordings)}});
  map.emplace_back("meetings", Map{{"co_hosts_end", config.meetings.co_hosts_end}});
  map.emplace_back("compat", Map{{"open_clear", config.compat.open_clear},
                                 {"open_logs", config.compat.open_logs},
                                 {"open_meetings", config.compat.open_meetings},
                                 {"query_token", config.compat.query_token}});
  map.emplace_back("log", Map{{"level", word_for(turnd::config::kLogLevels, config.log.level)},
                              {"format", word_for(turnd::config::kLogFormats, config.log.format)},
                              {"message_text", config.log.message_text}});
  map.emplace_back("metrics",
                   Map{{"address", config.metrics ? turnd::base::to_string(*config.metrics) : std::string()}});
  map.emplace_back("shutdown_grace", duration_text(config.shutdown_grace));
  return map;
}

}  // namespace signaling::config
