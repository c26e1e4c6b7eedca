#include "signaling/gateway/hub_host.h"

#include <utility>

namespace signaling::gateway {
namespace {

constexpr unsigned kPlaceBits = 32;

std::uint32_t place_of(room::ConnectionId id) { return static_cast<std::uint32_t>(id.value); }
std::uint32_t generation_of(room::ConnectionId id) { return static_cast<std::uint32_t>(id.value >> kPlaceBits); }

}  // namespace

HubHost::HubHost(room::HubSettings settings, Parts parts)
    : parts_(std::move(parts)), hub_(std::move(settings), parts_.random), slots_(1) {
  parts_.loop.at_turn_end([this] { carry_out(); });
}

room::Now HubHost::now() const { return {room::TimePoint(parts_.loop.now().time_since_epoch()), parts_.wall_clock()}; }

room::ConnectionId HubHost::connect(HubEnd& end, room::Opening opening) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t place = free_.back();
  free_.pop_back();
  Slot& taken = slots_[place];
  taken.end = &end;
  const room::ConnectionId id{std::uint64_t{++taken.generation} << kPlaceBits | place};
  opening.connection = id;
  hub_.on_connected(std::move(opening), now());
  return id;
}

HubHost::Slot* HubHost::slot(room::ConnectionId id) {
  if (place_of(id) >= slots_.size()) return nullptr;
  Slot& found = slots_[place_of(id)];
  return found.end != nullptr && found.generation == generation_of(id) ? &found : nullptr;
}

void HubHost::free(room::ConnectionId id) {
  slots_[place_of(id)].end = nullptr;
  free_.push_back(place_of(id));
}

void HubHost::say(room::ConnectionId from, std::string_view text) { hub_.on_text(from, text, now()); }

void HubHost::ping(room::ConnectionId from) { hub_.on_ping(from, now()); }

bool HubHost::take_name(room::ConnectionId by, const std::string& name) { return hub_.take_name(by, name, now()); }

void HubHost::disconnect(room::ConnectionId who, room::Ending how) {
  if (slot(who) == nullptr) return;
  free(who);
  hub_.on_disconnected(who, how, now());
}

void HubHost::notice(const room::Notice& notice) { hub_.on_notice(notice, now()); }

void HubHost::drain(std::chrono::milliseconds over) { hub_.drain(over, now()); }

void HubHost::post_answer(room::Ticket ticket, room::Answer answer) {
  parts_.loop.post(
      [this, ticket, answer = std::move(answer)]() mutable { hub_.on_answer(ticket, std::move(answer), now()); });
}

void HubHost::post_notices(std::vector<room::Notice> notices) {
  if (notices.empty()) return;
  parts_.loop.post([this, notices = std::move(notices)] {
    for (const room::Notice& each : notices) notice(each);
  });
}

void HubHost::carry_out() {
  shows_log_.store(hub_.has_listeners(protocol::Topic::logs), std::memory_order_relaxed);
  while (!hub_.effects().empty()) {
    std::swap(spare_, hub_.effects());
    do_all(std::move(spare_));
  }
  arm_timer();
}

// The ends may speak to the hub while they hear it: what they cause is carried out in the next round.
void HubHost::do_all(room::Effects effects) {
  // First, so that who hears of a change finds it over HTTP too.
  if (!effects.seats.empty()) parts_.show_seats(effects.seats);
  if (!effects.presences.empty()) parts_.show_presences(std::move(effects.presences));
  for (const room::Send& send : effects.sends) {
    if (Slot* const to = slot(send.to)) to->end->on_send(send);
  }
  for (const room::Close& close : effects.closes) {
    Slot* const closing = slot(close.connection);
    if (closing == nullptr) continue;
    HubEnd& end = *closing->end;
    free(close.connection);
    hub_.on_disconnected(close.connection, room::Ending::dropped, now());
    end.on_close(close.code, close.reason);
  }
  for (room::Question& question : effects.questions) parts_.questions.run(std::move(question));
  for (room::Note& note : effects.notes) parts_.note(std::move(note));
  effects.clear();
  spare_ = std::move(effects);
}

void HubHost::arm_timer() {
  const auto next = hub_.next_deadline();
  if (!next) return;
  const net::TimePoint due(next->time_since_epoch());
  if (timer_ && timer_->due <= due) return;
  if (timer_) parts_.loop.cancel(*timer_);
  const auto delay = std::max(due - parts_.loop.now(), net::Duration::zero());
  timer_ = parts_.loop.start_timer(delay, [this] {
    timer_.reset();
    hub_.on_time(now());
  });
}

}  // namespace signaling::gateway
