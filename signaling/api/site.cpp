#include "signaling/api/site.h"

#include <algorithm>
#include <array>
#include <utility>

#include "signaling/api/answers.h"
#include "signaling/protocol/failure.h"
#include "signaling/protocol/trace_context.h"
#include "turnd/base/hex.h"
#include "turnd/crypto/random.h"

namespace signaling::api {
namespace {

using protocol::ErrorCode;
using protocol::failure;

constexpr std::size_t kLongestRequestId = 64;
constexpr std::string_view kMethods = "GET, HEAD, POST, PUT, PATCH, DELETE";
constexpr std::string_view kAllowedFields =
    "Authorization, Content-Type, X-CSRF-Token, X-Api-Key, X-Request-Id, X-Request-Secret, traceparent, tracestate";

bool is_below(std::string_view path, std::string_view base) {
  return path.starts_with(base) && (path.size() == base.size() || path[base.size()] == '/');
}

// Where there is no page: R3, and the API documents, whose names begin alike.
bool is_machines_path(std::string_view path) {
  for (const std::string_view base : {"/api", "/ws", "/socket.io", "/engine.io", "/api-json", "/api-yaml"})
    if (is_below(path, base)) return true;
  return false;
}

bool reads(net::Method method) { return method == net::Method::get || method == net::Method::head; }

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= kLongestRequestId && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
}

ErrorCode code_of(unsigned status) {
  switch (status) {
    case 408:
      return ErrorCode::request_timeout;
    case 413:
      return ErrorCode::too_large;
    case 431:
      return ErrorCode::headers_too_large;
    case 500:
      return ErrorCode::internal;
    default:
      return ErrorCode::bad_request;
  }
}

std::string random_prefix() {
  std::array<std::uint8_t, 8> bytes{};
  turnd::crypto::system_random(bytes);
  return turnd::base::to_hex(bytes);
}

// What works on the request finds this in the field, whatever the caller put there.
void put_first(net::Fields& fields, std::string_view name, std::string_view value) {
  if (fields.count(name) == 0) return fields.add(name, value);
  net::Fields all;
  all.add(name, value);
  for (std::size_t i = 0; i < fields.size(); ++i) all.add(fields.at(i).first, fields.at(i).second);
  fields = std::move(all);
}

// As if the caller had begun this trace.
void begin_trace(net::Fields& fields, const std::string& trace_id) {
  put_first(fields, "traceparent", protocol::to_traceparent({trace_id, {}, false}, trace_id.substr(16)));
}

}  // namespace

Site::Site(SiteParts parts) : parts_(std::move(parts)), trace_prefix_(random_prefix()) {}

void Site::mount(std::string path, Reach reach, net::HttpHandler& handler) {
  mounts_.push_back({std::move(path), reach, &handler});
  std::ranges::sort(mounts_, [](const Mount& a, const Mount& b) { return a.path.size() > b.path.size(); });
}

const Site::Mount* Site::mounted(std::string_view path) const {
  for (const Mount& mount : mounts_) {
    if (!is_below(path, mount.path)) continue;
    if (mount.reach == Reach::below || path.size() <= mount.path.size() + 1) return &mount;
  }
  return nullptr;
}

// 64 random bits of the process and a number: no two requests have the same.
std::string Site::new_trace_id() {
  const std::uint64_t number = ++last_trace_;
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(number >> (56 - 8 * i));
  return trace_prefix_ + turnd::base::to_hex(bytes);
}

// Who sends no request id, or none that can be used, gets the id of the trace for one: his own, or a new one.
RequestFacts Site::facts_of(const net::Request& request) {
  const std::string_view sent = request.fields.find("X-Request-Id");
  const bool is_traced = request.fields.count("traceparent") == 1;
  const auto trace = is_traced ? protocol::parse_traceparent(request.fields.find("traceparent")) : std::nullopt;
  std::string trace_id = trace ? trace->trace_id : new_trace_id();
  return {.method = request.method,
          .route = "unmatched",
          .request_id = is_request_id(sent) ? std::string(sent) : trace_id,
          .origin = std::string(request.fields.find("Origin")),
          .verdict = parts_.origins.judge(request),
          .is_secure = request.is_secure,
          .received = request.received,
          .trace_id = std::move(trace_id),
          .is_traced = trace.has_value()};
}

net::BodyPlan Site::plan_body(const net::Request& head) {
  if (const Mount* mount = mounted(head.path())) return mount->handler->plan_body(head);
  const Router::Match match = parts_.router.find(head.method, head.path());
  net::BodyPlan plan{.max_bytes = parts_.max_body};
  if (match.route == nullptr) return plan;
  plan.max_bytes = match.route->options.max_body.value_or(parts_.max_body);
  plan.directory = match.route->options.upload_directory;
  return plan;
}

void Site::handle(net::Request request, std::shared_ptr<net::Exchange> exchange) {
  RequestFacts facts = facts_of(request);
  if (const Mount* mount = mounted(request.path())) {
    facts.route = mount->path;
    if (request.fields.find("X-Request-Id") != facts.request_id)
      put_first(request.fields, "X-Request-Id", facts.request_id);
    return mount->handler->handle(
        std::move(request), std::make_shared<FinishedExchange>(std::move(exchange), std::move(facts), parts_.witness));
  }
  route(std::move(request), std::move(facts), std::move(exchange));
}

void Site::route(net::Request request, RequestFacts facts, std::shared_ptr<net::Exchange> exchange) {
  Router::Match match = parts_.router.find(request.method, request.path());
  if (!match.path_template.empty()) facts.route = match.path_template;
  const auto answer = [&](net::Response response) {
    FinishedExchange(std::move(exchange), std::move(facts), parts_.witness).answer(std::move(response));
  };
  if (request.method == net::Method::options) return answer(options(request, match, facts));
  const bool is_forged = facts.verdict == OriginVerdict::foreign || facts.verdict == OriginVerdict::any;
  if (is_forged && !reads(request.method) && !request.fields.find("Cookie").empty())
    return answer(
        failure_response(failure(ErrorCode::forbidden, "This origin may not use cookies here"), facts.request_id));
  if (match.route == nullptr) {
    net::Response response = other(request, match, facts);
    return answer(std::move(response));
  }
  std::string request_id = facts.request_id;
  if (!facts.is_traced) begin_trace(request.fields, facts.trace_id);
  auto finished = std::make_shared<FinishedExchange>(std::move(exchange), std::move(facts), parts_.witness);
  const auto call = std::make_shared<Call>(parts_.around, std::move(request), std::move(finished),
                                           std::move(match.parameters), std::move(request_id));
  call->run(*match.route);
}

// A page, a file, or what there is to say about a path and a method that do not go together.
net::Response Site::other(const net::Request& request, const Router::Match& match, RequestFacts& facts) const {
  const std::string_view path = request.path();
  if (!is_machines_path(path) && reads(request.method)) {
    if (auto file = parts_.files.find(request, path)) {
      facts.route = "static";
      return std::move(*file);
    }
    return failure_response(failure(ErrorCode::not_found), facts.request_id);
  }
  if (match.path_template.empty()) return failure_response(failure(ErrorCode::not_found), facts.request_id);
  net::Response response = failure_response(failure(ErrorCode::method_not_allowed), facts.request_id);
  response.fields.emplace_back("Allow", allow_field(match.methods));
  return response;
}

// S1, R4
net::Response Site::options(const net::Request& request, const Router::Match& match, const RequestFacts& facts) const {
  net::Response response;
  response.status = 204;
  if (facts.verdict == OriginVerdict::none) {
    if (match.path_template.empty() && is_machines_path(request.path()))
      return failure_response(failure(ErrorCode::not_found), facts.request_id);
    response.fields.emplace_back("Allow",
                                 match.path_template.empty() ? "GET, HEAD, OPTIONS" : allow_field(match.methods));
    return response;
  }
  if (facts.verdict == OriginVerdict::foreign) return response;
  response.fields.emplace_back("Access-Control-Allow-Methods", kMethods);
  response.fields.emplace_back("Access-Control-Allow-Headers", kAllowedFields);
  response.fields.emplace_back("Access-Control-Max-Age", "600");
  return response;
}

net::Response Site::refuse(const net::Refusal& refusal, const net::Request& head) {
  RequestFacts facts = facts_of(head);
  net::Response response =
      failure_response(failure(code_of(refusal.status), std::string(refusal.why)), facts.request_id);
  finish(response, facts);
  tell(parts_.witness, facts, response.status, std::chrono::nanoseconds(0));
  return response;
}

}  // namespace signaling::api
