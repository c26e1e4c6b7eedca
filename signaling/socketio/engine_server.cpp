#include "signaling/socketio/engine_server.h"

#include <array>
#include <utility>

#include "signaling/socketio/engine_server_session.h"
#include "turnd/base/hex.h"

namespace signaling::socketio {
namespace {

// 128 bits: who has a sid reads and writes its session.
std::string make_sid(const turnd::base::RandomSource& random) {
  std::array<std::uint8_t, 16> bytes{};
  random(bytes);
  return turnd::base::to_hex(bytes);
}

}  // namespace

EngineServer::EngineServer(net::Loop& loop, EngineDoor door, turnd::base::RandomSource random,
                           EngineApplication& application)
    : loop_(loop),
      door_(std::move(door)),
      random_(std::move(random)),
      application_(application),
      addresses_(door_.addresses != nullptr ? *door_.addresses : unlimited_) {}

EngineServer::~EngineServer() = default;

EngineServer::Session& EngineServer::make_session(Handshake handshake, AddressLimit::Place place) {
  const SessionId id{++last_id_};
  auto made =
      std::make_unique<Session>(id, std::move(place), EngineSession(make_sid(random_), door_.settings, loop_.now()));
  Session& session = *made;
  by_sid_.emplace(session.engine.sid(), id);
  sessions_.emplace(id, std::move(made));
  application_.on_open(id, handshake);
  return session;
}

EngineServer::Session* EngineServer::find(SessionId session) {
  const auto found = sessions_.find(session);
  return found == sessions_.end() ? nullptr : found->second.get();
}

EngineServer::Session* EngineServer::find(std::string_view sid) {
  const auto found = by_sid_.find(std::string(sid));
  return found == by_sid_.end() ? nullptr : find(found->second);
}

void EngineServer::run(Session& session, EngineEffects& effects) {
  for (EngineEffect& effect : effects) run_one(session, effect);
  arm(session);
  // A WebSocket has what it was sent; the rest waits until nobody is in the middle of something.
  if (session.engine.is_open() && !session.engine.is_polling()) return;
  if (!std::exchange(session.is_unsettled, true)) unsettled_.push_back(session.id);
  settle_soon();
}

void EngineServer::run_one(Session& session, EngineEffect& effect) {
  if (auto* poll = std::get_if<AnswerPoll>(&effect)) {
    reply(poll->to, 200, std::move(poll->payload));
  } else if (const auto* post = std::get_if<AnswerPost>(&effect)) {
    reply(post->to, 200, "ok");
  } else if (const auto* fault = std::get_if<AnswerFault>(&effect)) {
    reply(fault->to, 400, to_json(fault->fault));
  } else if (const auto* frame = std::get_if<SendFrame>(&effect)) {
    session.send(frame->to, frame->frame);
  } else if (const auto* close = std::get_if<CloseTransport>(&effect)) {
    session.close(close->which);
  } else if (auto* received = std::get_if<Received>(&effect)) {
    upcalls_.push_back({session.id, std::move(*received)});
  } else if (std::holds_alternative<Alive>(effect)) {
    upcalls_.push_back({session.id, Alive{}});
  } else {
    upcalls_.push_back({session.id, std::get<Ended>(effect)});
  }
}

bool EngineServer::pass_on(SessionId id, TransportId from, std::string_view text) {
  constexpr char kMessage = static_cast<char>('0' + static_cast<int>(protocol::EngineioType::message));
  if (is_telling_ || !upcalls_.empty() || !text.starts_with(kMessage)) return false;
  const Session* session = find(id);
  if (!session || session->engine.clear_socket(loop_.now()) != from) return false;
  is_telling_ = true;
  application_.on_message(id, text.substr(1), false);
  is_telling_ = false;
  tell_application();  // what came of it
  return true;
}

void EngineServer::send(SessionId to, EngineFrame frame) {
  Session* session = find(to);
  if (!session) return;
  if (const auto socket = session->engine.clear_socket(loop_.now())) return session->send(*socket, frame);
  feed(to, [&](EngineSession& engine, EngineEffects& out) { engine.send(std::move(frame), out); });
}

void EngineServer::check_alive(SessionId session, std::chrono::milliseconds within) {
  feed(session, [&](EngineSession& engine, EngineEffects& out) { engine.check_alive(within, loop_.now(), out); });
}

void EngineServer::close(SessionId session) {
  feed(session, [&](EngineSession& engine, EngineEffects& out) { engine.close(loop_.now(), out); });
}

void EngineServer::on_timer(SessionId session) {
  if (Session* found = find(session)) found->timer = {};
  take(session, [](EngineSession&, EngineEffects&) {});
}

// A timer that is early stays: it looks and sets the next one. Most deadlines move away before they come.
void EngineServer::arm(Session& session) {
  if (session.engine.is_finished()) return;
  const TimePoint deadline = session.engine.next_deadline();
  if (session.timer.serial != 0 && session.timer.due <= deadline) return;
  loop_.cancel(session.timer);
  session.timer = loop_.start_timer(deadline - loop_.now(), [this, id = session.id] { on_timer(id); });
}

void EngineServer::settle_soon() {
  if (!std::exchange(is_settling_soon_, true)) loop_.post([this] { settle(); });
}

void EngineServer::settle() {
  is_settling_soon_ = false;
  tell_application();
  for (const SessionId id : std::exchange(unsettled_, {})) {
    Session* session = find(id);
    if (!session) continue;
    session->is_unsettled = false;
    EngineEffects effects;
    session->engine.flush(effects);
    for (EngineEffect& effect : effects) run_one(*session, effect);
    if (session->engine.is_finished()) forget(id);
  }
}

// In the order in which it came, and never from within a call that the application makes.
void EngineServer::tell_application() {
  if (std::exchange(is_telling_, true)) return;
  while (!upcalls_.empty()) {
    Upcall upcall = std::move(upcalls_.front());
    upcalls_.pop_front();
    Session* session = find(upcall.session);
    if (!session || session->is_ended) continue;
    if (auto* received = std::get_if<Received>(&upcall.what)) {
      application_.on_message(upcall.session, received->data, received->is_binary);
    } else if (std::holds_alternative<Alive>(upcall.what)) {
      application_.on_alive(upcall.session);
    } else {
      session->is_ended = true;
      application_.on_end(upcall.session, std::get<Ended>(upcall.what).reason);
    }
  }
  is_telling_ = false;
}

void EngineServer::forget(SessionId id) {
  const auto session = sessions_.find(id);
  loop_.cancel(session->second->timer);
  by_sid_.erase(session->second->engine.sid());
  sessions_.erase(session);
}

}  // namespace signaling::socketio
