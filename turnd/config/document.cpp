#include "turnd/config/document.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include <yaml-cpp/eventhandler.h>

#include "turnd/base/utf8.h"

namespace turnd::config {
namespace {

constexpr std::size_t kLargestFile = 1024 * 1024;

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

Document refused(Problem problem) { return {YAML::Node(), std::move(problem)}; }

}  // namespace

Document parse_document(std::string_view text, const DocumentKind& kind) {
  if (text.size() > kLargestFile)
    return refused({0, "", "", "the file is larger than 1 MiB", "is it " + kind.file + "?"});
  if (const auto line = line_that_is_no_utf8(text))
    return refused({*line, "", "", "is no UTF-8", "save the file in UTF-8"});
  Document document;
  try {
    document.root.reset(YAML::Load(std::string(text)));
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
  if (!document.root.IsNull() && !document.root.IsMap())
    return refused({1, "", "", "the file is no map of keys", "begin with \"" + kind.first_line + "\""});
  return document;
}

std::variant<std::string, WorldError> read_configuration_file(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  // A directory opens and cannot be read: it must not pass for an empty file, which is the defaults. operator<< keeps
  // the exception of such a read to itself, an iterator would let it out.
  std::ostringstream text;
  text << file.rdbuf();
  std::error_code error;
  if (!file.is_open() || file.bad() || std::filesystem::is_directory(path, error))
    return WorldError{path, errno != 0 ? std::strerror(errno) : "it cannot be read",
                      "name an existing, readable file with --config"};
  return text.str();
}

}  // namespace turnd::config
