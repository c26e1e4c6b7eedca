#include "signaling/service/account_mail.h"

#include <chrono>

#include "signaling/service/outbox.h"

namespace signaling::service {
namespace {

constexpr std::size_t kTokenBytes = 32;

struct Kind {
  std::string_view name;  // in the table, and in the path of the link
  std::chrono::minutes lifetime;
  std::string_view subject;
  std::string_view before_link;
  std::string_view after_link;
};

const Kind& describe(MailToken kind) {
  static const Kind verify{"verify", std::chrono::hours(24), "Confirm your e-mail address",
                           "Please confirm that this address is yours:",
                           "The link works for 24 hours. If you did not sign up, ignore this mail."};
  static const Kind reset{"reset", std::chrono::minutes(30), "Set a new password",
                          "Somebody, probably you, asked for a new password. Choose one here:",
                          "The link works once and for 30 minutes. If it was not you, ignore this mail: your password "
                          "stays as it is."};
  return kind == MailToken::verify ? verify : reset;
}

}  // namespace

void send_mail_token(store::Connection& db, MailToken kind, const User& user, const Tokens& tokens,
                     const MailSettings& settings, WallTime now, Effects& effects) {
  if (!settings.enabled) return;
  const Kind& what = describe(kind);
  const std::string token = tokens.random_text(kTokenBytes);
  db.execute("DELETE FROM one_time_tokens WHERE user_id = ?1 AND kind = ?2", user.id, what.name);
  db.execute("INSERT INTO one_time_tokens(id, kind, user_id, subject, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
             stored_secret(token), what.name, user.id, user.email, now + what.lifetime);
  const std::string link = settings.public_url + "/auth/" + std::string(what.name) + "?token=" + token;
  const std::string text = "Hello " + user.name + ",\n\n" + std::string(what.before_link) + "\n\n" + link + "\n\n" +
                           std::string(what.after_link) + "\n";
  queue_mail(db, {.to = user.email, .subject = std::string(what.subject), .text = text}, std::nullopt, now, effects);
}

std::optional<User> find_by_mail_token(store::Connection& db, MailToken kind, std::string_view token, WallTime now) {
  const auto id = db.value<std::int64_t>(
      "SELECT user_id FROM one_time_tokens JOIN users ON users.id = user_id"
      " WHERE one_time_tokens.id = ?1 AND kind = ?2 AND expires_at > ?3 AND used_at IS NULL AND email = subject",
      stored_secret(token), describe(kind).name, now);
  return id ? find_user(db, *id) : std::nullopt;
}

void use_mail_token(store::Connection& db, std::string_view token, WallTime now) {
  db.execute("UPDATE one_time_tokens SET used_at = ?2 WHERE id = ?1", stored_secret(token), now);
}

}  // namespace signaling::service
