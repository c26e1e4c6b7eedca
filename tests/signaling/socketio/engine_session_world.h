// The world of an Engine.IO session: its effects as short texts, its clock, its transports.
#pragma once

#include "signaling/socketio/engine_session.h"

#include <gtest/gtest.h>

namespace signaling::socketio {

using namespace std::chrono_literals;

inline constexpr TransportId kSocket{100}, kOther{101};

// Effects as short texts, in their order: "poll 1: 4hello".
struct Describe {
  std::string operator()(const AnswerPoll& e) const { return "poll " + number(e.to.value) + ": " + shown(e.payload); }
  std::string operator()(const AnswerPost& e) const { return "post " + number(e.to.value) + ": ok"; }
  std::string operator()(const AnswerFault& e) const {
    return "fault " + number(e.to.value) + ": " + number(static_cast<std::uint64_t>(e.fault));
  }
  std::string operator()(const SendFrame& e) const {
    return "frame " + number(e.to.value) + ": " + (e.frame.is_binary ? "binary " : "") + *e.frame.data;
  }
  std::string operator()(const CloseTransport& e) const { return "close " + number(e.which.value); }
  std::string operator()(const Received& e) const { return (e.is_binary ? "got binary " : "got ") + e.data; }
  std::string operator()(const Alive&) const { return "alive"; }
  std::string operator()(const Ended& e) const { return "ended " + std::string(to_string(e.reason)); }

  static std::string number(std::uint64_t value) { return std::to_string(value); }
  static std::string shown(std::string text) {
    for (char& c : text)
      if (c == '\x1e') c = '|';
    return text;
  }
};

class EngineSessionWorld : public testing::Test {
 protected:
  using Said = std::vector<std::string>;

  void open_by_polling() {
    session.open_by_polling(RequestId{1}, effects);
    effects.clear();
  }
  void open_by_websocket() {
    session.open_by_websocket(kSocket, effects);
    effects.clear();
  }
  void poll(std::uint64_t request) { session.on_poll(RequestId{request}, effects); }
  void post(std::uint64_t request, std::string_view body, std::string_view type = "text/plain;charset=UTF-8") {
    session.on_post(RequestId{request}, type, body, now, effects);
  }
  void text(TransportId socket, std::string_view text) { session.on_text(socket, text, now, effects); }
  void send(std::string text) { session.send({net::share(std::move(text)), false}, effects); }
  void advance(std::chrono::milliseconds by) {
    now += by;
    session.on_time(now, effects);
  }
  // Everything since the last call.
  Said said() {
    Said texts;
    for (const EngineEffect& effect : effects) texts.push_back(std::visit(Describe{}, effect));
    effects.clear();
    return texts;
  }

  EngineSettings settings{.ping_interval = 300ms, .ping_timeout = 200ms, .max_queue = 100};
  TimePoint now = TimePoint{} + 1h;
  EngineSession session{"abc", settings, now};
  EngineEffects effects;
};

}  // namespace signaling::socketio
