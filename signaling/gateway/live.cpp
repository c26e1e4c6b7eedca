#include "signaling/gateway/live.h"

#include <utility>

#include "signaling/protocol/result_name.h"
#include "signaling/service/user.h"

namespace signaling::gateway {
namespace {

ServiceQuestions::Parts with_clock(ServiceQuestions::Parts services, const Live::Parts& parts) {
  services.now = [wall = parts.wall_clock] {
    return room::Now{room::TimePoint(net::Clock::now().time_since_epoch()), wall()};
  };
  return services;
}

}  // namespace

Live::Live(Parts parts, LiveSettings settings)
    : parts_(std::move(parts)),
      names_(parts_.services.names),
      questions_(with_clock(parts_.services, parts_)),
      host_(settings.hub, {parts_.loop, questions_, parts_.note, parts_.show_presences, parts_.show_seats,
                           parts_.wall_clock, parts_.random}),
      meter_(parts_.loop, parts_.relayed),
      endpoint_(
          {host_, parts_.addresses, parts_.judge_origin,
           [this](std::string token, Authenticated done) { authenticate(std::move(token), std::move(done)); }, meter_},
          settings.sockets),
      door_({parts_.loop, host_,
             [this](std::string token, Authenticated done) { authenticate(std::move(token), std::move(done)); },
             parts_.announce,
             [this](std::string name, HubDoor::Found done) { find_username(std::move(name), std::move(done)); },
             parts_.note}) {
  questions_.answer_to(host_);
}

void Live::authenticate(std::string token, Authenticated done) {
  using Who = protocol::Outcome<room::Person>;
  const auto back = [&loop = parts_.loop, done = std::move(done)](Who who) {
    loop.post([done, who = std::move(who)] { done(who); });
  };
  auto claims = parts_.tokens.verify(token, parts_.wall_clock());
  if (!claims) {
    questions_.count_authentication("socket", protocol::result_name(claims));
    return back(claims.error());
  }
  parts_.database.read(
      [this, claims = std::move(*claims)](store::Connection& db) {
        const auto identity = parts_.tokens.identify(db, claims);
        return identity ? Who(to_person(db, *identity)) : Who(identity.error());
      },
      [this, back](store::Stored<Who> who) {
        if (!who) return back(protocol::failure(protocol::ErrorCode::unavailable));
        questions_.count_authentication("socket", protocol::result_name(*who));
        back(std::move(*who));
      });
}

void Live::find_username(std::string name, HubDoor::Found done) {
  using Owner = std::int64_t;
  parts_.database.read([name = std::move(name)](
                           store::Connection& db) -> Owner { return service::owner_of_username(db, name).value_or(0); },
                       [&loop = parts_.loop, done = std::move(done)](store::Stored<Owner> owner) {
                         protocol::Outcome<Owner> found = protocol::failure(protocol::ErrorCode::unavailable);
                         if (owner) found = *owner;
                         loop.post([done, found = std::move(found)] { done(found); });
                       });
}

void Live::on_effects(const service::Effects& effects) {
  host_.post_notices(to_notices(effects, names_));
  if (auto gone = thrown_out(effects); !gone.empty()) end_relays(std::move(gone));
}

// A user's relays are all ended at once (security.md W-MODER), so that whoever was merely kicked keeps them as long as
// he needs them elsewhere. Behind the notices: what the hub still knows of him is elsewhere.
void Live::end_relays(std::vector<ThrownOut> thrown_out) {
  parts_.loop.post([this, thrown_out = std::move(thrown_out)] {
    for (const ThrownOut& each : thrown_out)
      if (each.is_banned || !host_.hub().is_in_room(each.person_id)) parts_.end_relays(each);
  });
}

void Live::set_settings(const LiveSettings& settings) {
  host_.set_settings(settings.hub);
  endpoint_.set_settings(settings.sockets);
}

}  // namespace signaling::gateway
