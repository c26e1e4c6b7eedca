#include "signaling/room/topics.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace signaling::room {
namespace {

using namespace std::chrono_literals;
using protocol::ErrorCode;
using protocol::FrameWriter;
using protocol::ServerType;
using protocol::Topic;

constexpr std::size_t kMostPresences = 500;  // in the answer to subscribe (G70a)
constexpr auto kStatisticsInterval = 5s;     // G70c

constexpr std::array<std::string_view, 3> kStateNames = {"online", "away", "offline"};

bool is_for_administrators(Topic topic) { return topic == Topic::logs || topic == Topic::stats; }

}  // namespace

void Topics::subscribe(Session& session, const Asker& asker, Topic topic) {
  if (is_for_administrators(topic) && !session.person.is_admin) return core_.fail(asker, ErrorCode::forbidden);
  auto& all = listeners(topic);
  if (!session.topics.test(static_cast<std::size_t>(topic))) {
    session.topics.set(static_cast<std::size_t>(topic));
    all.push_back(&session);
    if (topic == Topic::stats && !std::exchange(counts_down_, true))
      core_.arm(core_.now.monotonic + kStatisticsInterval, TimerKind::statistics, 0);
  }
  if (topic != Topic::presence) return core_.ok(asker);
  if (!std::exchange(core_.watches_presence, true)) {
    core_.each_session(
        [this](const Session& each) { shown_.try_emplace(each.person.id, presence_of(each.person.id)); });
  }
  answer_presence(asker);
}

void Topics::answer_presence(const Asker& asker) {
  if (asker.id.empty()) return;
  FrameWriter ok(ServerType::ok, asker.id);
  ok.json().key("users").begin_array();
  std::size_t written = 0;
  std::int64_t total = 0;
  for (const auto& [id, shown] : shown_) {
    const Shown now = presence_of(id);
    if (now.state == State::offline) continue;
    ++total;
    if (written++ < kMostPresences) write_presence(ok.json(), id, now);
  }
  ok.json().end_array();
  core_.reply(asker, ok.integer("total", total).finish());
}

void Topics::unsubscribe(Session& session, const Asker& asker, Topic topic) {
  remove(session, topic);
  core_.ok(asker);
}

void Topics::remove(Session& session, Topic topic) {
  session.topics.reset(static_cast<std::size_t>(topic));
  auto& all = listeners(topic);
  std::erase(all, &session);
  if (topic != Topic::presence || !all.empty()) return;
  core_.watches_presence = false;
  core_.presence_changed.clear();
  shown_.clear();
}

void Topics::on_session_end(Session& session) {
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    if (session.topics.test(i)) remove(session, static_cast<Topic>(i));
  }
}

void Topics::on_demoted(Session& session) {
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    if (session.topics.test(i) && is_for_administrators(static_cast<Topic>(i))) remove(session, static_cast<Topic>(i));
  }
}

// One entry a person: online while any of his sessions has a socket.
Topics::Shown Topics::presence_of(std::string_view person_id) const {
  Shown shown{{}, State::offline};
  for (const Session* session : core_.sessions_of(person_id)) {
    shown.username = session->person.username;
    if (session->connection.value != 0) shown.state = State::online;
    if (shown.state == State::offline) shown.state = State::away;
  }
  return shown;
}

void Topics::write_presence(protocol::JsonWriter& out, std::string_view person_id, const Shown& shown) const {
  out.begin_object().text("userId", person_id).text("username", shown.username);
  out.text("state", kStateNames[static_cast<std::size_t>(shown.state)]).end_object();
}

void Topics::on_presence_timer() {
  const auto changed = std::exchange(core_.presence_changed, {});
  FrameWriter frame(ServerType::presence);
  frame.json().key("users").begin_array();
  bool any = false;
  for (const std::string& id : changed) {
    Shown now = presence_of(id);
    const auto before = shown_.find(id);
    const State old = before == shown_.end() ? State::offline : before->second.state;
    if (old == now.state) continue;
    if (now.state == State::offline) now.username = before->second.username;
    write_presence(frame.json(), id, now);
    any = true;
    if (now.state == State::offline)
      shown_.erase(before);
    else
      shown_.insert_or_assign(id, std::move(now));
  }
  frame.json().end_array();
  if (!any) return;
  const protocol::SharedFrame shared = frame.finish();
  for (Session* session : listeners(Topic::presence)) core_.push(*session, shared);
}

void Topics::on_statistics_timer(const HubCounts& counts) {
  counts_down_ = !listeners(Topic::stats).empty();
  if (!counts_down_) return;
  core_.arm(core_.now.monotonic + kStatisticsInterval, TimerKind::statistics, 0);
  FrameWriter frame(ServerType::stats);
  const auto put = [&](std::string_view name, std::uint64_t value) {
    frame.integer(name, static_cast<std::int64_t>(value));
  };
  put("connections", counts.connections);
  put("sessions", counts.sessions);
  put("rooms", counts.rooms);
  put("participants", counts.members);
  put("waiting", counts.waiting);
  put("calls", counts.calls);
  put("messagesIn", std::accumulate(counts.messages_in.begin(), counts.messages_in.end(), std::uint64_t{0}));
  put("messagesOut", counts.messages_out);
  put("relayed", counts.relayed);
  put("chatLines", counts.chat_lines);
  put("resumed", counts.resumed);
  const protocol::SharedFrame shared = frame.time("timestamp", core_.now.wall).finish();
  for (Session* session : listeners(Topic::stats)) core_.push_volatile(*session, shared);
}

void Topics::on_notice(const TopicNews& notice) {
  FrameWriter writer(notice.type);
  if (!notice.members.empty()) writer.json().raw(notice.members);
  const protocol::SharedFrame frame = writer.finish();
  for (const std::string& person : notice.person_ids) {
    for (Session* session : core_.sessions_of(person)) {
      if (session->topics.test(static_cast<std::size_t>(notice.topic))) core_.push(*session, frame);
    }
  }
}

void Topics::on_notice(const LogWritten& notice) {
  if (listeners(Topic::logs).empty()) return;
  FrameWriter writer(ServerType::log);
  const protocol::SharedFrame frame = writer.raw("entry", notice.entry).finish();
  for (Session* session : listeners(Topic::logs)) core_.push_volatile(*session, frame);
}

}  // namespace signaling::room
