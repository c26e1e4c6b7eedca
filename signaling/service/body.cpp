#include "signaling/service/body.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace signaling::service {
namespace {

namespace json = boost::json;

constexpr std::string_view kWhiteSpace = " \t\r\n\f\v";

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

// max_participants as maxParticipants.
std::string camel_case(std::string_view name) {
  std::string out;
  bool raise = false;
  for (const char c : name) {
    if (c != '_') out += raise ? upper(c) : c;
    raise = c == '_';
  }
  return out;
}

std::string snake_case(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (is_upper(c)) out += '_';
    out += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

// Exact integers only: 3.0 and 1e3 count, 3.5 does not (R13: up to 2^53).
std::optional<std::int64_t> integer_of(const json::value& value) {
  constexpr std::int64_t kMost = std::int64_t{1} << 53;
  boost::system::error_code error;
  const auto number = value.to_number<std::int64_t>(error);
  if (error || number > kMost || number < -kMost) return std::nullopt;
  return number;
}

std::string range_text(std::int64_t min, std::int64_t max) {
  return "must be an integer from " + std::to_string(min) + " to " + std::to_string(max);
}

std::string why_wrong(std::size_t count, TextRule rule) {
  if (count < rule.min)
    return rule.min == 1 ? "must not be empty" : "must be at least " + std::to_string(rule.min) + " characters";
  if (rule.max != 0 && count > rule.max) return "must be at most " + std::to_string(rule.max) + " characters";
  return {};
}

}  // namespace

std::size_t characters_in(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // not a continuation byte
  return count;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kWhiteSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhiteSpace) - first + 1);
}

const json::value* Body::find(std::string_view name) const {
  if (const json::value* own = members_.if_contains(name)) return own;
  if (const json::value* camel = members_.if_contains(camel_case(name))) return camel;
  return members_.if_contains(snake_case(name));
}

const json::value* Body::present(std::string_view name) const {
  const json::value* found = find(name);
  return found && !found->is_null() ? found : nullptr;
}

bool Body::has(std::string_view name) const { return present(name) != nullptr; }

bool Body::is_null(std::string_view name) const {
  const json::value* found = find(name);
  return found && found->is_null();
}

std::optional<std::string> Body::text(std::string_view name, TextRule rule) {
  const json::value* found = present(name);
  if (!found) return std::nullopt;
  if (!found->is_string()) {
    fault(name, "must be a string");
    return std::nullopt;
  }
  const std::string_view all = found->get_string();
  const std::string_view used = rule.trim ? trimmed(all) : all;
  std::string why =
      used.find('\0') != std::string_view::npos ? "must not contain NUL" : why_wrong(characters_in(used), rule);
  if (!why.empty()) {
    fault(name, std::move(why));
    return std::nullopt;
  }
  return std::string(used);
}

std::optional<std::string> Body::required_text(std::string_view name, TextRule rule) {
  if (!has(name)) fault(name, "is required");
  return text(name, rule);
}

std::optional<std::int64_t> Body::integer(std::string_view name, std::int64_t min, std::int64_t max) {
  const json::value* found = present(name);
  if (!found) return std::nullopt;
  const auto number = integer_of(*found);
  if (number && *number >= min && *number <= max) return number;
  fault(name, range_text(min, max));
  return std::nullopt;
}

std::optional<bool> Body::flag(std::string_view name) {
  const json::value* found = present(name);
  if (!found) return std::nullopt;
  if (found->is_bool()) return found->get_bool();
  fault(name, "must be true or false");
  return std::nullopt;
}

std::optional<std::vector<std::string>> Body::texts(std::string_view name, std::size_t most) {
  const json::value* found = present(name);
  if (!found) return std::nullopt;
  const json::array* list = found->if_array();
  std::vector<std::string> all;
  for (std::size_t i = 0; list && i < list->size() && (*list)[i].is_string(); ++i)
    all.emplace_back((*list)[i].get_string());
  if (list && all.size() == list->size() && all.size() <= most) return all;
  fault(name, "must be a list of at most " + std::to_string(most) + " strings");
  return std::nullopt;
}

std::optional<std::vector<std::int64_t>> Body::integers(std::string_view name, std::size_t most) {
  const json::value* found = present(name);
  if (!found) return std::nullopt;
  const json::array* list = found->if_array();
  std::vector<std::int64_t> all;
  for (std::size_t i = 0; list && i < list->size(); ++i)
    if (const auto number = integer_of((*list)[i])) all.push_back(*number);
  if (list && all.size() == list->size() && all.size() <= most) return all;
  fault(name, "must be a list of at most " + std::to_string(most) + " integers");
  return std::nullopt;
}

void Body::fault(std::string_view name, std::string why) { faults_[std::string(name)].push_back(std::move(why)); }

protocol::Failure Body::failure() const {
  const auto& [name, first] = *faults_.begin();
  auto made = protocol::failure(protocol::ErrorCode::bad_request, name + " " + first.front());
  made.errors = faults_;
  return made;
}

}  // namespace signaling::service
