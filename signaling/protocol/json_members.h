// JsonMembers: one JSON object as slices of its text: everything checked, nothing built.
//
// What is relayed (an offer, a candidate, a payload) goes on as the slice that came, so an SDP of 3 KB is looked at
// once.
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/protocol/json_text.h"
#include "turnd/base/result.h"

namespace signaling::protocol {

// Borrows the text that it was parsed from.
class JsonMembers {
 public:
  // `text` is well-formed UTF-8: who reads it from a socket has checked that. Of at most `depth` levels.
  [[nodiscard]] static turnd::base::Result<JsonMembers, JsonError> parse(std::string_view text,
                                                                         std::size_t depth = kMaxJsonDepth);

  // The value as it stands in the text; the last one of equal keys. nullopt when there is none.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view key) const;
  // The same; a `null` counts as absent.
  [[nodiscard]] std::optional<std::string_view> value(std::string_view key) const;
  // All of them, in the order of the text.
  [[nodiscard]] std::size_t size() const { return members_.size(); }
  [[nodiscard]] std::string_view key_at(std::size_t index) const { return members_[index].key; }
  [[nodiscard]] std::string_view value_at(std::size_t index) const { return members_[index].value; }

 private:
  struct Member {
    std::string_view key, value;
  };
  std::vector<Member> members_;
  std::list<std::string> decoded_keys_;  // of keys that were written with escapes; none costs nothing
};

// What a slice is. Each expects one complete, checked JSON value.
[[nodiscard]] bool is_json_object(std::string_view slice);
[[nodiscard]] std::optional<std::string> json_string(std::string_view slice);
[[nodiscard]] std::optional<std::int64_t> json_integer(
    std::string_view slice);  // of any size in 64 bits, without fraction
[[nodiscard]] std::optional<bool> json_bool(std::string_view slice);
// The elements of an array, as slices; nullopt when it is none.
[[nodiscard]] std::optional<std::vector<std::string_view>> json_elements(std::string_view slice);

}  // namespace signaling::protocol
