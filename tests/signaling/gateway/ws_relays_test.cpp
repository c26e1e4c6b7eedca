// Whose relays end when somebody is thrown out of a meeting, over /ws and with the real services.
#include "tests/signaling/gateway/ws_world.h"

namespace signaling::gateway {
namespace {

// Ann hosts two meetings, and Bob is in both.
class TwoMeetingsTest : public WsWorld {
 protected:
  using Socket = std::unique_ptr<WsClient>;
  Socket account(std::int64_t id) {
    return std::make_unique<WsClient>(port(), "Authorization: Bearer " + token_of(id) + "\r\n");
  }
  Socket member(std::int64_t id, const std::string& meeting, std::string* peer = nullptr) {
    Socket made = account(id);
    made->say(R"({"type":"join","id":1,"meetingId":")" + meeting + "\"}");
    const json::object joined = made->hear("joined");
    if (peer != nullptr) *peer = joined.at("selfId").as_string();
    return made;
  }
  static void removes(WsClient& host, const std::string& peer, const std::string& action) {
    host.say(R"({"type":"moderate","id":2,"action":")" + action + R"(","targetId":")" + peer + "\"}");
    host.hear("ok");
  }

  std::int64_t ann_ = add_account("ann"), bob_ = add_account("bob");
  std::string first_ = add_meeting(ann_), second_ = add_meeting(ann_);
  Socket host_ = member(ann_, first_), other_host_ = member(ann_, second_);
  std::string peer_, other_peer_;
  Socket one_ = member(bob_, first_, &peer_), other_ = member(bob_, second_, &other_peer_);
};

TEST_F(TwoMeetingsTest, AKickFromOneLeavesTheRelaysOfTheOther_WModer) {
  removes(*host_, peer_, "kick");
  EXPECT_EQ(one_->hear_close(), 4423);
  EXPECT_EQ(thrown_out(), std::vector<std::string>{});
  removes(*other_host_, other_peer_, "kick");
  EXPECT_EQ(other_->hear_close(), 4423);
  EXPECT_EQ(thrown_out(), std::vector{std::to_string(bob_)});
}

TEST_F(TwoMeetingsTest, ABanFromOneEndsAllRelays_WModer) {
  removes(*host_, peer_, "ban");
  EXPECT_EQ(one_->hear_close(), 4423);
  EXPECT_EQ(thrown_out(), std::vector{std::to_string(bob_)});
}

}  // namespace
}  // namespace signaling::gateway
