#include "tests/signaling/room/world.h"

#include <algorithm>

namespace signaling::room {

void Client::say(const std::string& frame) {
  world_.hub.on_text(id_, frame, world_.now_);
  world_.settle();
}

void Client::cut() {
  world_.hub.on_disconnected(id_, Ending::dropped, world_.now_);
  world_.settle();
}

void Client::close_kindly() {
  world_.hub.on_disconnected(id_, Ending::on_purpose, world_.now_);
  world_.settle();
}

std::vector<json::object> Client::take(std::string_view type) {
  std::vector<json::object> found;
  std::erase_if(inbox, [&](const json::object& frame) {
    if (text(frame, "type") != type) return false;
    found.push_back(frame);
    return true;
  });
  return found;
}

json::object Client::only(std::string_view type) {
  const auto found = take(type);
  EXPECT_EQ(found.size(), 1U) << type;
  return found.empty() ? json::object() : found.front();
}

std::string Client::error() { return text(only("error"), "code"); }

World::World(HubSettings settings)
    : hub(std::move(settings), [count = std::uint8_t{0}](turnd::base::MutableBytes out) mutable {
        std::fill(out.begin(), out.end(), std::uint8_t{0});
        out[0] = ++count;
        out[1] = static_cast<std::uint8_t>(out.size());
      }) {}

Client& World::connect(std::optional<Person> person, std::string ip) {
  const std::uint64_t id = ++last_connection_;
  auto& slot = clients_[id];
  slot = std::make_unique<Client>(*this, id);
  hub.on_connected({{{id}, std::move(ip), true, true, {}}, std::move(person)}, now_);
  settle();
  return *slot;
}

Client& World::account(const std::string& name) {
  Client& client = connect();
  client.say(R"({"type":"auth","token":"token:)" + name + "\"}");
  client.forget();
  return client;
}

Client& World::guest(const std::string& name) {
  Client& client = connect();
  client.say(R"({"type":"auth","guest":{"name":")" + name + "\"}}");
  client.forget();
  return client;
}

Client& World::member(const std::string& name, const std::string& meeting_id) {
  Client& client = account(name);
  client.say(R"({"type":"join","meetingId":")" + meeting_id + "\"}");
  client.forget();
  return client;
}

Client& World::resume(Client& lost) {
  Client& client = connect();
  client.say(R"({"type":"auth","resume":{"sessionId":")" + lost.session_id + R"(","resumeToken":")" +
             lost.resume_token + R"(","s":)" + std::to_string(lost.s) + "}}");
  client.peer_id = lost.peer_id;
  return client;
}

void World::advance(std::chrono::milliseconds by) {
  const Now end{now_.monotonic + by, now_.wall + by};
  for (auto next = hub.next_deadline(); next && *next <= end.monotonic; next = hub.next_deadline()) {
    const auto step = std::max(*next - now_.monotonic, turnd::base::Duration::zero());
    now_ = {now_.monotonic + step, now_.wall + step};
    hub.on_time(now_);
    settle();
  }
  now_ = end;
  hub.on_time(now_);
  settle();
}

Person World::person(const std::string& name) {
  const auto place = std::find(accounts.begin(), accounts.end(), name);
  Person person;
  person.user_id = place - accounts.begin() + 1;
  person.id = std::to_string(person.user_id);
  person.name = person.username = person.name_key = renamed.contains(name) ? renamed.at(name) : name;
  person.family = "family:" + name;
  person.expires_at = token_end;
  return person;
}

MeetingFacts& World::meeting(const std::string& id) {
  MeetingFacts& facts = meetings_[id];
  facts.meeting_id = id;
  facts.code = "code-" + id;
  facts.title = "Meeting";
  facts.conversation_id = "c-" + id;
  return facts;
}

void World::notice(const Notice& notice) {
  hub.on_notice(notice, now_);
  settle();
}

void World::settle() {
  while (!hub.effects().empty()) {
    const Effects effects = hub.effects();
    hub.effects().clear();
    for (const Send& send : effects.sends) deliver(send);
    for (const Close& close : effects.closes) {
      clients_.at(close.connection.value)->closed = close.code;
      hub.on_disconnected(close.connection, Ending::dropped, now_);
    }
    for (const Note& note : effects.notes) notes.push_back(note);
    for (const Presence& each : effects.presences)
      presences.push_back((each.is_here ? "+" : "-") + each.person.username);
    seats.insert(seats.end(), effects.seats.begin(), effects.seats.end());
    for (const Question& question : effects.questions)
      question.ticket.value == 0 ? told.push_back(question) : questions.push_back(question);
    if (answers) answer_all();
  }
}

void World::answer_all() {
  while (!questions.empty()) {
    const Question question = questions.front();
    questions.pop_front();
    hub.on_answer(question.ticket, answer(question), now_);
  }
  if (!answers) settle();
}

void World::deliver(const Send& send) {
  Client& client = *clients_.at(send.to.value);
  EXPECT_FALSE(client.closed) << "after the close: " << whole_text(*send.frame);
  client.texts.push_back(whole_text(*send.frame, send.s));
  const json::object frame = json::parse(client.texts.back()).as_object();
  if (const auto* s = frame.if_contains("s"); s != nullptr && text(frame, "type") != "auth-ok")
    client.s = static_cast<std::uint64_t>(s->as_int64());
  if (text(frame, "type") == "auth-ok") {
    client.session_id = text(frame, "sessionId");
    client.resume_token = text(frame, "resumeToken");
  }
  if (text(frame, "type") == "joined") client.peer_id = text(frame, "selfId");
  client.inbox.push_back(frame);
}

}  // namespace signaling::room
