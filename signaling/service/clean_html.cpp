#include "signaling/service/clean_html.h"

#include <libxml/HTMLparser.h>
#include <libxml/xmlmemory.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>

#include "turnd/base/utf8.h"

namespace signaling::service {
namespace {

constexpr std::array<std::string_view, 24> kAllowed{"a",  "b",   "blockquote", "br", "code", "em",     "h1", "h2",
                                                    "h3", "h4",  "h5",         "h6", "i",    "img",    "li", "ol",
                                                    "p",  "pre", "s",          "u",  "ul",   "strong", "",   ""};
// Their content is no text for a reader.
constexpr std::array<std::string_view, 14> kDropped{"script",   "style",    "head",   "title", "iframe",
                                                    "object",   "embed",    "svg",    "math",  "noscript",
                                                    "template", "textarea", "select", "xmp"};

enum class Place : std::uint8_t { text, attribute };
std::string escaped(std::string_view text, Place place) {
  std::string made;
  made.reserve(text.size());
  for (const char each : text) {
    if (each == '&') {
      made += "&amp;";
    } else if (each == '<') {
      made += "&lt;";
    } else if (each == '>') {
      made += "&gt;";
    } else if (each == '"' && place == Place::attribute) {
      made += "&quot;";
    } else {
      made += each;
    }
  }
  return made;
}

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

std::string lower(std::string_view text) {
  std::string made(text);
  std::ranges::transform(made, made.begin(),
                         [](char each) { return each >= 'A' && each <= 'Z' ? static_cast<char>(each + 32) : each; });
  return made;
}

bool is_in(const auto& list, std::string_view name) {
  return !name.empty() && std::ranges::find(list, name) != list.end();
}

// Browsers skip white space before a URL and tabs and line ends inside it; what has such is no URL we pass on.
bool is_allowed_url(std::string_view url, bool is_image) {
  if (std::ranges::any_of(url, [](char each) { return static_cast<unsigned char>(each) <= ' ' || each == '\x7F'; }))
    return false;
  const std::string start = lower(url.substr(0, 8));
  if (start.starts_with("http://") || start.starts_with("https://")) return true;
  return !is_image && start.starts_with("mailto:");
}

std::string_view trimmed_url(std::string_view url) {
  constexpr std::string_view kSpace = " \t\r\n\f";
  const std::size_t first = url.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return url.substr(first, url.find_last_not_of(kSpace) - first + 1);
}

std::string attribute(const xmlNode* element, const char* name) {
  for (const xmlAttr* each = element->properties; each != nullptr; each = each->next) {
    if (lower(view(each->name)) != name) continue;
    xmlChar* const value = xmlNodeListGetString(each->doc, each->children, 1);
    std::string text(view(value));
    xmlFree(value);
    return text;
  }
  return {};
}

// Walks the tree without recursion, so that no nesting is too deep.
class Writer {
 public:
  explicit Writer(std::size_t most_depth) : most_depth_(most_depth) {}
  std::string write(const xmlNode* root) {
    const xmlNode* node = root;
    while (node != nullptr) {
      const bool goes_down = enter(node) && node->children != nullptr;
      if (goes_down) {
        node = node->children;
        continue;
      }
      leave(node);
      while (node != root && node->next == nullptr) {
        node = node->parent;
        leave(node);
      }
      node = node == root ? nullptr : node->next;
    }
    return std::move(out_);
  }

 private:
  // Whether its children are wanted.
  bool enter(const xmlNode* node) {
    if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
      out_ += escaped(view(node->content), Place::text);
      return false;
    }
    if (node->type == XML_DOCUMENT_NODE || node->type == XML_HTML_DOCUMENT_NODE) return true;
    if (node->type != XML_ELEMENT_NODE) return false;
    const std::string name = lower(view(node->name));
    if (is_in(kDropped, name)) return false;
    if (is_written(node, name)) open(node, name);
    ++depth_;
    return true;
  }
  void leave(const xmlNode* node) {
    if (node->type != XML_ELEMENT_NODE) return;
    const std::string name = lower(view(node->name));
    if (is_in(kDropped, name)) return;
    --depth_;
    if (is_written(node, name) && name != "br" && name != "img") out_ += "</" + name + '>';
  }
  [[nodiscard]] bool is_written(const xmlNode* node, const std::string& name) const {
    if (!is_in(kAllowed, name) || depth_ >= most_depth_) return false;
    return name != "img" || is_allowed_url(trimmed_url(attribute(node, "src")), true);
  }
  void open(const xmlNode* node, const std::string& name) {
    out_ += '<' + name;
    if (name == "a") {
      const std::string href = attribute(node, "href");
      if (is_allowed_url(trimmed_url(href), false))
        out_ += " href=\"" + escaped(trimmed_url(href), Place::attribute) + "\" rel=\"noopener noreferrer nofollow\"";
    } else if (name == "img") {
      const std::string source = attribute(node, "src");
      out_ += " src=\"" + escaped(trimmed_url(source), Place::attribute) + "\" alt=\"" +
              escaped(attribute(node, "alt"), Place::attribute) + '"';
    }
    out_ += '>';
  }

  std::string out_;
  std::size_t most_depth_;
  std::size_t depth_ = 0;
};

struct FreeDocument {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
using Document = std::unique_ptr<xmlDoc, FreeDocument>;
struct FreeParser {
  void operator()(htmlParserCtxt* parser) const { htmlFreeParserCtxt(parser); }
};

// Null: the parser gave up (too many open elements).
Document parse(const std::string& html) {
  constexpr int kOptions = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                           HTML_PARSE_NODEFDTD | HTML_PARSE_COMPACT;
  const std::unique_ptr<htmlParserCtxt, FreeParser> parser(htmlNewParserCtxt());
  if (!parser) return nullptr;
  Document document(
      htmlCtxtReadMemory(parser.get(), html.data(), static_cast<int>(html.size()), nullptr, "UTF-8", kOptions));
  return parser->disableSAX == 0 ? std::move(document) : nullptr;
}

// The end of a tag that begins at `at`, and how many bytes it has outside of quoted values.
struct TagSpan {
  std::size_t end = 0;
  std::uint64_t bare = 0;
};
TagSpan span_of_tag(std::string_view html, std::size_t at) {
  TagSpan span{at, 0};
  char last = ' ';  // but white space
  while (span.end < html.size() && html[span.end] != '>') {
    const char each = html[span.end];
    if (last == '=' && (each == '"' || each == '\''))  // a quoted value
      span.end = std::min(html.find(each, span.end + 1), html.size() - 1);
    if (each != ' ' && each != '\t' && each != '\n' && each != '\r') last = each;
    ++span.bare;
    ++span.end;
  }
  return span;
}

bool is_letter(char each) { return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z'); }

bool is_within(std::string_view html, const HtmlLimits& limits) {
  if (html.size() >= static_cast<std::size_t>(std::numeric_limits<int>::max()) || !turnd::base::is_utf8(html))
    return false;
  if (static_cast<std::size_t>(std::ranges::count(html, '<')) > limits.tags) return false;
  if (static_cast<std::size_t>(std::ranges::count(html, '&')) > limits.references) return false;
  std::uint64_t work = 0;
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at)) {
    const bool is_tag = at + 1 < html.size() && is_letter(html[at + 1]);
    const TagSpan span = is_tag ? span_of_tag(html, at) : TagSpan{at + 1, 0};
    work += span.bare * span.bare;
    if (work > limits.tag_work) return false;
    at = span.end;
  }
  return true;
}

}  // namespace

std::optional<CleanHtml> CleanHtml::clean(std::string_view html, const HtmlLimits& limits) {
  if (!is_within(html, limits)) return std::nullopt;
  // In an element of its own, or the parser would make paragraphs of its text. A NUL would end it for the parser, and
  // not for a browser.
  std::string input = "<div>";
  std::ranges::copy_if(html, std::back_inserter(input), [](char each) { return each != '\0'; });
  const Document document = parse(input);
  if (!document) return std::nullopt;
  return CleanHtml(Writer(limits.depth).write(reinterpret_cast<const xmlNode*>(document.get())));
}

}  // namespace signaling::service
