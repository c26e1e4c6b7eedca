#include "turnd/control/requests.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "turnd/control/text.h"
#include "turnd/control/time_text.h"

namespace turnd::control {
namespace {

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::string> owned(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  return std::string(*text);
}

std::optional<base::Transport> parse_transport(std::string_view text) {
  for (const base::Transport transport : base::kTransports)
    if (to_string(transport) == text) return transport;
  return std::nullopt;
}

// "192.0.2.1", "192.0.2.1:3478", "2001:db8::1", "[2001:db8::1]" or "[2001:db8::1]:3478".
std::optional<PeerFilter> parse_peer(std::string_view text) {
  if (const auto endpoint = base::Endpoint::parse(text)) return PeerFilter(*endpoint);
  if (text.starts_with('[') && text.ends_with(']')) {
    const auto bracketed = base::IpAddress::parse(text.substr(1, text.size() - 2));
    if (!bracketed || !bracketed->is_v6()) return std::nullopt;
    return PeerFilter(*bracketed);
  }
  if (const auto address = base::IpAddress::parse(text)) return PeerFilter(*address);
  return std::nullopt;
}

Parsed<std::optional<base::WallTime>> read_time(const Parameters& query, std::string_view name) {
  const auto text = query.find(name);
  if (!text) return std::optional<base::WallTime>();
  const auto time = parse_time_or_unix(*text);
  if (!time) return bad_request("\"" + std::string(name) + "\" is neither an RFC 3339 time nor Unix seconds");
  return time;
}

}  // namespace

Parsed<Page> parse_page(const Parameters& query) {
  Page page;
  page.cursor = owned(query.find("cursor"));
  const auto limit = query.find("limit");
  if (!limit) return page;
  std::size_t count = 0;
  if (!is_digits(*limit)) return bad_request("\"limit\" is not an integer of at least 1");
  const auto [end, error] = std::from_chars(limit->data(), limit->data() + limit->size(), count);
  if (error == std::errc::result_out_of_range) count = Page::kMaxLimit;
  if (count < 1) return bad_request("\"limit\" is not an integer of at least 1");
  page.limit = std::min(count, Page::kMaxLimit);
  return page;
}

Parsed<ListSessions> parse_list_sessions(const Parameters& query) {
  const Parsed<Page> page = parse_page(query);
  if (!page) return page.error();
  ListSessions request{owned(query.find("user")), {}, {}, *page};
  if (const auto text = query.find("transport")) {
    request.transport = parse_transport(*text);
    if (!request.transport) return bad_request("\"transport\" is none of udp, tcp, tls and dtls");
  }
  if (const auto text = query.find("peer")) {
    request.peer = parse_peer(*text);
    if (!request.peer) return bad_request("\"peer\" is neither an IP address nor address:port");
  }
  return request;
}

Parsed<EndSessions> parse_end_sessions(const Parameters& query) {
  const auto user = query.find("user");
  if (!user || user->empty()) return bad_request("\"user\" is missing: the sessions of one user can be ended, not all");
  return EndSessions{std::string(*user)};
}

Parsed<ListUsage> parse_list_usage(const Parameters& query) {
  const Parsed<Page> page = parse_page(query);
  if (!page) return page.error();
  const auto since = read_time(query, "since");
  if (!since) return since.error();
  const auto until = read_time(query, "until");
  if (!until) return until.error();
  return ListUsage{owned(query.find("user")), *since, *until, *page};
}

Parsed<AskPolicy> parse_ask_policy(const Parameters& query) {
  const auto text = query.find("address");
  if (!text) return bad_request("\"address\" is missing: an IP address or address:port");
  const auto peer = parse_peer(*text);
  if (!peer) return bad_request("\"address\" is neither an IP address nor address:port: " + printable(*text));
  return AskPolicy{std::string(*text), *peer};
}

Parsed<Kill> parse_kill(const Parameters& query) {
  const auto text = query.find("kill");
  if (!text || *text == "false") return Kill::no;
  if (*text == "true") return Kill::yes;
  return bad_request("\"kill\" is neither true nor false");
}

}  // namespace turnd::control
