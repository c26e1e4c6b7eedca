#include "signaling/application.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

namespace signaling {
namespace {

std::string folder() {
  const std::string path = testing::TempDir() + "/signald-application";
  std::filesystem::remove_all(path);
  std::filesystem::create_directories(path);
  return path;
}

ApplicationSettings settings() {
  const std::string here = folder();
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
          .webhooks = {}};
}

using Operations = std::set<std::pair<std::string, std::string>>;

Operations without(const Operations& all, const Operations& those) {
  Operations rest;
  for (const auto& each : all)
    if (!those.contains(each)) rest.insert(each);
  return rest;
}

TEST(ApplicationTest, DescribesEveryRouteAndNoOther_O5) {
  net::Loop loop;
  const Application application(loop, settings());
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
