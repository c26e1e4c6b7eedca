#include "signaling/api/call.h"

#include <charconv>
#include <utility>

#include "signaling/api/answers.h"
#include "signaling/api/text_forms.h"
#include "signaling/protocol/json_text.h"
#include "signaling/protocol/trace_context.h"
#include "signaling/service/event_log.h"
#include "turnd/base/bytes.h"
#include "turnd/crypto/constant_time.h"

namespace signaling::api {
namespace {

using protocol::ErrorCode;
using protocol::failure;
using protocol::Failure;

constexpr std::int64_t kLargestId = std::int64_t{1} << 53;  // what a JSON number holds exactly

std::optional<std::int64_t> positive(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value < 1) return std::nullopt;
  return value;
}

bool is_unsafe(net::Method method) {
  return method != net::Method::get && method != net::Method::head && method != net::Method::options;
}

bool is_json_type(std::string_view type) {
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  constexpr std::string_view kJson = "application/json";
  if (type.size() != kJson.size()) return false;
  for (std::size_t i = 0; i < type.size(); ++i)
    if ((type[i] | 0x20) != kJson[i] && type[i] != kJson[i]) return false;
  return true;
}

Failure failure_of(const store::StorageError& error) {
  switch (error.kind()) {
    case store::StorageErrorKind::unavailable:
    case store::StorageErrorKind::overloaded:
      return failure(ErrorCode::unavailable);
    case store::StorageErrorKind::conflict:
      return failure(ErrorCode::conflict);
    case store::StorageErrorKind::corrupt:
    case store::StorageErrorKind::newer:
    case store::StorageErrorKind::refused:
    case store::StorageErrorKind::misuse:
      break;
  }
  return failure(ErrorCode::internal);
}

// Which request an event comes from; the event log keeps it beside the event's own data.
void name_trace(std::vector<service::Event>& events, const net::Request& request) {
  if (events.empty()) return;
  const auto trace = protocol::parse_traceparent(request.fields.find("traceparent"));
  if (!trace) return;
  for (service::Event& event : events) {
    event.data[service::kTraceMember] = trace->trace_id;
    if (trace->sampled) event.data[service::kSampledMember] = true;
  }
}

}  // namespace

Call::Call(const Surroundings& around, net::Request request, std::shared_ptr<net::Exchange> exchange,
           Parameters parameters, std::string request_id)
    : around_(around),
      request_(std::move(request)),
      exchange_(std::move(exchange)),
      parameters_(std::move(parameters)),
      request_id_(std::move(request_id)) {}

std::string_view Call::parameter(std::string_view name) const {
  for (const auto& [known, value] : parameters_)
    if (known == name) return value;
  return {};
}

std::optional<std::int64_t> Call::id(std::string_view name) const {
  const auto value = positive(parameter(name));
  return value && *value <= kLargestId ? value : std::nullopt;
}

std::optional<std::string> Call::query(std::string_view name) const {
  if (auto value = query_value(request_.query(), name)) return value;
  return query_value(request_.query(), other_spelling(name));
}

Outcome<std::int64_t> Call::number(std::string_view name, std::int64_t otherwise, std::int64_t most) const {
  const auto text = query(name);
  if (!text) return otherwise;
  const auto value = positive(*text);
  if (!value) return protocol::bad_field(std::string(name), "must be a positive whole number");
  return std::min(*value, most);
}

std::optional<std::string> Call::cookie(std::string_view name) const {
  return cookie_value(request_.fields.find("Cookie"), name);
}

bool Call::has_csrf_token() const {
  const auto expected = cookie("csrf");
  const std::string_view sent = request_.fields.find("X-CSRF-Token");
  return expected && !expected->empty() &&
         turnd::crypto::constant_time_equal(turnd::base::as_bytes(*expected), turnd::base::as_bytes(sent));
}

void Call::reply(Outcome<Reply> outcome) {
  if (!outcome) return exchange_->answer(failure_response(outcome.error(), request_id_));
  exchange_->answer(to_response(request_, std::move(*outcome)));
}

void Call::run(const Route& route) {
  if (auto refused = read_body(route)) return reply(std::move(*refused));
  auto shown = credentials(route);
  if (!shown) return reply(shown.error());
  authenticate(route, std::move(*shown));
}

// R10, R11
std::optional<Failure> Call::read_body(const Route& route) {
  if (route.options.body == Body::any || request_.body.empty()) return std::nullopt;
  if (!is_json_type(request_.fields.find("Content-Type")))
    return failure(ErrorCode::unsupported_media_type, "The body has to be application/json");
  auto parsed = protocol::parse_json_object(request_.body);
  if (!parsed) return failure(ErrorCode::bad_request, "The body " + std::string(protocol::to_string(parsed.error())));
  body_ = std::move(*parsed);
  request_.body.clear();
  return std::nullopt;
}

Outcome<Credentials> Call::credentials(const Route& route) const {
  const net::Fields& fields = request_.fields;
  if (route.access == Access::open) return Credentials{};
  if (route.access == Access::key) return Credentials{Credentials::Kind::key, std::string(fields.find("X-Api-Key"))};
  const std::string_view authorization = fields.find("Authorization");
  if (!authorization.empty()) {
    constexpr std::string_view kBearer = "bearer ";
    bool is_bearer = authorization.size() > kBearer.size();
    for (std::size_t i = 0; is_bearer && i < kBearer.size(); ++i)
      is_bearer = (authorization[i] | 0x20) == (kBearer[i] | 0x20);
    if (!is_bearer) return failure(ErrorCode::unauthenticated);
    return Credentials{Credentials::Kind::bearer, std::string(authorization.substr(kBearer.size()))};
  }
  auto token = cookie("access");
  if (!token || token->empty()) return Credentials{};
  if (is_unsafe(request_.method) && !has_csrf_token())
    return failure(ErrorCode::forbidden, "The X-CSRF-Token header is missing or does not fit the cookie");
  return Credentials{Credentials::Kind::cookie, std::move(*token)};
}

std::optional<Failure> Call::admit(Access access) const {
  switch (access) {
    case Access::open:
      return std::nullopt;
    case Access::guest:
      if (who_.is_account() || around_.guests_allowed()) return std::nullopt;
      break;
    case Access::person:
      if (who_.is_account() || who_.is_guest()) return std::nullopt;
      break;
    case Access::account:
      if (who_.is_account()) return std::nullopt;
      if (who_.is_guest()) return failure(ErrorCode::forbidden, "This needs an account");
      break;
    case Access::admin:
      if (who_.is_account() && who_.is_admin) return std::nullopt;
      if (who_.is_account() || who_.is_guest()) return failure(ErrorCode::forbidden);
      break;
    case Access::key:
      if (who_.kind == service::Identity::Kind::key) return std::nullopt;
      break;
  }
  return failure(ErrorCode::unauthenticated);
}

void Call::authenticate(const Route& route, Credentials shown) {
  if (shown.kind == Credentials::Kind::none || shown.text.empty()) {
    if (auto refused = admit(route.access)) return reply(std::move(*refused));
    return work(route);
  }
  // With a job, who asks is found out in the job's own transaction: one visit to a storage thread for both.
  if (route.job)
    return submit(route.transaction,
                  [&route, shown = std::move(shown)](Call& self, Context& context) -> Outcome<Reply> {
                    if (auto refused = self.identify(context.db, shown, route.access)) return std::move(*refused);
                    return route.job(context);
                  });
  around_.database.read([self = shared_from_this(), &route, shown = std::move(shown)](
                            store::Connection& db) { return self->identify(db, shown, route.access); },
                        [self = shared_from_this(), &route](const store::Stored<std::optional<Failure>>& stored) {
                          if (!stored) return self->reply(failure_of(stored.error()));
                          if (*stored) return self->reply(**stored);
                          self->around_.loop.post([self, &route] { route.direct(self); });
                        });
}

std::optional<Failure> Call::identify(store::Connection& db, const Credentials& shown, Access access) {
  auto identity = around_.identify(db, shown, around_.wall_clock());
  if (!identity) return identity.error();
  who_ = std::move(*identity);
  return admit(access);
}

void Call::work(const Route& route) {
  if (route.direct) return route.direct(shared_from_this());
  submit(route.transaction, [&route](Call&, Context& context) { return route.job(context); });
}

void Call::read(Job job) {
  submit(Transaction::read, [job = std::move(job)](Call&, Context& context) { return job(context); });
}

void Call::write(Job job) {
  submit(Transaction::write, [job = std::move(job)](Call&, Context& context) { return job(context); });
}

void Call::write_in_slices(Slice slice) {
  auto effects = std::make_shared<service::Effects>();
  auto job = [self = shared_from_this(), slice, effects](store::Connection& db) {
    *effects = {};
    Context context{db, self->who_, *self, self->around_.wall_clock(), *effects};
    return slice(context);
  };
  auto done = [self = shared_from_this(), slice, effects](store::Stored<Outcome<std::optional<Reply>>> stored) {
    if (!stored) return self->reply(failure_of(stored.error()));
    name_trace(effects->events, self->request_);
    self->around_.carry_out(std::move(*effects));
    Outcome<std::optional<Reply>>& outcome = *stored;
    if (!outcome) return self->reply(outcome.error());
    if (!*outcome) return self->write_in_slices(slice);
    self->reply(std::move(**outcome));
  };
  around_.database.write(std::move(job), std::move(done));
}

template <class Work>
void Call::submit(Transaction transaction, Work work) {
  auto effects = std::make_shared<service::Effects>();
  auto job = [self = shared_from_this(), work = std::move(work), effects](store::Connection& db) -> Outcome<Reply> {
    *effects = {};
    Context context{db, self->who_, *self, self->around_.wall_clock(), *effects};
    return work(*self, context);
  };
  auto done = [self = shared_from_this(), effects](store::Stored<Outcome<Reply>> stored) {
    if (!stored) return self->reply(failure_of(stored.error()));
    name_trace(effects->events, self->request_);
    self->around_.carry_out(std::move(*effects));
    self->reply(std::move(*stored));
  };
  if (transaction == Transaction::write)
    around_.database.write(std::move(job), std::move(done));
  else
    around_.database.read(std::move(job), std::move(done));
}

}  // namespace signaling::api
