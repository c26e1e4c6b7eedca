#include "turnd/turn/channel_table.h"

namespace turnd::turn {

namespace {

std::uint32_t tag_of(stun::ChannelNumberValue number) { return number.value; }
std::uint32_t tag_of(const base::Endpoint& peer) { return static_cast<std::uint32_t>(base::hash_value(peer)); }

}  // namespace

Channel* ChannelTable::find(stun::ChannelNumberValue number) {
  const std::uint32_t at =
      by_number_.find(tag_of(number), [&](std::uint32_t position) { return channels_[position].number == number; });
  return at == TagIndex::kNone ? nullptr : &channels_[at];
}

Channel* ChannelTable::find(const base::Endpoint& peer) {
  const std::uint32_t at =
      by_peer_.find(tag_of(peer), [&](std::uint32_t position) { return channels_[position].peer == peer; });
  return at == TagIndex::kNone ? nullptr : &channels_[at];
}

Channel& ChannelTable::add(const Channel& channel) {
  channels_.push_back(channel);
  index(static_cast<std::uint32_t>(channels_.size() - 1));
  return channels_.back();
}

void ChannelTable::index(std::uint32_t position) {
  by_number_.insert(tag_of(channels_[position].number), position);
  by_peer_.insert(tag_of(channels_[position].peer), position);
}

void ChannelTable::rebuild() {
  by_number_.clear();
  by_peer_.clear();
  for (std::uint32_t position = 0; position < channels_.size(); ++position) index(position);
}

bool ChannelTable::is_consistent() const {
  if (by_number_.size() != channels_.size() || by_peer_.size() != channels_.size()) return false;
  for (std::uint32_t position = 0; position < channels_.size(); ++position) {
    const Channel& channel = channels_[position];
    const auto is_it = [&](std::uint32_t other) { return other == position; };
    if (by_number_.find(tag_of(channel.number), is_it) != position) return false;
    if (by_peer_.find(tag_of(channel.peer), is_it) != position) return false;
  }
  return true;
}

}  // namespace turnd::turn
