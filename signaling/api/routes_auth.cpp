// /api/auth: sign-up, log-in, refresh, log-out, guests and "who am I" (signaling.md 2.2, 2.11 A1-A12).
#include <boost/json/object.hpp>

#include "signaling/api/account_routes.h"
#include "signaling/api/guesses.h"
#include "signaling/api/hashing.h"
#include "signaling/api/session_reply.h"
#include "signaling/service/api_keys.h"
#include "signaling/service/body.h"

namespace signaling::api {
namespace {

namespace json = boost::json;
using net::Method;
using protocol::ErrorCode;
using protocol::failure;

void sign_up(const AccountParts& parts, const std::shared_ptr<Call>& call) {
  auto account = service::read_sign_up(call->body());
  if (!account) return call->reply(account.error());
  if (!parts.accounts.signup_allowed()) return call->reply(failure(ErrorCode::forbidden, "Sign-up is closed"));
  hash_then(
      parts.hashing, call, [password = account->password] { return service::hash_password(password); },
      [&parts, call, account = *account](const std::string& hash) {
        call->write([&parts, account, hash](Context& context) -> Outcome<Reply> {
          const auto session =
              parts.accounts.sign_up(context.db, account, hash, note_of(context.call), context.now, context.effects);
          if (!session) return session.error();
          return session_reply(201, *session, parts, context.call);
        });
      });
}

// One try to log in, from the buckets over the hash to the session. Its tokens come back unless the try failed (A12).
class LogIn : public std::enable_shared_from_this<LogIn> {
 public:
  LogIn(const AccountParts& parts, std::shared_ptr<Call> call, service::Credentials credentials)
      : parts_(parts),
        call_(std::move(call)),
        credentials_(std::move(credentials)),
        address_(service::address_key(call_->request().client)),
        account_(service::email_key(credentials_.email)) {}

  void start() {
    if (auto wait = parts_.tries_by_address.take(address_, arrival(*call_))) return refuse(*wait);
    const WallTime now = call_->around().wall_clock();
    call_->around().database.read(
        [self = shared_from_this(), now](store::Connection& db) {
          return self->parts_.accounts.begin_log_in(db, self->credentials_.email, self->call_->client(), now);
        },
        [self = shared_from_this()](const store::Stored<service::LogInAttempt>& attempt) {
          if (attempt) return self->check(*attempt);
          self->parts_.tries_by_address.give_back(self->address_);
          self->call_->reply(failure(ErrorCode::unavailable));
        });
  }

 private:
  void refuse(turnd::base::Duration wait) {
    call_->reply(protocol::rate_limited(std::chrono::ceil<std::chrono::milliseconds>(wait)));
  }

  void check(const service::LogInAttempt& attempt) {
    if (!attempt.known_address) {
      if (auto wait = parts_.tries_by_account.take(account_, arrival(*call_))) {
        parts_.tries_by_address.give_back(address_);
        return refuse(*wait);
      }
      holds_account_ = true;
    }
    const auto self = shared_from_this();
    hash_then(
        parts_.hashing, call_,
        [self, attempt] { return service::check_password(attempt.password_hash, self->credentials_.password); },
        [self, attempt](const service::PasswordCheck& found) { self->finish(attempt, found); },
        [self] { self->give_back(); });
  }

  void finish(const service::LogInAttempt& attempt, const service::PasswordCheck& found) {
    call_->write([self = shared_from_this(), attempt, found](Context& context) -> Outcome<Reply> {
      const auto session = self->parts_.accounts.finish_log_in(context.db, attempt, found, note_of(context.call),
                                                               context.now, context.effects);
      if (!session) return session.error();
      self->give_back();
      return session_reply(200, *session, self->parts_, context.call);
    });
  }

  void give_back() {
    parts_.tries_by_address.give_back(address_);
    if (holds_account_) parts_.tries_by_account.give_back(account_);
  }

  const AccountParts& parts_;
  std::shared_ptr<Call> call_;
  service::Credentials credentials_;
  std::string address_, account_;
  bool holds_account_ = false;
};

void log_in(const AccountParts& parts, const std::shared_ptr<Call>& call) {
  auto credentials = service::read_log_in(call->body());
  if (!credentials) return call->reply(credentials.error());
  std::make_shared<LogIn>(parts, call, std::move(*credentials))->start();
}

// From the body, or from the cookie of a page that proves itself; empty: there is none.
Outcome<std::string> refresh_token_of(const Call& call) {
  service::Body body(call.body());
  const auto sent = body.text("refresh_token", {.max = 200});
  if (!body.ok()) return body.failure();
  if (sent) return *sent;
  const auto cookie = call.cookie("refresh");
  if (cookie && !cookie->empty() && !call.has_csrf_token()) return failure(ErrorCode::forbidden);
  return cookie.value_or("");
}

Outcome<Reply> refresh(const AccountParts& parts, Context& context) {
  const auto token = refresh_token_of(context.call);
  if (!token) return token.error();
  const auto fresh = parts.tokens.refresh(context.db, *token, note_of(context.call), context.now, context.effects);
  if (!fresh) return fresh.error();
  return refreshed_reply(fresh->tokens, parts, context.call);
}

// The access token that says which session to end, when no refresh token does.
std::string access_token_of(const Call& call) {
  constexpr std::size_t kBearer = 7;
  const std::string_view field = call.request().fields.find("Authorization");
  if (field.size() > kBearer) return std::string(field.substr(kBearer));
  return call.has_csrf_token() ? call.cookie("access").value_or("") : std::string();
}

// Works with either token, so that an expired access token does not keep anybody logged in.
Outcome<Reply> log_out(const AccountParts& parts, Context& context) {
  const auto token = refresh_token_of(context.call);
  if (!token) return token.error();
  auto family = parts.tokens.family_of(context.db, *token);
  if (!family) {
    const auto who = parts.tokens.identify(context.db, access_token_of(context.call), context.now);
    if (!who) return who.error();
    family = who->family;
  }
  parts.tokens.end_family(context.db, *family, context.now, context.effects);
  return ended_reply("Logged out", context.call);
}

Outcome<Reply> log_out_everywhere(const AccountParts& parts, Context& context) {
  parts.tokens.end_all(context.db, context.who.user_id, {}, context.now, context.effects);
  return ended_reply("Logged out everywhere", context.call);
}

Outcome<Reply> enter_as_guest(const AccountParts& parts, Context& context) {
  const auto request = service::read_guest_request(context.call.body());
  if (!request) return request.error();
  const std::string address = service::address_key(context.call.request().client);
  const bool is_new = !parts.guests.knows(context.db, *request);  // who renews his token (G20h) is counted once
  if (is_new)
    if (const auto wait = parts.new_guests.take(address, arrival(context.call)))
      return protocol::rate_limited(std::chrono::ceil<std::chrono::milliseconds>(*wait));
  const auto guest = looking_for_meeting(parts.guesses, context.call,
                                         [&] { return parts.guests.enter(context.db, *request, context.now); });
  if (!guest) {
    if (is_new) parts.new_guests.give_back(address);
    return guest.error();
  }
  return guest_reply(*guest, parts, context.call);
}

Outcome<Reply> show_me(const AccountParts&, Context& context) {
  const service::Identity& who = context.who;
  if (who.is_guest())
    return ok(
        json::object{{"success", true}, {"data", service::guest_json(who.guest_id, who.name, who.meeting_scope)}});
  const auto user = service::find_user(context.db, who.user_id);
  if (!user) return failure(ErrorCode::unauthenticated);
  return ok(json::object{{"success", true}, {"data", service::user_json(*user)}});
}

}  // namespace

Outcome<service::Identity> identify(const service::Tokens& tokens, store::Connection& db, const Credentials& shown,
                                    WallTime now) {
  if (shown.kind == Credentials::Kind::key) return service::identify_key(db, shown.text, now);
  return tokens.identify(db, shown.text, now);
}

void add_session_routes(Router& router, const AccountParts& parts) {
  const auto with = [&parts](auto handler) { return [&parts, handler](auto&& of) { return handler(parts, of); }; };
  router.direct(Method::post, "/api/auth/signup", Access::open, with(sign_up), {.aliases = {"/auth/signup"}});
  router.direct(Method::post, "/api/auth/login", Access::open, with(log_in), {.aliases = {"/auth/login"}});
  router.write(Method::post, "/api/auth/refresh", Access::open, with(refresh), {.aliases = {"/auth/refresh"}});
  router.write(Method::post, "/api/auth/logout", Access::open, with(log_out), {.aliases = {"/auth/logout"}});
  router.write(Method::post, "/api/auth/logout-all", Access::account, with(log_out_everywhere),
               {.aliases = {"/auth/logout-all"}});
  router.write(Method::post, "/api/auth/guest", Access::open, with(enter_as_guest), {.aliases = {"/auth/guest"}});
  router.read(Method::get, "/api/auth/me", Access::person, with(show_me));
}

}  // namespace signaling::api
