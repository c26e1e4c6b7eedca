// /v1/users (operations.md D21-D23).
#include <array>

#include "turnd/admin/credential_list.h"
#include "turnd/admin/named_list.h"
#include "turnd/admin/route.h"
#include "turnd/auth/opaque_string.h"
#include "turnd/base/hex.h"
#include "turnd/control/requests.h"
#include "turnd/control/responses.h"

namespace turnd::admin {
namespace {

using control::Parsed;
using control::ProblemCode;

// 24 letters and digits: 142 bits. Bytes that would favour the first letters are drawn again.
std::string make_password(const base::RandomSource& random) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  constexpr std::size_t kLength = 24;
  constexpr std::size_t kFair = 256 / kAlphabet.size() * kAlphabet.size();
  std::string password;
  while (password.size() < kLength) {
    std::array<std::uint8_t, 1> byte{};
    random(byte);
    if (byte[0] < kFair) password += kAlphabet[byte[0] % kAlphabet.size()];
  }
  return password;
}

Parsed<Response> list_users(const Call& call) {
  auto users = all_users(call.context.host);
  if (!users) return users.error();
  for (const auto& [name, sessions] : call.context.host.workers().sessions_by_user())
    if (const auto user = users->find(name); user != users->end()) user->second.sessions += sessions;
  return list_by_name(call, "users", *users);
}

struct NewUser {
  std::string name;  // prepared, as authentication compares it
  auth::StaticUser credential;
  std::optional<std::string> made_password;
};

Parsed<NewUser> prepare(const control::AddUser& request, const base::RandomSource& random) {
  NewUser user;
  const auto name = auth::opaque_string(request.name);
  if (!name) return control::bad_request("\"name\" has characters that a user name cannot have (RFC 8265 s4.2)");
  user.name = *name;
  if (!request.key.empty()) {
    const auto key = base::from_hex(request.key);
    crypto::Md5Digest digest{};
    std::copy(key->begin(), key->end(), digest.begin());
    user.credential.md5_key = digest;
    return user;
  }
  if (request.password.empty()) user.made_password = make_password(random);
  user.credential.password = user.made_password ? base::Secret(*user.made_password) : request.password;
  if (!auth::opaque_string(user.credential.password.reveal()))
    return control::bad_request("\"password\" has characters that a password cannot have (RFC 8265 s4.2)");
  return user;
}

Parsed<Response> add_user(const Call& call) {
  const auto request = control::parse_add_user(call.body);
  if (!request) return request.error();
  const auto user = prepare(*request, call.context.random);
  if (!user) return user.error();
  Host& host = call.context.host;
  const auto users = all_users(host);
  if (!users) return users.error();
  if (users->contains(user->name))
    return control::Problem{ProblemCode::conflict, "There is a user \"" + user->name + "\" already", {}};
  const base::WallTime now = call.context.clock();
  if (auto problem = store_user(host, user->name, user->credential, now)) return *problem;
  host.credentials_changed();
  return json_response(to_json(control::User{user->name, kFromDatabase, now, 0, user->made_password}), 201);
}

Parsed<Response> remove_user(const Call& call) {
  const auto kill = control::parse_kill(call.query);
  if (!kill) return kill.error();
  Host& host = call.context.host;
  const auto users = all_users(host);
  if (!users) return users.error();
  const std::string name = auth::opaque_string(call.name).value_or(std::string(call.name));
  const auto found = users->find(name);
  if (found == users->end()) return control::not_found("There is no such user");
  if (found->second.source == kFromFile) return stands_in_file(host, "user", name);
  if (auto problem = unstore_user(host, name)) return *problem;
  host.credentials_changed();
  if (*kill == control::Kill::no) return json_response(control::closed_json(0));
  // An ephemeral name of the same text is another user's.
  const auto is_theirs = [name](const turn::SessionGlance& session) {
    return session.secret_id.empty() && session.username == name;
  };
  return json_response(
      control::closed_json(host.workers().close_sessions(is_theirs, turn::CloseReason::credential_removed)));
}

}  // namespace

void add_user_routes(std::vector<Route>& routes) {
  static constexpr std::array<std::string_view, 2> kPage{"limit", "cursor"};
  static constexpr std::array<std::string_view, 1> kKill{"kill"};
  routes.insert(routes.end(), {{Method::get, "/v1/users", list_users, kPage, {"Users by name", "", "UserList"}},
                               {Method::post, "/v1/users", add_user, {}, {"Add a user", "AddUser", "User", 201}},
                               {Method::del, "/v1/users/{name}", remove_user, kKill, {"Remove a user", "", "Closed"}}});
}

}  // namespace turnd::admin
