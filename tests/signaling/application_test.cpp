#include "signaling/application.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "signaling/service/event_log.h"
#include "signaling/store/connection.h"
#include "tests/support/temporary_folder.h"

namespace signaling {
namespace {

ApplicationSettings settings(const std::string& here) {
  const turnd::base::Secret secret(std::string(32, 's'));
  return {.config = config::resolved({}),
          .paths = {.state_directory = here,
                    .database = here + "/signald.db",
                    .events = here + "/events.db",
                    .recordings = here + "/recordings",
                    .web = {},
                    .turnd_control = {}},
          .token_key = *service::SigningKey::make(service::TokenAlgorithm::hs256, secret),
          .server_key = secret,
          .relays = {},
          .smtp = {},
          .webhooks = {},
          .broker = {}};
}

using Operations = std::set<std::pair<std::string, std::string>>;

Operations without(const Operations& all, const Operations& those) {
  Operations rest;
  for (const auto& each : all)
    if (!those.contains(each)) rest.insert(each);
  return rest;
}

TEST(ApplicationTest, DescribesEveryRouteAndNoOther_O5) {
  const turnd::support::TemporaryFolder folder;
  net::Loop loop;
  const Application application(loop, settings(folder.path()));
  Operations routed;
  for (const auto& [method, path] : application.router().operations())
    routed.emplace(std::string(net::to_string(method)), path);
  const auto written = application.document().operations();
  const Operations described(written.begin(), written.end());

  EXPECT_THAT(without(routed, described), testing::IsEmpty()) << "routes that openapi.yaml lacks";
  EXPECT_THAT(without(described, routed), testing::IsEmpty()) << "paths of openapi.yaml that have no route";
  EXPECT_EQ(described.size(), written.size()) << "a path stands twice";
}

// What events.db had when signald was killed reaches the outbox after the next start.
TEST(ApplicationTest, EventsThatWereLoggedButNotQueuedAreQueuedAtTheNextStart) {
  const turnd::support::TemporaryFolder folder;
  ApplicationSettings with_webhook = settings(folder.path());
  with_webhook.webhooks.push_back({"http://127.0.0.1:9/hook", turnd::base::Secret("secret"), {}});
  const auto run = [&with_webhook](const std::function<bool()>& until) {
    net::Loop loop;
    const Application application(loop, with_webhook);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!until() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  };
  run([] { return true; });
  {
    store::Connection events(with_webhook.paths.events);
    std::vector<service::LoggedEvent> logged(
        3, {0, std::chrono::system_clock::now(), {service::Level::info, "chat-service", "message_sent", "anna", {}}});
    service::append_events(events, logged);
  }

  store::Connection main(with_webhook.paths.database);
  const auto queued = [&main] {
    return main.value<std::int64_t>("SELECT count(*) FROM outbox WHERE kind = 'webhook'").value();
  };
  EXPECT_EQ(queued(), 0);
  run([&queued] { return queued() == 3; });
  EXPECT_EQ(queued(), 3);
}

}  // namespace
}  // namespace signaling
