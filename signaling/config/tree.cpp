#include "signaling/config/tree.h"

#include "signaling/config/sizes.h"

namespace signaling::config {
namespace {

using turnd::config::duration_text;
using turnd::config::List;
using turnd::config::Map;
using turnd::config::rate_text;
using turnd::config::Value;

Value count(std::uint64_t number) { return static_cast<std::int64_t>(number); }

template <class Items, class ToText>
Value list_of(const Items& items, const ToText& to_text) {
  List list;
  for (const auto& item : items) list.emplace_back(to_text(item));
  return list;
}

std::string same(const std::string& text) { return text; }

std::string_view tls_text(SmtpTls tls) {
  switch (tls) {
    case SmtpTls::none:
      return "none";
    case SmtpTls::starttls:
      return "starttls";
    case SmtpTls::always:
      return "always";
  }
  return "";
}

std::string_view level_text(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
  }
  return "";
}

std::string_view format_text(LogFormat format) {
  switch (format) {
    case LogFormat::automatic:
      return "auto";
    case LogFormat::human:
      return "human";
    case LogFormat::json:
      return "json";
  }
  return "";
}

Value auth_tree(const Auth& auth) {
  Map map{{"algorithm", auth.algorithm == Algorithm::eddsa ? "EdDSA" : "HS256"}};
  if (!auth.key_file.empty()) map.emplace_back("key_file", auth.key_file);
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
  Map map{{"host", smtp.host}, {"port", count(smtp.port)}};
  if (!smtp.user.empty()) map.emplace_back("user", smtp.user);
  if (!smtp.password_file.empty()) map.emplace_back("password_file", smtp.password_file);
  map.emplace_back("from", smtp.from);
  map.emplace_back("tls", tls_text(smtp.tls));
  return map;
}

Value limits_tree(const Limits& limits) {
  return Map{{"body", size_text(limits.body)},
             {"posts_body", size_text(limits.posts_body)},
             {"header", size_text(limits.header)},
             {"header_timeout", duration_text(limits.header_timeout)},
             {"request_timeout", duration_text(limits.request_timeout)},
             {"message", size_text(limits.message)},
             {"login", rate_text(limits.login)},
             {"join", rate_text(limits.join)},
             {"meeting_password", rate_text(limits.meeting_password)},
             {"meetings", rate_text(limits.meetings)},
             {"turn_credentials", rate_text(limits.turn_credentials)},
             {"messages", rate_text(limits.messages)},
             {"recording", size_text(limits.recording)},
             {"recording_part", size_text(limits.recording_part)},
             {"frame", size_text(limits.frame)},
             {"auth_timeout", duration_text(limits.auth_timeout)},
             {"ping_interval", duration_text(limits.ping_interval)},
             {"ping_timeout", duration_text(limits.ping_timeout)},
             {"resume", duration_text(limits.resume)},
             {"queue", size_text(limits.queue)},
             {"queue_time", duration_text(limits.queue_time)},
             {"ring_timeout", duration_text(limits.ring_timeout)},
             {"sockets_per_ip", count(limits.sockets_per_ip)},
             {"sockets_per_user", count(limits.sockets_per_user)},
             {"rate_total", rate_text(limits.rate_total)},
             {"rate_chat", rate_text(limits.rate_chat)},
             {"rate_candidates", rate_text(limits.rate_candidates)},
             {"rate_join", rate_text(limits.rate_join)},
             {"rate_stats", rate_text(limits.rate_stats)},
             {"rate_data", rate_text(limits.rate_data)}};
}

Value webhook_tree(const Webhook& hook) {
  Map map{{"url", hook.url}, {"secret_file", hook.secret_file}};
  if (!hook.events.empty()) map.emplace_back("events", list_of(hook.events, same));
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
  map.emplace_back("limits", limits_tree(config.limits));
  map.emplace_back("retention", Map{{"messages", duration_text(config.retention.messages)},
                                    {"events", duration_text(config.retention.events)},
                                    {"recordings", duration_text(config.retention.recordings)}});
  map.emplace_back("compat", Map{{"open_clear", config.compat.open_clear},
                                 {"open_logs", config.compat.open_logs},
                                 {"open_meetings", config.compat.open_meetings},
                                 {"query_token", config.compat.query_token}});
  map.emplace_back("log", Map{{"level", level_text(config.log.level)},
                              {"format", format_text(config.log.format)},
                              {"message_text", config.log.message_text}});
  map.emplace_back("metrics",
                   Map{{"address", config.metrics ? turnd::base::to_string(*config.metrics) : std::string()}});
  map.emplace_back("shutdown_grace", duration_text(config.shutdown_grace));
  return map;
}

}  // namespace signaling::config
