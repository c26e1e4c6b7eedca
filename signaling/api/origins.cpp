#include "signaling/api/origins.h"

#include <algorithm>

#include "turnd/base/endpoint.h"

namespace signaling::api {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string_view without_scheme(std::string_view origin) {
  const std::size_t at = origin.find("://");
  return at == std::string_view::npos ? std::string_view() : origin.substr(at + 3);
}

// "example.org" of "example.org:8080", "[::1]" of "[::1]:8080".
std::string_view host_of(std::string_view authority) {
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket)) return authority;
  return authority.substr(0, colon);
}

bool is_address(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return turnd::base::IpAddress::parse(host).has_value();
}

}  // namespace

Origins::Origins(std::string public_url, std::vector<std::string> listed) : listed_(std::move(listed)) {
  public_url = lower(public_url);
  public_host_ = host_of(without_scheme(public_url));
  for (std::string& origin : listed_) origin = lower(origin);
  any_ = std::ranges::find(listed_, "*") != listed_.end();
  listed_.push_back(std::move(public_url));
}

OriginVerdict Origins::judge(const net::Request& request) const {
  const std::size_t named = request.fields.count("Origin");
  if (named != 1) return named == 0 ? OriginVerdict::none : OriginVerdict::foreign;
  const std::string origin = lower(request.fields.find("Origin"));
  if (origin != "*" && std::ranges::find(listed_, origin) != listed_.end()) return OriginVerdict::own;
  // The server's own pages, under a name that nobody else can point at this machine.
  const std::string_view authority = without_scheme(origin);
  const std::string_view host = host_of(authority);
  const bool is_here = !authority.empty() && authority == lower(request.fields.find("Host"));
  if (is_here && (is_address(host) || host == "localhost" || host == public_host_)) return OriginVerdict::own;
  return any_ && origin != "null" ? OriginVerdict::any : OriginVerdict::foreign;
}

}  // namespace signaling::api
