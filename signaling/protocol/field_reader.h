// FieldReader: takes typed members out of a JSON object; the first one that does not fit is remembered.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "signaling/protocol/failure.h"
#include "signaling/protocol/json_members.h"

namespace signaling::protocol {

// An absent optional member, and a null, is "none". After a failure the values mean nothing.
class FieldReader {
 public:
  explicit FieldReader(const JsonMembers& members) : members_(members) {}

  [[nodiscard]] std::string text(std::string_view key);  // required
  [[nodiscard]] std::optional<std::string> optional_text(std::string_view key);
  [[nodiscard]] std::string text_or_empty(std::string_view key) { return optional_text(key).value_or(""); }
  // An id: a string, or a number, which becomes its digits (G7).
  [[nodiscard]] std::string id(std::string_view key);  // required, not empty
  [[nodiscard]] std::optional<std::string> optional_id(std::string_view key);
  [[nodiscard]] std::string id_or_empty(std::string_view key) { return optional_id(key).value_or(""); }
  [[nodiscard]] bool flag(std::string_view key);  // required
  [[nodiscard]] bool flag_or(std::string_view key, bool otherwise) { return optional_flag(key).value_or(otherwise); }
  [[nodiscard]] std::optional<bool> optional_flag(std::string_view key);
  [[nodiscard]] std::optional<std::int64_t> optional_integer(std::string_view key);
  [[nodiscard]] std::string_view raw(std::string_view key);  // required; may be null
  [[nodiscard]] std::string_view raw_or_empty(std::string_view key) const { return members_.find(key).value_or(""); }
  [[nodiscard]] std::optional<JsonMembers> optional_object(std::string_view key);
  // An object whose values are texts, as it stands, in `most` bytes.
  [[nodiscard]] std::optional<std::string> optional_texts(std::string_view key, std::size_t most);

  void refuse(std::string_view key, std::string why);
  [[nodiscard]] bool ok() const { return !failure_; }
  [[nodiscard]] const std::optional<Failure>& problem() const { return failure_; }

 private:
  const JsonMembers& members_;
  std::optional<Failure> failure_;
};

}  // namespace signaling::protocol
