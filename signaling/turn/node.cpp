#include "signaling/turn/node.h"

#include <algorithm>
#include <utility>

#include <boost/json/serialize.hpp>

#include "turnd/auth/rest_credential.h"

namespace signaling::turn {
namespace {

// turnd names its TURN URIs; each of its plain listeners answers STUN too.
std::vector<std::string> with_stun(std::vector<std::string> uris) {
  if (std::ranges::any_of(uris, is_stun_uri)) return uris;
  const auto found = std::ranges::find_if(uris, [](const std::string& uri) {
    return uri.starts_with("turn:") && uri.find("transport=tcp") == std::string::npos;
  });
  if (found == uris.end()) return uris;
  std::string stun = "stun:" + found->substr(5, found->find('?') - 5);
  uris.insert(uris.begin(), std::move(stun));
  return uris;
}

}  // namespace

Node::Node(const boost::asio::any_io_executor& executor, const NodeSettings& settings, const PoolSettings& pool)
    : settings_(settings),
      retry_{pool.first_retry, pool.last_retry},
      executor_(executor),
      control_(executor, settings.control, pool.patience) {}

void Node::start(OnEvent on_event, OnChange on_change) {
  on_change_ = std::move(on_change);
  if (!has_control()) return;
  const auto poll_again = [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->poll([] {});
  };
  events_ = std::make_unique<EventStream>(executor_, settings_.control, retry_,
                                          EventStream::Callbacks{std::move(on_event), poll_again, poll_again});
  events_->start();
}

void Node::stop() {
  is_stopped_ = true;
  if (events_) events_->stop();
}

void Node::poll(std::function<void()> done) {
  if (!has_control()) return done();
  control_.send({"GET", "/v1/status", {}}, [self = shared_from_this(), done = std::move(done)](ControlOutcome outcome) {
    self->on_status(std::move(outcome));
    done();
  });
}

void Node::on_status(ControlOutcome outcome) {
  if (is_stopped_) return;
  // A busy machine is no reason to send everybody elsewhere: once, what the node said last holds.
  const bool is_late = !outcome && outcome.error() == ControlError::timed_out;
  if (!std::exchange(was_late_, is_late) && is_late && status_) return;
  if (outcome && outcome->ok())
    status_ = parse_node_status(outcome->body);
  else
    status_.reset();
  on_change_(*this);
}

std::vector<std::string> Node::uris() const {
  if (!settings_.uris.empty()) return settings_.uris;
  return status_ ? with_stun(status_->uris) : std::vector<std::string>{};
}

NodeOffer Node::sign(std::string_view user, turnd::base::WallTime now, std::vector<std::string> uris) const {
  if (settings_.secret.empty()) return {std::move(uris), {}, {}, settings_.ttl, std::nullopt};  // STUN alone
  const turnd::base::WallTime expires = std::chrono::floor<std::chrono::seconds>(now) + settings_.ttl;
  turnd::auth::RestCredential credential = turnd::auth::make_rest_credential(settings_.secret, user, expires);
  return {std::move(uris), std::move(credential.username), std::move(credential.password), settings_.ttl, expires};
}

void Node::offer(std::string_view user, turnd::base::WallTime now, std::function<void(std::optional<NodeOffer>)> done) {
  if (can_sign()) return done(sign(user, now, uris()));
  boost::json::object body{{"user", user}, {"ttl", settings_.ttl.count()}};
  control_.send({"POST", "/v1/credentials", boost::json::serialize(body)}, [self = shared_from_this(), now,
                                                                            done = std::move(done)](
                                                                               const ControlOutcome& outcome) {
    if (!outcome || !outcome->ok()) return done(std::nullopt);
    auto made = parse_node_credential(outcome->body);
    if (!made) return done(std::nullopt);
    const auto parsed = turnd::auth::parse_rest_username(made->username);
    const turnd::base::WallTime expires = parsed ? parsed->expires : now + self->settings_.ttl;
    done(NodeOffer{self->uris(), std::move(made->username), std::move(made->password), self->settings_.ttl, expires});
  });
}

}  // namespace signaling::turn
