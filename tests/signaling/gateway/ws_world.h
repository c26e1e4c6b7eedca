// WsWorld: signald's live part whole, over a real database and real sockets; and a native WebSocket client.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "signaling/gateway/live.h"
#include "signaling/gateway/translate.h"
#include "signaling/net/server.h"
#include "signaling/protocol/json_text.h"
#include "signaling/service/conversation.h"
#include "tests/signaling/gateway/ws_client.h"
#include "tests/signaling/net/running_server.h"
#include "turnd/crypto/random.h"

namespace signaling::gateway {

namespace json = boost::json;

class WsWorld : public ::testing::Test, public net::HttpHandler {
 protected:
  WsWorld()
      : directory_(make_directory()),
        database_({.path = directory_ + "/signald.db"}, store::main_schema()),
        tokens_(service::AccessTokens(*service::SigningKey::make(service::TokenAlgorithm::hs256,
                                                                 turnd::base::Secret(std::string(32, 'k'))),
                                      "http://localhost"),
                service::TokenSettings{}, turnd::crypto::system_random),
        guests_(tokens_),
        context_(service::MeetingRules{}, turnd::base::Secret(std::string(32, 'k')), turnd::crypto::system_random),
        meetings_(context_),
        waiting_room_(context_),
        messages_(service::ChatSettings{}),
        conversations_(service::ConversationSettings()),
        server_(std::make_unique<net::RunningServer>(*this)) {
    const std::int64_t lobby = stored([](store::Connection& db) { return service::ensure_lobby(db, wall()).id; });
    server_->on_loop([this, lobby] {
      live_ = std::make_unique<Live>(parts(lobby), LiveSettings{});
      return 0;
    });
  }
  ~WsWorld() override {
    server_->on_loop([this] {
      server_->server().drop_all();
      return 0;
    });
    // What the storage thread still does ends in the loop.
    stored([](store::Connection&) { return 0; });
    server_.reset();
    live_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  Live& live() { return *live_; }
  // How many guests may be made from one address; to begin with as many as come.
  void limit_new_guests(service::Rate rate) { new_guests_.set_rate(rate); }

  // From now on ICE servers that are asked for do not come, until they are let through.
  void hold_ice() {
    server_->on_loop([this] { return holds_ice_ = true; });
  }
  [[nodiscard]] bool is_asked_for_ice() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < deadline) {
      if (server_->on_loop([this] { return !held_ice_.empty(); })) return true;
      std::this_thread::yield();
    }
    return false;
  }
  void let_ice_through() {
    server_->on_loop([this] {
      holds_ice_ = false;
      for (const auto& come : std::exchange(held_ice_, {})) come();
      return 0;
    });
  }

  // Runs in a transaction; its result here.
  template <class Job>
  std::invoke_result_t<Job&, store::Connection&> stored(Job job) {
    using Value = std::invoke_result_t<Job&, store::Connection&>;
    auto result = std::make_shared<std::promise<Value>>();
    database_.write(std::move(job), [result](store::Stored<Value> value) {
      if (value)
        result->set_value(std::move(*value));
      else
        result->set_exception(std::make_exception_ptr(value.error()));
    });
    return result->get_future().get();
  }
  std::int64_t add_account(const std::string& name) {
    return stored([name](store::Connection& db) {
      return db.insert(
          "INSERT INTO users(username, name, email, created_at, updated_at) VALUES (?1, ?1, ?1 || "
          "'@example.org', 0, 0)",
          name);
    });
  }
  // An access token as a log-in would give it.
  std::string token_of(std::int64_t user_id) {
    return stored([this, user_id](store::Connection& db) {
      return tokens_.start(db, *service::find_user(db, user_id), {}, wall()).access_token;
    });
  }
  // The code of a new meeting of that account.
  std::string add_meeting(std::int64_t user_id, std::string_view body = "{}") {
    return stored([this, user_id, text = std::string(body)](store::Connection& db) {
      service::Effects effects;
      service::Identity who;
      who.kind = service::Identity::Kind::account;
      who.user_id = user_id;
      who.name = "host";
      const auto fields = service::parse_new_meeting(*protocol::parse_json_object(text), wall());
      return meetings_.create(db, who, *fields, now(), effects)->view.meeting.code;
    });
  }
  // The users of TURN whose relays were ended, by all that has been committed.
  std::vector<std::string> thrown_out() {
    stored([](store::Connection&) { return 0; });  // what follows the last commit is on its way
    return server_->on_loop([this] { return thrown_out_; });
  }
  static turnd::base::WallTime wall() { return std::chrono::system_clock::now(); }
  static turnd::base::Now now() {
    return {turnd::base::TimePoint(std::chrono::steady_clock::now().time_since_epoch()), wall()};
  }

 private:
  static std::string make_directory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ws_world_XXXXXX").string();
    return ::mkdtemp(pattern.data()) == nullptr ? std::string() : pattern;
  }
  Live::Parts parts(std::int64_t lobby) {
    const auto ice = [this](const std::string& user, const std::function<void(room::IceServers)>& done) {
      const auto come = [user, done] {
        done({R"([{"urls":"turn:turn.example","username":")" + user + "\"}]", 3600, wall() + std::chrono::hours(1)});
      };
      if (holds_ice_) return held_ice_.push_back(come);
      come();
    };
    const auto carry_out = [this](const service::Effects& effects) { live_->on_effects(effects); };
    return {.loop = server_->loop(),
            .addresses = addresses_,
            .database = database_,
            .tokens = tokens_,
            .services = {database_,
                         tokens_,
                         guests_,
                         meetings_,
                         waiting_room_,
                         host_actions_,
                         messages_,
                         conversations_,
                         recordings_,
                         ConversationNames(lobby),
                         ice,
                         carry_out,
                         {},
                         {},
                         {},
                         nullptr,
                         &new_guests_},
            .judge_origin =
                [](const net::Request& request) {
                  const std::string_view origin = request.fields.find("Origin");
                  return origin.empty()                 ? WsEndpoint::Origin::none
                         : origin == "http://localhost" ? WsEndpoint::Origin::own
                                                        : WsEndpoint::Origin::foreign;
                },
            .note = [](const room::Note&) {},
            .announce = [](const std::string&) {},
            .show_presences = [](const std::vector<room::Presence>&) {},
            .show_seats = [](const std::vector<room::SeatView>&) {},
            .end_relays = [this](const ThrownOut& who) { thrown_out_.push_back(who.relay_user); },
            .wall_clock = wall,
            .random = turnd::crypto::system_random};
  }
  net::BodyPlan plan_body(const net::Request& head) override { return live_->endpoint().plan_body(head); }
  void handle(net::Request request, std::shared_ptr<net::Exchange> exchange) override {
    live_->endpoint().handle(std::move(request), std::move(exchange));
  }
  net::Response refuse(const net::Refusal& refusal, const net::Request& head) override {
    return live_->endpoint().refuse(refusal, head);
  }

  std::vector<std::string> thrown_out_;  // of the loop
  std::string directory_;
  store::Database database_;
  service::Tokens tokens_;
  service::Guests guests_;
  service::MeetingContext context_;
  service::Meetings meetings_;
  service::WaitingRoom waiting_room_;
  service::HostActions host_actions_;
  service::Messages messages_;
  service::Conversations conversations_;
  service::Recordings recordings_{service::RecordingLimits{}};
  socketio::AddressLimit addresses_{100};
  service::RateLimiter new_guests_{service::Rate{}};
  bool holds_ice_ = false;  // of the loop, as those that are held
  std::vector<std::function<void()>> held_ice_;
  std::unique_ptr<Live> live_;
  std::unique_ptr<net::RunningServer> server_;
};

}  // namespace signaling::gateway
