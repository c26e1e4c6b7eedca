#include "turnd/config/changes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "turnd/config/load_config.h"

namespace turnd::config {
namespace {

Config parse(std::string_view text) { return parse_config(text, MaskedSecrets::accept).config; }

TEST(Changes, AreNoneBetweenEqualConfigurations) { EXPECT_TRUE(changes(parse("realm: a"), parse("realm: a")).empty()); }

TEST(Changes, NameKeyValuesAndWhenTheyHold_D17) {
  const auto all = changes(parse("limits: { lifetime: 10m }"), parse("limits: { lifetime: 20m }\nworkers: 4\n"));

  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].key, "limits.lifetime");
  EXPECT_EQ(all[0].from, "\"10m\"");
  EXPECT_EQ(all[0].to, "\"20m\"");
  EXPECT_EQ(all[0].effect, ChangeEffect::new_sessions);
  EXPECT_EQ(all[1].key, "workers");
  EXPECT_EQ(all[1].effect, ChangeEffect::restart);
}

TEST(Changes, SeeMicroseconds) {
  const auto all = changes(parse(""), parse("relay: { coalesce: 150us }"));

  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].key, "relay.coalesce");
  EXPECT_EQ(all[0].to, "\"150us\"");
  EXPECT_EQ(all[0].effect, ChangeEffect::now);
}

TEST(Changes, AListIsOneKey_D17) {
  const auto all = changes(parse(""), parse("peers: { deny: [10.0.0.1, 10.0.0.2] }"));

  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].key, "peers.deny");
  EXPECT_EQ(all[0].effect, ChangeEffect::now);
}

TEST(Changes, SeeANewSecretAndNeverShowIt_D17) {
  const auto all = changes(parse("auth: { secrets: [{ id: a, value: one-secret-value }] }"),
                           parse("auth: { secrets: [{ id: a, value: other-secret-value }] }"));

  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].key, "auth.secrets");
  EXPECT_EQ((all[0].from + all[0].to).find("secret-value"), std::string::npos);
}

TEST(Changes, WhatNeedsARestartIsKeptAsItRuns) {
  const Config kept = without_restart_changes(parse("workers: 2"), parse("workers: 4\nrealm: b\n"));

  EXPECT_EQ(kept.workers, 2U);
  EXPECT_EQ(kept.realm, "b");
}

TEST(Changes, EveryKeyThatNeedsARestartIsKeptAsItRuns_D17) {
  const Config running = parse("");
  const Config loaded = parse(
      "workers: 4\noffload: xdp\ncontrol: { socket: /run/other.sock }\nauth: { database: /var/lib/other.db }\n");

  std::vector<std::string_view> changed;
  const auto all = changes(running, loaded);
  for (const Change& each : all) changed.push_back(each.key);
  std::ranges::sort(changed);
  auto keys = keys_with(ChangeEffect::restart);
  std::ranges::sort(keys);
  EXPECT_EQ(changed, keys);  // or this configuration lacks one
  EXPECT_TRUE(changes(running, without_restart_changes(running, loaded)).empty());
}

}  // namespace
}  // namespace turnd::config
