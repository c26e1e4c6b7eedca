// Relay: what one member says to another or to all: negotiation, media state, hands, reactions, captions, data.
#pragma once

#include "signaling/room/rooms.h"

namespace signaling::room {

class Relay {
 public:
  Relay(Core& core, Rooms& rooms) : core_(core), rooms_(rooms) {}

  void relay(Session& session, const Asker& asker, const protocol::Relay& message);
  void data(Session& session, const Asker& asker, const protocol::Data& data);
  void media(Session& session, const Asker& asker, const protocol::Media& media);
  void hand(Session& session, const Asker& asker, const protocol::Hand& hand);
  void reaction(Session& session, const Asker& asker, const protocol::Reaction& reaction);
  void caption(Session& session, const Asker& asker, const protocol::Caption& caption);
  void stats(Session& session, const Asker& asker, const protocol::PeerStats& stats);

  void on_notice(const DataSent& notice);

 private:
  // The membership through which he speaks; otherwise the asker has been answered.
  [[nodiscard]] Member* speaker(Session& session, const Asker& asker);
  [[nodiscard]] Member* target(const Member& from, const std::string& target_id, const Asker& asker);
  [[nodiscard]] bool lost_to_glare(Member& from, Member& to, protocol::SdpType sdp);

  Core& core_;
  Rooms& rooms_;
};

}  // namespace signaling::room
