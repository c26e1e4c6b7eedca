// CommandLine: what the command line has chosen.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "turnctl/commands.h"

namespace turnctl {

// The values that the options wrote live here until the command has run.
struct CommandLine {
  Context context;
  std::function<int()> run;

  SessionFilter session_filter;
  std::string session;
  KillRequest kill;
  WatchRequest watch;
  UsageFilter usage_filter;
  NewUser new_user;
  ProbeRequest probe;
  BenchRequest bench;
  std::optional<std::size_t> user_limit;
  std::string name;
  std::string shell;
  std::string address;
  std::optional<std::string> value_file;
  std::optional<std::string> credential_user;
  std::optional<std::string> ttl;
  std::optional<std::string> deadline;
  std::optional<std::string> config_file;
  bool kill_live = false;
  bool dry_run = false;

  [[nodiscard]] LiveSessions live() const { return kill_live ? LiveSessions::kill : LiveSessions::keep; }
};

}  // namespace turnctl
