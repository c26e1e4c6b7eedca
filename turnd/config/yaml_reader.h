// YamlReader: walks a YAML tree by the keys it should have, and collects everything that is wrong with it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "turnd/config/problems.h"
#include "turnd/config/units.h"

namespace turnd::config {

// A value that is present, with its place.
struct Field {
  YAML::Node node;
  std::string path;  // "limits.lifetime", "peers.allow[2]"
  int line = 0;

  [[nodiscard]] bool is_scalar() const { return node.IsScalar(); }
  [[nodiscard]] std::string text() const { return node.IsScalar() ? node.Scalar() : std::string(); }
  [[nodiscard]] std::string shown() const;  // as a problem shows it
};

// Gathers problems; one for the whole file.
class Problems {
 public:
  void add(const Field& field, std::string problem, std::string remedy);
  // The value is a secret: it is shown as ***.
  void add_secret(const Field& field, std::string problem, std::string remedy);
  void add_at(int line, std::string key, std::string problem, std::string remedy);
  [[nodiscard]] const std::vector<Problem>& all() const { return all_; }
  [[nodiscard]] std::vector<Problem> take();  // ordered by line

 private:
  std::vector<Problem> all_;
};

// The lines in which the members of a list first stand (operations.md D38).
class FirstLines {
 public:
  // False when it stood before: a problem.
  bool is_new(const std::string& member, const Field& field, Problems& problems, std::string remedy);

 private:
  std::map<std::string, int> lines_;
};

// One map of the file. Every key that is asked for is known; `finish` reports the others and duplicates.
class MapReader {
 public:
  MapReader(const YAML::Node& node, std::string path, Problems& problems);

  // The value of a key; nullopt when it is absent or empty.
  [[nodiscard]] std::optional<Field> find(std::string_view key);
  // A nested map; an empty one when absent.
  [[nodiscard]] MapReader map(std::string_view key);
  // Items of a list; empty when absent. A scalar in place of a list is a problem.
  [[nodiscard]] std::vector<Field> list(std::string_view key);
  // For maps whose keys are names (users, external).
  [[nodiscard]] std::vector<std::pair<Field, Field>> entries();
  void finish();

  [[nodiscard]] Problems& problems() { return problems_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  [[nodiscard]] std::string child(std::string_view key) const;
  [[nodiscard]] Field field_of(const YAML::Node& node, std::string path);
  void report_unknown(const std::string& key, int line);

  YAML::Node node_;
  std::string path_;
  Problems& problems_;
  std::vector<std::string> known_;
};

// Scalars. Each reports what does not fit and then leaves `into` as it was.
void read_text(MapReader& from, std::string_view key, std::string& into);
void read_flag(MapReader& from, std::string_view key, bool& into);
struct Bounds {
  std::int64_t low;
  std::int64_t high;
};
[[nodiscard]] std::optional<std::int64_t> read_integer(const Field& field, const Bounds& bounds, Problems& problems);
void read_count(MapReader& from, std::string_view key, const Bounds& bounds, std::uint32_t& into);
struct DurationBounds {
  std::chrono::milliseconds low;
  std::chrono::milliseconds high;
};
void read_rate(MapReader& from, std::string_view key, Rate& into);
void read_duration(MapReader& from, std::string_view key, const DurationBounds& bounds,
                   std::chrono::milliseconds& into);

}  // namespace turnd::config
