#include "signaling/mail_settings.h"

#include <utility>

#include "signaling/state_files.h"

namespace signaling {
namespace {

mail::SmtpTls tls_of(config::SmtpTls tls) {
  switch (tls) {
    case config::SmtpTls::none:
      return mail::SmtpTls::none;
    case config::SmtpTls::starttls:
      return mail::SmtpTls::starttls;
    case config::SmtpTls::always:
      return mail::SmtpTls::always;
  }
  return mail::SmtpTls::starttls;
}

}  // namespace

std::variant<std::optional<mail::SmtpSettings>, turnd::config::WorldError> mail_settings(const config::Config& config) {
  using turnd::config::WorldError;
  if (!config.smtp) return std::nullopt;
  const config::Smtp& smtp = *config.smtp;
  mail::SmtpSettings settings;
  settings.host = smtp.host;
  settings.port = smtp.port;
  settings.user = smtp.user;
  settings.tls = tls_of(smtp.tls);
  auto from = mail::parse_mailbox(smtp.from);
  if (!from) return WorldError{"smtp.from", "it is no address", "write address@host, or Name <address@host>"};
  settings.from = std::move(*from);
  if (smtp.password_file.empty()) return std::optional(std::move(settings));
  auto password = read_secret(smtp.password_file);
  if (auto* error = std::get_if<WorldError>(&password)) return std::move(*error);
  settings.password = std::move(std::get<turnd::base::Secret>(password));
  return std::optional(std::move(settings));
}

}  // namespace signaling
