#include "signaling/api/session_reply.h"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <chrono>
#include <string>

namespace signaling::api {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

constexpr std::size_t kCsrfBytes = 16;
// Refresh tokens travel to nothing but the two spellings of /refresh and its neighbours.
constexpr std::array kRefreshPaths{"/api/auth", "/auth"};

struct Cookie {
  std::string_view name;
  std::string_view value;
  std::string_view path;
  seconds max_age;
  bool readable = false;  // by scripts
};

void set_cookie(Reply& reply, const Cookie& cookie, const Call& call) {
  std::string text(cookie.name);
  text.append("=").append(cookie.value).append("; Path=").append(cookie.path);
  text.append("; Max-Age=").append(std::to_string(cookie.max_age.count())).append("; SameSite=Strict");
  if (!cookie.readable) text.append("; HttpOnly");
  if (call.around().is_secure) text.append("; Secure");
  reply.fields.emplace_back("Set-Cookie", std::move(text));
}

void set_access(Reply& reply, std::string_view token, seconds lifetime, const AccountParts& parts, const Call& call) {
  set_cookie(reply, {"access", token, "/", lifetime}, call);
  const seconds longest = std::max(lifetime, parts.tokens.settings().refresh_ttl);
  set_cookie(reply, {"csrf", parts.tokens.random_text(kCsrfBytes), "/", longest, true}, call);
}

void set_session(Reply& reply, const service::TokenPair& tokens, const AccountParts& parts, const Call& call) {
  set_access(reply, tokens.access_token, tokens.expires_in, parts, call);
  for (const char* path : kRefreshPaths)
    set_cookie(reply, {"refresh", tokens.refresh_token, path, parts.tokens.settings().refresh_ttl}, call);
}

}  // namespace

Reply session_reply(unsigned status, const service::SignedIn& session, const AccountParts& parts, const Call& call) {
  Reply reply{.status = status,
              .body = json::object{{"success", true},
                                   {"data", service::session_user_json(session.user)},
                                   {"access_token", session.tokens.access_token},
                                   {"refresh_token", session.tokens.refresh_token},
                                   {"expires_in", session.tokens.expires_in.count()}}};
  set_session(reply, session.tokens, parts, call);
  return reply;
}

Reply refreshed_reply(const service::TokenPair& tokens, const AccountParts& parts, const Call& call) {
  Reply reply = ok(json::object{{"access_token", tokens.access_token},
                                {"expires_in", tokens.expires_in.count()},
                                {"refresh_token", tokens.refresh_token}});
  set_session(reply, tokens, parts, call);
  return reply;
}

Reply guest_reply(const service::GuestSession& guest, const AccountParts& parts, const Call& call) {
  Reply reply = created(json::object{{"access_token", guest.access_token},
                                     {"guest_secret", guest.secret},
                                     {"expires_in", guest.expires_in.count()},
                                     {"user", service::guest_json(guest.guest_id, guest.name, guest.meeting)}});
  set_access(reply, guest.access_token, guest.expires_in, parts, call);
  return reply;
}

Reply ended_reply(std::string_view message, const Call& call) {
  Reply reply = ok(json::object{{"message", message}});
  set_cookie(reply, {"access", "", "/", seconds(0)}, call);
  set_cookie(reply, {"csrf", "", "/", seconds(0), true}, call);
  for (const char* path : kRefreshPaths) set_cookie(reply, {"refresh", "", path, seconds(0)}, call);
  return reply;
}

service::ClientNote note_of(const Call& call) { return {std::string(call.user_agent()), call.client()}; }

}  // namespace signaling::api
