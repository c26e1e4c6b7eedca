#include "signaling/protocol/field_reader.h"

#include <utility>

namespace signaling::protocol {

void FieldReader::refuse(std::string_view key, std::string why) {
  if (!failure_) failure_ = bad_field(std::string(key), std::move(why));
}

std::string FieldReader::text(std::string_view key) {
  auto value = optional_text(key);
  if (!value) refuse(key, "is needed");
  return value ? std::move(*value) : std::string();
}

std::optional<std::string> FieldReader::optional_text(std::string_view key) {
  const auto slice = members_.value(key);
  if (!slice) return std::nullopt;
  auto value = json_string(*slice);
  if (!value) refuse(key, "must be a string");
  return value;
}

std::string FieldReader::id(std::string_view key) {
  auto value = optional_id(key);
  if (!value || value->empty()) refuse(key, "is needed");
  return value ? std::move(*value) : std::string();
}

std::optional<std::string> FieldReader::optional_id(std::string_view key) {
  const auto slice = members_.value(key);
  if (!slice) return std::nullopt;
  if (json_integer(*slice)) return std::string(*slice);
  auto value = json_string(*slice);
  if (!value) refuse(key, "must be a string or a number");
  if (value && value->size() > 128) refuse(key, "is too long");
  return value;
}

bool FieldReader::flag(std::string_view key) {
  const auto value = optional_flag(key);
  if (!value) refuse(key, "is needed");
  return value.value_or(false);
}

std::optional<bool> FieldReader::optional_flag(std::string_view key) {
  const auto slice = members_.value(key);
  if (!slice) return std::nullopt;
  const auto value = json_bool(*slice);
  if (!value) refuse(key, "must be true or false");
  return value;
}

std::optional<std::int64_t> FieldReader::optional_integer(std::string_view key) {
  const auto slice = members_.value(key);
  if (!slice) return std::nullopt;
  const auto value = json_integer(*slice);
  if (!value) refuse(key, "must be an integer");
  return value;
}

std::string_view FieldReader::raw(std::string_view key) {
  const auto slice = members_.find(key);
  if (!slice) refuse(key, "is needed");
  return slice.value_or("null");
}

std::optional<JsonMembers> FieldReader::optional_object(std::string_view key) {
  const auto slice = members_.value(key);
  if (!slice) return std::nullopt;
  auto object = JsonMembers::parse(*slice);
  if (!object) {
    refuse(key, "must be an object");
    return std::nullopt;
  }
  return std::move(*object);
}

std::optional<std::string> FieldReader::optional_texts(std::string_view key, std::size_t most) {
  const auto object = optional_object(key);
  if (!object) return std::nullopt;
  for (std::size_t i = 0; i < object->size(); ++i)
    if (!object->value_at(i).starts_with('"')) refuse(key, "must hold texts alone");
  const std::string_view slice = *members_.value(key);
  if (slice.size() > most) refuse(key, "is too large");
  return std::string(slice);
}

}  // namespace signaling::protocol
