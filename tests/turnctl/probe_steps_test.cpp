#include "turnctl/probe_steps.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace turnctl {
namespace {

using namespace std::chrono_literals;
using turnd::base::Transport;

// A port of the loopback that the kernel has chosen and that answers nothing: TCP refuses, UDP stays silent.
class DeadPort {
 public:
  explicit DeadPort(int type) : descriptor_(socket(AF_INET, type | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(descriptor_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      ADD_FAILURE() << "no port on the loopback";
    port_ = ntohs(address.sin_port);
  }
  ~DeadPort() { close(descriptor_); }
  DeadPort(const DeadPort&) = delete;
  DeadPort& operator=(const DeadPort&) = delete;
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  int descriptor_;
  std::uint16_t port_ = 0;
};

class ProbeSteps : public testing::Test {
 protected:
  bool probe(const TurnUri& uri) {
    const auto login = []() -> Outcome<Login> {
      ADD_FAILURE() << "asked for a credential before the server answered";
      return Failure{"none", ""};
    };
    Probe run({uri, {uri.host, {}, false}, login}, std::chrono::steady_clock::now() + 400ms,
              [this](const Step& step) { steps_.push_back(step); });
    return run.run();
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const Step& step : steps_) names.push_back(step.name);
    return names;
  }
  std::vector<Step> steps_;
};

TEST_F(ProbeSteps, StopAtAConnectionThatIsRefused) {
  const DeadPort port(SOCK_STREAM);
  EXPECT_FALSE(probe({"127.0.0.1", port.port(), Transport::tcp, true}));
  EXPECT_THAT(names(), testing::ElementsAre("resolve", "connect"));
  EXPECT_TRUE(steps_[0].ok);
  EXPECT_FALSE(steps_[1].ok);
  EXPECT_THAT(steps_[1].detail, testing::HasSubstr("127.0.0.1:" + std::to_string(port.port())));
  EXPECT_FALSE(steps_[1].remedy.empty());
}

TEST_F(ProbeSteps, HaveNoConnectionOverUdpAndStopWhenNobodyAnswers) {
  const DeadPort port(SOCK_DGRAM);
  EXPECT_FALSE(probe({"127.0.0.1", port.port(), Transport::udp, true}));
  EXPECT_THAT(names(), testing::ElementsAre("resolve", "binding"));
  EXPECT_FALSE(steps_[1].ok);
  EXPECT_LT(steps_[1].duration, 2s);
}

TEST_F(ProbeSteps, DoNotGoOnWithoutDtls) {
  const DeadPort port(SOCK_DGRAM);
  EXPECT_FALSE(probe({"127.0.0.1", port.port(), Transport::dtls, true}));
  EXPECT_THAT(names(), testing::ElementsAre("resolve", "tls"));
}

TEST_F(ProbeSteps, StopAtANameThatCannotBeResolved) {
  EXPECT_FALSE(probe({"no such name", 3478, Transport::udp, true}));
  EXPECT_THAT(names(), testing::ElementsAre("resolve"));
  EXPECT_THAT(steps_[0].detail, testing::HasSubstr("no such name"));
}

}  // namespace
}  // namespace turnctl
