// /api/auth: changing a password, and the tokens that travel by mail (signaling.md 2.11 A5, A6, A14).
#include <boost/json/object.hpp>

#include "signaling/api/account_routes.h"
#include "signaling/api/answers.h"
#include "signaling/api/hashing.h"
#include "signaling/api/session_reply.h"
#include "signaling/service/body.h"

namespace signaling::api {
namespace {

namespace json = boost::json;
using net::Method;
using protocol::ErrorCode;
using protocol::failure;

// A5: `bad_credentials` with 403, because the session itself is good.
Reply wrong_password(const Call& call) {
  const auto wrong = failure(ErrorCode::bad_credentials, "The current password is wrong");
  return {.status = 403, .body = failure_json(wrong, 403, call.request_id())};
}

struct CheckedChange {
  bool is_right = false;
  std::string hash_seen;
  std::string new_hash;
};

CheckedChange check(const std::string& stored, const service::PasswordChange& change) {
  if (!service::verify_password(stored, change.current_password)) return {};
  return {true, stored, service::hash_password(change.new_password)};
}

void store_change(const AccountParts& parts, const std::shared_ptr<Call>& call, const CheckedChange& checked) {
  if (!checked.is_right) return call->reply(wrong_password(*call));
  call->write([&parts, checked](Context& context) -> Outcome<Reply> {
    const auto session = parts.accounts.change_password(context.db, context.who,
                                                        {.hash = checked.new_hash, .hash_seen = checked.hash_seen},
                                                        note_of(context.call), context.now, context.effects);
    if (!session) return wrong_password(context.call);
    return session_reply(200, *session, parts, context.call);
  });
}

// Wrong guesses at the current password count as failed log-ins of the account do.
void change_password(const AccountParts& parts, const std::shared_ptr<Call>& call) {
  const auto change = service::read_password_change(call->body());
  if (!change) return call->reply(change.error());
  const std::string bucket = call->who().key();
  if (auto wait = parts.tries_by_account.take(bucket, arrival(*call)))
    return call->reply(protocol::rate_limited(std::chrono::ceil<std::chrono::milliseconds>(*wait)));
  call->around().database.read(
      [id = call->who().user_id](store::Connection& db) {
        return service::find_user(db, id).value_or(service::User());
      },
      [&parts, call, change = *change, bucket](const store::Stored<service::User>& user) {
        if (!user) return call->reply(failure(ErrorCode::unavailable));
        hash_then(
            parts.hashing, call, [stored = user->password_hash, change] { return check(stored, change); },
            [&parts, call, bucket](const CheckedChange& checked) {
              if (checked.is_right) parts.tries_by_account.give_back(bucket);
              store_change(parts, call, checked);
            },
            [&parts, bucket] { parts.tries_by_account.give_back(bucket); });
      });
}

void mail_link(const AccountParts& parts, const std::shared_ptr<Call>& call, const std::string& email) {
  auto effects = std::make_shared<service::Effects>();
  call->around().database.write(
      [&parts, effects, email, now = call->around().wall_clock()](store::Connection& db) {
        *effects = {};
        parts.accounts.forgot(db, email, now, *effects);
      },
      [call, effects](const store::Stored<void>& stored) {
        if (stored) call->around().carry_out(std::move(*effects));
      });
}

// The answer does not wait for the look-up: it says nothing about the account, and takes no longer when there is one.
void forgot(const AccountParts& parts, const std::shared_ptr<Call>& call) {
  service::Body body(call->body());
  const auto email = body.required_text("email", {.min = 1, .max = 254});
  if (!body.ok()) return call->reply(body.failure());
  const auto now = arrival(*call);
  const bool is_too_often = parts.mails_by_address.take(service::address_key(call->request().client), now) ||
                            parts.mails_by_account.take(service::email_key(*email), now);
  if (!is_too_often) mail_link(parts, call, *email);
  call->reply(accepted(json::object{{"message", "If an account has this address, a link is on its way there"}}));
}

void reset(const AccountParts& parts, const std::shared_ptr<Call>& call) {
  const auto wanted = service::read_password_reset(call->body());
  if (!wanted) return call->reply(wanted.error());
  const auto store = [&parts, call, token = wanted->token](const std::string& hash) {
    call->write([&parts, token, hash](Context& context) -> Outcome<Reply> {
      const auto user = parts.accounts.reset(context.db, token, hash, context.now, context.effects);
      if (!user) return user.error();
      return ended_reply("The password is set; please log in", context.call);
    });
  };
  // Only a token that works is worth a hash.
  call->around().database.read(
      [token = wanted->token, now = call->around().wall_clock()](store::Connection& db) {
        return service::find_by_mail_token(db, service::MailToken::reset, token, now).has_value();
      },
      [&parts, call, password = wanted->password, store](const store::Stored<bool>& works) {
        if (!works) return call->reply(failure(ErrorCode::unavailable));
        if (!*works) return call->reply(failure(ErrorCode::token_invalid));
        hash_then(
            parts.hashing, call, [password] { return service::hash_password(password); }, store);
      });
}

Outcome<Reply> verify(const AccountParts& parts, Context& context) {
  service::Body body(context.call.body());
  const auto token = body.required_text("token", {.min = 1, .max = 200});
  if (!body.ok()) return body.failure();
  const auto user = parts.accounts.verify(context.db, *token, context.now);
  if (!user) return user.error();
  return ok(json::object{{"message", "The e-mail address is confirmed"}});
}

}  // namespace

void add_password_routes(Router& router, const AccountParts& parts) {
  const auto with = [&parts](auto handler) { return [&parts, handler](auto&& of) { return handler(parts, of); }; };
  router.direct(Method::post, "/api/auth/password", Access::account, with(change_password),
                {.aliases = {"/auth/password"}});
  router.direct(Method::post, "/api/auth/forgot", Access::open, with(forgot), {.aliases = {"/auth/forgot"}});
  router.direct(Method::post, "/api/auth/reset", Access::open, with(reset), {.aliases = {"/auth/reset"}});
  router.write(Method::post, "/api/auth/verify", Access::open, with(verify), {.aliases = {"/auth/verify"}});
}

}  // namespace signaling::api
