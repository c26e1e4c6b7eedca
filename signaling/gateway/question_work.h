// How ServiceQuestions runs a job: in a transaction, effects after the commit, failures of storage as answers.
#pragma once

#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "signaling/gateway/service_questions.h"

namespace signaling::gateway {

[[nodiscard]] inline protocol::Failure storage_failure(const store::StorageError& error) {
  const bool later =
      error.kind() == store::StorageErrorKind::overloaded || error.kind() == store::StorageErrorKind::unavailable;
  return protocol::failure(later ? protocol::ErrorCode::unavailable : protocol::ErrorCode::internal);
}

// What the hub asked for it tells people by itself: the services' word of it would be the second one. What becomes of
// others when somebody joins it learns from them alone: whose request is open no more, who stood in for the host (M28).
// And who was thrown out loses his relays too, which are none of the hub's.
template <class Q>
bool is_news([[maybe_unused]] const service::MeetingChange& change) {
  if constexpr (std::is_same_v<Q, room::JoinMeeting>)
    return std::holds_alternative<service::RoleChanged>(change.what) ||
           std::holds_alternative<service::RequestHandled>(change.what);
  else
    return std::is_same_v<Q, room::ModerateMeeting> && std::holds_alternative<service::ParticipantGone>(change.what);
}

// Whether a reaction changed anything only the service knows, so that it tells of it.
template <class Q>
constexpr bool kServiceTells = std::is_same_v<Q, room::ReactChat>;

template <class Q>
void forget_own(service::Effects& effects) {
  if constexpr (!kServiceTells<Q>) effects.chat.clear();
  std::erase_if(effects.meetings, [](const service::MeetingChange& change) { return !is_news<Q>(change); });
}

// What a job leaves: the answer, and what is to happen when it is stored.
template <class Q>
struct Worked {
  protocol::Outcome<typename Q::Answer> answer;
  service::Effects effects;
};

template <class Q, class Job>
auto as_work(Job job) {
  return [job = std::move(job)](store::Connection& db) {
    service::Effects effects;
    effects.asker_tells = !kServiceTells<Q>;
    auto answer = job(db, effects);
    forget_own<Q>(effects);
    return Worked<Q>{std::move(answer), std::move(effects)};
  };
}

// The answer goes first: who ended a meeting hears his `ok` before the end (G57).
template <class Q, class Job>
void ServiceQuestions::write(room::Ticket ticket, Job job) {
  parts_.database.write(as_work<Q>(std::move(job)), [this, ticket](store::Stored<Worked<Q>> worked) {
    using Answer = protocol::Outcome<typename Q::Answer>;
    if (!worked) return host_->post_answer(ticket, Answer(storage_failure(worked.error())));
    host_->post_answer(ticket, std::move(worked->answer));
    parts_.carry_out(std::move(worked->effects));
  });
}

template <class Q, class Job>
void ServiceQuestions::read(room::Ticket ticket, Job job) {
  parts_.database.read(std::move(job), [this, ticket](store::Stored<protocol::Outcome<typename Q::Answer>> answer) {
    using Answer = protocol::Outcome<typename Q::Answer>;
    host_->post_answer(ticket, answer ? std::move(*answer) : Answer(storage_failure(answer.error())));
  });
}

template <class Job>
void ServiceQuestions::tell(Job job) {
  parts_.database.write(
      [job = std::move(job)](store::Connection& db) {
        service::Effects effects;
        effects.asker_tells = true;
        job(db, effects);
        forget_own<void>(effects);
        return effects;
      },
      [this](store::Stored<service::Effects> effects) {
        if (effects) parts_.carry_out(std::move(*effects));
      });
}

}  // namespace signaling::gateway
