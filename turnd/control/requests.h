// The requests of the control API as values: what a handler gets has been checked (operations.md D4, D7, D13, D19-D24).
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "turnd/base/clock.h"
#include "turnd/base/endpoint.h"
#include "turnd/base/secret.h"
#include "turnd/base/transport.h"
#include "turnd/control/parameters.h"
#include "turnd/control/problem.h"

namespace turnd::control {

// A part of a list.
struct Page {
  static constexpr std::size_t kDefaultLimit = 100;
  static constexpr std::size_t kMaxLimit = 1000;
  std::size_t limit = kDefaultLimit;
  std::optional<std::string> cursor;  // sealed
};
[[nodiscard]] Parsed<Page> parse_page(const Parameters& query);

// What `peer=` names: an address, with or without a port.
using PeerFilter = std::variant<base::IpAddress, base::Endpoint>;

struct ListSessions {
  std::optional<std::string> user;
  std::optional<base::Transport> transport;
  std::optional<PeerFilter> peer;
  Page page;
};
[[nodiscard]] Parsed<ListSessions> parse_list_sessions(const Parameters& query);

// `DELETE /v1/sessions`: without a user it would end everybody, so it must have one.
struct EndSessions {
  std::string user;
};
[[nodiscard]] Parsed<EndSessions> parse_end_sessions(const Parameters& query);

struct ListUsage {
  std::optional<std::string> user;
  std::optional<base::WallTime> since;  // ended at or after
  std::optional<base::WallTime> until;  // ended before
  Page page;
};
[[nodiscard]] Parsed<ListUsage> parse_list_usage(const Parameters& query);

struct AskPolicy {
  std::string text;  // as asked
  PeerFilter peer;
};
[[nodiscard]] Parsed<AskPolicy> parse_ask_policy(const Parameters& query);

enum class Kill : bool { no, yes };
[[nodiscard]] Parsed<Kill> parse_kill(const Parameters& query);

struct StartDrain {
  std::optional<base::Duration> deadline;
};
[[nodiscard]] Parsed<StartDrain> parse_start_drain(std::string_view body);

enum class ReloadKind : std::uint8_t { apply, dry_run };
[[nodiscard]] Parsed<ReloadKind> parse_reload(std::string_view body);

struct MakeCredential {
  static constexpr std::chrono::seconds kDefaultTtl{3600};
  static constexpr std::chrono::seconds kMaxTtl{30 * 24 * 3600};
  std::string user;  // empty: a bare timestamp
  std::chrono::seconds ttl = kDefaultTtl;
};
[[nodiscard]] Parsed<MakeCredential> parse_make_credential(std::string_view body);

// At most one of password and key is set; neither: turnd makes a password.
struct AddUser {
  std::string name;
  base::Secret password;
  std::string key;  // 32 hex digits
};
[[nodiscard]] Parsed<AddUser> parse_add_user(std::string_view body);

struct AddSecret {
  std::string id;
  base::Secret value;  // empty: turnd makes one
};
[[nodiscard]] Parsed<AddSecret> parse_add_secret(std::string_view body);

}  // namespace turnd::control
