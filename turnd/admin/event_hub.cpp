#include "turnd/admin/event_hub.h"

#include <utility>

#include "turnd/admin/session_view.h"

namespace turnd::admin {
namespace {

struct ToEvent {
  base::WallTime time;
  control::Event operator()(const turn::Session& session) const { return session_opened(time, to_control(session)); }
  control::Event operator()(const turn::EndedSession& session) const {
    return session_closed(time, to_control(to_record(session)));
  }
  control::Event operator()(const turn::AuthRefused& refused) const { return auth_refused(time, to_control(refused)); }
};

}  // namespace

EventHub::EventHub(Parts parts) : parts_(std::move(parts)) {}

void EventHub::on_session_opened(const turn::Session& session) { report({parts_.clock(), session}); }

void EventHub::on_session_closed(const turn::EndedSession& session) {
  parts_.keep_usage(session);
  report({parts_.clock(), session});
}

void EventHub::on_auth_refused(const turn::AuthRefused& refused) {
  // Honest clients meet a stale nonce every few minutes: no event (operations.md D30).
  if (refused.reason == auth::RefusalReason::stale_nonce) return;
  {
    const std::lock_guard lock(mutex_);
    if (++refusals_ > kRefusalsPerSecond) return;
  }
  report({parts_.clock(), refused});
}

void EventHub::report(Report report) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMostWaiting) {
      ++lost_;
    } else {
      waiting_.push_back(std::move(report));
    }
    if (std::exchange(is_posted_, true)) return;
  }
  parts_.post([this] { deliver(); });
}

void EventHub::deliver() {
  std::vector<Report> taken;
  std::size_t lost = 0;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(waiting_);
    lost = std::exchange(lost_, 0);
    is_posted_ = false;
  }
  for (const Report& report : taken) publish(std::visit(ToEvent{report.time}, report.what));
  if (lost > 0) tell_lost(lost);
}

void EventHub::on_second() {
  std::size_t refusals = 0;
  {
    const std::lock_guard lock(mutex_);
    refusals = std::exchange(refusals_, 0);
  }
  if (refusals > kRefusalsPerSecond) tell_lost(refusals - kRefusalsPerSecond);
}

void EventHub::publish(const control::Event& event) {
  if (event.type == control::EventType::reload_applied) ++reloads_.applied;
  if (event.type == control::EventType::reload_refused) ++reloads_.refused;
  parts_.log(event);
  if (readers_.empty()) return;
  send(std::make_shared<const std::string>(to_line(event)));
}

void EventHub::subscribe(std::weak_ptr<EventReader> reader) { readers_.push_back(std::move(reader)); }

void EventHub::send(const EventLine& line) {
  std::erase_if(readers_, [](const auto& reader) { return reader.expired(); });
  for (const auto& reader : readers_)
    if (const auto alive = reader.lock()) alive->on_event(line);
}

void EventHub::tell_lost(std::size_t count) {
  parts_.log(control::events_lost(parts_.clock(), count));
  for (const auto& reader : readers_)
    if (const auto alive = reader.lock()) alive->on_lost(count);
}

}  // namespace turnd::admin
