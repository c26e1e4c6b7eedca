// Ids of clients: one of a client that is gone finds nothing, even when its place was given again.
#include <gtest/gtest.h>

#include "turnd/net/client_link.h"

namespace turnd::net {
namespace {

class SilentLink final : public ClientLink {
 public:
  void send_message(const turn::FiveTuple&, base::ByteView) override {}
  NotSent send_forwards(const turn::ClientForwards&) override { return {}; }
  void on_session_opened(const base::Now&) override {}
  void on_session_closed(const base::Now&) override {}
};

TEST(ClientRegistry, FindsWhatWasAdded) {
  ClientRegistry registry;
  SilentLink first;
  SilentLink second;

  const turn::ClientId one = registry.add(first);
  const turn::ClientId two = registry.add(second);

  EXPECT_EQ(registry.find(one), &first);
  EXPECT_EQ(registry.find(two), &second);
}

TEST(ClientRegistry, DoesNotFindAClientThatWasRemoved) {
  ClientRegistry registry;
  SilentLink link;
  SilentLink next;
  const turn::ClientId old = registry.add(link);

  registry.remove(old);
  const turn::ClientId fresh = registry.add(next);

  EXPECT_EQ(registry.find(old), nullptr);
  EXPECT_EQ(registry.find(fresh), &next);
}

TEST(ClientRegistry, RemovesNothingTwice) {
  ClientRegistry registry;
  SilentLink link;
  SilentLink next;
  const turn::ClientId old = registry.add(link);
  registry.remove(old);
  const turn::ClientId fresh = registry.add(next);

  registry.remove(old);

  EXPECT_EQ(registry.find(fresh), &next);
}

TEST(ClientRegistry, FindsNothingUnderAnIdThatWasNeverGiven) {
  ClientRegistry registry;
  SilentLink link;
  (void)registry.add(link);

  EXPECT_EQ(registry.find({}), nullptr);
  EXPECT_EQ(registry.find({7}), nullptr);
}

}  // namespace
}  // namespace turnd::net
