// Value: a neutral tree, from which both the YAML of --print-config and the JSON of /v1/config are made.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace turnd::config {

class Value;
using List = std::vector<Value>;
using Map = std::vector<std::pair<std::string, Value>>;  // in the order of the documentation

class Value {
 public:
  using Variant = std::variant<std::nullptr_t, bool, std::int64_t, std::string, List, Map>;

  Value() = default;
  Value(bool value) : variant_(value) {}
  Value(std::int64_t value) : variant_(value) {}
  Value(std::string value) : variant_(std::move(value)) {}
  Value(std::string_view value) : variant_(std::string(value)) {}
  Value(const char* value) : variant_(std::string(value)) {}
  Value(List value) : variant_(std::move(value)) {}
  Value(Map value) : variant_(std::move(value)) {}

  [[nodiscard]] const Variant& variant() const { return variant_; }
  // The member at a dotted path; null when there is none.
  [[nodiscard]] const Value* find(std::string_view path) const;
  friend bool operator==(const Value&, const Value&) = default;

 private:
  Variant variant_;
};

template <class Items, class ToValue>
[[nodiscard]] Value list_of(const Items& items, const ToValue& to_value) {
  List list;
  for (const auto& item : items) list.emplace_back(to_value(item));
  return list;
}
[[nodiscard]] inline Value number(std::uint64_t count) { return static_cast<std::int64_t>(count); }

// Block style, one key a line, ready to be loaded again.
[[nodiscard]] std::string to_yaml(const Value& value);
// One line: for "from" and "to" of a change.
[[nodiscard]] std::string to_flow(const Value& value);

}  // namespace turnd::config
