#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "signaling/api/api_document.h"
#include "tests/signaling/api/api_fixture.h"

namespace signaling::api {
namespace {

using AccountDocumentTest = ApiTest;
using Operations = std::set<std::pair<std::string, std::string>>;

bool is_of_accounts(std::string_view path) {
  return std::ranges::any_of(
      std::vector<std::string_view>{"/auth/", "/api/auth/", "/api/users", "/api/participants", "/api/notifications"},
      [&](std::string_view prefix) { return path.starts_with(prefix); });
}

TEST_F(AccountDocumentTest, EveryRouteIsDescribedAndNothingElse_O5) {
  Operations served, described;
  for (const auto& [method, path] : router_.operations()) served.emplace(to_string(method), path);
  for (const auto& each : ApiDocument(kOpenapiYaml).operations())
    if (is_of_accounts(each.second)) described.insert(each);
  EXPECT_EQ(served, described);
}

}  // namespace
}  // namespace signaling::api
