#include "turnd/config/yaml_reader.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "turnd/config/suggestion.h"

namespace turnd::config {
namespace {

int line_of(const YAML::Node& node) { return node.Mark().line + 1; }

constexpr std::size_t kLongestShown = 100;

bool is_number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && error == std::errc{} && end == text.data() + text.size();
}

// A secret or a password in the wrong form is one all the same ("users: { alice: hunter2 }").
bool may_hold_a_secret(std::string_view path) {
  const bool is_credential =
      path.starts_with("auth.secrets") || path.starts_with("auth.users") || path.starts_with("auth.tokens");
  return is_credential && !path.ends_with(".id") && !path.ends_with(".value_file");
}

}  // namespace

std::string Field::shown() const {
  if (node.IsNull()) return "null";
  if (node.IsSequence()) return "[list]";
  if (node.IsMap()) return "{map}";
  // What YAML reads as a number or a flag is shown bare, text in quotes.
  const std::string& text = node.Scalar();
  if (node.Tag() == "?" && (is_number(text) || text == "true" || text == "false")) return text;
  return "\"" + (text.size() > kLongestShown ? text.substr(0, kLongestShown) + "…" : text) + "\"";
}

void Problems::add(const Field& field, std::string problem, std::string remedy) {
  std::string shown = may_hold_a_secret(field.path) ? std::string("***") : field.shown();
  all_.push_back({field.line, field.path, std::move(shown), std::move(problem), std::move(remedy)});
}

void Problems::add_secret(const Field& field, std::string problem, std::string remedy) {
  all_.push_back({field.line, field.path, "***", std::move(problem), std::move(remedy)});
}

void Problems::add_at(int line, std::string key, std::string problem, std::string remedy) {
  Problem added{line, std::move(key), {}, std::move(problem), std::move(remedy)};
  if (std::ranges::find(all_, added) == all_.end()) all_.push_back(std::move(added));  // a value may be asked for twice
}

std::vector<Problem> Problems::take() {
  sort_by_line(all_);
  return std::exchange(all_, {});
}

bool FirstLines::is_new(const std::string& member, const Field& field, Problems& problems, std::string remedy) {
  const auto [first, is_new] = lines_.emplace(member, field.line);
  if (!is_new)
    problems.add(field, "stands here for the second time, first in line " + std::to_string(first->second),
                 std::move(remedy));
  return is_new;
}

MapReader::MapReader(const YAML::Node& node, std::string path, Problems& problems)
    : node_(node), path_(std::move(path)), problems_(problems) {
  if (!node_.IsDefined() || node_.IsNull() || node_.IsMap()) return;
  problems_.add({node_, path_, line_of(node_)}, "must be a map of keys", "write its keys below it, indented");
  node_.reset(YAML::Node());
}

std::string MapReader::child(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

// C's interfaces would take a text with a zero byte for a shorter one.
Field MapReader::field_of(const YAML::Node& node, std::string path) {
  Field field{node, std::move(path), line_of(node)};
  if (field.text().find('\0') == std::string::npos) return field;
  problems_.add_at(field.line, field.path, "holds a zero byte", "take it out: text ends before it");
  field.node.reset(YAML::Node());
  return field;
}

std::optional<Field> MapReader::find(std::string_view key) {
  if (std::ranges::find(known_, key) == known_.end()) known_.emplace_back(key);
  if (!node_.IsMap()) return std::nullopt;
  for (const auto& entry : node_)  // the first of duplicates; finish() reports the others
    if (entry.first.IsScalar() && entry.first.Scalar() == key) {
      Field field = field_of(entry.second, child(key));
      return field.node.IsNull() ? std::nullopt : std::optional(std::move(field));
    }
  return std::nullopt;
}

MapReader MapReader::map(std::string_view key) {
  const auto field = find(key);
  return {field ? field->node : YAML::Node(), child(key), problems_};
}

std::vector<Field> MapReader::list(std::string_view key) {
  std::vector<Field> items;
  const auto field = find(key);
  if (!field) return items;
  if (!field->node.IsSequence()) {
    problems_.add(*field, "must be a list", "put it in [ ], or one item a line after \"- \"");
    return items;
  }
  for (const YAML::Node& item : field->node)
    items.push_back(field_of(item, field->path + "[" + std::to_string(items.size()) + "]"));
  return items;
}

std::vector<std::pair<Field, Field>> MapReader::entries() {
  std::vector<std::pair<Field, Field>> all;
  if (!node_.IsMap()) return all;
  std::map<std::string, int> lines;
  for (const auto& entry : node_) {
    const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "?";
    const auto [first, is_new] = lines.emplace(key, line_of(entry.first));
    if (is_new)
      all.emplace_back(field_of(entry.first, child(key)), field_of(entry.second, child(key)));
    else
      problems_.add_at(line_of(entry.first), child(key),
                       "stands here for the second time, first in line " + std::to_string(first->second),
                       "take one of the two out");
  }
  return all;
}

void MapReader::finish() {
  for (const auto& [key, value] : entries())
    if (std::ranges::find(known_, key.text()) == known_.end()) report_unknown(key.text(), key.line);
}

void MapReader::report_unknown(const std::string& key, int line) {
  std::string remedy;
  if (const auto meant = suggestion(key, known_)) {
    remedy = "did you mean \"" + *meant + "\"?";
  } else {
    remedy = "keys here: ";
    for (std::size_t i = 0; i < known_.size(); ++i) remedy += (i == 0 ? "" : ", ") + known_[i];
  }
  problems_.add_at(line, child(key), "there is no such key", remedy);
}

void read_text(MapReader& from, std::string_view key, std::string& into) {
  const auto field = from.find(key);
  if (!field) return;
  if (field->is_scalar())
    into = field->text();
  else
    from.problems().add(*field, "must be text", "write it in double quotes");
}

void read_flag(MapReader& from, std::string_view key, bool& into) {
  const auto field = from.find(key);
  if (!field) return;
  const std::string text = field->text();
  if (text == "true" || text == "false")
    into = text == "true";
  else
    from.problems().add(*field, "must be true or false", "write true or false, without quotes");
}

std::optional<std::int64_t> read_integer(const Field& field, const Bounds& bounds, Problems& problems) {
  const std::string text = field.text();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = !text.empty() && error == std::errc{} && end == text.data() + text.size();
  if (is_number && value >= bounds.low && value <= bounds.high) return value;
  problems.add(field, is_number ? "is out of range" : "must be a whole number",
               "write " + std::to_string(bounds.low) + " to " + std::to_string(bounds.high));
  return std::nullopt;
}

void read_count(MapReader& from, std::string_view key, const Bounds& bounds, std::uint32_t& into) {
  const auto field = from.find(key);
  if (!field) return;
  if (const auto value = read_integer(*field, bounds, from.problems())) into = static_cast<std::uint32_t>(*value);
}

void read_rate(MapReader& from, std::string_view key, Rate& into) {
  const auto field = from.find(key);
  if (!field) return;
  if (const auto value = field->is_scalar() ? parse_rate(field->text()) : std::nullopt)
    into = *value;
  else
    from.problems().add(*field, "is no rate", "write a whole number with /s, /min or /h; 0 for no limit");
}

void read_duration(MapReader& from, std::string_view key, const DurationBounds& bounds,
                   std::chrono::milliseconds& into) {
  const auto field = from.find(key);
  if (!field) return;
  const auto value = field->is_scalar() ? parse_duration(field->text()) : std::nullopt;
  if (!value)
    from.problems().add(*field, "is no duration", "write a whole number with ms, s, m, h or d, such as 10m");
  else if (*value < bounds.low || *value > bounds.high)
    from.problems().add(*field, "is out of range",
                        "write " + duration_text(bounds.low) + " to " + duration_text(bounds.high));
  else
    into = *value;
}

}  // namespace turnd::config
