#include "turnd/config/value.h"

#include <yaml-cpp/emitter.h>

namespace turnd::config {
namespace {

class Writer {
 public:
  explicit Writer(YAML::Emitter& out) : out_(out) {}
  void operator()(std::nullptr_t) { out_ << YAML::Null; }
  void operator()(bool value) { out_ << value; }
  void operator()(std::int64_t value) { out_ << value; }
  // Always quoted: an address, a duration or a name never turns into another type.
  void operator()(const std::string& value) { out_ << YAML::DoubleQuoted << value; }
  void operator()(const List& list) {
    out_ << YAML::Flow << YAML::BeginSeq;
    for (const Value& item : list) std::visit(*this, item.variant());
    out_ << YAML::EndSeq;
  }
  void operator()(const Map& map) {
    out_ << YAML::BeginMap;
    for (const auto& [key, value] : map) {
      out_ << YAML::Key << key << YAML::Value;
      std::visit(*this, value.variant());
    }
    out_ << YAML::EndMap;
  }

 private:
  YAML::Emitter& out_;
};

}  // namespace

const Value* Value::find(std::string_view path) const {
  const auto* map = std::get_if<Map>(&variant_);
  if (!map) return nullptr;
  const std::size_t dot = path.find('.');
  for (const auto& [key, value] : *map)
    if (key == path.substr(0, dot)) return dot == std::string_view::npos ? &value : value.find(path.substr(dot + 1));
  return nullptr;
}

std::string to_yaml(const Value& value) {
  YAML::Emitter out;
  std::visit(Writer(out), value.variant());
  return std::string(out.c_str()) + "\n";
}

std::string to_flow(const Value& value) {
  YAML::Emitter out;
  out << YAML::Flow;
  out.SetMapFormat(YAML::Flow);
  std::visit(Writer(out), value.variant());
  std::string text = out.c_str();
  for (char& each : text)
    if (each == '\n') each = ' ';
  return text;
}

}  // namespace turnd::config
