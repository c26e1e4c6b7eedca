#include "signaling/api/finished_exchange.h"

#include <algorithm>
#include <utility>

#include "signaling/api/security_fields.h"

namespace signaling::api {
namespace {

constexpr std::string_view kExposed = "X-Request-Id, Retry-After, Content-Disposition, Content-Range, Accept-Ranges";

bool has_field(const net::Response& response, std::string_view name) {
  return std::ranges::any_of(response.fields, [&](const auto& field) { return field.first == name; });
}

}  // namespace

void finish(net::Response& response, const RequestFacts& facts) {
  auto& fields = response.fields;
  fields.emplace_back("X-Request-Id", facts.request_id);
  response.fixed_fields = security_fields(facts.is_secure ? Scheme::https : Scheme::http);
  // An answer that decided about origins itself keeps its decision.
  if (has_field(response, "Access-Control-Allow-Origin")) return;
  if (facts.verdict == OriginVerdict::own) {
    fields.emplace_back("Access-Control-Allow-Origin", facts.origin);
    fields.emplace_back("Access-Control-Allow-Credentials", "true");
    fields.emplace_back("Access-Control-Expose-Headers", kExposed);
  } else if (facts.verdict == OriginVerdict::any) {
    fields.emplace_back("Access-Control-Allow-Origin", "*");
    fields.emplace_back("Access-Control-Expose-Headers", kExposed);
  }
  if (facts.verdict != OriginVerdict::none && !has_field(response, "Vary")) fields.emplace_back("Vary", "Origin");
}

void tell(const Witness& witness, const RequestFacts& facts, unsigned status, std::chrono::nanoseconds took) {
  witness.metrics.count_request(facts.method, facts.route, status, took);
  if (witness.log) witness.log(facts, status, took);
}

void FinishedExchange::answer(net::Response response) {
  finish(response, facts_);
  tell(witness_, facts_, response.status, net::Clock::now() - facts_.received);
  inner_->answer(std::move(response));
}

void FinishedExchange::upgrade(net::Upgrade upgrade, std::unique_ptr<net::SocketEvents> events) {
  tell(witness_, facts_, 101, net::Clock::now() - facts_.received);
  inner_->upgrade(std::move(upgrade), std::move(events));
}

}  // namespace signaling::api
