#include "signaling/application.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

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

}  // namespace
}  // namespace signaling
