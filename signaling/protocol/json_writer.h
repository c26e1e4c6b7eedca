// JsonWriter: writes JSON into a string, member by member; the commas come by themselves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "signaling/protocol/time_text.h"

namespace signaling::protocol {

// Appends `text` in quotes. `text` is UTF-8.
void append_json_string(std::string& out, std::string_view text);

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);

  // A value after key(), or an element of an array.
  JsonWriter& text(std::string_view value);
  JsonWriter& integer(std::int64_t value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  JsonWriter& raw(std::string_view json);

  // A member of an object.
  JsonWriter& text(std::string_view name, std::string_view value) { return key(name).text(value); }
  JsonWriter& integer(std::string_view name, std::int64_t value) { return key(name).integer(value); }
  JsonWriter& boolean(std::string_view name, bool value) { return key(name).boolean(value); }
  JsonWriter& raw(std::string_view name, std::string_view json) { return key(name).raw(json); }
  JsonWriter& null(std::string_view name) { return key(name).null(); }
  JsonWriter& time(std::string_view name, WallTime value) { return text(name, time_text(value)); }
  // null when there is none
  JsonWriter& time(std::string_view name, std::optional<WallTime> value) {
    return value ? time(name, *value) : null(name);
  }
  JsonWriter& text_or_null(std::string_view name, std::string_view value) {
    return value.empty() ? null(name) : text(name, value);
  }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();

  std::string& out_;
};

}  // namespace signaling::protocol
