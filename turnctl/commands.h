// The commands of turnctl as functions; main.cpp gives them their names. Each returns the exit status.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "turnctl/command_tree.h"
#include "turnctl/context.h"
#include "turnctl/login.h"

namespace turnctl {

int show_status(const Context& context);

struct SessionFilter {
  std::optional<std::string> user;
  std::optional<std::string> transport;
  std::optional<std::string> peer;
  std::optional<std::size_t> limit;
};
int list_sessions(const Context& context, const SessionFilter& filter);
int show_session(const Context& context, const std::string& id);
struct KillRequest {
  std::vector<std::string> ids;
  std::optional<std::string> user;
};
int kill_sessions(const Context& context, const KillRequest& request);
struct WatchRequest {
  std::optional<std::string> user;
  std::string interval = "1s";
};
int watch_sessions(const Context& context, const WatchRequest& request);

int list_users(const Context& context, std::optional<std::size_t> limit);
struct NewUser {
  std::string name;
  std::optional<std::string> password_file;  // "-": stdin
  std::optional<std::string> key_file;
};
int add_user(const Context& context, const NewUser& user);
enum class LiveSessions : std::uint8_t { keep, kill };
int remove_user(const Context& context, const std::string& name, LiveSessions live);

int list_secrets(const Context& context);
int add_secret(const Context& context, const std::string& id, const std::optional<std::string>& value_file);
int remove_secret(const Context& context, const std::string& id, LiveSessions live);

int make_credential(const Context& context, const std::optional<std::string>& user,
                    const std::optional<std::string>& ttl);

struct UsageFilter {
  std::optional<std::string> user;
  std::optional<std::string> since;
  std::optional<std::string> until;
  std::optional<std::size_t> limit;
};
int show_usage(const Context& context, const UsageFilter& filter);

enum class ReloadMode : std::uint8_t { apply, dry_run };
int reload(const Context& context, ReloadMode mode);
int drain(const Context& context, const std::optional<std::string>& deadline);
int undrain(const Context& context);

int check_config(const Context& context, const std::optional<std::string>& file);
int show_config(const Context& context);
int test_acl(const Context& context, const std::string& address);

// What a diagnosis is told of the server that it speaks to as a client.
struct ServerRequest {
  std::string uri;
  LoginRequest login;
  std::optional<std::string> ca;
  bool insecure = false;
};
using ProbeRequest = ServerRequest;
int probe(const Context& context, const ProbeRequest& request);

struct BenchRequest : ServerRequest {
  std::size_t allocations = 10;
  std::optional<double> rate;  // packets a second over all; none: the maximum
  std::string sizes = "1200";  // bytes, with commas
  std::size_t burst = 1;
  std::optional<std::size_t> window;  // packets of one way at once, without a rate
  std::string direction = "both";     // or "up", "down": to the peers, from them
  bool indications = false;           // instead of channels
  std::string duration = "5s";
  std::optional<std::string> peer;  // an address of this machine; none: the clients are each other's peers
  std::optional<std::int64_t> pid;  // of the server, when it runs here
  // Instead of relaying, what is asked of the server.
  bool cycles = false;    // from Allocate to Refresh 0
  bool bindings = false;  // STUN Binding
};
int run_bench(const Context& context, const BenchRequest& request);

int print_completion(const Context& context, const std::string& shell, const CommandTree& commands);

}  // namespace turnctl
