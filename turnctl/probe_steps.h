// The steps of `turnctl probe`: what a client of a STUN or TURN server does, one thing after the other (operations.md
// D71).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "turnctl/failure.h"
#include "turnctl/link.h"
#include "turnctl/turn_client.h"
#include "turnctl/turn_uri.h"

namespace turnctl {

struct Step {
  std::string name;
  bool ok = false;
  std::chrono::duration<double> duration{};
  std::string detail;  // what was found, or what failed
  std::string remedy;  // empty when ok
};

// What a step found out, in words.
struct Found {
  std::string text;
};

// One run, one thread. It ends at the first step that fails; nothing in it waits beyond the deadline.
class Probe {
 public:
  struct Target {
    TurnUri uri;
    TlsTrust trust;
    std::function<Outcome<Login>()> login;  // asked before the first allocation, never for stun:
  };
  using OnStep = std::function<void(const Step&)>;

  Probe(Target target, Deadline deadline, OnStep on_step);
  ~Probe();
  // True: every step went well.
  [[nodiscard]] bool run();

 private:
  // A client's side: two of them send to each other through the server.
  struct Side {
    std::unique_ptr<Link> link;
    std::unique_ptr<TurnClient> client;
    std::optional<turnd::base::Endpoint> relayed;
  };
  // What reaching one address of the server gave.
  struct Attempt {
    std::vector<Step> steps;
    std::unique_ptr<Link> link;  // null: the last step failed
  };

  [[nodiscard]] std::optional<std::vector<turnd::base::IpAddress>> resolve_host();
  [[nodiscard]] bool reach(const std::vector<turnd::base::IpAddress>& addresses);
  [[nodiscard]] Attempt try_address(const turnd::base::Endpoint& server, Deadline until) const;
  [[nodiscard]] Outcome<std::unique_ptr<Link>> open_another_link() const;

  [[nodiscard]] bool allocate();
  [[nodiscard]] Outcome<Found> allocate_both();
  [[nodiscard]] bool permit();
  [[nodiscard]] bool echo();
  [[nodiscard]] Outcome<Found> pass(Side& from, Side& to) const;
  void report(Step step);

  Target target_;
  Deadline deadline_;
  OnStep on_step_;
  bool ok_ = true;
  turnd::base::Endpoint server_;  // the address that answered
  Side caller_;
  Side callee_;
};

}  // namespace turnctl
