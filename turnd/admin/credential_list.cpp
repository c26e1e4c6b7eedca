#include "turnd/admin/credential_list.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace turnd::admin {
namespace {

using control::Parsed;
using control::Problem;
using control::ProblemCode;

Problem unavailable(std::string_view why) {
  return {ProblemCode::unavailable, "The database cannot be used: " + std::string(why), {}};
}

// D74: without a place to write there is no database.
Problem no_database() { return unavailable("the state directory is not writable and there is no auth.database"); }

Parsed<std::vector<store::StoredSecret>> stored_secrets(Host& host) {
  store::SecretStore* const store = host.stores().secrets;
  if (store == nullptr) return std::vector<store::StoredSecret>();
  auto listed = store->list();
  if (!listed) return unavailable(listed.error().what);
  return std::move(*listed);
}

Parsed<std::vector<store::StoredUser>> stored_users(Host& host) {
  store::UserStore* const store = host.stores().users;
  if (store == nullptr) return std::vector<store::StoredUser>();
  auto listed = store->list();
  if (!listed) return unavailable(listed.error().what);
  return std::move(*listed);
}

// It serves only while there is no other secret and no user.
Parsed<std::optional<auth::SharedSecret>> generated_in_force(Host& host) {
  const auto secrets = stored_secrets(host);
  if (!secrets) return secrets.error();
  const auto users = stored_users(host);
  if (!users) return users.error();
  const auth::Settings& in_file = host.authentication();
  const bool is_alone = secrets->empty() && users->empty() && in_file.secrets.empty() && in_file.users.empty();
  return is_alone ? host.generated_secret() : std::nullopt;
}

bool is_older(const store::StoredSecret& a, const store::StoredSecret& b) {
  return std::tie(a.created, a.secret.id) < std::tie(b.created, b.secret.id);
}

}  // namespace

Parsed<std::optional<auth::SharedSecret>> signing_secret(Host& host) {
  const auto stored = stored_secrets(host);
  if (!stored) return stored.error();
  if (const auto newest = std::ranges::max_element(*stored, is_older); newest != stored->end())
    return std::optional(newest->secret);
  const std::vector<auth::SharedSecret>& in_file = host.authentication().secrets;
  if (!in_file.empty()) return std::optional(in_file.front());
  return generated_in_force(host);
}

Parsed<std::map<std::string, control::SharedSecret>> all_secrets(Host& host) {
  const auto signing = signing_secret(host);
  if (!signing) return signing.error();
  const auto stored = stored_secrets(host);
  if (!stored) return stored.error();
  std::map<std::string, control::SharedSecret> all;
  const auto add = [&](const std::string& id, const char* source, std::optional<base::WallTime> created) {
    const bool signs = *signing && (*signing)->id == id;
    all.emplace(id, control::SharedSecret{id, source, created, signs, {}});
  };
  for (const auth::SharedSecret& secret : host.authentication().secrets) add(secret.id, kFromFile, {});
  for (const store::StoredSecret& secret : *stored) add(secret.secret.id, kFromDatabase, secret.created);
  const auto generated = generated_in_force(host);
  if (!generated) return generated.error();
  if (*generated) add((*generated)->id, kGenerated, {});
  return all;
}

Parsed<std::map<std::string, control::User>> all_users(Host& host) {
  const auto stored = stored_users(host);
  if (!stored) return stored.error();
  std::map<std::string, control::User> all;
  for (const auto& [name, user] : host.authentication().users)
    all.emplace(name, control::User{name, kFromFile, {}, 0, {}});
  for (const store::StoredUser& user : *stored)
    all.emplace(user.name, control::User{user.name, kFromDatabase, user.created, 0, {}});
  return all;
}

std::optional<Problem> store_secret(Host& host, const auth::SharedSecret& secret, base::WallTime now) {
  store::SecretStore* const store = host.stores().secrets;
  if (store == nullptr) return no_database();
  const auto added = store->add({secret, now});
  if (!added) return unavailable(added.error().what);
  return std::nullopt;
}

std::optional<Problem> unstore_secret(Host& host, std::string_view id) {
  store::SecretStore* const store = host.stores().secrets;
  if (store == nullptr) return no_database();
  const auto removed = store->remove(id);
  if (!removed) return unavailable(removed.error().what);
  return std::nullopt;
}

std::optional<Problem> store_user(Host& host, const std::string& name, const auth::StaticUser& user,
                                  base::WallTime now) {
  store::UserStore* const store = host.stores().users;
  if (store == nullptr) return no_database();
  const auto added = store->add({name, user, now});
  if (!added) return unavailable(added.error().what);
  return std::nullopt;
}

std::optional<Problem> unstore_user(Host& host, std::string_view name) {
  store::UserStore* const store = host.stores().users;
  if (store == nullptr) return no_database();
  const auto removed = store->remove(name);
  if (!removed) return unavailable(removed.error().what);
  return std::nullopt;
}

Problem stands_in_file(const Host& host, std::string_view what, std::string_view name) {
  return {ProblemCode::conflict,
          "The " + std::string(what) + " \"" + std::string(name) + "\" stands in " + host.config_path() +
              ": remove it there and reload",
          {}};
}

}  // namespace turnd::admin
