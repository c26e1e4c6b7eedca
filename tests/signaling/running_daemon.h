// RunningDaemon: signald whole, in this process, on a loopback port and in a folder of its own; and who asks it.
#pragma once

#include <signal.h>
#include <stdlib.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <boost/json.hpp>

#include "signaling/daemon.h"
#include "tests/signaling/net/running_server.h"
#include "tests/support/temporary_folder.h"

namespace signaling {

struct Answered {
  int status = 0;
  std::string head, body;
  [[nodiscard]] boost::json::object json() const { return boost::json::parse(body).as_object(); }
};

class RunningDaemon {
 public:
  explicit RunningDaemon(config::Config config = {}, std::string path = {}) {
    ::setenv("STATE_DIRECTORY", folder_.path().c_str(), 1);
    ::setenv("TURND_SOCKET", "/nonexistent/turnd.sock", 1);
    ::unsetenv("JWT_SECRET");
    config.shutdown_grace = std::chrono::seconds(1);
    config.listen = {{.tls = false, .endpoint = *turnd::base::Endpoint::parse("127.0.0.1:0")}};
    daemon_ = std::make_unique<Daemon>(std::move(path), std::move(config));
    if (const auto error = daemon_->start()) throw std::runtime_error(error->what + ": " + error->why);
    const std::string& url = daemon_->urls().front();
    port_ = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
    thread_ = std::thread([this] { daemon_->run(); });
  }
  ~RunningDaemon() {
    tell(SIGTERM);
    thread_.join();
    ::unsetenv("TURND_SOCKET");
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const std::string& folder() const { return folder_.path(); }
  // To the loop, whichever thread it runs on.
  static void tell(int signal) { ::kill(::getpid(), signal); }

  // `fields`: whole lines.
  [[nodiscard]] Answered ask(const std::string& method, const std::string& path, const std::string& body = {},
                             const std::string& token = {}, const std::string& fields = {}) const {
    net::Client client(port_);
    std::string text = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + fields;
    if (!token.empty()) text += "Authorization: Bearer " + token + "\r\n";
    if (!body.empty())
      text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    client.send(text + "\r\n" + body);
    const std::string all = client.read_answer();
    const std::size_t end = all.find("\r\n\r\n");
    if (end == std::string::npos) return {};
    return {std::stoi(all.substr(9, 3)), all.substr(0, end + 2), all.substr(end + 4)};
  }
  // An access token of a new account.
  [[nodiscard]] std::string sign_up(const std::string& name) const {
    const Answered made =
        ask("POST", "/api/auth/signup",
            R"({"email":")" + name + R"(@example.org","password":"correct horse","username":")" + name + R"("})");
    return boost::json::value_to<std::string>(made.json().at("access_token"));
  }
  [[nodiscard]] std::string metrics() const { return ask("GET", "/metrics").body; }

 private:
  turnd::support::TemporaryFolder folder_;
  std::unique_ptr<Daemon> daemon_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace signaling
