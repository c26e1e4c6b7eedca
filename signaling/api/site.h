// Site: everything behind signald's listeners, in the order of the paths (signaling.md 2.1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "signaling/api/call.h"
#include "signaling/api/finished_exchange.h"
#include "signaling/api/metrics.h"
#include "signaling/api/origins.h"
#include "signaling/api/router.h"
#include "signaling/api/static_files.h"
#include "signaling/net/exchange.h"

namespace signaling::api {

struct SiteParts {
  const Surroundings& around;
  const Router& router;
  const StaticFiles& files;
  const Origins& origins;
  Witness witness;
  std::uint64_t max_body = 1024 * 1024;
};

class Site final : public net::HttpHandler {
 public:
  explicit Site(SiteParts parts);
  // Hands the path, and with `below` everything below it, to a handler that answers by itself: the sockets. The longest
  // path wins. It outlives the site. Its answers get what all answers have.
  enum class Reach : std::uint8_t { exact, below };
  void mount(std::string path, Reach reach, net::HttpHandler& handler);

  // For requests from now on.
  void set_max_body(std::uint64_t bytes) { parts_.max_body = bytes; }

  net::BodyPlan plan_body(const net::Request& head) override;
  void handle(net::Request request, std::shared_ptr<net::Exchange> exchange) override;
  net::Response refuse(const net::Refusal& refusal, const net::Request& head) override;

 private:
  struct Mount {
    std::string path;
    Reach reach;
    net::HttpHandler* handler;
  };
  [[nodiscard]] const Mount* mounted(std::string_view path) const;
  [[nodiscard]] RequestFacts facts_of(const net::Request& request);
  [[nodiscard]] std::string new_trace_id();
  void route(net::Request request, RequestFacts facts, std::shared_ptr<net::Exchange> exchange);
  [[nodiscard]] net::Response options(const net::Request& request, const Router::Match& match,
                                      const RequestFacts& facts) const;
  [[nodiscard]] net::Response other(const net::Request& request, const Router::Match& match, RequestFacts& facts) const;

  SiteParts parts_;
  std::vector<Mount> mounts_;
  std::string trace_prefix_;  // random, of this process
  std::uint64_t last_trace_ = 0;
};

}  // namespace signaling::api
