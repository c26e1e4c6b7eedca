// The secrets and users of all sources as one list, and the way into and out of the database (operations.md D19-D23).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "turnd/admin/host.h"
#include "turnd/base/clock.h"
#include "turnd/control/problem.h"
#include "turnd/control/responses.h"

namespace turnd::admin {

// The id of the secret that turnd makes when it has no other credential source.
inline constexpr const char* kGeneratedId = "generated";

inline constexpr const char* kFromFile = "file";
inline constexpr const char* kFromDatabase = "database";
inline constexpr const char* kGenerated = "generated";

// The secret that new credentials are signed with: the newest of the database, else the first of the file, else the
// generated one while it is in force; nullopt: none at all.
[[nodiscard]] control::Parsed<std::optional<auth::SharedSecret>> signing_secret(Host& host);

// By id, without values.
[[nodiscard]] control::Parsed<std::map<std::string, control::SharedSecret>> all_secrets(Host& host);
// By name; how many sessions each has is left at 0.
[[nodiscard]] control::Parsed<std::map<std::string, control::User>> all_users(Host& host);

// What cannot be stored is not done: a problem, and nothing has changed (D23).
[[nodiscard]] std::optional<control::Problem> store_secret(Host& host, const auth::SharedSecret& secret,
                                                           base::WallTime now);
[[nodiscard]] std::optional<control::Problem> unstore_secret(Host& host, std::string_view id);
[[nodiscard]] std::optional<control::Problem> store_user(Host& host, const std::string& name,
                                                         const auth::StaticUser& user, base::WallTime now);
[[nodiscard]] std::optional<control::Problem> unstore_user(Host& host, std::string_view name);

// The operator's file is the operator's (D22). `what` is "user" or "secret".
[[nodiscard]] control::Problem stands_in_file(const Host& host, std::string_view what, std::string_view name);

}  // namespace turnd::admin
