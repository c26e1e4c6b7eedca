// Body: the members of a request's JSON object, in either spelling, with what is wrong with them collected by field.
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/protocol/failure.h"

namespace signaling::service {

// Characters as Unicode counts them, not bytes.
[[nodiscard]] std::size_t characters_in(std::string_view text);
// Without the white space around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);

struct TextRule {
  std::size_t min = 0;  // characters
  std::size_t max = 0;  // 0: any number
  bool trim = true;     // before counting, and in what is returned
};

// Borrows the object. Members are named in the resource's own spelling; the other one (maxParticipants for
// max_participants and the reverse) is accepted and loses when both are there (R9). null is as good as absent, unless
// is_null() is asked. Every reader returns nothing for a member that is absent or wrong; wrong ones are kept for
// failure(), so that one answer names them all (R7).
class Body {
 public:
  explicit Body(const boost::json::object& members) : members_(members) {}

  [[nodiscard]] bool has(std::string_view name) const;      // and not null
  [[nodiscard]] bool is_null(std::string_view name) const;  // there, and null
  std::optional<std::string> text(std::string_view name, TextRule rule = {});
  std::optional<std::string> required_text(std::string_view name, TextRule rule = {});
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max);
  std::optional<bool> flag(std::string_view name);
  std::optional<std::vector<std::string>> texts(std::string_view name, std::size_t most);
  std::optional<std::vector<std::int64_t>> integers(std::string_view name, std::size_t most);

  void fault(std::string_view name, std::string why);
  [[nodiscard]] bool ok() const { return faults_.empty(); }
  // `bad_request` with every fault; only when there is one.
  [[nodiscard]] protocol::Failure failure() const;

 private:
  [[nodiscard]] const boost::json::value* find(std::string_view name) const;
  [[nodiscard]] const boost::json::value* present(std::string_view name) const;

  const boost::json::object& members_;
  std::map<std::string, std::vector<std::string>> faults_;
};

}  // namespace signaling::service
