// Questions about who somebody is, and about ICE servers.
#include <charconv>
#include <chrono>
#include <utility>

#include "signaling/gateway/question_work.h"
#include "signaling/protocol/result_name.h"
#include "signaling/service/user.h"

namespace signaling::gateway {

using protocol::Outcome;

void ServiceQuestions::run(room::Question question) {
  std::visit([&](auto& what) { ask(question.ticket, std::move(what)); }, question.what);
}

void ServiceQuestions::ask(room::Ticket ticket, room::AuthenticateToken question) {
  const room::Now now = parts_.now();
  // What is not signed by us costs no look into the database.
  auto claims = parts_.tokens.verify(question.token, now.wall);
  if (!claims) {
    count_authentication("socket", protocol::result_name(claims));
    return host_->post_answer(ticket, Outcome<room::Person>(claims.error()));
  }
  read<room::AuthenticateToken>(ticket, [this, claims = std::move(*claims)](store::Connection& db) {
    auto identity = parts_.tokens.identify(db, claims);
    count_authentication("socket", protocol::result_name(identity));
    return identity ? Outcome<room::Person>(to_person(db, *identity)) : Outcome<room::Person>(identity.error());
  });
}

Outcome<service::GuestSession> ServiceQuestions::let_in(store::Connection& db, const room::AuthenticateGuest& question,
                                                        const room::Now& now) const {
  service::GuestRequest request;
  request.name = question.name;
  if (!question.secret.empty()) request.secret = question.secret;
  const bool is_new = parts_.new_guests != nullptr && !parts_.guests.knows(db, request);
  if (is_new)
    if (const auto wait = parts_.new_guests->take(question.address, now.monotonic))
      return protocol::rate_limited(std::chrono::ceil<std::chrono::milliseconds>(*wait));
  auto session = parts_.guests.let_in(db, request, now.wall);
  if (!session && is_new) parts_.new_guests->give_back(question.address);
  return session;
}

void ServiceQuestions::ask(room::Ticket ticket, room::AuthenticateGuest question) {
  using Answer = Outcome<room::AuthenticateGuest::Answer>;
  write<room::AuthenticateGuest>(
      ticket, [this, question = std::move(question), now = parts_.now()](store::Connection& db, service::Effects&) {
        auto session = let_in(db, question, now);
        count_authentication("guest", protocol::result_name(session));
        if (!session) return Answer(session.error());
        service::Identity guest;
        guest.kind = service::Identity::Kind::guest;
        guest.guest_id = session->guest_id;
        guest.name = session->name;
        return Answer(room::AuthenticateGuest::Answer{to_person(guest), session->secret});
      });
}

void ServiceQuestions::ask(room::Ticket ticket, room::AskIceServers question) {
  const room::Person& person = question.person;
  if (question.is_request && parts_.credentials != nullptr) {
    if (const auto wait = parts_.credentials->take(to_identity(person).key(), parts_.now().monotonic)) {
      const auto later = protocol::rate_limited(std::chrono::ceil<std::chrono::milliseconds>(*wait));
      return host_->post_answer(ticket, Outcome<room::IceServers>(later));
    }
  }
  parts_.ice(relay_user(person), [this, ticket](room::IceServers ice) {
    host_->post_answer(ticket, Outcome<room::IceServers>(std::move(ice)));
  });
}

void ServiceQuestions::ask(room::Ticket ticket, room::FindAccount question) {
  read<room::FindAccount>(ticket, [name = std::move(question.id_or_username)](store::Connection& db) {
    std::int64_t id = 0;
    const auto number = std::from_chars(name.data(), name.data() + name.size(), id);
    const bool is_number = number.ec == std::errc() && number.ptr == name.data() + name.size();
    return Outcome<bool>((is_number && service::find_user(db, id)) || service::owner_of_username(db, name));
  });
}

}  // namespace signaling::gateway
