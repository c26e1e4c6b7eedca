#include "turnd/config/load_config.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include <yaml-cpp/eventhandler.h>

#include "turnd/base/utf8.h"
#include "turnd/config/sections.h"
#include "turnd/config/yaml_reader.h"

namespace turnd::config {
namespace {

constexpr std::size_t kLargestFile = 1024 * 1024;

Loaded refused(Problem problem) {
  Loaded loaded;
  loaded.problems.push_back(std::move(problem));
  return loaded;
}

std::optional<int> line_that_is_no_utf8(std::string_view text) {
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    if (!base::is_utf8(text.substr(0, end))) return line;
    text.remove_prefix(end);
  }
  return std::nullopt;
}

// Notes where documents begin.
class DocumentStarts final : public YAML::EventHandler {
 public:
  [[nodiscard]] int last_line() const { return line_; }
  void OnDocumentStart(const YAML::Mark& mark) override { line_ = mark.line + 1; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

 private:
  int line_ = 0;
};

// YAML::Load reads one document and is silent about the rest; YAML::LoadAll never ends at a stray bracket.
std::optional<int> line_behind_first_document(std::string_view text) {
  std::istringstream stream{std::string(text)};
  YAML::Parser parser(stream);
  DocumentStarts starts;
  if (!parser.HandleNextDocument(starts) || !parser.HandleNextDocument(starts)) return std::nullopt;
  return starts.last_line();
}

void read_root(MapReader& root, Reading& reading) {
  read_text(root, "realm", reading.config.realm);
  if (reading.config.realm.size() > 127) {
    root.problems().add(*root.find("realm"), "is longer than 127 characters", "use a host or domain name");
  } else if (const auto realm = root.find("realm"); realm && realm->is_scalar() && reading.config.realm.empty()) {
    root.problems().add(*realm, "is empty", "use a host or domain name, or leave the key out");
  }
  read_listen(root, reading);
  read_relay(root, reading);
  read_tls(root, reading);
  read_auth(root, reading);
  read_peers(root, reading);
  read_limits(root, reading);
  read_operation(root, reading);
  read_later_features(root, reading);
  root.finish();
}

// The line of a dotted path; a key may hold dots itself. 0: it is not there.
int line_of(const YAML::Node& node, std::string_view path) {
  if (!node.IsMap()) return 0;
  for (const auto& entry : node) {
    if (!entry.first.IsScalar() || !path.starts_with(entry.first.Scalar())) continue;
    const std::string_view rest = path.substr(entry.first.Scalar().size());
    if (rest.empty()) return entry.first.Mark().line + 1;
    if (rest.front() != '.') continue;
    if (const int line = line_of(entry.second, rest.substr(1)); line != 0) return line;
  }
  return 0;
}

// Combinations that no single section sees.
void check_together(MapReader& root, Reading& reading) {
  // Without a good listener there is nothing to say; what is no list has been told.
  if (!reading.config.tls.certificate.empty() || reading.config.listen.empty()) return;
  const auto needs_tls = [](base::Transport transport) {
    return transport == base::Transport::tls || transport == base::Transport::dtls;
  };
  const auto items = root.list("listen");
  for (const Field& item : items)
    for (const net::Listen& listen : reading.config.listen)
      if (needs_tls(listen.transport) && net::to_string(listen) == item.text())
        root.problems().add(item, "needs a certificate", "set tls.certificate and tls.key, or take this line out");
}

}  // namespace

Loaded parse_config(std::string_view text, MaskedSecrets masked) {
  if (text.size() > kLargestFile) return refused({0, "", "", "the file is larger than 1 MiB", "is it turnd.yaml?"});
  if (const auto line = line_that_is_no_utf8(text))
    return refused({*line, "", "", "is no UTF-8", "save the file in UTF-8"});
  YAML::Node document;
  try {
    document.reset(YAML::Load(std::string(text)));
    if (const auto line = line_behind_first_document(text))
      return text.find("---") != std::string_view::npos
                 ? refused({*line, "", "", "a second YAML document begins", "take the line --- out"})
                 : refused({*line, "", "", "is no valid YAML: a stray ] or }", "take it out"});
  } catch (const YAML::ParserException& error) {
    const std::string remedy = text.find("[") == std::string_view::npos
                                   ? "check the indentation and the quotes near this line"
                                   : "inside [ ] put addresses in double quotes: [\"2001:db8::1\"]";
    return refused({error.mark.line + 1, "", "", "is no valid YAML: " + error.msg, remedy});
  } catch (const YAML::Exception& error) {
    return refused({error.mark.line + 1, "", "", "is no valid YAML: " + error.msg, "check this line"});
  }
  Loaded loaded;
  if (document.IsNull()) return loaded;  // an empty file is the defaults
  if (!document.IsMap()) return refused({1, "", "", "the file is no map of keys", "begin with \"realm: example.org\""});

  Problems problems;
  Reading reading{loaded.config, loaded.warnings, masked};
  MapReader root(document, "", problems);
  read_root(root, reading);
  check_together(root, reading);
  loaded.problems = problems.take();
  return loaded;
}

void add_lines(const std::string& path, std::vector<Problem>& problems) {
  YAML::Node document;
  try {
    document.reset(YAML::LoadFile(path));
  } catch (const YAML::Exception&) {
    return;  // changed since it was loaded: then no line would be right
  }
  for (Problem& problem : problems)
    if (problem.line == 0) problem.line = line_of(document, problem.key);
}

std::variant<Loaded, WorldError> load_config(const std::string& path, MaskedSecrets masked) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  // A directory opens and cannot be read: it must not pass for an empty file, which is the defaults. operator<< keeps the
  // exception of such a read to itself, an iterator would let it out.
  std::ostringstream text;
  text << file.rdbuf();
  std::error_code error;
  if (!file.is_open() || file.bad() || std::filesystem::is_directory(path, error))
    return WorldError{path, errno != 0 ? std::strerror(errno) : "it cannot be read",
                      "name an existing, readable file with --config"};
  return parse_config(text.view(), masked);
}

}  // namespace turnd::config
