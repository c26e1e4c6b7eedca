#include "signaling/api/text_forms.h"

#include <algorithm>
#include <utility>

#include "turnd/base/percent.h"

namespace signaling::api {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

// The next item of a list with separators, which loses it.
std::string_view take_item(std::string_view& list, char separator) {
  const std::size_t end = std::min(list.find(separator), list.size());
  const std::string_view item = list.substr(0, end);
  list.remove_prefix(std::min(end + 1, list.size()));
  return item;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
  auto decoded = turnd::base::percent_decoded(text);
  return decoded && decoded->find('\0') == std::string::npos ? std::move(decoded) : std::nullopt;
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    std::string_view item = take_item(query, '&');
    const std::string_view key = take_item(item, '=');
    if (percent_decoded(key) != name) continue;
    std::string value(item);
    std::ranges::replace(value, '+', ' ');
    return percent_decoded(value);
  }
  return std::nullopt;
}

std::string other_spelling(std::string_view name) {
  std::string other;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (is_upper(name[i])) {
      other += '_';
      other += static_cast<char>(name[i] - 'A' + 'a');
    } else if (name[i] == '_' && i + 1 < name.size() && is_lower(name[i + 1])) {
      other += static_cast<char>(name[++i] - 'a' + 'A');
    } else {
      other += name[i];
    }
  }
  return other;
}

std::optional<std::string> cookie_value(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    std::string_view item = take_item(cookies, ';');
    while (item.starts_with(' ')) item.remove_prefix(1);
    if (take_item(item, '=') == name) return std::string(item);
  }
  return std::nullopt;
}

}  // namespace signaling::api
