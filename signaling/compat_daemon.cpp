#include "signaling/compat_daemon.h"

#include <signal.h>

#include <boost/json/array.hpp>

#include "signaling/version.h"
#include "turnd/crypto/random.h"
#include "turnd/process/logging.h"

namespace signaling {
namespace {

using turnd::base::IpAddress;
using turnd::config::WorldError;

bool is_loopback(const IpAddress& address) {
  const IpAddress plain = address.unmapped();
  return plain.is_v4() ? plain.octets()[0] == 127 : plain == IpAddress::parse("::1");
}

}  // namespace

CompatDaemon::CompatDaemon(const config::Config& written)
    : config_(config::resolved(written)),
      signals_(loop_,
               [this](int signal) {
                 if (signal == SIGTERM || signal == SIGINT) loop_.stop();
               }),
      echo_(loop_, turnd::crypto::system_random),
      server_(loop_, net::HttpSettings{}) {}

std::optional<WorldError> CompatDaemon::start() {
  boost::json::array listening;
  for (const config::Listen& listen : config_.listen) {
    if (listen.tls || !is_loopback(listen.endpoint.address))
      return WorldError{"--compat-test",
                        "it lets everybody in, and " + to_string(listen) + " is not plain HTTP on loopback",
                        "listen on http://127.0.0.1:8080, or leave it out"};
    const auto opened = server_.listen({.endpoint = listen.endpoint}, echo_);
    if (!opened) return WorldError{opened.error().what, opened.error().why, opened.error().remedy};
    listening.emplace_back(to_string(config::Listen{false, *opened}));
  }
  turnd::process::log_always("signald ready",
                             {{"version", kVersion}, {"listen", std::move(listening)}, {"compat_test", true}});
  return std::nullopt;
}

}  // namespace signaling
